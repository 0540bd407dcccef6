/** The command line of the benchmarks, behind {@code ./eddy bench}. */
package dev.eddy.benchmarks;
