"""What a test of two recordings says, and what several tests say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from heddle._core import DomainError

Array = NDArray[np.float64]
Sample = Any  # a recording, or a sequence of recordings of independent networks


@dataclass(frozen=True)
class EquivalenceTest:
    """One question about two recordings, and the answer.

    A *difference* test passes where no difference is found: equal models fail it at
    `false_alarm_rate`. An *equivalence* test passes where the difference is shown to be within a
    tolerance: models that differ by just the tolerance pass it at `miss_rate`.
    """

    name: str
    passed: bool
    statistic: float  # the largest over populations and bands
    limit: float  # of the statistic
    p_value: float  # the smallest, corrected for their number; tests of equivalence: of difference
    false_alarm_rate: float  # probability to fail where there is no difference
    miss_rate: float | None  # probability to pass where the difference is the tolerance
    trusted: bool
    statement: str

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'FAILED'}  {self.name}: {self.statement}"


@dataclass(frozen=True)
class RecordingComparison:
    """Several tests of the same two recordings."""

    tests: tuple[EquivalenceTest, ...]

    @property
    def passed(self) -> bool:
        return all(test.passed for test in self.tests)

    @property
    def trusted(self) -> bool:
        return all(test.trusted for test in self.tests)

    @property
    def statement(self) -> str:
        failed = [test.name for test in self.tests if not test.passed]
        alarms = 1 - np.prod([1 - test.false_alarm_rate for test in self.tests])
        chance = f"equal models fail at least one of {len(self.tests)} tests in up to {alarms:.0%}"
        return f"{'failed: ' + ', '.join(failed) if failed else 'all tests passed'}; {chance}"

    def __str__(self) -> str:
        return "\n".join([*(str(test) for test in self.tests), self.statement])


def holm(p_values: Array) -> Array:
    """p-values corrected for their number: p_(i) (m − i), made monotonous (Holm 1979)."""
    p = np.asarray(p_values, float)
    order = np.argsort(p)
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)[np.argsort(order)]


def recordings_of(sample: Sample) -> list[Any]:
    """One recording, or several, as a list."""
    return list(sample) if isinstance(sample, Sequence) else [sample]


def same_populations(first: Sample, second: Sample) -> list[str]:
    """Names of the populations. Raises DomainError where they are not the same."""
    names = [list(one.names) for one in recordings_of(first) + recordings_of(second)]
    if not recordings_of(first) or not recordings_of(second):
        raise DomainError("a sample holds no recordings; expected one or more on either side")
    for other in names:
        if other != names[0]:
            raise DomainError(f"populations are {names[0]} and {other}; expected the same")
    return names[0]


def averaged(values: list[Array], errors: list[Array], degrees: list[Array]) -> list[Array]:
    """Mean of a quantity over recordings, its error and degrees of freedom.

    The scatter between recordings is the error where there are several: it holds what differs
    between networks too, which no single recording shows.
    """
    if len(values) == 1:
        return [values[0], errors[0], degrees[0]]
    table = np.array(values)
    error = table.std(axis=0, ddof=1) / np.sqrt(len(table))
    return [table.mean(axis=0), error, np.full(table[0].shape, len(table) - 1.0)]


def welch_degrees(errors: tuple[Array, Array], degrees: tuple[Array, Array]) -> Array:
    """Degrees of freedom of a difference (Welch & Satterthwaite)."""
    parts = [error**2 for error in errors]
    below = sum(part**2 / dof for part, dof in zip(parts, degrees, strict=True))
    return np.where(below > 0, (parts[0] + parts[1]) ** 2 / np.maximum(below, 1e-300), 1.0)


def difference_test(
    name: str,
    names: list[str],
    first: list[Array],
    second: list[Array],
    level: float,
    unit: str,
    doubts: list[str],
) -> EquivalenceTest:
    """Student's t for every population, corrected for their number."""
    change, error, degrees = differences(first, second)
    score = np.abs(change) / np.maximum(error, 1e-300)
    p = holm(2 * stats.t.sf(score, degrees))
    worst = int(np.argmin(p - 1e-9 * score))
    return EquivalenceTest(
        name=name,
        passed=bool(p[worst] > level),
        statistic=float(score[worst]),
        limit=float(stats.t.isf(level / (2 * len(p)), degrees[worst])),
        p_value=float(p[worst]),
        false_alarm_rate=level,
        miss_rate=None,
        trusted=not doubts,
        statement=f"largest in {names[worst]}: {change[worst]:+.3g} ± {error[worst]:.2g}{unit}, "
        f"corrected p = {p[worst]:.2g}" + doubted(doubts),
    )


def equivalence_test(
    name: str,
    names: list[str],
    first: list[Array],
    second: list[Array],
    tolerance: Array,
    level: float,
    unit: str,
    doubts: list[str],
) -> EquivalenceTest:
    """Two one-sided tests: |Δ| + t SE ≤ tolerance for every population."""
    change, error, degrees = differences(first, second)
    factor = stats.t.isf(level / 2, degrees)
    reach = np.abs(change) + factor * error
    ratio = reach / np.maximum(tolerance, 1e-300)
    worst = int(np.argmax(ratio))
    room = tolerance / np.maximum(error, 1e-300) - factor
    passing = np.where(room > 0, 1 - 2 * stats.t.sf(np.maximum(room, 0), degrees), 0)
    return EquivalenceTest(
        name=name,
        passed=bool(ratio[worst] <= 1),
        statistic=float(reach[worst]),
        limit=float(tolerance[worst]),
        p_value=float(
            holm(2 * stats.t.sf(np.abs(change) / np.maximum(error, 1e-300), degrees)).min()
        ),
        false_alarm_rate=float(1 - np.prod(passing)),
        miss_rate=level / 2,
        trusted=not doubts,
        statement=f"largest in {names[worst]}: |{change[worst]:+.3g}| + {factor[worst]:.2f} × "
        f"{error[worst]:.2g} against {tolerance[worst]:.3g}{unit}" + doubted(doubts),
    )


def differences(first: list[Array], second: list[Array]) -> tuple[Array, Array, Array]:
    """Second minus first, its error, degrees of freedom."""
    error = np.hypot(first[1], second[1])
    degrees = welch_degrees((first[1], second[1]), (first[2], second[2]))
    return second[0] - first[0], error, degrees


def doubted(doubts: list[str]) -> str:
    return f" (not trusted: {'; '.join(doubts)})" if doubts else ""


def require_level(level: float) -> None:
    if not 0 < level < 1:
        raise DomainError(f"level is {level:g}; expected between 0 and 1")
