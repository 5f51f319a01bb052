"""What is compared, and how: our protocol, as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from heddle._core import DomainError, did_you_mean

ARCHITECTURES = ("additive", "multiplicative", "loops", "thalamocortical")
RESPONSES = ("linear", "rectified", "tanh")
RADII = {"linear": 0.9, "rectified": 1.2, "tanh": 1.5}  # of W before it is trained
STABLE = 0.9  # radius of W where loops are designed


@dataclass(frozen=True)
class RobustnessProtocol:
    """How architectures are trained and measured; see `heddle.robustness_table`.

    Times are in units of τ. What the original did is not known; this is our own protocol.
    """

    motifs: int = 10  # of a network's library
    duration: float = 50.0  # of a motif
    step: float = 0.25  # h / τ of Euler's steps, of training and of measuring
    preparation: float = 15.0  # between motifs, where there is one
    preparatory_fraction: float = 0.2  # preparatory loops over units
    spread: float = 0.5  # s: x(0) ~ N(0, s² I), in training and in measuring
    rank: int = 6  # loops of a motif
    iterations: int = 1500  # of Adam, on the whole library
    added_iterations: int = 300  # on the motif that is added
    batch: int = 3  # trials of each motif in an iteration
    rate: float = 3e-3  # of Adam, where n = 100; elsewhere 100 / n times that
    clip: float = 1.0  # largest norm of a gradient
    amplitude: float = 0.2  # of designed trajectories around the point where a unit is linear
    starts: int = 4  # random initial states of each motif and of each pair, in measuring
    words: int = 4
    word_length: int = 1000
    failure: float = 0.5  # nRMSE above which a motif has failed

    def __post_init__(self) -> None:
        for name in ("motifs", "rank", "iterations", "added_iterations", "batch", "starts"):
            _require(name, getattr(self, name), getattr(self, name) >= 1, "at least 1")
        for name in ("words", "word_length"):
            _require(name, getattr(self, name), getattr(self, name) >= 1, "at least 1")
        for name in ("duration", "preparation", "rate", "clip", "amplitude", "failure"):
            value = getattr(self, name)
            _require(name, value, math.isfinite(value) and value > 0, "a number above 0")
        _require("spread", self.spread, math.isfinite(self.spread) and self.spread >= 0, "≥ 0")
        _require("step", self.step, 0 < self.step <= 1, "a part of τ, above 0 and at most 1")
        fraction = self.preparatory_fraction
        _require("preparatory_fraction", fraction, 0 < fraction <= 1, "above 0 and at most 1")
        least = 20 * self.step
        _require(
            "duration", self.duration, self.duration >= least, f"20 steps, {least:g} τ, or more"
        )

    @property
    def motif_steps(self) -> int:
        return round(self.duration / self.step)

    @property
    def preparation_steps(self) -> int:
        return max(1, round(self.preparation / self.step))


def _require(name: str, value: float, holds: bool, expected: str) -> None:
    if not holds:
        raise DomainError(f"{name} is {value:g}; expected {expected}")


@dataclass(frozen=True, order=True)
class Cell:
    """One row of the table."""

    n: int
    architecture: str
    preparation: bool
    response: str

    @property
    def name(self) -> str:
        prepared = "prepared" if self.preparation else "direct"
        return f"{self.architecture}-{prepared}-{self.response}-{self.n}"

    @property
    def trained(self) -> bool:
        return self.architecture != "thalamocortical"


def cells_of(
    architectures: Sequence[str],
    preparation: Iterable[bool],
    responses: Sequence[str],
    sizes: Iterable[int],
) -> list[Cell]:
    """All combinations, small networks first. Raises DomainError for a name that is none."""
    for name, given, known in (
        ("architectures", architectures, ARCHITECTURES),
        ("responses", responses, RESPONSES),
    ):
        for item in given:
            if item not in known:
                raise DomainError(f"{name} holds {item!r}{did_you_mean(item, known)}")
    for n in sizes:
        if n < 30:
            raise DomainError(f"sizes holds {n}; expected 30 units or more")
    found = list(_combinations(architectures, preparation, responses, sizes))
    if not found:
        raise DomainError("there is nothing to compare; give at least one of each choice")
    if len(set(found)) < len(found):
        raise DomainError("a choice is given twice; give each architecture, response and size once")
    return sorted(found, key=lambda cell: cell.n)


def _combinations(
    architectures: Sequence[str],
    preparation: Iterable[bool],
    responses: Sequence[str],
    sizes: Iterable[int],
) -> Iterator[Cell]:
    choices = list(preparation)
    for n in sizes:
        for architecture in architectures:
            for prepared in choices:
                for response in responses:
                    yield Cell(n, architecture, prepared, response)


def differences(
    one: RobustnessProtocol, other: RobustnessProtocol
) -> list[tuple[str, object, object]]:
    """Fields in which two protocols differ, with both values."""
    pairs = ((f.name, getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return [(name, a, b) for name, a, b in pairs if a != b]
