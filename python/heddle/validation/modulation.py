"""A current that goes up and down: what gains and phases are measured with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from heddle._core import Circuit, CurrentInput, DomainError, Input, did_you_mean
from heddle.validation.levels import Times
from heddle.validation.scaling import changed

LEAST_PERIODS = 8
LEAST_BINS = 8  # in a period


@dataclass(frozen=True)
class Modulation:
    """A current amplitude × cos(2π frequency t) beside the inputs that a circuit has."""

    frequency: float  # Hz
    amplitude: float  # pA, or in the unit of the population's I_e
    populations: tuple[str, ...] = ()  # those that get it; all of them if empty

    def __post_init__(self) -> None:
        for name in ("frequency", "amplitude"):
            value = getattr(self, name)
            if not (value > 0 and math.isfinite(value)):
                raise DomainError(f"{name} of the modulation is {value:g}; expected > 0")
        if isinstance(self.populations, str):
            object.__setattr__(self, "populations", (self.populations,))

    def chosen(self, names: list[str]) -> list[str]:
        """The populations that get it. Raises DomainError with a did-you-mean."""
        for name in self.populations:
            if name not in names:
                raise DomainError(
                    f"modulation: there is no population {name!r}{did_you_mean(name, names)}"
                )
        return list(self.populations) or names


def require_modulation(modulation: Modulation, duration: float, bin: float) -> None:
    """Raises DomainError where a recording cannot tell the frequency."""
    f = modulation.frequency
    if f * duration < LEAST_PERIODS * 1e3 * (1 - 1e-9):
        raise DomainError(
            f"frequency of the modulation is {f:g} Hz, {f * duration * 1e-3:.3g} periods in "
            f"{duration:g} ms; expected at least {LEAST_PERIODS}: a duration of "
            f"{LEAST_PERIODS * 1e3 / f:g} ms"
        )
    if f * bin * LEAST_BINS > 1e3 * (1 + 1e-9):
        raise DomainError(
            f"frequency of the modulation is {f:g} Hz; expected at most "
            f"{1e3 / (LEAST_BINS * bin):g} Hz, {LEAST_BINS} bins of {bin:g} ms in a period"
        )


def modulated(circuit: Circuit, modulation: Modulation, times: Times) -> Circuit:
    """The circuit with the current, held during each bin at its value in the middle."""
    at = times.bin * np.arange(math.ceil((times.transient + times.duration) / times.bin))
    phase = 2e-3 * np.pi * modulation.frequency * (at + times.bin / 2)
    drive = CurrentInput(times=at, values=modulation.amplitude * np.cos(phase)[None])
    names = [population.name for population in circuit.populations]
    added = [Input(name, drive) for name in modulation.chosen(names)]
    return changed(circuit, inputs=[*circuit.inputs, *added])
