package dev.eddy.benchmarks.run;

import dev.eddy.benchmarks.work.Probe;
import dev.eddy.benchmarks.work.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contender's process: JMH, which asks for its turn before each iteration. */
final class Worker implements AutoCloseable {
  private static final int LINES_OF_A_FAILURE = 12;
  private static final long GRACE_MILLIS = 500;

  private final Contestant who;
  private final Process process;
  private final BufferedReader said;
  private final OutputStream answers;
  private final Path log;
  private boolean ready;

  private Worker(Contestant who, Process process, Path log) {
    this.who = who;
    this.process = process;
    this.said = process.inputReader(StandardCharsets.UTF_8);
    this.answers = process.getOutputStream();
    this.log = log;
  }

  /** Starts the process. folder: where its log goes. */
  static Worker start(Row row, Contestant who, Plan plan, Path folder) {
    Path log = folder.resolve(who.id() + ".log");
    ProcessBuilder builder =
        Jvm.process(row.threads(), options(who), program(row, who, plan, folder))
            .redirectError(log.toFile());
    try {
      return new Worker(who, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> options(Contestant who) {
    // A small young generation that is there from the start: no page faults while the clock runs.
    List<String> words = new ArrayList<>(List.of("-Xms256m", "-Xmn64m", "-Xmx2g"));
    words.add("-XX:+AlwaysPreTouch");
    words.addAll(List.of("-Djmh.ignoreLock=true", "-D" + Probe.TURNS + "=true"));
    if (who == Contestant.PORTABLE) {
      words.add("-Deddy.kernels=portable");
    }
    return words;
  }

  private static List<String> program(Row row, Contestant who, Plan plan, Path folder) {
    List<String> words = new ArrayList<>(List.of("org.openjdk.jmh.Main"));
    words.addAll(row.jmh(who));
    words.addAll(List.of("-f", "0", "-foe", "true"));
    words.addAll(List.of("-wi", "" + plan.warmups(), "-w", plan.warmupMillis() + "ms"));
    words.addAll(List.of("-i", "" + plan.rounds(), "-r", plan.roundMillis() + "ms"));
    words.addAll(List.of("-o", folder.resolve(who.id() + ".jmh").toString()));
    return words;
  }

  /** Waits until the process wants its turn. */
  void ready() {
    try {
      if (!ready) {
        await(Probe.READY);
        ready = true;
      }
    } catch (IOException e) {
      throw failed();
    }
  }

  /** Gives the process its turn and waits until it gives it back. */
  Sample turn() {
    ready();
    ready = false;
    try {
      answers.write((Probe.GO + "\n").getBytes(StandardCharsets.US_ASCII));
      answers.flush();
      return Sample.parse(await(Probe.DONE));
    } catch (IOException e) {
      throw failed();
    }
  }

  /** Reads on, over what libraries print, to a line that begins like this. */
  private String await(String prefix) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(prefix)) {
        return line;
      }
    }
    throw failed();
  }

  private BenchException failed() {
    close();
    List<String> lines = new ArrayList<>();
    for (Path file : List.of(log.resolveSibling(who.id() + ".jmh"), log)) {
      try {
        lines.addAll(Files.readAllLines(file));
      } catch (IOException nothing) {
        // It said nothing.
      }
    }
    lines.removeIf(line -> line.isBlank() || line.strip().startsWith("at "));
    int from = Math.max(0, lines.size() - LINES_OF_A_FAILURE);
    return new BenchException(
        "%s: its process ended early with code %d; its last words:%n  %s"
            .formatted(
                who.title(),
                process.exitValue(),
                String.join("\n  ", lines.subList(from, lines.size()))));
  }

  @Override
  public void close() {
    try {
      if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
