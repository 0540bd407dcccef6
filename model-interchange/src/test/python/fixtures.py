"""Writes the fixtures of model-interchange: small random networks of PyTorch, Keras and ONNX with what each gives.

    pip install torch keras onnx onnxruntime h5py safetensors numpy
    python model-interchange/src/test/python/fixtures.py model-interchange/src/test/resources

Every network NAME.ext stands beside NAME.reference.safetensors: x (or ids), y, the layout in the metadata.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch

OUT = sys.argv[1]
T, B, I, H = 6, 3, 3, 4


def path(*parts):
    file = os.path.join(OUT, *parts)
    os.makedirs(os.path.dirname(file), exist_ok=True)
    return file


def reference(file, x, y, layout):
    tensors = {"ids" if x.dtype.kind == "i" else "x": np.ascontiguousarray(x), "y": np.ascontiguousarray(y)}
    save_file(tensors, file, metadata={"layout": layout})


# ---- PyTorch


class Net(torch.nn.Module):
    """(embedding) -> recurrent -> linear, the usual shape of such a module."""

    def __init__(self, recurrent, width, embedding=None, squash=None):
        super().__init__()
        if embedding is not None:
            self.embed = embedding
        self.rnn = recurrent
        self.head = torch.nn.Linear(width, 2)
        self.squash = squash

    def forward(self, x):
        x = self.embed(x) if hasattr(self, "embed") else x
        y = self.head(self.rnn(x)[0])
        return self.squash(y) if self.squash else y


def pytorch(name, net, x, layout, dtype=torch.float32):
    net = net.double()
    # Off their usual starts, so that no bias is zero and no two gates are alike.
    generator = torch.Generator().manual_seed(len(name))
    for p in net.parameters():
        p.data = torch.randn(p.shape, generator=generator, dtype=torch.float64) * 0.6
        p.data = p.data.to(dtype).double()
    y = net(x.double() if x.is_floating_point() else x).detach().numpy().astype(np.float32)
    save_torch({k: v.to(dtype).contiguous() for k, v in net.state_dict().items()}, path("pytorch", name + ".safetensors"))
    given = x.numpy() if not x.is_floating_point() else x.numpy().astype(np.float32)
    reference(path("pytorch", name + ".reference.safetensors"), given, y, layout)


def all_pytorch():
    torch.manual_seed(1)
    bt, tb = torch.randn(B, T, I), torch.randn(T, B, I)
    nn = torch.nn
    pytorch("lstm", Net(nn.LSTM(I, H, batch_first=True), H), bt, "batch-time")
    pytorch("lstm-time-major", Net(nn.LSTM(I, H), H), tb, "time-batch")
    pytorch("lstm-stacked", Net(nn.LSTM(I, H, num_layers=2, batch_first=True), H, squash=torch.tanh), bt, "batch-time")
    pytorch("lstm-no-bias", Net(nn.LSTM(I, H, bias=False, batch_first=True), H), bt, "batch-time")
    pytorch("lstm-bidirectional", Net(nn.LSTM(I, H, num_layers=2, bidirectional=True, batch_first=True), 2 * H), bt, "batch-time")
    pytorch("gru", Net(nn.GRU(I, H, batch_first=True), H), bt, "batch-time")
    pytorch("gru-stacked", Net(nn.GRU(I, H, num_layers=2, batch_first=True), H), bt, "batch-time")
    pytorch("gru-bidirectional", Net(nn.GRU(I, H, bidirectional=True, batch_first=True), 2 * H), bt, "batch-time")
    pytorch("rnn-tanh", Net(nn.RNN(I, H, batch_first=True), H), bt, "batch-time")
    pytorch("rnn-relu", Net(nn.RNN(I, H, nonlinearity="relu", batch_first=True), H), bt, "batch-time")
    ids = torch.randint(0, 7, (B, T))
    pytorch("embedding-gru", Net(nn.GRU(I, H, batch_first=True), H, nn.Embedding(7, I)), ids, "batch-time")
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        name = "lstm-" + str(dtype).split(".")[1]
        pytorch(name, Net(nn.LSTM(I, H, batch_first=True), H), bt, "batch-time", dtype)


# ---- Keras


def kera(name, layers, given=None, formats=("keras",)):
    keras.utils.clear_session()
    net = keras.Sequential([keras.Input((None, I)) if given is None else given, *layers])
    kera_model(name, net, given is not None, formats)


def kera_model(name, net, ids=False, formats=("keras",)):
    rng = np.random.default_rng(len(name))
    for w in net.weights:
        w.assign(rng.normal(size=w.shape).astype(np.float32) * 0.6)
    x = rng.integers(1, 7, (B, T)).astype(np.int32) if ids else rng.normal(size=(B, T, I)).astype(np.float32)
    y = np.asarray(net(x).detach())
    for ext in formats:
        if ext == "weights.h5":
            net.save_weights(path("keras", name + ".weights.h5"))
        else:
            net.save(path("keras", name + "." + ext))
    reference(path("keras", name + ".reference.safetensors"), x, y, "batch-time")


def functional():
    L = keras.layers
    x = keras.Input((None, I))
    y = L.GRU(H, return_sequences=True)(x)
    y = L.Dropout(0.5)(y)
    y = L.LSTM(H - 1, return_sequences=True)(y)
    kera_model("functional", keras.Model(x, L.TimeDistributed(L.Dense(2, activation="sigmoid"))(y)))


def all_keras():
    L = keras.layers
    head = lambda: L.Dense(2, activation="sigmoid")
    every = ("keras", "h5", "weights.h5")
    kera("lstm-stacked", [L.LSTM(H, return_sequences=True), L.LSTM(H + 1, return_sequences=True), head()], formats=every)
    kera("lstm-no-bias", [L.LSTM(H, return_sequences=True, use_bias=False), L.Dense(2, use_bias=False)])
    kera("lstm-last", [L.LSTM(H), head()])
    functional()
    kera("gru", [L.GRU(H, return_sequences=True), head()], formats=every)
    kera("gru-reset-before", [L.GRU(H, return_sequences=True, reset_after=False), head()])
    kera("rnn", [L.SimpleRNN(H, return_sequences=True), L.SimpleRNN(H, activation="relu", return_sequences=True), head()])
    kera("bidirectional", [L.Bidirectional(L.LSTM(H, return_sequences=True)), L.Bidirectional(L.GRU(H, return_sequences=True), merge_mode="sum"), head()], formats=every)
    words = [L.GRU(H, return_sequences=True), L.Activation("elu"), L.Dense(3, "silu"), L.Dense(3, "softplus"), L.Dense(2, "softmax")]
    kera("activations", words)
    kera("embedding", [L.Embedding(7, I), L.GRU(H, return_sequences=True), head()], given=keras.Input((None,), dtype="int32"))


# ---- ONNX


def infer(file, feeds):
    return onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, feeds)


def onnx_file(name, nodes, weights, x, out_width, y="y"):
    kind = TensorProto.INT64 if x.dtype.kind == "i" else TensorProto.FLOAT
    shape = ["T", "B"] if x.dtype.kind == "i" else ["T", "B", x.shape[2]]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info(y, TensorProto.FLOAT, ["T", "B", out_width])],
        [numpy_helper.from_array(w, n) for n, w in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    file = path("onnx", name + ".onnx")
    onnx.save(model, file)
    reference(path("onnx", name + ".reference.safetensors"), x, infer(file, {"x": x})[0], "time-batch")


def all_onnx():
    def build(name, op, gates, dirs=1, embed=None, **attrs):
        rng = np.random.default_rng(sum(map(ord, name)))
        r = lambda *s: (rng.normal(size=s) * 0.6).astype(np.float32)
        w = {
            "W": r(dirs, gates * H, I),
            "R": r(dirs, gates * H, H),
            "Br": r(dirs, 2 * gates * H),
            "shape": np.array([0, 0, -1], np.int64),
            "Wd": r(dirs * H, 2),
            "bd": r(2),
        }
        first = "x"
        nodes = []
        if embed:
            w["E"] = r(embed, I)
            nodes.append(helper.make_node("Gather", ["E", "x"], ["e"], axis=0))
            first = "e"
        direction = "bidirectional" if dirs == 2 else "forward"
        nodes += [
            helper.make_node(op, [first, "W", "R", "Br"], ["Y"], hidden_size=H, direction=direction, **attrs),
            helper.make_node("Transpose", ["Y"], ["Yt"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", ["Yt", "shape"], ["Yr"]),
            helper.make_node("MatMul", ["Yr", "Wd"], ["d"]),
            helper.make_node("Add", ["d", "bd"], ["a"]),
            helper.make_node("Tanh", ["a"], ["y"]),
        ]
        x = rng.integers(0, embed, (T, B)) if embed else rng.normal(size=(T, B, I)).astype(np.float32)
        onnx_file(name, nodes, w, x, 2)

    build("lstm", "LSTM", 4)
    build("lstm-bidirectional", "LSTM", 4, dirs=2)
    build("gru-reset-after", "GRU", 3, linear_before_reset=1)
    build("gru-reset-before", "GRU", 3)
    build("gru-bidirectional", "GRU", 3, dirs=2, linear_before_reset=1)
    build("rnn-tanh", "RNN", 1)
    build("rnn-relu", "RNN", 1, activations=["Relu"])
    build("embedding-gru", "GRU", 3, embed=7, linear_before_reset=1)
    by_pytorch("by-pytorch-lstm", torch.nn.LSTM(I, H, num_layers=2, batch_first=True), H)
    by_pytorch("by-pytorch-gru", torch.nn.GRU(I, H, batch_first=True), H)


def by_pytorch(name, recurrent, width):
    """What PyTorch's own exporter makes of such a module, batch first."""
    torch.manual_seed(len(name))
    net = Net(recurrent, width).eval()
    x = torch.randn(B, T, I)
    file = path("onnx", name + ".onnx")
    axes = {"x": {0: "B", 1: "T"}, "y": {0: "B", 1: "T"}}
    torch.onnx.export(net, (x,), file, input_names=["x"], output_names=["y"], dynamic_axes=axes, opset_version=17, dynamo=False)
    y = infer(file, {"x": x.numpy()})[0]
    reference(path("onnx", name + ".reference.safetensors"), x.numpy(), y, "batch-time")


all_pytorch()
all_keras()
all_onnx()
