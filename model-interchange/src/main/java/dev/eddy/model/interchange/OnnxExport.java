package dev.eddy.model.interchange;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import java.util.Map;

/**
 * Writes a network as ONNX (operator set 17), so that any runtime can step it:
 *
 * <pre>
 * x [T][B][I] ------> +---------+ --> y [T][B][O]
 * h_in [B][S] ------> | network | --> h_out [B][S]
 * c_in [B][C] ------> +---------+ --> c_out [B][C]
 * </pre>
 *
 * <p>T and B are free. A row of h holds the outputs of all recurrent layers one behind the other
 * (and the inputs that causal convolutions will see again), a row of c the cells of the LSTMs among
 * them; both are zero for an entity that has seen nothing. Networks without such layers have no
 * such inputs. Layers that read the whole sequence (bidirectional) begin at zero in every run. The
 * window of a lookback is an input of its own, {@code window [T][B][length]}: its caller moves it.
 */
public final class OnnxExport {
  private static final int OPERATOR_SET = 17;
  private static final int IR_VERSION = 8;

  private OnnxExport() {}

  /**
   * The bytes of an ONNX model.
   *
   * @throws InterchangeException naming the layer that ONNX has no operators for
   */
  public static byte[] write(SavedNetwork saved) {
    Network network = saved.network();
    OnnxGraph graph = new OnnxGraph();
    OnnxLayers layers = new OnnxLayers(graph, network, saved.weights());
    layers.write();
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("eddy")
            .setGraph(graph.build(saved.name()))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET));
    model.addMetadataProps(entry("eddy.network", json(network.spec())));
    saved.provenance().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> model.addMetadataProps(entry("eddy.provenance." + e.getKey(), e.getValue())));
    return model.build().toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static String json(LayerSpec spec) {
    try {
      return LayerKinds.mapper().writerFor(LayerSpec.class).writeValueAsString(spec);
    } catch (JsonProcessingException e) {
      throw new InterchangeException("cannot write the network: " + e.getOriginalMessage(), e);
    }
  }

  static TensorProto.DataType type(int width) {
    return width == 0 ? TensorProto.DataType.INT64 : TensorProto.DataType.FLOAT;
  }
}
