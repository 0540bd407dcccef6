/**
 * Arithmetic in float32 that gives the same bits on every provider, lane width, JDK and processor:
 * the few hot kernels behind one interface, elementary functions of our own, a random generator of
 * our own.
 *
 * <p>The rules that make it so: a product's sums run over k in ascending order with fused
 * multiply-add; a reduction to one number is 16 strided partial sums in a fixed tree; an
 * elementwise function is a fixed sequence of exactly rounded operations.
 *
 * <pre>
 * KernelSelection -- every rung of the ladder holds --> vector   (module model-vector, found by name)
 *        |
 *        +-- a rung breaks: one line in the log says which ----> portable
 * </pre>
 */
package dev.eddy.model.kernel;
