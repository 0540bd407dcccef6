package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
  private static final long HOUR = 3_600_000L;
  private static final ForecastSpec SPEC =
      new ForecastSpec(
          24,
          HOUR,
          new double[] {0.05, 0.5, 0.95},
          new int[] {24, 168},
          ForecastSpec.Skip.LINEAR,
          168,
          168,
          168,
          168,
          List.of());

  @TempDir Path directory;

  @Test
  void readingsForecastsAndErrorsAreDrawn() throws IOException {
    MeterSimulator simulator = new MeterSimulator(3, 24 * 21, 9, Outgoing.Fields.PLAIN);
    LiveSkill skill = new LiveSkill(SPEC, simulator.liveStart());
    Rng rng = new Rng(1);
    for (Outgoing r = simulator.nextHistory(); r != null; r = simulator.nextHistory()) {
      take(skill, r, null);
    }
    for (int i = 0; i < 3 * 24 * 20; i++) {
      take(skill, simulator.nextLive(), rng);
    }
    List<String> names = skill.skills().stream().map(LiveSkill.Skill::name).toList();
    Path file = directory.resolve("sub/plot.png");

    String note =
        Picture.write(
            new Picture.Content(
                "Demo", skill.portrait(24 * 9), skill.stretches(), names, skill.versions()),
            file);

    assertThat(note).isNull();
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isGreaterThan(1000);
    long colours =
        java.util.stream.IntStream.range(0, image.getWidth() * image.getHeight())
            .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
            .distinct()
            .count();
    assertThat(colours).isGreaterThan(50);
  }

  @Test
  void manyStretchesArePutTogetherByWeight() {
    List<LiveSkill.Stretch> stretches = new java.util.ArrayList<>();
    for (int i = 0; i < 120; i++) {
      stretches.add(
          new LiveSkill.Stretch(i, new double[] {i % 2 == 0 ? 1 : 4}, i % 2 == 0 ? 2 : 1));
    }
    stretches.add(new LiveSkill.Stretch(120, new double[] {Double.NaN}, 0));
    List<LiveSkill.Stretch> coarse = Picture.coarse(stretches);
    assertThat(coarse).hasSize(60);
    assertThat(coarse).allSatisfy(s -> assertThat(s.errors()[0]).isEqualTo(2));
    assertThat(coarse.get(59).start()).isEqualTo(118);
    assertThat(Picture.coarse(stretches.subList(0, 3))).hasSize(3);
  }

  /**
   * A reading, and a forecast that says what is about to be: 0.9 to 1.1 times the last value, near
   * enough to look at.
   */
  private static void take(LiveSkill skill, Outgoing r, Rng rng) {
    if (!r.good()) {
      return;
    }
    skill.sending(r.entity(), r.time(), r.value());
    if (rng == null || Double.isNaN(r.value())) {
      return;
    }
    float[] bands = new float[72];
    for (int h = 0; h < 24; h++) {
      float median = (float) (r.value() * (1 + 0.1 * rng.nextGaussian()));
      bands[3 * h] = median * (0.9f - 0.01f * h);
      bands[3 * h + 1] = median;
      bands[3 * h + 2] = median * (1.1f + 0.01f * h);
    }
    int epoch = rng.nextInt(100) == 0 ? 2 : 1;
    skill.forecast(new Outlook(r.entity(), r.time(), false, epoch, epoch, bands));
  }
}
