package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.PipelineConfig;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of Eddy. */
@Command(
    name = "eddy",
    description =
        "Recurrent networks on live data: Kafka topics in, forecasts out, inside Apache Flink.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      TrainCommand.class,
      ServeCommand.class,
      EvaluateCommand.class,
      ModelsCommand.class,
      ReportCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed while running, 2 bad usage or configuration.",
      "",
      "Example: a Kafka, a Flink, a live stream, training and forecasts in one process:",
      "  eddy demo",
      "",
      "Modules of their own: benchmarks (eddy bench --help); networks from and to",
      "PyTorch, Keras and ONNX (eddy convert --help)."
    })
public final class Eddy implements Runnable {
  /** Set by the launcher: this process belongs to the command line alone. */
  private static final String HOME = "eddy.home";

  private static final String LOGGING = "log4j2.configurationFile";

  private final PrintStream out;
  private final PrintStream err;
  private PipelineConfig.Kafka kafka;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show logs, and the stack trace of a failure.")
  private boolean debug;

  @Spec private CommandSpec spec;

  private Eddy(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command and ends the process with its exit code, unless a Flink client owns the
   * process.
   */
  public static void main(String[] args) {
    boolean ours = System.getProperty(HOME) != null;
    if (!flinkIsThere()) {
      System.err.println(
          "eddy: there is no Flink beside this jar; submit it with 'flink run', or use the launcher ./eddy");
      System.exit(Failures.BAD_USAGE);
    }
    if (ours && System.getProperty(LOGGING) == null) {
      // Before any logger exists.
      boolean debug = Arrays.asList(args).contains("--debug");
      System.setProperty(
          LOGGING, "classpath:eddy-log4j2" + (debug ? "-debug" : "") + ".properties");
    }
    int code = run(args, System.out, System.err);
    if (ours || !FlinkTarget.given()) {
      System.exit(code);
    }
    if (code != 0) {
      // Under flink run: the process is Flink's client, or even its JobManager, and must not be
      // ended.
      throw FlinkTarget.failed(code);
    }
  }

  /** Not where somebody starts the shaded jar with plain Java. */
  private static boolean flinkIsThere() {
    try {
      Class.forName(
          "org.apache.flink.streaming.api.environment.StreamExecutionEnvironment",
          false,
          Eddy.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Runs one command in this process.
   *
   * @return the exit code: 0 done, 1 failed while running, 2 bad usage or configuration
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    Eddy eddy = new Eddy(out, err);
    CommandLine line = new CommandLine(eddy);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((e, arguments) -> usage(e, err));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> Failures.report(e, eddy.kafka, eddy.debug, err));
    int code = line.execute(args);
    out.flush();
    err.flush();
    return code;
  }

  private static int usage(ParameterException e, PrintStream err) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    err.println("eddy: " + firstLine(e.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    err.println("Try '" + name + " --help'.");
    return Failures.BAD_USAGE;
  }

  private static String firstLine(String message) {
    return message == null ? "bad usage" : message.lines().findFirst().orElse("bad usage");
  }

  /** Without a command: what there is. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "no command given, expected one of demo, train, serve, evaluate, models, report");
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /** From now on the secrets of this configuration are cut out of every message. */
  void guard(PipelineConfig config) {
    kafka = config.kafka();
  }
}
