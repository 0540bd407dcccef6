package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.net.Network;
import dev.eddy.model.testing.LayerCase;
import dev.eddy.model.testing.LayerCases;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/layers/README.md is that of the layers there are. */
class LayerIndexTest {
  private static final Path PAGES = Path.of("../docs/layers");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[`([a-z0-9-]+)`]\\(([^)#]+)");

  /** Cells by kind: parameters, causal, state, weights, ONNX. */
  private static Map<String, String[]> rows() throws IOException {
    Map<String, String[]> rows = new TreeMap<>();
    for (String line : Files.readAllLines(PAGES.resolve("README.md"))) {
      ROW.matcher(line)
          .results()
          .forEach(row -> rows.put(row.group(1), line.substring(2).split(" *\\| *", -1)));
    }
    return rows;
  }

  @Test
  void everyKindHasARowWithItsParameters() throws IOException {
    Map<String, String[]> rows = rows();
    assertThat(rows.keySet()).isEqualTo(LayerKinds.all().keySet());
    rows.forEach(
        (kind, cells) ->
            assertThat(
                    Pattern.compile("`(\\w+)`")
                        .matcher(cells[1])
                        .results()
                        .map(hit -> hit.group(1)))
                .as(kind)
                .containsExactlyElementsOf(
                    Arrays.stream(LayerKinds.all().get(kind).getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()));
  }

  @Test
  void itsPagesNameTheKind() throws IOException {
    String index = Files.readString(PAGES.resolve("README.md"));
    for (MatchResult row : ROW.matcher(index).results().toList()) {
      assertThat(Files.readString(PAGES.resolve(row.group(2)))).contains(row.group(1));
    }
  }

  @Test
  void whatItSaysOfCausalityStateAndWeightsHolds() throws IOException {
    Map<String, String[]> rows = rows();
    for (LayerCase layer : LayerCases.all()) {
      String[] cells = rows.get(layer.spec().kind());
      Network network = Network.build(layer.spec(), layer.input());
      if (cells[2].equals("yes") || cells[2].equals("no")) {
        assertThat(network.causal())
            .as("%s causal", layer.spec())
            .isEqualTo(cells[2].equals("yes"));
      }
      assertThat(network.stateSize() == 0 || !cells[3].equals("0"))
          .as("%s state", layer.spec())
          .isTrue();
      assertThat(network.weightCount() == 0 || !cells[4].equals("0"))
          .as("%s weights", layer.spec())
          .isTrue();
    }
  }
}
