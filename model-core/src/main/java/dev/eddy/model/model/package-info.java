/**
 * A trained network with all that serving needs, and the file that holds it.
 *
 * <pre>
 * Model --ModelFile.write--> [header length][JSON: tensors, metadata][F32 weights] --ModelFile.read--> Model
 *                              task and network specification, provenance, checksum
 * </pre>
 *
 * <p>Reading rebuilds the network from the specification, then fills its weights. See
 * docs/model-file.md.
 */
package dev.eddy.model.model;
