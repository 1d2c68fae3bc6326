"""Writes a trained network as ONNX: batch normalisation folded into the convolutions, weights as int8 by output channel.

The embedding is centred and whitened mildly, as the network gives its embeddings less spread than the target had; this is
folded into its last layer. `integers.py` then makes the network that is shipped.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper
from torch import nn

from graph import Graph
from student import CLASSES, EMBEDDING, Block, ConvNorm, Student
from train import answers

WHITENING = 0.2
"""Principal components of the embedding are divided by this power of their variance: 0.5 would make all equal."""
SEEN_EVERY = 11
"""One of so many training pictures is looked at to find the components."""


class Exported(Graph):
    """The student as a graph."""

    def weight(self, value: torch.Tensor) -> str:
        """Keeps a weight as int8 with a scale for each output channel, its first axis."""
        value = value.detach().float().numpy()
        scale = np.maximum(np.abs(value).reshape(len(value), -1).max(1), 1e-12) / 127
        whole = np.round(value / scale.reshape(-1, *[1] * (value.ndim - 1))).astype(np.int8)
        inputs = [self.constant(whole), self.constant(scale.astype(np.float32)), self.constant(np.zeros(len(value), np.int8))]
        return self.node("DequantizeLinear", inputs, axis=0)

    def conv(self, x: str, conv: nn.Conv2d, weight: torch.Tensor, bias: torch.Tensor) -> str:
        inputs = [x, self.weight(weight), self.constant(bias.detach().float().numpy())]
        kernel, stride, pad = conv.kernel_size[0], conv.stride[0], conv.padding[0]
        return self.node("Conv", inputs, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)

    def normed(self, x: str, part: ConvNorm) -> str:
        norm = part.norm
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = part.conv.weight * factor.view(-1, 1, 1, 1)
        x = self.conv(x, part.conv, weight, norm.bias - norm.running_mean * factor)
        return self.node("Relu", [x]) if part.relu else x

    def block(self, x: str, block: Block) -> str:
        y = x
        for part in block.convs:
            y = self.normed(y, part)
        pooled = self.node("GlobalAveragePool", [y])
        pooled = self.node("Relu", [self.conv(pooled, block.gate.squeeze, block.gate.squeeze.weight, block.gate.squeeze.bias)])
        gate = self.conv(pooled, block.gate.excite, block.gate.excite.weight, block.gate.excite.bias)
        y = self.node("Mul", [y, self.node("HardSigmoid", [gate], alpha=1 / 6, beta=0.5)])
        if block.stride == 2:
            x = self.node("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
        if block.shortcut is not None:
            x = self.normed(x, block.shortcut)
        return self.node("Relu", [self.node("Add", [y, x])])

    def linear(self, x: str, linear: nn.Linear, output: str) -> None:
        inputs = [x, self.weight(linear.weight), self.constant(linear.bias.detach().float().numpy())]
        self.nodes.append(helper.make_node("Gemm", inputs, [output], transB=1))


def export(student: Student, side: int) -> onnx.ModelProto:
    """Makes the ONNX network: "input" of 1 x 3 x side x side in -1..1, "embedding" 1 x 256, "tags" 1 x 1001 logits."""
    graph = Exported()
    x = graph.normed("input", student.stem)
    for block in student.blocks:
        x = graph.block(x, block)
    x = graph.node("Flatten", [graph.node("GlobalAveragePool", [graph.normed(x, student.last)])])
    graph.linear(x, student.embedding, "embedding")
    graph.linear(x, student.tags, "tags")
    outputs = {"embedding": ["batch", EMBEDDING], "tags": ["batch", CLASSES]}
    return graph.model({"input": ["batch", 3, side, side]}, outputs)


@torch.no_grad()
def whiten(student: Student, squares: np.ndarray, side: int) -> None:
    """Turns the embedding to its principal components over these pictures, centred and with more even spread."""
    embeddings, _ = answers(student, squares, side, "cpu")
    variances, axes = torch.linalg.eigh(torch.cov(embeddings.double().T))
    turn = (axes * variances**-WHITENING).T.flip(0).float()
    student.embedding.bias.copy_(turn @ (student.embedding.bias - embeddings.mean(0)))
    student.embedding.weight.copy_(turn @ student.embedding.weight)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="checkpoint.pt of train.py")
    parser.add_argument("pictures", type=Path, help="the folder that pictures.py wrote")
    parser.add_argument("to", type=Path, help="the ONNX file")
    parser.add_argument("--side", type=int, default=128, help="sides of the input in pixels")
    args = parser.parse_args()
    student = Student()
    student.load_state_dict(torch.load(args.checkpoint, map_location="cpu")["student"])
    pictures = np.load(args.pictures / "pictures.npy", mmap_mode="r")
    whiten(student, np.array(pictures[5::SEEN_EVERY]), args.side)
    student.eval()
    args.to.write_bytes(export(student, args.side).SerializeToString())


if __name__ == "__main__":
    main()
