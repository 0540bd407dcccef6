package dev.eddy.model.interchange;

import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.SimpleRnn;
import java.util.Arrays;
import java.util.List;

/**
 * One direction of a recurrent layer in any order of gates, its matrices turned so that inputs are
 * rows: W {@code [I][G * H]}, U {@code [H][G * H]}, with one block of H columns for each of G
 * gates. An update gate z is the share of the state that is kept.
 *
 * @param order the gates, one letter each: i f o g of an LSTM (g is the candidate, which others
 *     call c), r z n of a GRU (n is the candidate, which others call h), n of a plain layer
 * @param w input weights
 * @param u recurrent weights
 * @param inputBias the bias on the input's side, {@code [G * H]}; zeros where there is none
 * @param recurrentBias the bias on the state's side, {@code [G * H]}
 */
record Gates(String order, Tensor w, Tensor u, float[] inputBias, float[] recurrentBias) {

  /** Checks that the shapes are those of a layer of I inputs and H units. */
  static Gates of(
      String order, int in, int units, Tensor w, Tensor u, Tensor inputBias, Tensor recurrentBias) {
    int columns = order.length() * units;
    return new Gates(
        order,
        w.shaped(in, columns),
        u.shaped(units, columns),
        bias(inputBias, columns),
        bias(recurrentBias, columns));
  }

  private static float[] bias(Tensor bias, int columns) {
    return bias == null ? new float[columns] : bias.shaped(columns).data();
  }

  /**
   * Whether a layer is one of the three.
   *
   * @throws InterchangeException if it has options whose weights are not exchanged
   */
  static boolean has(LayerSpec spec) {
    if (spec instanceof Lstm lstm) {
      checkPlain(
          spec, lstm.equals(new Lstm(lstm.units()).withRecurrentDropout(lstm.recurrentDropout())));
    } else if (spec instanceof Gru gru) {
      checkPlain(spec, !gru.learnedState());
    } else if (spec instanceof SimpleRnn rnn) {
      checkPlain(spec, !rnn.learnedState());
    } else {
      return false;
    }
    return true;
  }

  private static void checkPlain(LayerSpec spec, boolean plain) {
    if (!plain) {
      throw new InterchangeException(
          spec.kind()
              + ": peepholes, other activations and a learned initial state are not exchanged: leave"
              + " them out");
    }
  }

  /** The layer that goes both ways, or this layer. */
  static LayerSpec oneWay(LayerSpec spec) {
    return spec instanceof Bidirectional both ? both.layer() : spec;
  }

  /** Eddy's order of the gates of a layer. */
  static String order(LayerSpec spec) {
    return spec instanceof Lstm ? "ifog" : spec instanceof Gru ? "rzn" : "n";
  }

  /** H of a layer. */
  static int units(LayerSpec spec) {
    if (spec instanceof Lstm lstm) {
      return lstm.units();
    }
    return spec instanceof Gru gru ? gru.units() : ((SimpleRnn) spec).units();
  }

  /** Of Eddy's weights of a layer: W, U, b and, of a GRU that resets after the product, bh. */
  static Gates ofEddy(LayerSpec spec, int in, float[] weights) {
    String order = order(spec);
    int units = units(spec);
    int columns = order.length() * units;
    Tensor all = new Tensor(spec.kind(), List.of(weights.length), weights);
    float[] recurrentBias = new float[columns];
    if (resetsAfter(spec)) {
      System.arraycopy(weights, weights.length - units, recurrentBias, columns - units, units);
    }
    Gates gates =
        new Gates(
            order,
            new Tensor("W", List.of(in, columns), all.range(0, in * columns).data()),
            new Tensor(
                "U", List.of(units, columns), all.range(in * columns, units * columns).data()),
            all.range((in + units) * columns, columns).data(),
            recurrentBias);
    return replaces(spec) ? gates.withUpdateTurned() : gates;
  }

  /** As {@link #ofEddy} takes them. */
  float[] toEddy(LayerSpec spec) {
    Gates ours = arranged(order(spec));
    Gates turned = replaces(spec) ? ours.withUpdateTurned() : ours;
    return join(turned.w.data(), turned.u.data(), turned.biases(resetsAfter(spec)));
  }

  static boolean resetsAfter(LayerSpec spec) {
    return spec instanceof Gru gru && gru.resetAfter();
  }

  private static boolean replaces(LayerSpec spec) {
    return spec instanceof Gru gru && gru.update() == Gru.Update.REPLACE;
  }

  private int units() {
    return u.size(0);
  }

  /**
   * Both biases in one, as they only ever meet in their sum; but not of a candidate reset after.
   */
  private float[] biases(boolean resetAfter) {
    int apart = resetAfter ? inputBias.length - units() : inputBias.length;
    float[] sum = inputBias.clone();
    for (int i = 0; i < apart; i++) {
      // Not a plain sum: -0 + 0 would lose the sign.
      sum[i] = recurrentBias[i] == 0 ? inputBias[i] : inputBias[i] + recurrentBias[i];
    }
    return join(sum, Arrays.copyOfRange(recurrentBias, apart, recurrentBias.length));
  }

  /** 1 - sigmoid(a) = sigmoid(-a): a share that is kept becomes one that is replaced. */
  private Gates withUpdateTurned() {
    return new Gates(
        order,
        new Tensor(w.name(), w.shape(), updateTurned(w.data())),
        new Tensor(u.name(), u.shape(), updateTurned(u.data())),
        updateTurned(inputBias),
        updateTurned(recurrentBias));
  }

  private float[] updateTurned(float[] from) {
    float[] to = from.clone();
    int at = order.indexOf('z') * units();
    for (int row = 0; row < to.length; row += order.length() * units()) {
      for (int j = row + at; j < row + at + units(); j++) {
        to[j] = -to[j];
      }
    }
    return to;
  }

  /** The same with the gates in another order. */
  Gates arranged(String wanted) {
    return new Gates(
        wanted,
        new Tensor(w.name(), w.shape(), arranged(w.data(), wanted)),
        new Tensor(u.name(), u.shape(), arranged(u.data(), wanted)),
        arranged(inputBias, wanted),
        arranged(recurrentBias, wanted));
  }

  /** The blocks of each row in another order of gates. */
  private float[] arranged(float[] from, String wanted) {
    int units = units();
    int columns = order.length() * units;
    float[] to = new float[from.length];
    for (int row = 0; row < from.length; row += columns) {
      for (int gate = 0; gate < wanted.length(); gate++) {
        int source = order.indexOf(wanted.charAt(gate));
        System.arraycopy(from, row + source * units, to, row + gate * units, units);
      }
    }
    return to;
  }

  /** Arrays one behind the other. */
  static float[] join(float[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    float[] all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
