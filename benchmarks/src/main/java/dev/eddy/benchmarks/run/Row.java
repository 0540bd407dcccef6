package dev.eddy.benchmarks.run;

import dev.eddy.benchmarks.work.PeakBenchmark;
import dev.eddy.benchmarks.work.StepBenchmark;
import dev.eddy.benchmarks.work.StepWork;
import dev.eddy.benchmarks.work.TrainBenchmark;
import dev.eddy.benchmarks.work.TrainWork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of the table: a piece of work and what is claimed of it.
 *
 * @param kind {@code step} or {@code train}
 * @param label the shape
 * @param parameters of the JMH benchmark
 * @param flops floating-point operations of one operation's products
 * @param threads how many a contender may use
 * @param bars for each other contender, the ratio of its time to Eddy's that is claimed
 */
public record Row(
    String kind,
    String label,
    Map<String, String> parameters,
    double flops,
    int threads,
    Map<Contestant, Double> bars) {

  /** The portable kernels may take this many times as long as the vector ones. */
  public static final double PORTABLE_BAR = 3;

  /** Who takes part. */
  public List<Contestant> contestants(boolean peers) {
    List<Contestant> all = new ArrayList<>(List.of(Contestant.EDDY));
    if (kind.equals("step")) {
      all.add(Contestant.PORTABLE);
    }
    all.add(Contestant.PEAK);
    if (peers) {
      bars.keySet().stream().filter(Contestant::peer).sorted().forEach(all::add);
    }
    return all;
  }

  /** JMH's pattern and parameters for one of them. */
  List<String> jmh(Contestant contestant) {
    if (contestant == Contestant.PEAK) {
      return List.of(PeakBenchmark.class.getName());
    }
    Class<?> type = kind.equals("step") ? StepBenchmark.class : TrainBenchmark.class;
    List<String> words = new ArrayList<>(List.of(type.getName()));
    parameters.forEach((name, value) -> words.addAll(List.of("-p", name + "=" + value)));
    words.addAll(List.of("-p", "contender=" + contestant.id()));
    return words;
  }

  /** The rows of {@code ./eddy bench step}. */
  public static List<Row> step() {
    double[][] bars = { // ONNX Runtime, DJL, DL4J
      {4, 50, 250}, {1.2, 4, 20}, {1.1, 1.5, 8}, {1.8, 20, 80}, {1.1, 1.3, 10}, {1.1, 1.3, 10}
    };
    List<Row> rows = new ArrayList<>();
    for (StepWork work : StepWork.all()) {
      rows.add(step(work, bars[rows.size()]));
    }
    return rows;
  }

  /** A row of {@code ./eddy bench step}; bars: ONNX Runtime's, DJL's, DL4J's. */
  static Row step(StepWork work, double... bars) {
    Map<Contestant, Double> claims = new LinkedHashMap<>();
    claims.put(Contestant.ONNX_RUNTIME, bars[0]);
    claims.put(Contestant.DJL, bars[1]);
    claims.put(Contestant.DL4J, bars[2]);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("hidden", "" + work.hidden());
    parameters.put("inputs", "" + work.inputs());
    parameters.put("batch", "" + work.batch());
    return new Row("step", work.label(), parameters, work.flops(), 1, claims);
  }

  /**
   * The rows of {@code ./eddy bench train}.
   *
   * @param jdk the feature release that runs: the Vector API became faster on the way to 25
   */
  public static List<Row> train(int jdk) {
    boolean newer = jdk >= 25;
    List<Row> rows = new ArrayList<>();
    for (TrainWork work : TrainWork.all()) {
      boolean small = work.hidden() == 64;
      Map<Contestant, Double> bars = new LinkedHashMap<>();
      bars.put(Contestant.DJL, small ? newer ? 2 : 1.2 : newer ? 1.4 : 1.1);
      bars.put(Contestant.DL4J, small ? newer ? 15.0 : 8 : newer ? 5 : 4);
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("hidden", "" + work.hidden());
      parameters.put("layers", "" + work.layers());
      parameters.put("threads", "" + work.threads());
      rows.add(new Row("train", work.label(), parameters, work.flops(), work.threads(), bars));
    }
    return rows;
  }
}
