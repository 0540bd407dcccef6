/**
 * What tests of several modules share: a double-precision tape autograd, the layers' forward
 * formulas written on it a second time, and the contract kit that holds every layer against them.
 *
 * <pre>
 * LayerCases (a spec, its input, its skips) -> LayerContract -> dynamic tests
 *                                                  |
 *                                  Layer in float32 against Oracle on Tape in double
 * </pre>
 */
package dev.eddy.model.testing;
