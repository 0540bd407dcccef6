package dev.eddy.benchmarks.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.work.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** The rows as JSON: what is committed to {@code benchmarks/results}. Times in nanoseconds. */
public final class Report {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Pattern PEER_JAR =
      Pattern.compile(
          "(flink-runtime|kafka-clients|onnxruntime|pytorch-engine|pytorch-native-cpu|deeplearning4j-nn|nd4j-native|openblas)"
              + "-([0-9][^/]*?)(-linux-x86_64)?\\.jar");

  private Report() {}

  /** Everything that was measured by a command. */
  public static String of(String command, Map<String, Plan> plans, List<Outcome> outcomes) {
    ObjectNode root = root(command);
    root.set("plans", JSON.valueToTree(plans));
    ArrayNode rows = root.putArray("rows");
    outcomes.forEach(outcome -> rows.add(row(outcome)));
    return text(root);
  }

  /** How every report begins: when, by which command, on which machine, with which versions. */
  public static ObjectNode root(String command) {
    ObjectNode root = JSON.createObjectNode();
    root.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    root.put("command", command);
    root.set("machine", JSON.valueToTree(Machine.describe()));
    root.set("versions", JSON.valueToTree(versions(System.getProperty("java.class.path"))));
    return root;
  }

  /** A report as it is written. */
  public static String text(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line that runs, as one would type it. */
  public static String command(CommandSpec spec) {
    return "./eddy bench "
        + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
  }

  private static ObjectNode row(Outcome outcome) {
    Row row = outcome.row();
    ObjectNode node = JSON.createObjectNode();
    node.put("work", row.kind());
    node.put("shape", row.label());
    row.parameters().forEach((name, value) -> node.put(name, Integer.parseInt(value)));
    node.put("flops", row.flops());
    node.put("clock", row.threads() == 1 ? "thread CPU" : "wall");
    node.put("peakGflops", rounded(outcome.peak()));
    ArrayNode results = node.putArray("results");
    for (Contestant who : outcome.contestants()) {
      if (who != Contestant.PEAK) {
        results.add(result(outcome, who));
      }
    }
    return node;
  }

  private static ObjectNode result(Outcome outcome, Contestant who) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", who.id());
    node.put("time", rounded(outcome.time(who)));
    node.put("wall", rounded(outcome.median(who, Sample::wallPerOperation)));
    node.put("processCpu", rounded(outcome.median(who, Sample::processCpuPerOperation)));
    node.put("allocatedBytes", rounded(outcome.median(who, Sample::allocatedPerOperation)));
    node.put("shareOfPeak", rounded(outcome.shareOfPeak(who)));
    if (who != Contestant.EDDY) {
      node.put("ratio", rounded(outcome.ratio(who, 0.5)));
      node.put("ratioLowerQuartile", rounded(outcome.ratio(who, 0.25)));
      node.put("ratioUpperQuartile", rounded(outcome.ratio(who, 0.75)));
    }
    if (!Double.isNaN(outcome.bar(who))) {
      node.put(who.peer() ? "atLeast" : "atMost", outcome.bar(who));
      node.put("met", outcome.met(who));
    }
    return node;
  }

  /** Four digits that count. */
  public static double rounded(double value) {
    return value == 0 || !Double.isFinite(value)
        ? value
        : new java.math.BigDecimal(value).round(new java.math.MathContext(4)).doubleValue();
  }

  /** Eddy's version and commit, and those of the libraries on a class path. */
  static Map<String, String> versions(String classPath) {
    Map<String, String> versions = new TreeMap<>();
    String own = Report.class.getPackage().getImplementationVersion();
    versions.put("eddy", own == null ? "development" : own);
    versions.put("commit", System.getProperty("eddy.commit", "unknown"));
    Matcher jar = PEER_JAR.matcher(classPath);
    while (jar.find()) {
      versions.put(jar.group(1), jar.group(2));
    }
    return versions;
  }

  /** Writes a report where it was asked for. */
  public static void write(Path file, String report) {
    try {
      Files.writeString(file, report);
    } catch (IOException e) {
      throw new BenchException("--json: %s cannot be written (%s)".formatted(file, e.getMessage()));
    }
  }
}
