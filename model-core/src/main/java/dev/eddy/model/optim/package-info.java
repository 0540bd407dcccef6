/**
 * What turns gradients into changes of weights, over flat arrays: weights, gradients and moments
 * are one {@code float[]} each, so that an update, a norm or an average is one loop. Nothing here
 * remembers anything between calls: moments, the schedule's state and the step count belong to the
 * caller, who can send, average or store them.
 *
 * <pre>
 *              Update (an UpdateSpec at work)
 * grads [n] --> GradientClip --> Regularisation --> Optimiser.step --> Constraint --> weights [n]
 *               norm, value      l1, l2; decay        ^       ^         by path
 *                                                moments [k][n] rate = Schedule(step)
 * </pre>
 *
 * <p>Letters: n weights, k floats of moments for each of them, g gradient, w weight, s step. docs:
 * docs/training.md.
 */
package dev.eddy.model.optim;
