package dev.eddy.jobs.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * A report for machines. The shape is described in docs/operations.md; {@code format} rises when a
 * field changes its meaning or goes. Every number is finite or null.
 */
final class ReportJson {
  static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ReportJson() {}

  static String text(TrainingReport report) {
    try {
      return JSON.writeValueAsString(of(report)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException("a report cannot be written as JSON", e);
    }
  }

  static ObjectNode of(TrainingReport report) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("run", report.facts().run()).put("pipeline", report.facts().pipeline());
    json.put("outcome", report.outcome().word()).put("reason", report.reason());
    json.put("started", report.started().toString()).put("ended", report.ended().toString());
    number(json, "seconds", report.seconds());
    model(json, report.result());
    rounds(json.putObject("rounds"), report);
    time(json.putObject("time"), report.time());
    ArrayNode slots = json.putArray("slots");
    report.slots().forEach((slot, split) -> time(slots.addObject().put("slot", slot), split));
    shards(json.putArray("shards"), report);
    ArrayNode places = json.putArray("places");
    for (RunHeader.Slot place : report.facts().slots()) {
      ObjectNode one = places.addObject().put("slot", place.slot());
      one.put("host", place.host()).put("kernels", place.kernels());
    }
    texts(json.putObject("incumbent"), report.facts().incumbent());
    texts(json.putObject("data"), report.facts().data());
    texts(json.putObject("configuration"), report.facts().configuration());
    texts(json.putObject("versions"), report.facts().versions());
    ArrayNode notes = json.putArray("notes");
    report.notes().forEach(notes::add);
    return json;
  }

  private static void model(ObjectNode json, TrainResult result) {
    if (result == null) {
      json.putNull("model").putNull("gate");
      return;
    }
    json.putObject("model")
        .put("published", result.published())
        .put("version", result.version())
        .put("swapEpoch", result.swapEpoch())
        .put("bestRound", result.bestRound());
    ObjectNode metrics = json.putObject("gate").putObject("metrics");
    result.metrics().forEach((name, value) -> number(metrics, name, value));
  }

  private static void rounds(ObjectNode json, TrainingReport report) {
    json.put("planned", report.planned()).put("made", report.rounds());
    json.put("samples", report.samples());
    number(json, "seconds", report.roundSeconds());
    number(json, "samplesPerSecond", report.samples() / report.roundSeconds());
    if (report.best() == null) {
      json.putNull("best");
    } else {
      ObjectNode best = json.putObject("best").put("round", report.best().round());
      number(best, "validationLoss", report.best().validationLoss());
    }
    json.put("perPoint", report.width());
    ArrayNode points = json.putArray("points");
    for (RoundPoint point : report.points()) {
      ObjectNode one = points.addObject();
      one.put("stage", point.stage()).put("first", point.first()).put("last", point.last());
      one.put("rounds", point.rounds());
      number(one, "loss", point.loss());
      one.put("scored", point.scored());
      number(one, "validationLoss", point.validationLoss());
      one.put("samples", point.samples());
      number(one, "seconds", point.seconds());
      time(one, point.time());
      one.put("dropped", point.dropped());
      ArrayNode slots = one.putArray("slots");
      point.slots().forEach(split -> time(slots.addObject(), split));
    }
  }

  private static void shards(ArrayNode shards, TrainingReport report) {
    for (ShardTotal shard : report.shards()) {
      ObjectNode one = shards.addObject();
      one.put("shard", shard.shard()).put("slot", shard.slot()).put("samples", shard.samples());
      number(one, "firstLoss", shard.firstLoss());
      number(one, "lastLoss", shard.lastLoss());
      number(one, "seconds", shard.seconds());
      one.put("dropped", shard.dropped());
    }
  }

  private static void time(ObjectNode json, Split split) {
    number(json, "compute", split.compute());
    number(json, "transfer", split.transfer());
    number(json, "idle", split.idle());
  }

  private static void texts(ObjectNode json, Map<String, String> texts) {
    texts.forEach(json::put);
  }

  private static void number(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}
