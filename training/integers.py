"""Makes of the network that export.py wrote one that multiplies integers: what the program ships.

Weights and activations are 8-bit integers where the time goes, in the convolutions of the blocks and the last one; the stem, the
gates and the two outputs stay floats. The layout is made for MatMulInteger, whose weights the runtime lays out once: a map is a
matrix of pixels x channels, and what a 3 x 3 kernel sees is gathered from it, one row of 9 x channels for each pixel. The same
on ConvInteger costs twice the time, of which most goes into gathering single numbers.

Weights take 7 bits. 8 would be nearer to the floats (cosine of the embedding .9998 in the median, at 7 .9986), but instructions
before VNNI add pairs of products in 16 bits, which 255 x 127 overflows and 255 x 64 does not: so every processor gives the same.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from graph import Graph
from pictures import decode, read_files, squash

MOST = 64
"""The greatest weight as an integer."""
CLIPS = np.arange(0.5, 1.001, 0.02)
"""Shares of a channel's greatest weight that its scale is tried with."""
SEEN_EVERY = 101
"""One of so many training pictures is looked at to find how large activations become."""
COVERED = 98
"""Percent of these pictures in which no activation is cut off."""
KERNEL = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
POOL = [(0, 0), (0, 1), (1, 0), (1, 1)]


def option(node: onnx.NodeProto, name: str) -> list[int]:
    return next(list(attribute.ints) for attribute in node.attribute if attribute.name == name)


def integers(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Makes integers of columns of weights, each with the scale that strays least from them."""
    greatest = np.maximum(np.abs(weight).max(0), 1e-12)
    scales = [greatest * share / MOST for share in CLIPS]
    tried = [np.clip(np.round(weight / scale), -MOST, MOST) for scale in scales]
    errors = [((whole * scale - weight) ** 2).sum(0) for whole, scale in zip(tried, scales)]
    best = np.argmin(errors, 0)
    columns = np.arange(weight.shape[1])
    return np.stack(tried)[best, :, columns].T.astype(np.int8), np.stack(scales)[best, columns].astype(np.float32)


class Integers(Graph):
    """Another graph translated, node by node. A value of the other is here a matrix of pixels x channels."""

    def __init__(self, source: onnx.ModelProto, side: int, greatest: dict[str, float]):
        super().__init__()
        self.source, self.greatest = source.graph, greatest
        self.known = {weight.name: numpy_helper.to_array(weight) for weight in source.graph.initializer}
        self.values, self.sides, self.shared = {"input": "input"}, {"input": side}, {}
        for node in self.source.node:
            translate = getattr(self, node.op_type.lower(), self.as_it_is)
            made = translate(node)
            if made is not None:
                self.values[node.output[0]] = made

    def once(self, kind: str, key: object, value: np.ndarray) -> str:
        """A constant that several nodes share."""
        if (kind, key) not in self.shared:
            self.shared[kind, key] = self.constant(value)
        return self.shared[kind, key]

    def reshape(self, x: str, *shape: int) -> str:
        return self.node("Reshape", [x, self.once("shape", shape, np.array(shape, np.int64))])

    def as_it_is(self, node: onnx.NodeProto) -> str:
        self.sides[node.output[0]] = max(self.sides[name] for name in node.input)
        options = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        return self.node(node.op_type, [self.values[name] for name in node.input], **options)

    def dequantizelinear(self, node: onnx.NodeProto) -> None:
        whole, scale, _ = (self.known[name] for name in node.input)
        self.known[node.output[0]] = whole.astype(np.float32) * scale.reshape(-1, *[1] * (whole.ndim - 1))

    def relu(self, node: onnx.NodeProto) -> str:
        users = [user.op_type for user in self.source.node if node.output[0] in user.input]
        if all(user in ("Conv", "AveragePool") for user in users) and self.sides[node.input[0]] > 1:
            # Integers have no sign: what is below 0 becomes 0 there.
            self.sides[node.output[0]] = self.sides[node.input[0]]
            return self.values[node.input[0]]
        return self.as_it_is(node)

    def averagepool(self, node: onnx.NodeProto) -> None:
        """A mean of 2 x 2 pixels is left to the convolution that follows it."""
        self.values[node.output[0]] = (node.input[0], POOL)
        self.sides[node.output[0]] = self.sides[node.input[0]] // 2

    def globalaveragepool(self, node: onnx.NodeProto) -> str:
        self.sides[node.output[0]] = 1
        return self.node("ReduceMean", [self.values[node.input[0]]], axes=[0], keepdims=1)

    def flatten(self, node: onnx.NodeProto) -> str:
        return self.values[node.input[0]]

    def gemm(self, node: onnx.NodeProto) -> None:
        weight, bias = self.known[node.input[1]], self.known[node.input[2]]
        scale = (np.maximum(np.abs(weight).max(1), 1e-12) / 127).astype(np.float32)
        whole = np.round(weight / scale[:, None]).astype(np.int8)
        inputs = [self.constant(whole), self.constant(scale), self.constant(np.zeros(len(whole), np.int8))]
        inputs = [self.values[node.input[0]], self.node("DequantizeLinear", inputs, axis=0), self.constant(bias)]
        self.nodes.append(helper.make_node("Gemm", inputs, [node.output[0]], transB=1))

    def conv(self, node: onnx.NodeProto) -> str:
        source, weight, bias = node.input[0], self.known[node.input[1]], self.known[node.input[2]]
        stride, kernel = option(node, "strides")[0], option(node, "kernel_shape")[0]
        self.sides[node.output[0]] = self.sides[source] // stride
        outside, inside = weight.shape[:2]
        if source == "input":
            inputs = ["input", self.constant(weight), self.constant(bias)]
            x = self.node("Conv", inputs, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=option(node, "pads"))
            side = self.sides[node.output[0]]
            return self.node("Transpose", [self.reshape(x, outside, side * side)], perm=[1, 0])
        weight = weight.transpose(2, 3, 1, 0).reshape(-1, outside)
        if self.sides[source] == 1:
            return self.node("Add", [self.node("MatMul", [self.values[source], self.constant(weight)]), self.constant(bias)])
        if isinstance(self.values[source], tuple):
            source, places = self.values[source]
            weight, stride = np.concatenate([weight / len(places)] * len(places)), 2
        else:
            places = KERNEL if kernel == 3 else [(0, 0)]
        scale = np.float32(self.greatest[source] / 255)
        x = self.gathered(self.quantized(source, scale), self.sides[source], inside, places, stride)
        whole, scales = integers(weight)
        zeros = [self.once("zero", kind, kind(0)) for kind in (np.uint8, np.int8)]
        x = self.node("Cast", [self.node("MatMulInteger", [x, self.constant(whole), *zeros])], to=onnx.TensorProto.FLOAT)
        return self.node("Add", [self.node("Mul", [x, self.constant(scales * scale)]), self.constant(bias)])

    def quantized(self, source: str, scale: np.float32) -> str:
        if ("quantized", source) not in self.shared:
            inputs = [self.values[source], self.constant(scale), self.once("zero", np.uint8, np.uint8(0))]
            self.shared["quantized", source] = self.node("QuantizeLinear", inputs)
        return self.shared["quantized", source]

    def gathered(self, x: str, side: int, channels: int, places: list[tuple[int, int]], stride: int) -> str:
        """What each pixel of the result sees: at these places around it, and zeros beyond the border."""
        if places == [(0, 0)]:
            return x

        def number(row: int, column: int) -> int:
            inside = 0 <= row < side and 0 <= column < side
            return row * side + column if inside else side * side

        steps = range(0, side, stride)
        rows = [number(row + down, column + right) for row in steps for column in steps for down, right in places]
        if side * side in rows:
            pads = self.once("pads", "a row", np.array([0, 0, 1, 0], np.int64))
            x = self.node("Pad", [x, pads, self.once("zero", np.uint8, np.uint8(0))])
        index = self.once("rows", (side, stride, len(places)), np.array(rows, np.int32))
        return self.reshape(self.node("Gather", [x, index], axis=0), len(steps) ** 2, len(places) * channels)


def greatest(model: onnx.ModelProto, files: list[bytes], side: int) -> dict[str, float]:
    """Finds the greatest activation that goes into each convolution or pool."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    names = {node.input[0] for node in model.graph.node if node.op_type in ("Conv", "AveragePool")} - {"input"}
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in sorted(names))
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    found = []
    for file in files:
        picture = squash(decode(file), side).astype(np.float32).transpose(2, 0, 1)[None]
        found.append([value.max() for value in session.run(sorted(names), {"input": picture / 127.5 - 1})])
    return dict(zip(sorted(names), np.percentile(found, COVERED, axis=0).tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", type=Path, help="the ONNX file that export.py wrote")
    parser.add_argument("pictures", type=Path, help="the folder that holds index.tsv and images-0N.bin")
    parser.add_argument("to", type=Path, help="the ONNX file that is made")
    args = parser.parse_args()
    source = onnx.load(args.network)
    shape = lambda value: [size.dim_value for size in value.type.tensor_type.shape.dim]
    side = shape(source.graph.input[0])[-1]
    files = [file for number, file in enumerate(read_files(args.pictures)) if number % SEEN_EVERY == 0]
    made = Integers(source, side, greatest(source, files, side))
    outputs = {value.name: [1, shape(value)[-1]] for value in source.graph.output}
    args.to.write_bytes(made.model({"input": [1, 3, side, side]}, outputs).SerializeToString())


if __name__ == "__main__":
    main()
