/**
 * Optimisers over flat arrays: weights, gradients and moments are one {@code float[]} each, so that
 * an update, a norm or an average is one loop. Nothing here remembers anything between calls:
 * moments and the step count belong to the caller, who can send, average or store them.
 *
 * <pre>
 * grads [n] --> GradientClip.byNorm --> Adam.step(weights [n], moments [2n], step)
 * </pre>
 */
package dev.eddy.model.optim;
