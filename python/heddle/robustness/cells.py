"""One cell and one seed of the table: made, trained or designed, and measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from heddle.robustness.architectures import (
    added_parts,
    performer,
    trained_parts,
    untrained,
    with_motif,
)
from heddle.robustness.measures import (
    CellResult,
    measure_added,
    measure_short,
    measure_words,
)
from heddle.robustness.parts import ADDED_STARTS, TRAINING_STARTS, Performer, Problem
from heddle.robustness.thalamocortical import designed
from heddle.training.run import Training, train
from heddle.training.values import TrainingTask
from heddle.training.words import motif_task

VALIDATION = 2**40  # a step that training does not reach


@dataclass(frozen=True, eq=False)
class _Library:
    """A network that performs its library, the same with a motif more, and how it came about."""

    library: Performer
    extended: Performer
    retrained: Performer | None  # the extended one, had shared parameters been trained on
    outcome: str
    reason: str = ""


def cell_result(problem: Problem) -> CellResult:
    """Trains or designs the network of a cell, and measures it."""
    made = (
        _trained(problem)
        if problem.cell.trained
        else _Library(*designed(problem), None, "designed")
    )
    before = measure_short(problem, made.library)
    kept = before.change(measure_short(problem, made.extended))
    shared = made.retrained
    return CellResult(
        cell=problem.cell,
        seed=problem.seed,
        single=before.single,
        pairs=before.pairs,
        words=measure_words(problem, made.library),
        interference=kept,
        unsegregated=np.nan if shared is None else before.change(measure_short(problem, shared)),
        added=measure_added(problem, made.extended),
        outcome=made.outcome,
        reason=made.reason,
    )


def _trained(problem: Problem) -> _Library:
    count = problem.protocol.motifs
    first = untrained(problem)
    found = _train(problem, first, list(range(count)), trained_parts(problem))
    library = performer(problem, found.trainable, count)
    grown = performer(problem, with_motif(problem, found.trainable, count), count + 1)
    apart = _train(problem, grown, [count], added_parts(problem))
    together = _train(problem, grown, [count], (*trained_parts(problem), *added_parts(problem)))
    return _Library(
        library,
        performer(problem, apart.trainable, count + 1),
        performer(problem, together.trainable, count + 1),
        found.outcome,
        found.reason,
    )


def _train(problem: Problem, begin: Performer, motifs: list[int], of: tuple[str, ...]) -> Training:
    """Adam on motifs from random initial states, new ones in every iteration.

    The network that is best from a set of initial states that it is not trained on is kept.
    """
    protocol, adding = problem.protocol, problem.protocol.motifs in motifs
    trials = np.repeat(motifs, protocol.batch)
    task = motif_task(begin.repertoire, trials)
    stream = ADDED_STARTS if adding else TRAINING_STARTS

    def batch(step: int) -> TrainingTask:
        random = problem.normals(stream, len(trials), problem.cell.n, batch=step)
        return replace(task, start=protocol.spread * random)

    return train(
        begin.trainable,
        batch,
        of=tuple(dict.fromkeys(of)),
        steps=protocol.added_iterations if adding else protocol.iterations,
        rate=protocol.rate * (100 / problem.cell.n),
        clip=protocol.clip,
        validation=batch(VALIDATION),
        threads=1,
    )
