/**
 * Kernels on the Vector API ({@code jdk.incubator.vector}): the same bits as the portable ones,
 * several times faster. The only package that knows that module. {@link
 * dev.eddy.model.kernel.KernelSelection} finds {@link dev.eddy.model.vector.VectorProvider} by name
 * where this jar is on the classpath and the JVM was started with {@code --add-modules
 * jdk.incubator.vector}.
 *
 * <p>Written as small straight-line loops over arrays: helper methods that take or give vectors
 * make C2 box them.
 */
package dev.eddy.model.vector;
