package dev.eddy.model.task.forecast;

import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.net.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole network of a forecasting task: the user's layers with a head, and a skip path beside
 * them.
 *
 * <pre>
 * x ------> user layers -> dense(H * Q) --------------------+
 *                                                           +--> [H][Q] quantiles in scaled units
 * series -> lookback -> (nlinear) -> gather: one per Q -----+
 * </pre>
 */
public final class ForecastNetwork {
  private ForecastNetwork() {}

  /**
   * Builds the network of a task.
   *
   * @throws IllegalArgumentException naming the layer, if the layers do not fit together, or one
   *     cannot run event by event
   */
  public static Network build(ForecastSpec spec) {
    Network network = Network.build(spec(spec), ForecastEncoder.shape(spec));
    if (!network.causal()) {
      throw new IllegalArgumentException(
          notCausal(spec)
              + ": needs the whole sequence, steps to come included, but forecasts are made event by"
              + " event; take a causal layer (docs/layers/README.md says which are)");
    }
    return network;
  }

  /** Kind and place of the first of the user's layers that is not causal. */
  private static String notCausal(ForecastSpec spec) {
    Shape shape = ForecastEncoder.shape(spec);
    for (int i = 0; i < spec.network().size(); i++) {
      LayerSpec layer = spec.network().get(i);
      if (!layer.build(shape).causal()) {
        return layer.kind() + i;
      }
      shape = layer.outputShape(shape);
    }
    throw new AssertionError("Eddy's own layers are causal");
  }

  /** The specification of the network of a task. */
  public static LayerSpec spec(ForecastSpec spec) {
    List<LayerSpec> paths = new ArrayList<>();
    if (!spec.network().isEmpty()) {
      List<LayerSpec> layers = new ArrayList<>(spec.network());
      layers.add(Dense.linear(spec.outputWidth()));
      paths.add(new Sequential(layers));
    }
    if (spec.skip() != ForecastSpec.Skip.NONE) {
      paths.add(skip(spec));
    }
    return paths.size() == 1 ? paths.get(0) : new Sum(paths);
  }

  private static LayerSpec skip(ForecastSpec spec) {
    int season = spec.seasons()[0];
    return switch (spec.skip()) {
      case LAST -> Sequential.of(new Lookback(1, 0), repeat(spec, h -> 0));
      case SEASON -> Sequential.of(new Lookback(season, season), repeat(spec, h -> h % season));
      case LINEAR -> {
        // Where the window is shorter than a season, it can neither fill gaps by season nor start
        // as its naive.
        int filled = spec.lookback() >= season ? season : 0;
        yield Sequential.of(
            new Lookback(spec.lookback(), filled),
            new NLinear(spec.horizon(), filled),
            repeat(spec, h -> h));
      }
      case NONE -> throw new IllegalArgumentException("no skip path");
    };
  }

  /** Step h of the horizon takes value {@code from(h)}, for each quantile. */
  private static Gather repeat(ForecastSpec spec, java.util.function.IntUnaryOperator from) {
    int levels = spec.outputWidth() / spec.horizon();
    int[] indices = new int[spec.outputWidth()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = from.applyAsInt(i / levels);
    }
    return Gather.of(indices);
  }
}
