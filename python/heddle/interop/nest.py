"""A circuit as a PyNEST script that builds it, runs it and writes its spikes."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from heddle._core import Circuit, Edges
from heddle.interop.checks import check
from heddle.interop.drawn_edges import drawn_projections, edge_source
from heddle.interop.nest_connections import connect
from heddle.interop.nest_inputs import add_input, add_noise
from heddle.interop.nest_neurons import NestNeuron, nest_neuron
from heddle.interop.nest_populations import create
from heddle.interop.nest_template import FINISH, HELPERS, START
from heddle.interop.ports import ports_of
from heddle.interop.script import Script

__all__ = ["export_nest"]


def export_nest(
    circuit: Circuit,
    path: str | PathLike[str],
    *,
    duration: float = 1000.0,
    transient: float = 0.0,
    step: float = 0.1,
    seed: int = 0,
    threads: int = 1,
    synapses: str = "rules",
) -> Path:
    """Writes a PyNEST script that builds and runs a circuit and writes its spikes to an NPZ file.

    Run it with a Python that has NEST 3 (`pip install nest-simulator`): `python script.py`, or
    `mpirun -n 4 python script.py` with a NEST that was built with MPI; then every rank writes
    what its neurons did. `--threads`, `--duration`, `--transient`, `--seed` and `--output` change
    what is said here. The NPZ file holds, for every population, `<name>/times` (ms after the
    transient) and `<name>/neurons` (counted in it), and the wall-clock seconds of building, of the
    transient and of the run. Arrays (edges, inputs) go into a second file beside the script.

    circuit    a Circuit
    path       of the script, ending in .py
    duration   recorded, ms
    transient  simulated before, ms
    step       NEST's resolution, ms
    seed       of NEST's numbers, and of NumPy's for quenched parameters
    threads    of each process
    synapses   "rules": NEST draws the synapses by its own rules (other synapses of the same law);
               "drawn": exactly the synapses that `simulate` has with this seed, written out

    lif becomes iaf_psc_delta, _exp, _alpha or iaf_cond_exp, _alpha; gif becomes gif_psc_exp or
    gif_cond_exp; adex becomes aeif_psc_delta, _exp, _alpha or aeif_cond_exp, _alpha; their
    *_multisynapse twins where one time constant for each sign is not enough. NEST's grid is that of
    `simulate(…, spike_times="grid")`. White noise into lif and gif is exact on the grid, and
    thresholds are tested there only: rates are low by O(√step).

    Returns the path. Raises DomainError that names what NEST lacks: quadratic neurons, hazards that
    are not exponential, Ornstein-Uhlenbeck currents of each neuron's own, … Cost: O(neurons) and
    O(synapses) for edges that are written out.
    """
    check(circuit, duration, transient, step)
    script = Script(path)
    neurons = {p.name: nest_neuron(p, ports_of(circuit, p)) for p in circuit.populations}
    drawn = drawn_projections(circuit, synapses)
    edges = edge_source(circuit, step, seed)
    script.start(START, circuit, locals())
    _populations(script, circuit, neurons)
    _projections(script, circuit, neurons, [edges if own else None for own in drawn])
    _inputs(script, circuit, neurons, step)
    script.add(FINISH)
    return script.write(HELPERS)


def _populations(script: Script, circuit: Circuit, neurons: dict[str, NestNeuron]) -> None:
    script.section("populations")
    script.add("populations = {}")
    for population in circuit.populations:
        create(script, population, neurons[population.name])


def _projections(
    script: Script,
    circuit: Circuit,
    neurons: dict[str, NestNeuron],
    edges: list[Callable[[int], Edges] | None],
) -> None:
    script.section("projections")
    ports = {p.name: ports_of(circuit, p) for p in circuit.populations}
    for k, projection in enumerate(circuit.projections):
        port = ports[projection.target].of(projection.synapse)
        connect(script, circuit, k, neurons[projection.target], port, edges[k])


def _inputs(
    script: Script,
    circuit: Circuit,
    neurons: dict[str, NestNeuron],
    step: float,
) -> None:
    if circuit.inputs or any(p.noise.sigma for p in circuit.populations):
        script.section("inputs")
    for k, given in enumerate(circuit.inputs):
        population = next(p for p in circuit.populations if p.name == given.target)
        ports = ports_of(circuit, population)
        add_input(script, k, given, population, ports, neurons[given.target], step)
    for population in circuit.populations:
        if population.noise.sigma:
            add_noise(script, population, step)
