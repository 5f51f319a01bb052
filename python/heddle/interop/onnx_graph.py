"""An ONNX graph that is built node by node. Imports onnx; `export_onnx` imports this when used."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np


class Graph:
    """Nodes in order, with names made up as they come; constants belong to the outermost graph."""

    def __init__(self, dtype: np.dtype[Any], outer: Graph | None = None) -> None:
        self._dtype = np.dtype(dtype)
        self._nodes: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._outer = outer
        self._constants: list[Any] = []
        self._numbers = count() if outer is None else outer._numbers

    def inner(self) -> Graph:
        """The body of a node, which sees this graph's constants."""
        return Graph(self._dtype, self)

    def input(self, name: str, shape: Sequence[int | str], dtype: Any = None) -> str:
        self._inputs.append(self._described(name, shape, dtype or self._dtype))
        return name

    def count(self, name: str) -> str:
        """An input that is one whole number, [T]."""
        return self.input(name, (1,), np.int64)

    def output(self, name: str, value: str, shape: Sequence[int | str]) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(self._described(name, shape, self._dtype))

    def constant(self, values: np.ndarray) -> str:
        return self._stored(np.ascontiguousarray(values, self._dtype))

    def whole(self, values: Sequence[int]) -> str:
        return self._stored(np.array(values, np.int64))

    def _stored(self, values: np.ndarray) -> str:
        from onnx import numpy_helper

        if self._outer is not None:
            return self._outer._stored(values)
        name = f"c{next(self._numbers)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        (name,) = self.nodes(operator, inputs, 1, **attributes)
        return name

    def nodes(
        self, operator: str, inputs: Sequence[str], outputs: int, **attributes: Any
    ) -> list[str]:
        from onnx import helper

        names = [f"t{next(self._numbers)}" for _ in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names

    def product(self, x: str, matrix: np.ndarray) -> str:
        return self.node("MatMul", x, self.constant(matrix))

    def without_last(self, x: str) -> str:
        return self.node("Slice", x, self.whole([0]), self.whole([-1]), self.whole([0]))

    def finished(self, name: str) -> Any:
        from onnx import helper

        return helper.make_graph(
            self._nodes, name, self._inputs, self._outputs, initializer=self._constants
        )

    @staticmethod
    def _described(name: str, shape: Sequence[int | str], dtype: Any) -> Any:
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        return helper.make_tensor_value_info(name, kind, list(shape))
