"""Architectures that perform sequences of motifs, compared by a protocol of our own."""

from heddle.robustness.protocol import RobustnessProtocol
from heddle.robustness.table import robustness_table
from heddle.robustness.values import RobustnessRow, RobustnessTable

__all__ = ["RobustnessProtocol", "RobustnessRow", "RobustnessTable", "robustness_table"]
