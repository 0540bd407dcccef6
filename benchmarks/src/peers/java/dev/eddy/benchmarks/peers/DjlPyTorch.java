package dev.eddy.benchmarks.peers;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import dev.eddy.benchmarks.work.Contender;
import dev.eddy.benchmarks.work.Learner;
import dev.eddy.benchmarks.work.LstmWeights;
import dev.eddy.benchmarks.work.StepWork;
import dev.eddy.benchmarks.work.Stepper;
import dev.eddy.benchmarks.work.TrainWork;
import java.util.List;

/** Deep Java Library on PyTorch at its best: states and batches stay in native memory. */
public final class DjlPyTorch implements Contender {
  @Override
  public Stepper stepper(StepWork work) {
    settings(1);
    return new NativeState(work);
  }

  @Override
  public Learner learner(TrainWork work) {
    settings(work.threads());
    return new Training(work);
  }

  /** Before the engine loads. */
  private static void settings(int threads) {
    System.setProperty("ai.djl.default_engine", "PyTorch");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "" + threads);
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  /**
   * Writes the weights of the layers into parameters named like {@code 0_i2h_weight}. PyTorch's
   * gate order is i, f, g, o, and it has two biases, of which the second is zero.
   */
  private static void put(List<LstmWeights> layers, PairList<String, Parameter> parameters) {
    int perLayer = 4;
    for (int i = 0; i < layers.size() * perLayer; i++) {
      Pair<String, Parameter> parameter = parameters.get(i);
      LstmWeights layer = layers.get(i / perLayer).gates("ifgo");
      String name = parameter.getKey().toLowerCase(java.util.Locale.ROOT);
      boolean input = name.contains("i2h");
      float[] values;
      if (name.contains("bias")) {
        values = input ? layer.b() : new float[layer.b().length];
      } else {
        values = input ? layer.w() : layer.u();
      }
      parameter.getValue().getArray().set(values);
    }
  }

  private static final class NativeState implements Stepper {
    private final StepWork work;
    private final NDManager manager = NDManager.newBaseManager();
    private final LSTM layer;
    private final ParameterStore parameters = new ParameterStore(manager, false);
    private final float[][] inputs = new float[StepWork.INPUTS][];
    private final Shape shape;
    private NDArray h;
    private NDArray c;

    NativeState(StepWork work) {
      this.work = work;
      shape = new Shape(1, work.batch(), work.inputs());
      layer =
          LSTM.builder()
              .setNumLayers(1)
              .setStateSize(work.hidden())
              .optReturnState(true)
              .optBatchFirst(false)
              .optHasBiases(true)
              .build();
      layer.initialize(manager, DataType.FLOAT32, shape);
      put(List.of(work.weights()), layer.getParameters());
      h = manager.zeros(new Shape(1, work.batch(), work.hidden()));
      c = manager.zeros(new Shape(1, work.batch(), work.hidden()));
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = work.input(i);
      }
    }

    @Override
    public void step(int i) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray x = scope.create(inputs[i], shape);
        NDList result = layer.forward(parameters, new NDList(x, h, c), false);
        result.get(0).close();
        keep(result.get(1), result.get(2));
      }
    }

    private void keep(NDArray newH, NDArray newC) {
      newH.attach(manager);
      newC.attach(manager);
      h.close();
      c.close();
      h = newH;
      c = newC;
    }

    @Override
    public float[] hidden() {
      return h.toFloatArray();
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private static final class Training implements Learner {
    private static final Shape SHAPE = new Shape(TrainWork.BATCH, TrainWork.TIME, TrainWork.INPUTS);

    private final Model model = Model.newInstance("benchmark");
    private final Trainer trainer;
    private final NDArray[] inputs = new NDArray[TrainWork.BATCHES];
    private final NDArray[] targets = new NDArray[TrainWork.BATCHES];

    Training(TrainWork work) {
      LSTM lstm =
          LSTM.builder()
              .setNumLayers(work.layers())
              .setStateSize(work.hidden())
              .optReturnState(false)
              .optBatchFirst(true)
              .build();
      Linear head = Linear.builder().setUnits(1).build();
      model.setBlock(
          new SequentialBlock()
              .add(lstm)
              .add(new LambdaBlock(all -> new NDList(all.head().get(":,-1,:"))))
              .add(head));
      trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.l2Loss("squared error", 1f))
                  .optOptimizer(
                      Optimizer.adam()
                          .optLearningRateTracker(Tracker.fixed((float) TrainWork.RATE))
                          .build()));
      trainer.initialize(SHAPE);
      put(work.weights(), lstm.getParameters());
      head.getParameters().get("weight").getArray().set(work.head());
      NDManager manager = trainer.getManager();
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = manager.create(TrainWork.inputsBatchFirst(i), SHAPE);
        targets[i] = manager.create(TrainWork.targets(i), new Shape(TrainWork.BATCH, 1));
      }
    }

    @Override
    public void learn(int i) {
      try (NDManager scope = trainer.getManager().newSubManager()) {
        // What is computed lives where its input lives: a copy that ends with this batch.
        NDArray x = inputs[i].duplicate();
        x.attach(scope);
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList prediction = trainer.forward(new NDList(x));
          NDArray loss = trainer.getLoss().evaluate(new NDList(targets[i]), prediction);
          collector.backward(loss);
          prediction.attach(scope);
          loss.attach(scope);
        }
        trainer.step();
      }
    }

    @Override
    public float[] predict(int i) {
      try (NDManager scope = trainer.getManager().newSubManager()) {
        NDArray x = inputs[i].duplicate();
        x.attach(scope);
        return trainer.evaluate(new NDList(x)).singletonOrThrow().toFloatArray();
      }
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
    }
  }
}
