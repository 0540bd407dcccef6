package dev.eddy.benchmarks.peers;

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
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Deeplearning4j on nd4j-native at its best: inputs and batches are native arrays made once, in the
 * memory order it works in; its OpenBLAS is told which core it runs on (by the environment).
 */
public final class Deeplearning4j implements Contender {
  @Override
  public Stepper stepper(StepWork work) {
    settings(1);
    return new TimeStep(work);
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

  private static void settings(int threads) {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
  }

  private static LSTM lstm(int inputs, int hidden) {
    return new LSTM.Builder()
        .nIn(inputs)
        .nOut(hidden)
        .activation(Activation.TANH)
        .gateActivationFunction(Activation.SIGMOID)
        .build();
  }

  /** DL4J's gate order is g, f, o, i; its matrices are [in][4H]. */
  private static void put(LstmWeights weights, int layer, MultiLayerNetwork network) {
    LstmWeights own = weights.gates("gfoi");
    int gates = 4 * own.hidden();
    float[] w = LstmWeights.transposed(own.w(), own.inputs());
    float[] u = LstmWeights.transposed(own.u(), own.hidden());
    network.setParam(layer + "_W", array(w, own.inputs(), gates));
    network.setParam(layer + "_RW", array(u, own.hidden(), gates));
    network.setParam(layer + "_b", array(own.b(), 1, gates));
  }

  private static INDArray array(float[] values, int... shape) {
    return Nd4j.createFromArray(values).reshape(shape);
  }

  private static final class TimeStep implements Stepper {
    private final MultiLayerNetwork network;
    private final INDArray[] inputs = new INDArray[StepWork.INPUTS];

    TimeStep(StepWork work) {
      // A network must end in an output layer; this one is as small as can be.
      network =
          new MultiLayerNetwork(
              new NeuralNetConfiguration.Builder()
                  .dataType(DataType.FLOAT)
                  .list()
                  .layer(lstm(work.inputs(), work.hidden()))
                  .layer(
                      new RnnOutputLayer.Builder(LossFunction.MSE)
                          .activation(Activation.IDENTITY)
                          .nIn(work.hidden())
                          .nOut(1)
                          .build())
                  .build());
      network.init();
      put(work.weights(), 0, network);
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = array(work.input(i), work.batch(), work.inputs());
      }
    }

    @Override
    public void step(int i) {
      network.rnnTimeStep(inputs[i]);
    }

    @Override
    public float[] hidden() {
      Map<String, INDArray> state = network.rnnGetPreviousState(0);
      return state.get("prevAct").dup('c').data().asFloat();
    }
  }

  private static final class Training implements Learner {
    private final MultiLayerNetwork network;
    private final DataSet[] batches = new DataSet[TrainWork.BATCHES];

    Training(TrainWork work) {
      network = new MultiLayerNetwork(configuration(work));
      network.init();
      for (int l = 0; l < work.layers(); l++) {
        put(work.weights().get(l), l, network);
      }
      network.setParam(work.layers() + "_W", array(work.head(), work.hidden(), 1));
      for (int i = 0; i < batches.length; i++) {
        float[] x = TrainWork.inputsBatchFirst(i);
        INDArray input = array(x, TrainWork.BATCH, TrainWork.TIME, TrainWork.INPUTS);
        batches[i] =
            new DataSet(
                input.permute(0, 2, 1).dup('f'), array(TrainWork.targets(i), TrainWork.BATCH, 1));
      }
    }

    private static MultiLayerConfiguration configuration(TrainWork work) {
      NeuralNetConfiguration.ListBuilder layers =
          new NeuralNetConfiguration.Builder()
              .dataType(DataType.FLOAT)
              .updater(new Adam(TrainWork.RATE))
              .list();
      for (int l = 0; l < work.layers(); l++) {
        LSTM lstm = lstm(l == 0 ? TrainWork.INPUTS : work.hidden(), work.hidden());
        layers.layer(l < work.layers() - 1 ? lstm : new LastTimeStep(lstm));
      }
      return layers
          .layer(
              new OutputLayer.Builder(LossFunction.MSE)
                  .activation(Activation.IDENTITY)
                  .nIn(work.hidden())
                  .nOut(1)
                  .build())
          .build();
    }

    @Override
    public void learn(int i) {
      network.fit(batches[i]);
    }

    @Override
    public float[] predict(int i) {
      return network.output(batches[i].getFeatures()).dup('c').data().asFloat();
    }
  }

  /** Forecasts at every step; what {@link Training} does with the last one. */
  private static final class Series implements SeriesLearner {
    private final SeriesWork work;
    private final MultiLayerNetwork network;
    private final List<DataSet> batches = new ArrayList<>();

    Series(SeriesWork work) {
      this.work = work;
      int hidden = work.lstm().hidden();
      network =
          new MultiLayerNetwork(
              new NeuralNetConfiguration.Builder()
                  .dataType(DataType.FLOAT)
                  .updater(Adam.builder().learningRateSchedule(new Rate(work)).build())
                  .list()
                  .layer(lstm(work.lstm().inputs(), hidden))
                  .layer(
                      new RnnOutputLayer.Builder(LossFunction.L1)
                          .activation(Activation.IDENTITY)
                          .nIn(hidden)
                          .nOut(work.outputs())
                          .build())
                  .build());
      network.init();
      put(work.lstm(), 0, network);
      network.setParam(
          "1_W", array(LstmWeights.transposed(work.head(), hidden), hidden, work.outputs()));
      network.setParam("1_b", array(work.bias(), 1, work.outputs()));
      for (int i = 0; i < work.x().size(); i++) {
        batches.add(
            new DataSet(
                features(work.x().get(i), work.batch(), work.time(), work.lstm().inputs()),
                features(work.y().get(i), work.batch(), work.time(), work.outputs())));
      }
    }

    /** {@code [rows][width][time]} in the memory order that the library works in. */
    private static INDArray features(float[] values, int rows, int time, int width) {
      return array(values, rows, time, width).permute(0, 2, 1).dup('f');
    }

    @Override
    public void learn(int batch) {
      network.fit(batches.get(batch));
    }

    @Override
    public float[] predict(float[] x, int rows, int time) {
      INDArray output = network.output(features(x, rows, time, work.lstm().inputs()));
      return output.permute(0, 2, 1).dup('c').data().asFloat();
    }

    @Override
    public void close() {
      network.close();
    }
  }

  /** The learning rate of each iteration. */
  private record Rate(SeriesWork work) implements ISchedule {
    private static final long serialVersionUID = 1L;

    @Override
    public double valueAt(int iteration, int epoch) {
      return work.rate().applyAsDouble(iteration);
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }
}
