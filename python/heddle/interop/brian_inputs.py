"""How a Brian2 script drives a population: terms of its current, and statements in every step."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from heddle._core import (
    CurrentInput,
    DomainError,
    Input,
    OrnsteinUhlenbeckInput,
    PoissonInput,
    Population,
    QuadraticNeuron,
)
from heddle.interop.brian_connections import effect_of, unit_of_weight
from heddle.interop.brian_neurons import BrianNeuron
from heddle.interop.ports import Ports
from heddle.interop.script import Script, literal

__all__ = ["add_current", "poisson_statement"]


def add_current(
    script: Script,
    k: int,
    given: Input,
    population: Population,
    neuron: BrianNeuron,
    step: float,
    until: float,
) -> None:
    """A term of I, for anything but Poisson spikes. Writes what it needs."""
    unit = "1" if isinstance(population.neuron, QuadraticNeuron) else "pA"
    if isinstance(given.drive, CurrentInput):
        _array(script, k, given.drive, neuron, step, unit)
    elif isinstance(given.drive, OrnsteinUhlenbeckInput) and given.drive.shared:
        _shared(script, k, given.drive, neuron, step, until, unit)
    elif isinstance(given.drive, OrnsteinUhlenbeckInput):
        _own(k, given.drive, neuron, unit)


def poisson_statement(drive: PoissonInput, ports: Ports, population: Population) -> str:
    quadratic = isinstance(population.neuron, QuadraticNeuron)
    unit = unit_of_weight(drive.synapse, quadratic)
    weight = literal(drive.weight) + ("" if unit == "1" else f" * {unit}")
    count = f"poisson({literal(drive.rate)} * Hz * dt)"
    if drive.start > 0:
        count += f" * int(t >= {literal(drive.start)} * ms)"
    if math.isfinite(drive.stop):
        count += f" * int(t < {literal(drive.stop)} * ms)"
    return effect_of(drive.synapse, ports.of(drive.synapse), quadratic, f"{weight} * {count}")


def _array(
    script: Script, k: int, drive: CurrentInput, neuron: BrianNeuron, step: float, unit: str
) -> None:
    """Values on the coarsest regular grid that has all times, held constant over each step."""
    steps = np.round(np.asarray(drive.times, dtype=float) / step).astype(int)
    if (steps < 0).any():
        raise DomainError(f"input {k}: times begin at {drive.times[0]} ms, expected 0 or later")
    values = np.atleast_2d(np.asarray(drive.values, dtype=float))
    stride = max(1, reduce(math.gcd, steps.tolist(), 0))
    row = np.searchsorted(steps, np.arange(0, steps[-1] + 1, stride), side="right")
    table = np.concatenate([np.zeros((len(values), 1)), values], axis=1)[:, row].T
    shared = table.shape[1] == 1
    name = script.array(f"input{k}", table[:, 0] if shared else table)
    times = "" if unit == "1" else f" * {unit}"
    script.add(f"input_{k} = TimedArray({name}{times}, dt={literal(stride * step)} * ms)")
    neuron.equations.append(f"held_{k} : {'1' if unit == '1' else 'amp'}")
    neuron.regular.append(f"held_{k} = input_{k}({'t' if shared else 't, i'})")
    neuron.currents.append(f"held_{k}")


def _shared(
    script: Script,
    k: int,
    drive: OrnsteinUhlenbeckInput,
    neuron: BrianNeuron,
    step: float,
    until: float,
    unit: str,
) -> None:
    count, kept = math.ceil(until / step), math.exp(-step / drive.tau)
    script.add(
        f"path = rng.standard_normal({count})\n"
        f"for k in range(1, {count}):\n"
        f"    path[k] = {kept!r} * path[k - 1] + {math.sqrt(1 - kept**2)!r} * path[k]\n"
        f"path = ({literal(drive.mean)} + {literal(drive.sigma)} * path)"
        f"{'' if unit == '1' else f' * {unit}'}\n"
        f"input_{k} = TimedArray(path, dt=defaultclock.dt)"
    )
    neuron.currents.append(f"input_{k}(t)")


def _own(k: int, drive: OrnsteinUhlenbeckInput, neuron: BrianNeuron, unit: str) -> None:
    """Exact from step to step, constant over each."""
    times = "" if unit == "1" else f" * {unit}"
    mean, sigma = f"{literal(drive.mean)}{times}", f"{literal(drive.sigma)}{times}"
    kept = f"exp(-dt / ({literal(drive.tau)} * ms))"
    neuron.equations.append(f"input_{k} : {'1' if unit == '1' else 'amp'}")
    neuron.initial[f"input_{k}"] = f"{mean} + {sigma} * randn()"
    neuron.regular.append(
        f"input_{k} = {mean} + (input_{k} - {mean}) * {kept} "
        f"+ {sigma} * sqrt(1 - {kept}**2) * randn()"
    )
    neuron.currents.append(f"input_{k}")
