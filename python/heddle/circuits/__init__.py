"""Circuits of spiking populations: those of the literature, as values, and circuits in files.

`heddle.circuits.brunel()` and its like state the parameters they have and where they come from.
Files are TOML with units, edges and arrays beside it (`heddle.read_circuit`).
"""

from heddle.circuits.adapting import adapting_population
from heddle.circuits.cortex import microcircuit
from heddle.circuits.two_populations import adex_network, brunel, ei_gif

__all__ = ["adapting_population", "adex_network", "brunel", "ei_gif", "microcircuit"]
