package dev.eddy.jobs.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.jobs.train.TrainResult;
import java.util.List;
import java.util.Locale;

/**
 * The figures of a finished demo, as JSON for machines and as a table for people.
 *
 * @param end why it ended, a few words
 * @param run what was run
 * @param skills the model's skill and the baselines' over the same targets, found out by the demo
 *     itself
 * @param targets how many targets these are
 * @param scores what the job's own scores say of the model
 * @param accounts where the records went
 * @param versions who answered
 * @param speed how fast
 * @param trainings every training run, in order
 * @param plot where the picture is, or null
 * @param notes what the user should know besides
 */
record DemoReport(
    String end,
    Run run,
    List<LiveSkill.Skill> skills,
    long targets,
    Scores scores,
    Accounts accounts,
    List<LiveSkill.Version> versions,
    Speed speed,
    List<Training> trainings,
    String plot,
    List<String> notes) {

  /**
   * @param pipeline its name
   * @param entities how many
   * @param seed of the simulator and the training
   * @param seconds streamed, from the first forecast to the end of feeding
   */
  record Run(String pipeline, int entities, long seed, double seconds) {}

  /**
   * @param targets scored by the job
   * @param mae by the job
   * @param coverage by the job
   */
  record Scores(long targets, double mae, double coverage) {}

  /**
   * @param eventsIn records the job was given: the tail of the history that warms it up, and the
   *     live ones
   * @param live the live ones among them
   * @param forecasts predictions that count
   * @param warmup predictions marked as warm-up
   * @param late records of the late output
   * @param deadLetters records that could not be used
   * @param lost records without an output
   * @param duplicated outputs for a record that had one already
   * @param unknown outputs for records that were never sent
   */
  record Accounts(
      long eventsIn,
      long live,
      long forecasts,
      long warmup,
      long late,
      long deadLetters,
      long lost,
      long duplicated,
      long unknown) {}

  /**
   * @param eventsPerSecond live records settled per second of streaming
   * @param p50Millis from sending a record to reading its committed output, median
   * @param p99Millis the same, 99th percentile
   * @param firstForecastSeconds from the start of the demo to the first forecast that counts
   * @param startupSeconds broker, cluster and topics
   * @param historySeconds writing the history
   * @param peakMemoryBytes most memory the process held; -1 where the system does not say
   */
  record Speed(
      double eventsPerSecond,
      double p50Millis,
      double p99Millis,
      double firstForecastSeconds,
      double startupSeconds,
      double historySeconds,
      long peakMemoryBytes) {}

  /**
   * @param result of the run
   * @param seconds it took
   */
  record Training(TrainResult result, double seconds) {}

  /** Whether forecasts came out and every record was accounted for exactly once. */
  boolean good() {
    return accounts.forecasts() > 0
        && accounts.lost() == 0
        && accounts.duplicated() == 0
        && accounts.unknown() == 0;
  }

  /** Changes of weights under the running job. */
  int swaps() {
    return Math.max(0, versions.size() - 1);
  }

  /** The figures as JSON; a figure that does not exist is null. */
  ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("ok", good()).put("end", end);
    json.put("pipeline", run.pipeline()).put("entities", run.entities());
    json.put("seed", run.seed());
    put(json, "seconds", run.seconds());
    ObjectNode live = json.putObject("live");
    live.put("targets", targets);
    for (LiveSkill.Skill skill : skills) {
      ObjectNode one = live.putObject(skill.name());
      put(one, "mase", skill.mase());
      put(one, "mae", skill.mae());
      if (skill.name().equals("model")) {
        put(one, "coverage", skill.coverage());
      }
    }
    ObjectNode own = json.putObject("scoresTopic").put("targets", scores.targets());
    put(own, "mae", scores.mae());
    put(own, "coverage", scores.coverage());
    json.put("eventsIn", accounts.eventsIn()).put("liveEvents", accounts.live());
    json.put("predictions", accounts.forecasts() + accounts.warmup());
    json.put("forecasts", accounts.forecasts()).put("warmup", accounts.warmup());
    json.put("late", accounts.late()).put("deadLetters", accounts.deadLetters());
    json.put("lost", accounts.lost()).put("duplicated", accounts.duplicated());
    json.put("unknown", accounts.unknown());
    json.put("swaps", swaps());
    ArrayNode served = json.putArray("versions");
    for (LiveSkill.Version v : versions) {
      served
          .addObject()
          .put("version", v.version())
          .put("swapEpoch", v.swapEpoch())
          .put("forecasts", v.forecasts())
          .put("since", v.since());
    }
    speed(json);
    trainings(json.putArray("trainings"));
    json.put("plot", plot);
    ArrayNode said = json.putArray("notes");
    notes.forEach(said::add);
    return json;
  }

  private void speed(ObjectNode json) {
    put(json, "eventsPerSecond", speed.eventsPerSecond());
    put(json, "latencyP50Millis", speed.p50Millis());
    put(json, "latencyP99Millis", speed.p99Millis());
    put(json, "firstForecastSeconds", speed.firstForecastSeconds());
    put(json, "startupSeconds", speed.startupSeconds());
    put(json, "historySeconds", speed.historySeconds());
    if (speed.peakMemoryBytes() >= 0) {
      json.put("peakMemoryBytes", speed.peakMemoryBytes());
    } else {
      json.putNull("peakMemoryBytes");
    }
  }

  private void trainings(ArrayNode all) {
    for (Training training : trainings) {
      TrainResult r = training.result();
      ObjectNode one = all.addObject();
      one.put("published", r.published()).put("version", r.version()).put("reason", r.reason());
      put(one, "seconds", training.seconds());
      one.put("rounds", r.rounds()).put("bestRound", r.bestRound()).put("samples", r.samples());
      put(one, "samplesPerSecond", r.samplesPerSecond());
      ObjectNode metrics = one.putObject("gate");
      r.metrics().forEach((name, value) -> put(metrics, name, value));
    }
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      node.putNull(name);
    } else {
      node.put(name, Math.rint(value * 1e6) / 1e6);
    }
  }

  /** The figures as a table. */
  String table() {
    StringBuilder t = new StringBuilder();
    line(
        t,
        "Eddy demo: pipeline %s, %d entities, seed %d (%s)",
        run.pipeline(),
        run.entities(),
        run.seed(),
        end);
    t.append('\n');
    line(t, "  live forecasts      MASE         MAE   coverage   (%,d targets)", targets);
    for (LiveSkill.Skill s : skills) {
      line(
          t,
          "  %-14s %9.3f %11.4g %10s",
          name(s.name()),
          s.mase(),
          s.mae(),
          Double.isNaN(s.coverage())
              ? ""
              : String.format(Locale.ROOT, "%.1f %%", 100 * s.coverage()));
    }
    if (scores.targets() > 0) {
      line(
          t,
          "  %-14s %9s %11.4g %10.1f %%  (%,d targets, the job's own account)",
          "scores topic",
          "",
          scores.mae(),
          100 * scores.coverage(),
          scores.targets());
    }
    t.append('\n');
    line(t, "  events in      %,11d   of them live %,d", accounts.eventsIn(), accounts.live());
    line(t, "  forecasts      %,11d   warm-up %,d", accounts.forecasts(), accounts.warmup());
    line(t, "  late           %,11d   dead letters %,d", accounts.late(), accounts.deadLetters());
    line(
        t,
        "  lost           %,11d   duplicated %,d%s",
        accounts.lost(),
        accounts.duplicated(),
        accounts.unknown() == 0
            ? ""
            : String.format(Locale.ROOT, "   unknown %,d", accounts.unknown()));
    t.append('\n');
    for (LiveSkill.Version v : versions) {
      line(
          t,
          "  model version %d (swap epoch %d): %,d forecasts",
          v.version(),
          v.swapEpoch(),
          v.forecasts());
    }
    for (Training training : trainings) {
      TrainResult r = training.result();
      line(
          t,
          "  training of version %d: %d rounds (best %d), %,.0f samples/s, %.1f s;%n    %s",
          r.version(),
          r.rounds(),
          r.bestRound(),
          r.samplesPerSecond(),
          training.seconds(),
          r.reason());
    }
    t.append('\n');
    line(
        t,
        "  %,.0f events/s over %.1f s; latency p50 %.0f ms, p99 %.0f ms (sent to committed)",
        speed.eventsPerSecond(),
        run.seconds(),
        speed.p50Millis(),
        speed.p99Millis());
    line(
        t,
        "  first forecast after %.1f s (start %.1f s, history %.1f s); memory at most %s",
        speed.firstForecastSeconds(),
        speed.startupSeconds(),
        speed.historySeconds(),
        speed.peakMemoryBytes() < 0
            ? "unknown"
            : String.format(Locale.ROOT, "%.2f GB", speed.peakMemoryBytes() / 1e9));
    if (plot != null) {
      line(t, "  plot: %s", plot);
    }
    for (String note : notes) {
      line(t, "  note: %s", note);
    }
    return t.toString();
  }

  /** What people call a forecaster whose name is for machines. */
  static String name(String skill) {
    return skill.startsWith("naive") ? "naive, " + skill.substring(5) + " back" : skill;
  }

  private static void line(StringBuilder t, String format, Object... values) {
    t.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
