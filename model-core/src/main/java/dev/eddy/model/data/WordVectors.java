package dev.eddy.model.data;

import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Vectors of words that were trained elsewhere, for an embedding to start from. Reads the text
 * formats of GloVe (a line for each word: the word, then its numbers, with single spaces between)
 * and of word2vec (the same, after a line with the numbers of words and of units).
 *
 * <p>Only words of the vocabulary are kept. A word may itself hold spaces, but not the first one.
 * Of a word that comes twice the first counts.
 */
public final class WordVectors {
  /** Characters of a line; more are refused. */
  private static final int LINE = 1 << 16;

  /** Lines of a file; more are refused. */
  private static final int LINES = 20_000_000;

  private final int units;
  private final Map<Integer, float[]> vectors = new LinkedHashMap<>(); // by id, [units]

  private WordVectors(int units) {
    this.units = units;
  }

  /**
   * Reads to the end of the text.
   *
   * @param text where the lines come from; not closed
   * @param ids the vocabulary: each word's id
   * @param units numbers of a vector
   * @throws IllegalArgumentException if the text is not of this form, naming the line, or if its
   *     vectors have another number of units
   */
  public static WordVectors read(Reader text, Map<String, Integer> ids, int units)
      throws IOException {
    WordVectors read = new WordVectors(units);
    StringBuilder line = new StringBuilder();
    boolean first = true; // the first line of a word is still to come
    for (int number = 1; readLine(text, line, number); number++) {
      if (number > LINES) {
        throw new IllegalArgumentException("word vectors: more than %,d lines".formatted(LINES));
      }
      String content = line.toString().stripTrailing();
      if (content.isEmpty() || (number == 1 && isHeader(content))) {
        continue;
      }
      read.add(content, number, ids, first);
      first = false;
    }
    return read;
  }

  /** How many words of the vocabulary have a vector. */
  public int found() {
    return vectors.size();
  }

  /**
   * Writes each vector into row {@code id} of an embedding's table; other rows stay as they are.
   *
   * @param weights a network's weights. Modified
   * @param offset where the table {@code [vocabulary][units]} begins
   * @param vocabulary rows of the table
   * @throws IllegalArgumentException if a word's id is beyond the vocabulary
   */
  public void fillRows(float[] weights, int offset, int vocabulary) {
    checkIds(vocabulary);
    vectors.forEach(
        (id, vector) -> System.arraycopy(vector, 0, weights, offset + id * units, units));
  }

  /**
   * Writes each vector into column {@code id} of a tied embedding's matrix; other columns stay as
   * they are.
   *
   * @param weights a network's weights. Modified
   * @param offset where the matrix {@code [units][vocabulary]} begins
   * @param vocabulary columns of the matrix
   * @throws IllegalArgumentException if a word's id is beyond the vocabulary
   */
  public void fillColumns(float[] weights, int offset, int vocabulary) {
    checkIds(vocabulary);
    vectors.forEach(
        (id, vector) -> {
          for (int j = 0; j < units; j++) {
            weights[offset + j * vocabulary + id] = vector[j];
          }
        });
  }

  /** An id beyond the table would change other weights. */
  private void checkIds(int vocabulary) {
    for (int id : vectors.keySet()) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "word vectors: id %d of a word is not below the embedding's vocabulary of %d"
                .formatted(id, vocabulary));
      }
    }
  }

  private void add(String line, int number, Map<String, Integer> ids, boolean first) {
    int end = line.length();
    for (int j = 0; j < units && end > 0; j++) {
      end = line.lastIndexOf(' ', end - 1);
    }
    if (end <= 0 || (first && line.lastIndexOf(' ', end - 1) >= 0)) {
      throw new IllegalArgumentException(
          "word vectors, line %d: expected a word and %d numbers, got %d: units must be those of the file"
              .formatted(number, units, line.chars().filter(c -> c == ' ').count()));
    }
    Integer id = ids.get(line.substring(0, end));
    if (id != null && !vectors.containsKey(id)) {
      vectors.put(id, numbers(line.substring(end + 1).split(" "), number));
    }
  }

  private static float[] numbers(String[] fields, int number) {
    float[] vector = new float[fields.length];
    for (int j = 0; j < fields.length; j++) {
      try {
        vector[j] = Float.parseFloat(fields[j]);
      } catch (NumberFormatException e) {
        vector[j] = Float.NaN;
      }
      if (!Float.isFinite(vector[j])) {
        throw new IllegalArgumentException(
            "word vectors, line %d: number %d must be a finite float, got '%.40s'"
                .formatted(number, j + 1, fields[j]));
      }
    }
    return vector;
  }

  private static boolean isHeader(String line) {
    return line.matches("[0-9]{1,10} [0-9]{1,10}");
  }

  /** The next line without its end; false at the end of the text. line: Modified. */
  private static boolean readLine(Reader text, StringBuilder line, int number) throws IOException {
    line.setLength(0);
    int c = text.read();
    if (c < 0) {
      return false;
    }
    for (; c >= 0 && c != '\n'; c = text.read()) {
      if (line.length() == LINE) {
        throw new IllegalArgumentException(
            "word vectors, line %d: longer than %,d characters: this is not a file of word vectors"
                .formatted(number, LINE));
      }
      line.append((char) c);
    }
    return true;
  }
}
