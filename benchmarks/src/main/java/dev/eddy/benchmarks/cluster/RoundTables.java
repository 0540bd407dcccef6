package dev.eddy.benchmarks.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.run.Quantiles;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.benchmarks.run.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code bench round} found, for people and for programs. */
final class RoundTables {
  /** Of a network of 10 Gbit/s, through which the coordinator's messages go one after another. */
  private static final double MEGABYTES_PER_SECOND = 1250;

  /** The share of a round that averaging may take. */
  private static final double SHARE = 0.03;

  private RoundTables() {}

  /** Each measurement beside the model. */
  static String measured(List<RoundModel.Measured> all, RoundModel model) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of("message, MB", "slots", "shards", "ms", "quartiles", "model", "off by", "used to"));
    for (RoundModel.Measured one : all) {
      RoundSize size = one.size();
      lines.add(
          List.of(
              "" + size.megabytes(),
              "" + size.slots(),
              "" + size.shards(),
              millis(one.seconds()),
              millis(one.lower()) + " - " + millis(one.upper()),
              millis(model.seconds(size)),
              percent(model.error(one)),
              size.fitted() ? "fit" : "check"));
    }
    return "A round without training, milliseconds\n" + TextTable.aligned(lines);
  }

  /** How far the model is off. */
  static String errors(List<RoundModel.Measured> all, RoundModel model) {
    return "Off by: %s where it was fitted, %s where it was not%n"
        .formatted(error(all, model, true), error(all, model, false));
  }

  private static String error(List<RoundModel.Measured> all, RoundModel model, boolean fitted) {
    double[] errors = errorsOf(all, model, fitted);
    return "%s (median), %s (worst of %d)"
        .formatted(
            percent(Quantiles.of(errors, 0.5)), percent(Quantiles.of(errors, 1)), errors.length);
  }

  private static double[] errorsOf(
      List<RoundModel.Measured> all, RoundModel model, boolean fitted) {
    return all.stream()
        .filter(one -> one.size().fitted() == fitted)
        .mapToDouble(model::error)
        .toArray();
  }

  /** What the model says of larger clusters, beside the coordinator alone. */
  static String predicted(RoundModel model, List<CoordinatorCost> alone) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "message, MB",
            "slots = shards",
            "model, s",
            "coordinator alone, s",
            "serialise",
            "read",
            "fold",
            "at 10 Gbit/s, s",
            "training for 3 %, s"));
    for (CoordinatorCost cost : alone) {
      RoundSize size = cost.size();
      lines.add(
          List.of(
              "" + size.megabytes(),
              "" + size.slots(),
              TextTable.figure(model.seconds(size)),
              TextTable.figure(cost.seconds()),
              TextTable.figure(cost.serialise()),
              TextTable.figure(cost.deserialise()),
              TextTable.figure(cost.fold()),
              TextTable.figure(network(size)),
              TextTable.figure(training(model, size))));
    }
    return "Larger clusters: what the model predicts; what the coordinator's thread needs, measured\n"
        + TextTable.aligned(lines);
  }

  /** Seconds that a round's messages take through the coordinator's network. */
  private static double network(RoundSize size) {
    return size.megabytes() * (size.slots() + size.shards()) / MEGABYTES_PER_SECOND;
  }

  /** Seconds that a slot must train in a round for averaging to take no more than its share. */
  private static double training(RoundModel model, RoundSize size) {
    return model.seconds(size) * (1 - SHARE) / SHARE;
  }

  private static String millis(double seconds) {
    return TextTable.figure(1e3 * seconds);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** Everything, for {@code benchmarks/results}. Times in seconds. */
  static ObjectNode json(
      String command,
      List<RoundModel.Measured> all,
      RoundModel model,
      List<CoordinatorCost> alone) {
    ObjectNode root = Report.root(command);
    ArrayNode rows = root.putArray("rows");
    for (RoundModel.Measured one : all) {
      ObjectNode row = size(rows.addObject(), one.size());
      row.put("seconds", Report.rounded(one.seconds()));
      row.put("lowerQuartile", Report.rounded(one.lower()));
      row.put("upperQuartile", Report.rounded(one.upper()));
      row.put("model", Report.rounded(model.seconds(one.size())));
      row.put("fitted", one.size().fitted());
    }
    ObjectNode node = root.putObject("model");
    node.put("terms", "a + b slots + c shards + d MB slots + e MB shards, seconds");
    ArrayNode coefficients = node.putArray("coefficients");
    for (double coefficient : model.coefficients()) {
      coefficients.add(Report.rounded(coefficient));
    }
    for (boolean fitted : new boolean[] {true, false}) {
      double[] errors = errorsOf(all, model, fitted);
      node.put(
          fitted ? "medianErrorFitted" : "medianErrorChecked",
          Report.rounded(Quantiles.of(errors, 0.5)));
      node.put(
          fitted ? "worstErrorFitted" : "worstErrorChecked",
          Report.rounded(Quantiles.of(errors, 1)));
    }
    ArrayNode predictions = root.putArray("predictions");
    for (CoordinatorCost cost : alone) {
      ObjectNode row = size(predictions.addObject(), cost.size());
      row.put("model", Report.rounded(model.seconds(cost.size())));
      row.put("coordinatorSerialise", Report.rounded(cost.serialise()));
      row.put("coordinatorRead", Report.rounded(cost.deserialise()));
      row.put("coordinatorFold", Report.rounded(cost.fold()));
      row.put("networkAt10Gbit", Report.rounded(network(cost.size())));
      row.put("trainingForThreePercent", Report.rounded(training(model, cost.size())));
    }
    return root;
  }

  private static ObjectNode size(ObjectNode row, RoundSize size) {
    row.put("megabytes", size.megabytes());
    row.put("slots", size.slots());
    row.put("shards", size.shards());
    return row;
  }
}
