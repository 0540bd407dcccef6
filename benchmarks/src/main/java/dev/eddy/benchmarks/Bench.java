package dev.eddy.benchmarks;

import dev.eddy.benchmarks.averaging.AveragingCommand;
import dev.eddy.benchmarks.cluster.ClusterCommand;
import dev.eddy.benchmarks.cluster.RoundCommand;
import dev.eddy.benchmarks.learn.LearnCommand;
import dev.eddy.benchmarks.run.BenchException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of {@code ./eddy bench}. */
@Command(
    name = "eddy bench",
    description = "Measures Eddy: against the core's peak, and against other libraries.",
    subcommands = {
      SpeedCommand.Step.class,
      SpeedCommand.Train.class,
      SpeedCommand.All.class,
      LearnCommand.class,
      ClusterCommand.class,
      RoundCommand.class,
      AveragingCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed while running, 2 bad usage.",
      "",
      "Example: the table of docs/benchmarks.md, with the other libraries; minutes:",
      "  eddy bench all --peers"
    })
public final class Bench implements Runnable {
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help message and exit.")
  private boolean help;

  @Spec private CommandSpec spec;

  private final PrintStream out;
  private final PrintStream err;

  private Bench(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Ctrl-C: a contender that has not yet asked for a turn would not notice.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly)));
    System.exit(run(args, System.out, System.err));
  }

  /**
   * Runs one command in this process.
   *
   * @return the exit code: 0 done, 1 failed while running, 2 bad usage
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    CommandLine line = new CommandLine(new Bench(out, err));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, arguments) -> usage(e, err));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, err));
    return line.execute(args);
  }

  private static int usage(ParameterException e, PrintStream err) {
    err.println("eddy: " + e.getMessage());
    err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return BAD_USAGE;
  }

  private static int failed(Exception e, PrintStream err) {
    if (e instanceof BenchException) {
      err.println("eddy: " + e.getMessage());
    } else {
      err.println("eddy: failed:");
      e.printStackTrace(err);
    }
    return FAILED;
  }

  /** Without a command: what there is. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "no benchmark given, expected one of step, train, all, learn, cluster, round, averaging");
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }
}
