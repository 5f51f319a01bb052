"""Circuits for other simulators; networks to and from PyTorch, and to ONNX."""

from heddle.interop.brian import export_brian2
from heddle.interop.nest import export_nest

__all__ = ["export_brian2", "export_nest"]
