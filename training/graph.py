"""An ONNX graph that is put together node by node."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """Nodes and weights, as they come."""

    def __init__(self):
        self.nodes, self.weights, self.count = [], [], 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def node(self, kind: str, inputs: list[str], **options) -> str:
        output = self.name(kind.lower())
        self.nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def constant(self, value: np.ndarray) -> str:
        name = self.name("constant")
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def model(self, inputs: dict[str, list], outputs: dict[str, list]) -> onnx.ModelProto:
        """Makes the network: names of inputs and outputs, and their shapes."""
        value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        values = [[value(*item) for item in items.items()] for items in (inputs, outputs)]
        made = helper.make_graph(self.nodes, "eidetic-mini", *values, self.weights)
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        return model
