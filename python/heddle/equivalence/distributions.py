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

        D = sup_x |F₁(x) − F₂(x)| > D_level + tolerance      in any population

    Kolmogorov and Smirnov's distance of the neurons' rates in units of their mean: means have
    errors that neurons share, and a test of their own. D_level, which is 1.36 √(1/n₁ + 1/n₂) or
    less, is the quantile of D where neurons change sides at random and each side is divided by its
    mean again. Counts are spread over ± ½ and ties are broken at random, so that the false-alarm
    rate is the level for small populations too. It holds for networks drawn independently; two
    recordings of one and the same network alarm less often.

    tolerance     distance that does not matter
    level         the false-alarm rate over all populations together (Bonferroni)
    permutations  that the quantile comes from; at least a few populations / level
    seed          of permutations and spreading

    Samples as for `heddle.equivalence.rate_difference`. Raises DomainError where populations or
    durations are not the same: shorter recordings have wider distributions of counts.
    """
    require_level(level)
    names = same_populations(first, second)
    _require_one_duration(first, second)
    if permutations * level < len(names):
        raise DomainError(
            f"permutations is {permutations}; expected at least {int(np.ceil(len(names) / level))}"
        )
    totals = [int(np.sum(one.counts)) for one in recordings_of(first) + recordings_of(second)]
    rng = np.random.default_rng(
        np.random.Philox([seed, *totals])
    )  # pairs do not share their chance
    rows = []
    for p in range(len(names)):
        a, b = (_relative(sample, p, rng) for sample in (first, second))
        null = _permuted(a, b, permutations, rng) + tolerance
        found = _distance(a, b)
        ties = np.sum(np.abs(null - found) < 1e-12)
        p_value = (np.sum(null > found + 1e-12) + rng.random() * (ties + 1)) / (permutations + 1)
        rows.append((p_value, found, np.quantile(null, 1 - level / len(names), method="higher")))
    worst = min(range(len(rows)), key=lambda p: (rows[p][0], -rows[p][1]))
    p_value, found, limit = rows[worst]
    corrected = min(1.0, p_value * len(names))
    return EquivalenceTest(
        name="rate distributions",
        passed=bool(corrected > level),
        statistic=float(found),
        limit=float(limit),
        p_value=float(corrected),
        false_alarm_rate=level,
        miss_rate=None,
        trusted=True,
        statement=f"largest in {names[worst]}: distance {found:.3g}, at most {limit:.3g} by chance"
        f"{f' and tolerance {tolerance:g}' if tolerance else ''}, corrected p = {corrected:.2g}",
    )


def _require_one_duration(first: Sample, second: Sample) -> None:
    durations = [float(one.duration) for one in recordings_of(first) + recordings_of(second)]
    if max(durations) > 1.01 * min(durations):
        raise DomainError(
            f"durations reach from {min(durations):g} to {max(durations):g} ms; expected one"
        )


def _relative(sample: Sample, p: int, rng: np.random.Generator) -> Array:
    """Counts of all neurons of a population over their mean in each recording."""
    found = []
    for one in recordings_of(sample):
        counts = np.asarray(one.counts, float)[slices_of(one)[p]]
        found.append((counts + rng.random(len(counts)) - 0.5) / max(counts.mean(), 1.0))
    return np.concatenate(found)


def _distance(a: Array, b: Array) -> float:
    """Largest difference of the empirical distribution functions."""
    both = np.concatenate([a, b])
    step = np.concatenate([np.full(len(a), 1 / len(a)), np.full(len(b), -1 / len(b))])
    return float(np.max(np.abs(np.cumsum(step[np.argsort(both, kind="stable")]))))


def _permuted(a: Array, b: Array, permutations: int, rng: np.random.Generator) -> Array:
    both = np.concatenate([a, b])
    found = np.empty(permutations)
    for i in range(permutations):
        rng.shuffle(both)
        one, other = both[: len(a)], both[len(a) :]
        found[i] = _distance(one / one.mean(), other / other.mean())
    return found
