package dev.eddy.model.interchange;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.model.ModelFileException;
import dev.eddy.model.model.NetworkFile;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code eddy convert}: networks from other frameworks, and to ONNX. */
@Command(
    name = "eddy convert",
    mixinStandardHelpOptions = true,
    versionProvider = Convert.Version.class,
    description = {
      "Takes over a network of PyTorch, Keras or ONNX, or writes one as ONNX.",
      "Nothing is taken over without proof: a reference holds an input and what the other framework made of it, and Eddy must make the same of it. See docs/interchange.md.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 bad usage.",
      "",
      "Examples:",
      "  eddy convert net.keras net.eddy --reference net.reference.safetensors",
      "  eddy convert net.safetensors net.eddy --network layers.json",
      "  eddy convert net.eddy net.onnx"
    })
public final class Convert implements Callable<Integer> {
  private static final int REFUSED = 1;
  private static final int BAD_USAGE = 2;

  /** More than the largest network takes, in half the precision or twice. */
  private static final long MAX_FILE = 1L << 30;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description =
          "A state dict of PyTorch as safetensors, a .keras, .h5 or .weights.h5 file, an .onnx model, or a network or model of Eddy.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "Where to write: ONNX if it ends in .onnx, else a network file of Eddy.")
  private Path out;

  @Option(
      names = "--reference",
      paramLabel = "REF",
      description =
          "What the other framework gives: safetensors with x (or ids), y and the layout. If left out, NAME.reference.safetensors beside FILE.")
  private Path reference;

  @Option(
      names = "--network",
      paramLabel = "SPEC",
      description = "The layers as JSON, where FILE holds weights alone (PyTorch, .weights.h5).")
  private Path network;

  @Option(
      names = "--module",
      paramLabel = "LAYER=MODULE",
      description =
          "The PyTorch module that gives a layer its weights, where the first that fits is not the one.")
  private Map<String, String> modules = new TreeMap<>();

  @Option(names = "--name", description = "What the network is called; FILE's name if left out.")
  private String name;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  private Convert() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  /**
   * Runs the command in this process.
   *
   * @return the exit code: 0 done, 1 refused or failed, 2 bad usage
   */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Convert()).setOut(out).setErr(err);
    line.setParameterExceptionHandler(
        (e, given) -> {
          err.println("eddy: " + e.getMessage());
          err.println("Try 'eddy convert --help'.");
          return BAD_USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof NoSuchFileException missing) {
            err.println("eddy: there is no file " + missing.getMessage());
            return BAD_USAGE;
          }
          err.println("eddy: " + e.getMessage());
          return REFUSED;
        });
    return line.execute(args);
  }

  @Override
  public Integer call() throws IOException {
    byte[] bytes = read(file);
    if (Files.exists(out) && Files.isSameFile(file, out)) {
      throw new ParameterException(spec.commandLine(), "OUT is FILE; name another");
    }
    Format format = Format.of(bytes);
    Import.Imported imported = format.isEddy() ? null : imported(format, bytes);
    SavedNetwork network = imported == null ? own(format, bytes) : imported.network();
    boolean onnx = out.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
    if (imported == null && !onnx) {
      throw new ParameterException(
          spec.commandLine(), "FILE is Eddy's already; OUT should end in .onnx, got " + out);
    }
    Files.write(out, onnx ? OnnxExport.write(network) : NetworkFile.write(network));
    report(format, network, imported);
    return 0;
  }

  private static byte[] read(Path path) throws IOException {
    if (Files.size(path) > MAX_FILE) {
      throw new InterchangeException(
          "%s has more than %,d bytes, the most that is read".formatted(path, MAX_FILE));
    }
    return Files.readAllBytes(path);
  }

  private static SavedNetwork own(Format format, byte[] bytes) {
    try {
      if (format == Format.EDDY_NETWORK) {
        return NetworkFile.read(bytes);
      }
      Model model = ModelFile.read(bytes);
      return new SavedNetwork(model.name(), model.network(), model.weights(), model.provenance());
    } catch (ModelFileException e) {
      throw new InterchangeException(e.getMessage(), e);
    }
  }

  private Import.Imported imported(Format format, byte[] bytes) throws IOException {
    byte[] expected = referenceBytes();
    String called = name == null ? stem(file) : name;
    return switch (format) {
      case PYTORCH -> {
        if (network == null) {
          throw new ParameterException(
              spec.commandLine(),
              "a state dict has no layers, only weights: give them with --network SPEC");
        }
        yield Import.pytorch(bytes, expected, called, network(expected, bytes), modules);
      }
      case KERAS ->
          Import.keras(bytes, expected, called, network == null ? null : network(expected, bytes));
      case ONNX -> Import.onnx(bytes, expected, called);
      default -> throw new IllegalStateException("not foreign: " + format);
    };
  }

  private byte[] referenceBytes() throws IOException {
    if (reference != null) {
      return read(reference);
    }
    Path beside = file.resolveSibling(stem(file) + ".reference.safetensors");
    return Files.exists(beside) ? read(beside) : null;
  }

  /** The file's name up to its first point. */
  private static String stem(Path path) {
    String fileName = path.getFileName().toString();
    int point = fileName.indexOf('.');
    return point > 0 ? fileName.substring(0, point) : fileName;
  }

  /** The layers of --network, for inputs like the reference's. */
  private Network network(byte[] expected, byte[] bytes) throws IOException {
    Shape input = Import.inputOf(expected, bytes);
    try {
      LayerSpec layers = LayerKinds.mapper().readValue(read(network), LayerSpec.class);
      return Network.build(layers, input);
    } catch (JsonProcessingException e) {
      throw new InterchangeException("%s: %s".formatted(network, told(e)), e);
    } catch (IllegalArgumentException e) {
      throw new InterchangeException("%s: %s".formatted(network, e.getMessage()), e);
    }
  }

  /** What is wrong with the layers, and where, without the names of classes. */
  private static String told(JsonProcessingException e) {
    String what = e.getOriginalMessage();
    if (e instanceof InvalidTypeIdException unknown && unknown.getTypeId() != null) {
      what =
          "unknown layer '%s', there are %s"
              .formatted(unknown.getTypeId(), String.join(", ", LayerKinds.all().keySet()));
    } else if (e instanceof ValueInstantiationException && e.getCause() != null) {
      what = e.getCause().getMessage();
    } else if (e instanceof MismatchedInputException && !(e instanceof PropertyBindingException)) {
      what = "not what is expected there; a layer is {\"kind\": {\"parameter\": value}}";
    }
    JsonLocation at = e.getLocation();
    return at == null
        ? what
        : "line %d, column %d: %s".formatted(at.getLineNr(), at.getColumnNr(), what);
  }

  private void report(Format format, SavedNetwork network, Import.Imported imported) {
    PrintWriter to = spec.commandLine().getOut();
    if (json) {
      ObjectNode result = new ObjectMapper().createObjectNode();
      result.put("name", network.name());
      result.put("from", format.toString());
      result.put("out", out.toString());
      result.put("weights", network.network().weightCount());
      if (imported != null) {
        result.put("referenceValues", imported.proof().values());
        result.put("maxDifference", imported.proof().maxDifference());
      }
      to.println(result);
      return;
    }
    to.printf(
        Locale.ROOT,
        "%s: '%s' of %s, %,d weights%n",
        out,
        network.name(),
        format,
        network.network().weightCount());
    if (imported != null) {
      to.printf(
          Locale.ROOT,
          "proved: %d reference values, largest difference %.1e (allowed %.0e)%n",
          imported.proof().values(),
          imported.proof().maxDifference(),
          Proof.TOLERANCE);
    }
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Convert.class.getPackage().getImplementationVersion();
      return new String[] {"eddy " + (version == null ? "development" : version)};
    }
  }
}
