"""The finding in words: sentences that the intervals carry, all of them together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from heddle.robustness.intervals import Interval, mean_interval
from heddle.robustness.values import RobustnessTable, share

LEVEL = 0.95
NAMES = {
    "additive": "additive networks",
    "multiplicative": "multiplicative networks",
    "loops": "networks with trained loops",
    "thalamocortical": "designed thalamocortical networks",
}
Side = tuple[str, bool, str]  # architecture, preparation, measure


def finding_of(table: RobustnessTable) -> list[str]:
    """Sentences on what fails more, each a paired difference over seeds.

    A difference is the mean over responses and sizes that both sides have for a seed. There are so
    many differences that each has an interval of 1 − 0.05 / (their number): all of them hold
    together with 95 %. Where an interval holds 0, the sentence says that it is open.
    """
    asked = [(first, second) for first, second in _comparisons() if _paired(table, first, second)]
    level = 1 - (1 - LEVEL) / max(1, len(asked))
    said = [_compared(table, first, second, level) for first, second in asked]
    if not said:
        return ["Too few seeds are finished to compare anything: two of a cell are needed."]
    return [*said, *_interference(table), *_diverged(table), *_scope(table, len(asked))]


def _comparisons() -> Iterator[tuple[Side, Side]]:
    """Do pairs fail where single motifs do not; does a preparation help; does the design?"""
    for architecture in NAMES:
        yield (architecture, False, "pairs"), (architecture, False, "single")
        yield (architecture, True, "pairs"), (architecture, True, "single")
        yield (architecture, False, "pairs"), (architecture, True, "pairs")
        if architecture != "thalamocortical":
            yield (architecture, False, "pairs"), ("thalamocortical", True, "pairs")
            yield (architecture, True, "pairs"), ("thalamocortical", True, "pairs")
            yield (architecture, False, "single"), ("thalamocortical", True, "single")


def _paired(table: RobustnessTable, first: Side, second: Side) -> list[tuple[float, float]]:
    """Shares of failures of both sides for each seed, if there are two seeds or more."""
    found = []
    for seed in table.seeds:
        one, two = _shares(table, first, seed), _shares(table, second, seed)
        both = sorted(set(one) & set(two))
        if both:
            found.append(
                (float(np.mean([one[k] for k in both])), float(np.mean([two[k] for k in both])))
            )
    return found if len(found) > 1 else []


def _shares(table: RobustnessTable, side: Side, seed: int) -> dict[tuple[str, int], float]:
    """By response and size."""
    architecture, prepared, measure = side
    return {
        (result.cell.response, result.cell.n): share(
            getattr(result, measure), table.protocol.failure
        )
        for result in table.results
        if result.seed == seed
        and (result.cell.architecture, result.cell.preparation) == (architecture, prepared)
    }


def _compared(table: RobustnessTable, first: Side, second: Side, level: float) -> str:
    pairs = np.array(_paired(table, first, second))
    found = mean_interval(pairs[:, 0] - pairs[:, 1], level)
    one, two = pairs.mean(axis=0)
    numbers = f"{one:.1%} against {two:.1%}"
    if found.low == found.high:  # no scatter to go by: what was seen, and no more
        return f"In each of {len(pairs)} seeds {_claim(first, second, found)}: {numbers}."
    numbers += f", difference {_points(found)}, {len(pairs)} seeds"
    if found.low > 0 or found.high < 0:
        claim = _claim(first, second, found)
        return f"{claim[0].upper()}{claim[1:]}: {numbers}."
    return f"Open: whether {_named(first)} or {_named(second)} fail more often ({numbers})."


def _points(found: Interval) -> str:
    low, high = max(-1.0, found.low), min(1.0, found.high)  # no share differs by more
    return f"{100 * found.estimate:+.1f} points [{100 * low:+.1f}, {100 * high:+.1f}]"


def _named(side: Side) -> str:
    architecture, prepared, measure = side
    what = "pairs" if measure == "pairs" else "single motifs"
    return f"{what} of {NAMES[architecture]} {'with' if prepared else 'without'} preparation"


def _claim(first: Side, second: Side, difference: Interval) -> str:
    if difference.estimate == 0:
        return f"{_named(first)} and {_named(second)} fail equally often"
    more = "more" if difference.estimate > 0 else "less"
    return f"{_named(first)} fail {more} often than {_named(second)}"


def _interference(table: RobustnessTable) -> list[str]:
    """Whether old motifs changed when one was added."""
    trained = [r for r in table.results if not np.isnan(r.unsegregated)]
    changed = [result for result in table.results if result.interference != 0]
    said = []
    if not changed:
        said.append(
            "A motif that is added changes no bit of any error of the others in any of "
            f"{len(table.results)} networks, as parameters are segregated."
        )
    else:
        worst = max(changed, key=lambda result: result.interference)
        said.append(
            f"A motif that is added changes errors of the others in {len(changed)} of "
            f"{len(table.results)} networks, by up to {worst.interference:.2g} "
            f"({worst.cell.name}, seed {worst.seed})."
        )
    if trained:
        middle = float(np.median([result.unsegregated for result in trained]))
        said.append(
            "Had the shared parameters been trained on with it, an error of the others would have "
            f"changed by {middle:.2g} in the median of {len(trained)} trained networks."
        )
    return said


def _diverged(table: RobustnessTable) -> list[str]:
    """Networks that could not be trained, which count with the errors they have."""
    lost = [result for result in table.results if result.outcome == "diverged"]
    if not lost:
        return []
    trained = sum(result.cell.trained for result in table.results)
    named = ", ".join(f"{result.cell.name} seed {result.seed}" for result in lost[:6])
    return [
        f"Training diverged in {len(lost)} of {trained} networks ({named}"
        f"{', …' if len(lost) > 6 else ''}); they are measured as they were before."
    ]


def _scope(table: RobustnessTable, count: int) -> list[str]:
    """What the sentences stand on."""
    sizes = ", ".join(map(str, sorted({result.cell.n for result in table.results})))
    responses = ", ".join(sorted({result.cell.response for result in table.results}))
    return [
        f"Failures are errors (nRMSE) above {table.protocol.failure:g}; means over responses "
        f"({responses}) and sizes (n = {sizes}) in each seed; the {count} intervals hold together "
        f"with {LEVEL:.0%} (Student's t over seeds, Bonferroni)."
    ]
