/**
 * Series and what turns them into numbers for a network: parsing their times, scaling them
 * causally.
 *
 * <pre>
 * readings --TimeFormat--> RawSeries (times, values) --CausalScale--> scaled values
 * word vectors as text --WordVectors--> starting weights of an embedding
 * sequences of ids --TeacherForcing--> what a decoder is given, what it shall give
 *
 * readings of many entities, mixed --SeriesBuilder--> SeriesStore --View--> RawSeries, SeriesScale
 *                                    within a budget of memory, the rest on disk
 * </pre>
 *
 * <p>A value that is missing is NaN throughout.
 */
package dev.eddy.model.data;
