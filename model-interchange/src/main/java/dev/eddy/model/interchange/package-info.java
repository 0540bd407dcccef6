/**
 * Networks from and to other frameworks.
 *
 * <pre>
 * PyTorch  safetensors ---+
 * Keras    .keras .h5 ----+--> weights in Eddy's order --> Proof: the reference vectors --> SavedNetwork
 * ONNX     .onnx ---------+                                must come out within 1e-5, else refused
 *
 * Network + weights --> OnnxExport --> .onnx with h_in, c_in, h_out, c_out
 * </pre>
 *
 * <p>Letters as everywhere: T steps, B sequences, I inputs, H units. Each format's gate order and
 * conventions stand in its reader; docs/interchange.md has them all side by side.
 */
package dev.eddy.model.interchange;
