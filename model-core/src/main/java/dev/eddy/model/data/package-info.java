/**
 * Series and what turns them into numbers for a network: reading them from files, parsing their
 * times, scaling them causally.
 *
 * <pre>
 * CSV file --CsvSeries--> RawSeries (times, values) --CausalScale--> scaled values
 *             TimeFormat
 * word vectors as text --WordVectors--> starting weights of an embedding
 * sequences of ids --TeacherForcing--> what a decoder is given, what it shall give
 * </pre>
 *
 * <p>A value that is missing is NaN throughout.
 */
package dev.eddy.model.data;
