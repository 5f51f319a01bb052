"""What a validation says: four errors of every observable, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass, field

from heddle._core import DomainError, did_you_mean
from heddle.validation.modulation import Modulation
from heddle.validation.observables import Observable

TERMS = ("discretisation", "finite_size", "closure", "transfer", "total")


@dataclass(frozen=True)
class ErrorTerm:
    """A difference of two levels; the interval holds the true one with 95 %."""

    estimate: float
    standard_error: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        """Does the interval leave out 0? One in twenty does where there is no difference."""
        return not self.low <= 0 <= self.high

    def __str__(self) -> str:
        return f"{self.estimate:+.3g} ± {(self.high - self.low) / 2:.2g}"


@dataclass(frozen=True)
class ObservableErrors:
    """One observable at all levels. A term is None where one of its levels has no such number.

    finite_size + closure + transfer = total = reduction − neurons, but for rounding; phases are
    those within half a turn of the neurons'. Terms of a response are distances of curves over their
    range, `neurons` and `reduction` ranges in Hz.
    """

    observable: Observable
    neurons: float  # in a simulation, in the observable's unit
    neurons_error: float  # its standard error
    reduction: float | None
    discretisation: ErrorTerm | None  # neurons: step − step / 2
    finite_size: ErrorTerm | None  # N → ∞ less N
    closure: ErrorTerm | None  # population equations less neurons, both of N; see `joined`
    transfer: ErrorTerm | None  # reduction less age-structured equations
    total: ErrorTerm | None
    step_error: float | None  # of the age-structured equations: step − step / 2
    verdict: str  # "within", "outside", "undecided"; "same", "different"; "not described"

    @property
    def largest(self) -> str | None:
        """The name of the largest of the four errors."""
        found = {name: getattr(self, name) for name in TERMS[:-1]}
        sizes = {name: abs(term.estimate) for name, term in found.items() if term is not None}
        return max(sizes, key=lambda name: sizes[name]) if sizes else None


@dataclass(frozen=True, repr=False)
class Validation:
    """A reduction against the neurons it is for; see `heddle.validate`."""

    level: str  # the reduction; "none" if none describes the circuit
    rows: tuple[ObservableErrors, ...]
    tolerance: float  # relative, of rates
    joined: bool  # is `closure` closure and transfer in one, since there are no equations between?
    finite_size_by: str  # "equations", or "sizes": neurons at N and 2 N
    networks: int
    quenched: bool  # do networks of different seeds differ?
    duration: float  # ms, of each of the networks
    transient: float  # ms
    step: float  # ms
    seed: int
    assumptions: tuple[str, ...]  # of the reduction
    refused: dict[str, str]  # level: why it cannot describe the circuit
    passed: bool | None  # all rates, responses, gains and phases within; None: nothing to judge
    trusted: bool
    modulation: Modulation | None = None  # what gains and phases belong to
    statement: str = field(default="")

    def row(
        self, kind: str, population: str, band: tuple[float, float] | None = None
    ) -> ObservableErrors:
        """The errors of one observable. Raises DomainError with a did-you-mean."""
        wanted = str(Observable(kind, population, band))
        known = [str(row.observable) for row in self.rows]
        if wanted not in known:
            raise DomainError(f"there is no observable {wanted!r}{did_you_mean(wanted, known)}")
        return self.rows[known.index(wanted)]

    def __str__(self) -> str:
        lines = ["observable: neurons → reduction; " + ", ".join(TERMS)]
        for row in self.rows:
            terms = ", ".join(str(getattr(row, name) or "–") for name in TERMS)
            value = "–" if row.reduction is None else f"{row.reduction:.4g}"
            lines.append(f"{row.observable}: {row.neurons:.4g} → {value}; {terms}; {row.verdict}")
        return "\n".join([*lines, self.statement])

    def __repr__(self) -> str:
        return f"Validation({self.level}, {len(self.rows)} observables; {self.statement})"
