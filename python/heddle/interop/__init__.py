"""Circuits for other simulators."""

from heddle.interop.nest import export_nest

__all__ = ["export_nest"]
