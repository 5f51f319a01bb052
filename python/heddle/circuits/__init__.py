"""Circuits of the literature, as values: `heddle.circuits.brunel()`, …

Each states the parameters it has and where they come from; a `Circuit` is a value, so another set
of parameters is another value.
"""

from heddle.circuits.cortex import microcircuit
from heddle.circuits.two_populations import adex_network, brunel, ei_gif

__all__ = ["adex_network", "brunel", "ei_gif", "microcircuit"]
