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
import dev.eddy.benchmarks.work.SeriesLearner;
import dev.eddy.benchmarks.work.SeriesWork;
import dev.eddy.benchmarks.work.StepWork;
import dev.eddy.benchmarks.work.Stepper;
import dev.eddy.benchmarks.work.TrainWork;
import java.util.ArrayList;
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

  @Override
  public SeriesLearner seriesLearner(SeriesWork work) {
    settings(work.threads());
    return new Series(work);
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

  /** One batch, from native memory. */
  private static void learn(Trainer trainer, NDArray input, NDArray target) {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      // What is computed lives where its input lives: a copy that ends with this batch.
      NDArray x = input.duplicate();
      x.attach(scope);
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList prediction = trainer.forward(new NDList(x));
        NDArray loss = trainer.getLoss().evaluate(new NDList(target), prediction);
        collector.backward(loss);
        prediction.attach(scope);
        loss.attach(scope);
      }
      trainer.step();
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
      DjlPyTorch.learn(trainer, inputs[i], targets[i]);
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

  /** Forecasts at every step; what {@link Training} does with the last one. */
  private static final class Series implements SeriesLearner {
    private final SeriesWork work;
    private final Model model = Model.newInstance("benchmark");
    private final Trainer trainer;
    private final List<NDArray> inputs = new ArrayList<>();
    private final List<NDArray> targets = new ArrayList<>();

    Series(SeriesWork work) {
      this.work = work;
      LSTM lstm =
          LSTM.builder()
              .setNumLayers(1)
              .setStateSize(work.lstm().hidden())
              .optReturnState(false)
              .optBatchFirst(true)
              .build();
      Linear head = Linear.builder().setUnits(work.outputs()).build();
      model.setBlock(new SequentialBlock().add(lstm).add(head));
      trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.l1Loss("absolute error", 1f))
                  .optOptimizer(
                      Optimizer.adam()
                          .optLearningRateTracker(
                              (parameter, update) -> (float) work.rate().applyAsDouble(update - 1))
                          .build()));
      Shape shape = shape(work.batch(), work.time(), work.lstm().inputs());
      trainer.initialize(shape);
      put(List.of(work.lstm()), lstm.getParameters());
      head.getParameters().get("weight").getArray().set(work.head());
      head.getParameters().get("bias").getArray().set(work.bias());
      NDManager manager = trainer.getManager();
      for (int i = 0; i < work.x().size(); i++) {
        inputs.add(manager.create(work.x().get(i), shape));
        targets.add(
            manager.create(work.y().get(i), shape(work.batch(), work.time(), work.outputs())));
      }
    }

    private static Shape shape(int rows, int time, int width) {
      return new Shape(rows, time, width);
    }

    @Override
    public void learn(int batch) {
      DjlPyTorch.learn(trainer, inputs.get(batch), targets.get(batch));
    }

    @Override
    public float[] predict(float[] x, int rows, int time) {
      try (NDManager scope = trainer.getManager().newSubManager()) {
        NDArray input = scope.create(x, shape(rows, time, work.lstm().inputs()));
        return trainer.evaluate(new NDList(input)).singletonOrThrow().toFloatArray();
      }
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
    }
  }
}
