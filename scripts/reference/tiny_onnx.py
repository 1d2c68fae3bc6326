"""Writes crates/vision/tests/data/tiny.onnx and tiny_nhwc.onnx: networks small enough to check by hand.

pip install onnx numpy; python scripts/reference/tiny_onnx.py crates/vision/tests/data

"picture" is one picture of 4 x 4 pixels. "features" are five numbers: the mean of each channel, then the sum of
the three and the first less the last. The other outputs are the wrong ones of the tests.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MATRIX = np.array([[1, 0, 0, 1, 1], [0, 1, 0, 1, 0], [0, 0, 1, 1, -1]], dtype=np.float32)


def tiny(shape, axes):
    node = helper.make_node
    nodes = [
        node("ReduceMean", ["picture"], ["means"], axes=axes, keepdims=0),
        node("MatMul", ["means", "matrix"], ["features"]),
        node("Softmax", ["features"], ["tags"], axis=-1),
        node("Relu", ["picture"], ["map"]),
        node("Sub", ["features", "features"], ["zeros"]),
        node("Div", ["zeros", "zeros"], ["nan"]),
        node("Cast", ["features"], ["integers"], to=TensorProto.INT32),
        node("Unsqueeze", ["features", "last"], ["column"]),
    ]
    floats = lambda name, sides: helper.make_tensor_value_info(name, TensorProto.FLOAT, sides)
    outputs = [
        floats("features", ["batch", 5]),
        floats("tags", ["batch", 5]),
        floats("map", shape),
        floats("zeros", ["batch", 5]),
        floats("nan", ["batch", 5]),
        helper.make_tensor_value_info("integers", TensorProto.INT32, ["batch", 5]),
        floats("column", ["batch", 5, 1]),
    ]
    weights = [
        numpy_helper.from_array(MATRIX, "matrix"),
        numpy_helper.from_array(np.array([2], dtype=np.int64), "last"),
    ]
    graph = helper.make_graph(nodes, "tiny", [floats("picture", shape)], outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def main():
    folder = Path(sys.argv[1])
    (folder / "tiny.onnx").write_bytes(tiny(["batch", 3, 4, 4], [2, 3]))
    (folder / "tiny_nhwc.onnx").write_bytes(tiny(["batch", 4, 4, 3], [1, 2]))


if __name__ == "__main__":
    main()
