"""A circuit as a Brian2 script that builds it, runs it and writes its spikes."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from heddle._core import Circuit, DomainError, Edges
from heddle.interop.brian_connections import connect
from heddle.interop.brian_populations import create
from heddle.interop.brian_template import FINISH, HELPERS, START
from heddle.interop.checks import check
from heddle.interop.drawn_edges import drawn_projections, edge_source
from heddle.interop.ports import ports_of
from heddle.interop.script import Script

__all__ = ["export_brian2"]

TARGETS = ("cython", "numpy", "standalone")


def export_brian2(
    circuit: Circuit,
    path: str | PathLike[str],
    *,
    duration: float = 1000.0,
    transient: float = 0.0,
    step: float = 0.1,
    seed: int = 0,
    threads: int = 1,
    target: str = "cython",
    synapses: str = "rules",
) -> Path:
    """Writes a Brian2 script that builds and runs a circuit and writes its spikes to an NPZ file.

    Run it with a Python that has Brian2: `python script.py`; `--target`, `--threads`,
    `--duration`, `--transient`, `--seed` and `--output` change what is said here. The NPZ file
    holds, for every population, `<name>/times` (ms after the transient) and `<name>/neurons`
    (counted in it), and the wall-clock seconds of the run. Arrays (edges, inputs) go into a second
    file beside the script.

    circuit    a Circuit
    path       of the script, ending in .py
    duration   recorded, ms
    transient  simulated before, ms
    step       of Brian2's clock, ms
    seed       of all numbers that Brian2 and NumPy draw
    threads    of a standalone program (OpenMP)
    target     "cython" or "numpy", at run time, or "standalone", a C++ program
    synapses   "rules": other synapses of the same law; "drawn": exactly those of `simulate` with
               this seed, written out

    Everything but the connections becomes equations. Leaky membranes are propagated exactly (with
    conductances, by Runge and Kutta's fourth order); noise and Ornstein-Uhlenbeck currents are
    exact from step to step and constant over each; the adaptive exponential neuron takes Euler
    steps, for which 0.1 ms is coarse; V = tan(θ / 2) of the quadratic neuron has no cut-off.
    Thresholds are tested at the end of each step.

    Returns the path. Raises DomainError naming the argument. Cost: O(neurons), and O(synapses) for
    edges that are written out.
    """
    if target not in TARGETS:
        raise DomainError(f"target: found {target!r}, expected one of {', '.join(TARGETS)}")
    check(circuit, duration, transient, step)
    script = Script(path)
    drawn = drawn_projections(circuit, synapses)
    script.start(START, circuit, locals())
    script.section("populations")
    script.add("populations = {}")
    for population in circuit.populations:
        create(script, circuit, population, step, transient + duration)
    _connect(script, circuit, edge_source(circuit, step, seed), drawn, step)
    script.add(FINISH)
    return script.write(HELPERS)


def _connect(
    script: Script,
    circuit: Circuit,
    edges: Callable[[int], Edges],
    drawn: list[bool],
    step: float,
) -> None:
    if circuit.projections:
        script.section("projections")
    ports = {p.name: ports_of(circuit, p) for p in circuit.populations}
    for k, projection in enumerate(circuit.projections):
        port = ports[projection.target].of(projection.synapse)
        connect(script, circuit, k, port, edges if drawn[k] else None, step)
