"""The table: what was measured, over seeds, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from heddle.robustness.intervals import Interval, rate_interval, ratio_interval
from heddle.robustness.measures import CellResult
from heddle.robustness.protocol import Cell, RobustnessProtocol

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class RobustnessRow:
    """A cell of the table, over its seeds. Errors are nRMSE; intervals hold 95 %.

    Of errors: the geometric mean over seeds of each seed's median, Student's t of logarithms. Of
    failures, the share of errors above the threshold: the mean over seeds of each seed's share,
    Student's t, or Clopper and Pearson's of seeds where none or all fail.
    """

    cell: Cell
    seeds: list[int]
    single: Interval
    pairs: Interval
    single_failure: Interval
    pair_failure: Interval
    word_failure: Interval  # of motifs in long words
    added: Interval  # error of the motif that was added
    interference: float  # the largest of all seeds; 0: no bit of any error changed
    unsegregated: float  # had shared parameters been trained on; NaN where none are
    diverged: list[int]  # seeds whose training diverged: the best network until then is measured

    def __repr__(self) -> str:
        return (
            f"RobustnessRow({self.cell.name}: {len(self.seeds)} seeds, single {self.single:.3g}, "
            f"failures of pairs {self.pair_failure:.3g})"
        )


@dataclass(frozen=True, repr=False)
class RobustnessTable:
    """What `heddle.robustness_table` found."""

    protocol: RobustnessProtocol
    cells: list[Cell]
    seeds: list[int]
    results: list[CellResult]

    @property
    def completed(self) -> bool:
        """Is every cell there for every seed?"""
        return len(self.results) == len(self.cells) * len(self.seeds)

    @cached_property
    def rows(self) -> list[RobustnessRow]:
        """One for each cell of which a seed is finished, in the order of `cells`."""
        found = [(cell, self.of(cell)) for cell in self.cells]
        return [row_of(cell, own, self.protocol) for cell, own in found if own]

    def of(self, cell: Cell) -> list[CellResult]:
        """Results of a cell, by seed."""
        own = [result for result in self.results if result.cell == cell]
        return sorted(own, key=lambda result: result.seed)

    @property
    def finding(self) -> list[str]:
        """What the intervals carry, in sentences."""
        from heddle.robustness.finding import finding_of

        return finding_of(self)

    def errors(self, cell: Cell, measure: str) -> list[Array]:
        """All errors of a cell, sorted, an array for each seed: their distribution.

        measure  "single", "pairs" or "words"
        """
        return [np.sort(getattr(result, measure), axis=None) for result in self.of(cell)]

    def __repr__(self) -> str:
        of = len(self.cells) * len(self.seeds)
        return f"RobustnessTable({len(self.cells)} cells, {len(self.results)} of {of} results)"


def row_of(cell: Cell, results: list[CellResult], protocol: RobustnessProtocol) -> RobustnessRow:
    """The summary of one cell."""

    def median(name: str) -> Interval:
        return ratio_interval([np.median(getattr(result, name)) for result in results])

    def failures(name: str) -> Interval:
        return rate_interval([share(getattr(result, name), protocol.failure) for result in results])

    return RobustnessRow(
        cell=cell,
        seeds=[result.seed for result in results],
        single=median("single"),
        pairs=median("pairs"),
        single_failure=failures("single"),
        pair_failure=failures("pairs"),
        word_failure=failures("words"),
        added=median("added"),
        interference=_largest(results, lambda result: result.interference),
        unsegregated=_largest(results, lambda result: result.unsegregated),
        diverged=[result.seed for result in results if result.outcome == "diverged"],
    )


def share(errors: Array, failure: float) -> float:
    """Of errors above the threshold; one that is not a number has failed."""
    return float(np.mean(~(errors <= failure)))


def _largest(results: list[CellResult], value: Callable[[CellResult], float]) -> float:
    return float(max(value(result) for result in results))
