/**
 * From outputs to answers: labels of a sequence, texts, drawn numbers.
 *
 * <pre>
 * potentials [T][B][(K + 2) K] --> Viterbi    --> labels, score        (layer and loss: crf)
 * logits     [T][B][C]         --> CtcDecoder --> labels, likelihood   (loss: ctc)
 * logits     [C]               --> Sampling   --> one class            (loss: cross-entropy)
 * step function                --> BeamSearch --> sequences, scores
 * </pre>
 *
 * <p>All is a pure function of its arguments: ties go to the lower id, randomness comes from a
 * generator that is handed in.
 */
package dev.eddy.model.decode;
