"""Tasks that networks are trained on, as the field poses them.

A task is a value: `DelayedReach(longest_delay=1.5)`. Its method `batch(trials, seed, batch)` draws
trials as a `heddle.training.TrainingTask`, `conditions` says what was drawn, and `score(task,
outputs)` how well it was done. Any other task is made of arrays by `from_trials`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from heddle import _core
from heddle._core import (
    ContextIntegration,
    DelayedReach,
    FlipFlop,
    MemorySaccade,
    MotifProduction,
    ReadySetGo,
    SequenceProduction,
    TaskScore,
)

if TYPE_CHECKING:
    from heddle.training.values import TrainingTask

__all__ = [
    "ContextIntegration",
    "DelayedReach",
    "FlipFlop",
    "MemorySaccade",
    "MotifProduction",
    "ReadySetGo",
    "SequenceProduction",
    "TaskScore",
    "from_trials",
    "score",
]


def from_trials(
    h: float,
    targets: Sequence[ArrayLike],
    *,
    inputs: Sequence[ArrayLike] | None = None,
    weights: Sequence[ArrayLike] | None = None,
    pad: bool = False,
) -> TrainingTask:
    """A task of trials that are given as arrays.

    h        step, s
    targets  y* of each trial, shape (T + 1, d): the initial state has a sample, too
    inputs   s of each trial, shape (T, k)
    weights  m ≥ 0 of each trial, shape (T + 1,); all 1 if left out
    pad      whether shorter trials are filled up to the longest: inputs and targets go on as 0,
             with weights 0, so that what is added does not count

    Raises ShapeError naming the trial, as in trials[3].targets, for trials of unequal length unless
    they may be padded, and for other channels than those of the first; DomainError for numbers that
    are not finite and weights below 0. O(T · trials).
    """
    given = [[] if arrays is None else list(arrays) for arrays in (targets, inputs, weights)]
    return _core.task_from_trials(h, *given, pad)


def score(task: TrainingTask, outputs: ArrayLike, *, failure: float = 0.5) -> TaskScore:
    """The score of any task with targets: the error of each trial, relative to its movement.

    task     a TrainingTask
    outputs  y, shape (T + 1, trials, d), as task.targets
    failure  largest error of a correct trial

    Measure: √(Σ ‖y − y*‖² / Σ ‖y* − mean y*‖²) over the samples whose weight is above 0, each
    counted once. Correct: at most `failure`. Raises ShapeError for outputs of another shape, and
    DomainError for a trial in which nothing counts.
    """
    return _core.task_score(task, outputs, failure)
