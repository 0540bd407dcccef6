package dev.eddy.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordVectorsTest {
  private static final Map<String, Integer> IDS = Map.of("the", 1, "cat", 0, ". . .", 3, "dog", 2);

  private static WordVectors read(String text) throws IOException {
    return WordVectors.read(new StringReader(text), IDS, 2);
  }

  @Test
  void readsTheLinesOfGloveIntoRowsAndColumns() throws IOException {
    WordVectors vectors = read("the 0.5 -1\nof 7 7\n. . . 3 4e-1\nthe 9 9\r\n\ncat 1 2 \nThe 8 8");
    assertThat(vectors.found()).isEqualTo(3);
    float[] rows = new float[1 + 4 * 2];
    vectors.fillRows(rows, 1, 4);
    assertThat(rows).containsExactly(0, 1, 2, 0.5f, -1, 0, 0, 3, 0.4f);
    float[] columns = new float[1 + 2 * 4];
    vectors.fillColumns(columns, 1, 4);
    assertThat(columns).containsExactly(0, 1, 0.5f, 0, 3, 2, -1, 0, 0.4f);
  }

  @Test
  void readsTheFormatOfWord2vec() throws IOException {
    float[] rows = new float[8];
    read("2 2\nthe 0.5 -1 \ndog 1 2 \n").fillRows(rows, 0, 4);
    assertThat(rows).containsExactly(0, 0, 0.5f, -1, 1, 2, 0, 0);
  }

  @Test
  void refusesVectorsOfAnotherWidthAndWhatIsNoNumber() {
    assertThatThrownBy(() -> read("the 0.5\n"))
        .hasMessageContaining("line 1: expected a word and 2 numbers, got 1");
    assertThatThrownBy(() -> read("the 0.5 1 2\n"))
        .hasMessageContaining("line 1: expected a word and 2 numbers, got 3");
    assertThatThrownBy(() -> read("2 3\nthe 0.5 1 2\n"))
        .hasMessageContaining("line 2: expected a word and 2 numbers, got 3");
    assertThatThrownBy(() -> read("of 1 2\nthe\n")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> read("of 1 2\nthe 1 x\n"))
        .hasMessageContaining("line 2: number 2 must be a finite float, got 'x'");
    assertThatThrownBy(() -> read("the NaN 1")).hasMessageContaining("got 'NaN'");
    assertThatThrownBy(() -> read("the 1  1")).hasMessageContaining("line 1");
  }

  @Test
  void anIdBeyondTheTableChangesNoOtherWeights() throws IOException {
    WordVectors vectors = read("dog 1 2\n");
    float[] weights = new float[100];
    assertThatThrownBy(() -> vectors.fillRows(weights, 0, 2)).hasMessageContaining("id 2");
    assertThatThrownBy(() -> vectors.fillColumns(weights, 0, 2))
        .hasMessageContaining("vocabulary of 2");
    assertThat(weights).containsOnly(0);
  }

  @Test
  void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
    Reader endless =
        new Reader() {
          @Override
          public int read(char[] buffer, int offset, int length) {
            java.util.Arrays.fill(buffer, offset, offset + length, '1');
            return length;
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> WordVectors.read(endless, IDS, 2))
        .hasMessageContaining("line 1: longer than 65,536 characters");
  }
}
