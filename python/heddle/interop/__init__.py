"""Circuits for other simulators."""

from heddle.interop.brian import export_brian2
from heddle.interop.nest import export_nest

__all__ = ["export_brian2", "export_nest"]
