package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the golden files: models of format version 1 and the forecasts that they made when they
 * were written. Run it once for a new model, never again for one that is there: a golden file that
 * is written anew proves nothing.
 *
 * <pre>
 * mvn -q test-compile -pl model-core
 * java -cp ... dev.eddy.model.task.forecast.GoldenModels model-core/src/test/resources/golden/v1
 * </pre>
 */
final class GoldenModels {
  /** Readings that each model sees. */
  static final int READINGS = 60;

  private GoldenModels() {}

  /** Writes those that are not there yet. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, ForecastSpec> task : tasks().entrySet()) {
      Path file = folder.resolve(task.getKey() + ".model");
      if (!Files.exists(file)) {
        Model model = model(task.getKey(), task.getValue());
        Files.write(file, ModelFile.write(model));
        Files.writeString(folder.resolve(task.getKey() + ".forecasts"), forecasts(model));
        System.out.println("wrote " + file);
      }
    }
  }

  private static Map<String, ForecastSpec> tasks() {
    Map<String, ForecastSpec> tasks = new TreeMap<>();
    tasks.put("lstm", task(ForecastSpec.Skip.LINEAR, new Lstm(5)));
    tasks.put("lstm-stacked", task(ForecastSpec.Skip.NONE, new Lstm(6), new Lstm(3)));
    tasks.put(
        "sum",
        task(
            ForecastSpec.Skip.LINEAR,
            Sum.of(Sequential.of(new Lstm(4), new Dense(3, Activation.TANH)), Dense.linear(3))));
    return tasks;
  }

  private static ForecastSpec task(ForecastSpec.Skip skip, LayerSpec... layers) {
    return Fixtures.task(skip, 40, List.of(layers));
  }

  private static Model model(String name, ForecastSpec task) {
    Network network = ForecastNetwork.build(task);
    float[] weights = network.initialWeights(1);
    Rng rng = new Rng(2);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += 0.1f * (float) rng.nextGaussian(); // no zeros for anything to hide behind
    }
    return new Model(name, task, network, weights, Map.of("seed", "1"));
  }

  /** One line for a reading: the bits of its quantiles, in hexadecimal. */
  static String forecasts(Model model) {
    Forecaster forecaster = model.forecaster(1, 1, KernelSelection.kernels());
    Entity entity = new Entity(model.task(), forecaster);
    RawSeries series = Fixtures.series("golden", READINGS, 4);
    StringBuilder lines = new StringBuilder();
    for (int t = 0; t < READINGS; t++) {
      for (float quantile : entity.run(forecaster, series, t, t + 1).quantiles()) {
        lines.append(Integer.toHexString(Float.floatToRawIntBits(quantile))).append(' ');
      }
      lines.setLength(lines.length() - 1);
      lines.append('\n');
    }
    return lines.toString();
  }
}
