package dev.eddy.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.eddy.benchmarks.work.Contender;
import dev.eddy.benchmarks.work.Learner;
import dev.eddy.benchmarks.work.StepWork;
import dev.eddy.benchmarks.work.Stepper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime's Java API at its best: one thread, all optimisations, input and output bound to
 * direct buffers that are made once. Two pairs of states take turns as input and output.
 */
public final class OnnxRuntime implements Contender {
  @Override
  public Stepper stepper(StepWork work) throws OrtException {
    return new Pinned(work);
  }

  @Override
  public Learner learner(dev.eddy.benchmarks.work.TrainWork work) {
    throw new UnsupportedOperationException("ONNX Runtime's Java package runs networks only");
  }

  private static final class Pinned implements Stepper {
    private static final Set<String> NO_MORE_OUTPUTS = Set.of();

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final StepWork work;
    private final OrtSession session;
    private final float[][] inputs = new float[StepWork.INPUTS][];
    private final FloatBuffer x; // [1][B][I]
    private final List<FloatBuffer> h; // each [1][B][H]
    private final List<Map<String, OnnxTensor>> in;
    private final List<Map<String, OnnxTensor>> out;
    private int turn;

    Pinned(StepWork work) throws OrtException {
      this.work = work;
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        session = environment.createSession(OnnxLstm.model(work.weights()), options);
      }
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = work.input(i);
      }
      x = floats(work.inputs());
      h = List.of(floats(work.hidden()), floats(work.hidden()));
      OnnxTensor input = tensor(x, work.inputs());
      OnnxTensor[] hs = {tensor(h.get(0), work.hidden()), tensor(h.get(1), work.hidden())};
      OnnxTensor[] cs = {state(), state()};
      in =
          List.of(
              Map.of("x", input, "h_in", hs[0], "c_in", cs[0]),
              Map.of("x", input, "h_in", hs[1], "c_in", cs[1]));
      out = List.of(Map.of("h_out", hs[1], "c_out", cs[1]), Map.of("h_out", hs[0], "c_out", cs[0]));
    }

    private OnnxTensor state() throws OrtException {
      return tensor(floats(work.hidden()), work.hidden());
    }

    private FloatBuffer floats(int width) {
      return ByteBuffer.allocateDirect(work.batch() * width * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    private OnnxTensor tensor(FloatBuffer buffer, int width) throws OrtException {
      return OnnxTensor.createTensor(environment, buffer, new long[] {1, work.batch(), width});
    }

    @Override
    public void step(int i) {
      x.put(0, inputs[i]);
      try {
        session.run(in.get(turn), NO_MORE_OUTPUTS, out.get(turn)).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
      turn = 1 - turn;
    }

    @Override
    public float[] hidden() {
      float[] last = new float[work.batch() * work.hidden()];
      h.get(turn).get(0, last);
      return last;
    }

    @Override
    public void close() {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
