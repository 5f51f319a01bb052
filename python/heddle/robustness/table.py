"""`heddle.robustness_table`: architectures that perform motifs, trained or designed, compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

from heddle._core import DomainError
from heddle.executors import finished
from heddle.files import PathLike
from heddle.progress import Progress
from heddle.robustness.cells import cell_result
from heddle.robustness.measures import CellResult
from heddle.robustness.parts import Problem
from heddle.robustness.protocol import (
    ARCHITECTURES,
    RESPONSES,
    Cell,
    RobustnessProtocol,
    cells_of,
)
from heddle.robustness.store import CellStore
from heddle.robustness.values import RobustnessTable

LARGEST_SEED = 2**64 - 1


def robustness_table(
    folder: PathLike,
    protocol: RobustnessProtocol | None = None,
    *,
    architectures: Sequence[str] = ARCHITECTURES,
    preparation: Sequence[bool] = (False, True),
    responses: Sequence[str] = RESPONSES,
    sizes: Sequence[int] = (100, 300, 500),
    seeds: Sequence[int] = range(5),
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> RobustnessTable:
    """Are sequences of motifs as robust as single ones? A table over architectures and seeds.

    Each network performs a library of stepped motifs and is measured from random initial states
    x(0) ~ N(0, s² I): every motif alone, all ordered pairs, long words, and what a motif that is
    added afterwards does to the others. Errors are nRMSE, see `heddle.word_errors`; one above
    `protocol.failure` is a failure.

    folder         where every finished cell is kept, in a file of its own; what is there already is
                   not computed again
    protocol       how networks are trained and measured; a RobustnessProtocol
    architectures  of "additive" (an input for each motif), "multiplicative" (a gain of every unit
                   for each motif), "loops" (gated loops for each motif), all trained through time
                   with Adam, and "thalamocortical" (loops that place eigenvalues, not trained)
    preparation    without and with preparatory loops that are open between motifs
    responses      of "linear", "rectified", "tanh"
    sizes          numbers of units
    seeds          each draws weights, motifs and all states; cells of one seed share its motifs
    executor       any of concurrent.futures, whose workers take cells; None: one after the other
    progress       progress(done, all), in units of n² of a cell

    A cell and seed has the same bits with any executor, interrupted or not. Raises DomainError for
    names and settings, among them those of a folder that differ, before anything is computed. The
    protocol is our own, that of Logiaco & Escola (2020) is known by its abstract alone. A trained
    cell costs 6 n² flops a step and trial of its training. `heddle.plot.robustness` draws it.
    """
    protocol = RobustnessProtocol() if protocol is None else protocol
    cells = cells_of(architectures, preparation, responses, sizes)
    wanted = _seeds(seeds)
    store = CellStore(folder, protocol)
    problems = [Problem(cell, seed, protocol) for cell, seed in _ordered(cells, wanted)]
    found = [store.load(p.cell, p.seed) for p in problems if (p.cell, p.seed) in store]
    waiting = [p for p in problems if (p.cell, p.seed) not in store]
    total = sum(_cost(problem.cell) for problem in problems)
    done = total - sum(_cost(problem.cell) for problem in waiting)
    for result in finished(cell_result, waiting, executor):
        store.save(result)
        found.append(result)
        done += _cost(result.cell)
        if progress is not None:
            progress(done, total)
    return _table(protocol, cells, wanted, found)


def _table(
    protocol: RobustnessProtocol,
    cells: Sequence[Cell],
    seeds: Sequence[int],
    results: Sequence[CellResult],
) -> RobustnessTable:
    """Results in the order of cells and seeds, whatever order they came in."""
    place = {key: k for k, key in enumerate(_ordered(cells, seeds))}
    found = sorted(results, key=lambda result: place[(result.cell, result.seed)])
    return RobustnessTable(protocol, list(cells), list(seeds), found)


def stored_table(
    folder: PathLike,
    protocol: RobustnessProtocol,
    cells: Sequence[Cell],
    seeds: Sequence[int],
) -> RobustnessTable:
    """What a folder holds of these cells and seeds."""
    store = CellStore(folder, protocol)
    there = [key for key in _ordered(cells, seeds) if key in store]
    return _table(protocol, cells, seeds, [store.load(*key) for key in there])


def _seeds(seeds: Sequence[int]) -> list[int]:
    found = [int(seed) for seed in seeds]
    if not found or len(set(found)) < len(found):
        raise DomainError(f"seeds is {found}; expected one or more, each once")
    if min(found) < 0 or max(found) > LARGEST_SEED:
        raise DomainError(f"seeds is {found}; expected integers from 0 to {LARGEST_SEED}")
    return found


def _ordered(cells: Sequence[Cell], seeds: Sequence[int]) -> Iterator[tuple[Cell, int]]:
    """Small networks first, and of these a seed after the other: what is there soon is balanced."""
    for n in sorted({cell.n for cell in cells}):
        for seed in seeds:
            yield from ((cell, seed) for cell in cells if cell.n == n)


def _cost(cell: Cell) -> int:
    return cell.n**2
