package dev.eddy.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.train.History;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCurveTest {
  @TempDir Path folder;

  @Test
  void drawsRunsThatDiffer() throws Exception {
    Path one = folder.resolve("curves/one.png");
    Path two = folder.resolve("two.png");
    LearningCurve.write(one, "Adding problem", "MSE", Map.of("gru", history(1, true)));
    LearningCurve.write(two, "Adding problem", "MSE", Map.of("gru", history(9, false)));
    BufferedImage first = ImageIO.read(one.toFile());
    assertThat(first.getWidth()).isEqualTo(1000);
    assertThat(different(first, ImageIO.read(two.toFile()))).isGreaterThan(500);
  }

  @Test
  void refusesToDrawNothing() {
    assertThatThrownBy(
            () ->
                LearningCurve.write(
                    folder.resolve("none.png"), "", "", Map.of("a", new History(List.of()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one row, got [a]");
  }

  private static History history(double scale, boolean validated) {
    List<History.Row> rows = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      double validation = validated ? scale / i + 0.1 : Double.NaN;
      rows.add(new History.Row(i, 50L * i, scale / (i * i), validation, Map.of(), 0.1, i));
    }
    return new History(rows);
  }

  private static int different(BufferedImage a, BufferedImage b) {
    int different = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        different += a.getRGB(x, y) == b.getRGB(x, y) ? 0 : 1;
      }
    }
    return different;
  }
}
