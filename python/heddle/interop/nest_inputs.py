"""Lines of a PyNEST script that drive a population."""

from __future__ import annotations

import math

import numpy as np

from heddle._core import CurrentInput, DomainError, Input, PoissonInput, Population
from heddle.interop.nest_neurons import NestNeuron
from heddle.interop.ports import Ports
from heddle.interop.script import Script, literal, mapping

__all__ = ["add_input", "add_noise"]


def add_input(
    script: Script,
    k: int,
    given: Input,
    population: Population,
    ports: Ports,
    neuron: NestNeuron,
    step: float,
) -> None:
    target = f'populations["{given.target}"]'
    if isinstance(given.drive, PoissonInput):
        _poisson(script, given.drive, target, ports, neuron)
    elif isinstance(given.drive, CurrentInput):
        _steps(script, k, given.drive, target, population.size, step)
    else:
        raise DomainError(
            f"input to {given.target!r}: NEST lacks Ornstein-Uhlenbeck currents; "
            "export_brian2 writes them"
        )


def _poisson(
    script: Script, drive: PoissonInput, target: str, ports: Ports, neuron: NestNeuron
) -> None:
    port = ports.of(drive.synapse)
    generator = {"rate": literal(drive.rate)}
    if drive.start > 0:
        generator["start"] = literal(drive.start)
    if math.isfinite(drive.stop):
        generator["stop"] = literal(drive.stop)
    synapse = {"weight": literal(neuron.signs[port] * drive.weight), "delay": "STEP"}
    if neuron.receptors[port]:
        synapse["receptor_type"] = str(neuron.receptors[port])
    script.add(
        f'nest.Connect(nest.Create("poisson_generator", params={mapping(generator)}), '
        f"{target}, syn_spec={mapping(synapse)})"
    )


def _steps(
    script: Script, k: int, drive: CurrentInput, target: str, size: int, step: float
) -> None:
    """A current takes effect one step after NEST's generator changes it, and never at t = 0."""
    times = np.asarray(drive.times, dtype=float)
    values = np.atleast_2d(np.asarray(drive.values, dtype=float))
    first = values[:, times <= 0][:, -1:] if (times <= 0).any() else np.zeros((len(values), 1))
    if first.any():
        held = first[0, 0] if len(first) == 1 else script.array(f"input{k}_first", first[:, 0])
        script.add(f"{target}.I_e = np.array({target}.I_e) + {literal_or(held)}")
    later = times > 0
    if not later.any():
        return
    steps = np.maximum(np.round(times[later] / step).astype(int) - 1, 1)
    at = script.array(f"input{k}_times", steps * step)
    change = script.array(f"input{k}_change", values[:, later] - first)
    script.add(
        f"for row, neurons in "
        f"{f'[(0, {target})]' if len(values) == 1 else f'enumerate({target})'}:\n"
        f'    generator = nest.Create("step_current_generator", params={{\n'
        f'        "amplitude_times": {at}, "amplitude_values": {change}[row]}})\n'
        f'    nest.Connect(generator, neurons, syn_spec={{"delay": STEP}})'
    )


def literal_or(value: object) -> str:
    return value if isinstance(value, str) else literal(float(value))


def add_noise(script: Script, population: Population, step: float) -> None:
    """√τ_m σ ξ as a current that is constant over a step: exact on the grid."""
    tau_m, C_m = population.neuron.tau_m, population.neuron.C_m
    kept = math.exp(-step / tau_m)
    spread = population.noise.sigma * math.sqrt((1 + kept) / (2 * (1 - kept))) * C_m / tau_m
    generator = mapping({"mean": "0.0", "std": literal(spread), "dt": "STEP"})
    script.add(
        f'nest.Connect(nest.Create("noise_generator", params={generator}), '
        f'populations["{population.name}"], syn_spec={{"delay": STEP}})'
    )
