package dev.eddy.benchmarks.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.benchmarks.run.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code bench cluster} found, for people and for programs. */
final class ScalingTables {
  private ScalingTables() {}

  static String text(Setting setting, Scaling scaling, List<Integer> slots) {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("slots"));
    for (Scaling.Kind kind : Scaling.Kind.values()) {
      head.add(kind.title() + ", samples/s");
      head.add("efficiency");
    }
    head.add("averaging, ms");
    head.add("of a round");
    lines.add(head);
    for (int count : slots) {
      List<String> line = new ArrayList<>(List.of("" + count));
      for (Scaling.Kind kind : Scaling.Kind.values()) {
        line.add(String.format(Locale.ROOT, "%,.0f", scaling.rate(kind, count)));
        line.add(efficiency(scaling, kind, count));
      }
      line.add(TextTable.figure(1e3 * scaling.averaging(count)));
      line.add(overhead(scaling.overhead(count)));
      lines.add(line);
    }
    return String.format(
            Locale.ROOT,
            "Training on slots: %s, %,d bytes of weights, %d shards, %d local steps. A sample is a step learned from.%n",
            network(setting),
            setting.weightBytes(),
            setting.shards(),
            setting.localSteps())
        + TextTable.aligned(lines);
  }

  private static String network(Setting setting) {
    return "LSTM H=%d L=%d".formatted(setting.units(), setting.layers());
  }

  private static String efficiency(Scaling scaling, Scaling.Kind kind, int slots) {
    double share = scaling.efficiency(kind, slots);
    String text = String.format(Locale.ROOT, "%.3f", share);
    double bar = scaling.bar(slots);
    return kind != Scaling.Kind.JOB || Double.isNaN(bar)
        ? text
        : "%s (%s) %s".formatted(text, bar, share >= bar ? "met" : "MISSED");
  }

  private static String overhead(double share) {
    return String.format(
        Locale.ROOT,
        "%.2f %% (%.0f) %s",
        100 * share,
        100 * Scaling.OVERHEAD_BAR,
        share < Scaling.OVERHEAD_BAR ? "met" : "MISSED");
  }

  static ObjectNode json(
      String command, int sittings, Setting setting, Scaling scaling, List<Integer> slots) {
    ObjectNode root = Report.root(command);
    setting(root.putObject("setting"), setting);
    root.put("sittings", sittings);
    ArrayNode rows = root.putArray("rows");
    for (int count : slots) {
      ObjectNode row = rows.addObject();
      row.put("slots", count);
      for (Scaling.Kind kind : Scaling.Kind.values()) {
        ObjectNode node = row.putObject(kind.title());
        node.put("samplesPerSecond", Report.rounded(scaling.rate(kind, count)));
        node.put("efficiency", Report.rounded(scaling.efficiency(kind, count)));
      }
      row.put("averagingSeconds", Report.rounded(scaling.averaging(count)));
      row.put("averagingShare", Report.rounded(scaling.overhead(count)));
      row.put("averagingAtMost", Scaling.OVERHEAD_BAR);
      if (!Double.isNaN(scaling.bar(count))) {
        row.put("atLeast", scaling.bar(count));
        row.put("met", scaling.efficiency(Scaling.Kind.JOB, count) >= scaling.bar(count));
      }
    }
    return root;
  }

  static void setting(ObjectNode node, Setting setting) {
    node.put("units", setting.units());
    node.put("layers", setting.layers());
    node.put("weightBytes", setting.weightBytes());
    node.put("shards", setting.shards());
    node.put("localSteps", setting.localSteps());
    node.put("rounds", setting.rounds());
    node.put("batch", Setting.BATCH);
    node.put("chunk", Setting.CHUNK);
    node.put("horizon", Setting.HORIZON);
    node.put("entities", setting.meters().entities());
    node.put("hours", setting.meters().hours());
  }
}
