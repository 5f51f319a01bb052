"""The parts of a validation, one after the other, with one progress."""

from __future__ import annotations

from dataclasses import replace

from heddle._core import Circuit
from heddle.progress import Progress, Stages
from heddle.validation.harmonics import Harmonics
from heddle.validation.levels import Level, Reduction
from heddle.validation.modulation import Modulation, modulated
from heddle.validation.responses import ResponseRuns, window_of
from heddle.validation.rows import rows_of, unwrapped
from heddle.validation.runs import Levels, Runs
from heddle.validation.values import ObservableErrors

STAGE = 10_000  # parts of progress
JUDGED = ("rate", "response", "gain", "phase")


class Work:
    """The runs of one validation, and what they gave so far."""

    def __init__(
        self,
        runs: Runs,
        level: Level,
        tolerances: tuple[float, float],
        wanted: list[str],
        progress: Progress | None,
    ) -> None:
        self._runs, self._level, self._wanted = runs, level, wanted
        self._tolerance, self._response_tolerance = tolerances
        self._rows: tuple[ObservableErrors, ...] = ()
        self.found: Reduction | None = None
        self.refused: dict[str, str] = {}
        self.doubts: list[str] = []
        parts = (("rate", "deviation", "power"), ("response",), ("gain", "phase"))
        self._parts = [bool(set(kinds) & set(wanted)) for kinds in parts]
        self._stages = Stages(progress, [STAGE * part for part in self._parts])

    def stationary(self) -> None:
        progress = self._stages.stage()
        if self._parts[0]:
            self._add_levels(self._runs, self._runs.all(self._level, progress), self._tolerance)

    def responses(self, circuit: Circuit, trials: int, seed: int) -> None:
        progress = self._stages.stage()
        if not self._parts[1]:
            return
        window, threads = window_of(circuit, self._runs.times), self._runs.threads
        runs = ResponseRuns(circuit, window, trials, seed, threads, self._response_tolerance)
        self._add(*runs.rows(self._level, progress))

    def harmonics(self, modulation: Modulation | None, seed: int) -> None:
        progress = self._stages.stage()
        if modulation is None or not self._parts[2]:
            return
        times = self._runs.times
        circuit, estimates = (
            modulated(self._runs.still, modulation, times),
            Harmonics(modulation, times),
        )
        runs = replace(self._runs, circuit=circuit, seed=seed, estimates=estimates)
        levels = runs.all(self._level, progress)
        self._add_levels(runs, unwrapped(levels), self._response_tolerance)

    def _add_levels(self, runs: Runs, levels: Levels, tolerance: float) -> None:
        names = [population.name for population in runs.circuit.populations]
        rows = rows_of(runs.estimates.observables(names), levels, tolerance)
        self._add(rows, levels.found, levels.refused)
        self.doubts += levels.doubts

    def _add(
        self, rows: tuple[ObservableErrors, ...], found: Reduction | None, refused: dict[str, str]
    ) -> None:
        self._rows += rows
        self.found = self.found or found
        self.refused |= refused

    def stopped(self, reason: str) -> None:
        """Neurons ran away: there is nothing to compare with."""
        self._rows, self.found, self.refused, self.doubts = (), None, {"neurons": reason}, [reason]

    @property
    def rows(self) -> tuple[ObservableErrors, ...]:
        return tuple(row for row in self._rows if row.observable.kind in self._wanted)

    @property
    def passed(self) -> bool | None:
        """Is all within that has a tolerance? None where nothing is described."""
        judged = {row.verdict for row in self.rows if row.observable.kind in JUDGED}
        described = judged - {"not described"}
        return described == {"within"} if described else None
