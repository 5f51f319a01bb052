"""Are rates distributed in the same way over the neurons of a population?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.equivalence.values import (
    EquivalenceTest,
    Sample,
    recordings_of,
    require_level,
    same_populations,
)
from heddle.estimates.recording import slices_of

Array = NDArray[np.float64]
Sides = list[list[Array]]  # by population, then recording


def distribution_difference(
    first: Sample,
    second: Sample,
    *,
    tolerance: float = 0.0,
    level: float = 0.05,
    permutations: int = 399,
    seed: int = 0,
) -> EquivalenceTest:
    """Do the shapes of two rate distributions differ by more than a tolerance?

        D = max_populations √(n₁ n₂ / (n₁ + n₂)) (sup_x |F₁(x) − F₂(x)| − tolerance) > D_level

    Kolmogorov and Smirnov's distance of the neurons' rates in units of their mean: means have
    errors that neurons share, and a test of their own. D_level, 1.36 for one population or less, is
    the quantile of D where neurons change sides at random, or whole recordings if either sample has
    several: neurons of one network are not independent of each other. Each side is divided by its
    mean again. Counts are spread over ± ½ and ties are broken at random, so that the false-alarm
    rate is the level for small populations too. Two recordings of one and the same network alarm
    less often.

    tolerance     distance that does not matter
    level         the false-alarm rate over all populations together
    permutations  that the quantile comes from; at least 1 / level
    seed          of permutations and spreading

    Samples as for `heddle.equivalence.rate_difference`. Raises DomainError where populations or
    durations are not the same: shorter recordings have wider distributions of counts.
    """
    require_level(level)
    names = same_populations(first, second)
    _require_one_duration(first, second)
    if permutations * level < 1:
        raise DomainError(f"permutations is {permutations}; expected at least {1 / level:.0f}")
    totals = [int(np.sum(one.counts)) for one in recordings_of(first) + recordings_of(second)]
    # Seeded by the counts too: pairs do not share their chance.
    rng = np.random.default_rng(np.random.Philox([seed, *totals]))
    a, b = (_relative(sample, len(names), rng) for sample in (first, second))
    each = _distances(a, b, tolerance)
    null = np.array([max(_distances(*_dealt(a, b, rng), 0.0)) for _ in range(permutations)])
    worst = int(np.argmax(each))
    found, limit = each[worst], float(np.quantile(null, 1 - level, method="higher"))
    ties = np.sum(np.abs(null - found) < 1e-12)
    p_value = (np.sum(null > found + 1e-12) + rng.random() * (ties + 1)) / (permutations + 1)
    return EquivalenceTest(
        name="rate distributions",
        passed=bool(p_value > level),
        statistic=float(found),
        limit=limit,
        p_value=float(p_value),
        false_alarm_rate=level,
        miss_rate=None,
        trusted=True,
        statement=f"largest in {names[worst]}: scaled distance {found:.3g}, {limit:.3g} by chance"
        f"{f' beyond {tolerance:g}' if tolerance else ''}, p = {p_value:.2g}",
    )


def _require_one_duration(first: Sample, second: Sample) -> None:
    durations = [float(one.duration) for one in recordings_of(first) + recordings_of(second)]
    if max(durations) > 1.01 * min(durations):
        raise DomainError(
            f"durations reach from {min(durations):g} to {max(durations):g} ms; expected one"
        )


def _relative(sample: Sample, populations: int, rng: np.random.Generator) -> Sides:
    """Counts of the neurons over their mean, by population and recording."""
    found: Sides = [[] for _ in range(populations)]
    for one in recordings_of(sample):
        for p, part in enumerate(slices_of(one)):
            counts = np.asarray(one.counts, float)[part]
            spread = counts + rng.random(len(counts)) - 0.5
            found[p].append(spread / max(counts.mean(), 1.0))
    return found


def _dealt(a: Sides, b: Sides, rng: np.random.Generator) -> tuple[Sides, Sides]:
    """Both sides with their recordings, or the neurons of one recording each, mixed."""
    first = len(a[0])
    if first == len(b[0]) == 1:
        mixed = [rng.permutation(np.concatenate(x + y)) for x, y in zip(a, b, strict=True)]
        ends = [len(x[0]) for x in a]
        pairs = [(m[:end], m[end:]) for m, end in zip(mixed, ends, strict=True)]
        return [[x / x.mean()] for x, _ in pairs], [[y / y.mean()] for _, y in pairs]
    order = rng.permutation(first + len(b[0]))
    every = [x + y for x, y in zip(a, b, strict=True)]
    one, other = order[:first], order[first:]
    return [[x[i] for i in one] for x in every], [[x[i] for i in other] for x in every]


def _distances(a: Sides, b: Sides, tolerance: float) -> list[float]:
    """√(n m / (n + m)) (D − tolerance) of every population."""
    found = []
    for x, y in zip(a, b, strict=True):
        one, other = np.concatenate(x), np.concatenate(y)
        scale = np.sqrt(len(one) * len(other) / (len(one) + len(other)))
        found.append(float(scale * (_distance(one, other) - tolerance)))
    return found


def _distance(a: Array, b: Array) -> float:
    """Largest difference of the empirical distribution functions."""
    both = np.concatenate([a, b])
    step = np.concatenate([np.full(len(a), 1 / len(a)), np.full(len(b), -1 / len(b))])
    return float(np.max(np.abs(np.cumsum(step[np.argsort(both, kind="stable")]))))
