"""Training: from a network and what is asked of it to the best network that was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from heddle import _core
from heddle._core import Constraint, Network
from heddle.files import PathLike
from heddle.training.arrays import network_parameters, task_arrays, trainable_network
from heddle.training.checkpoint import Recipe, continued, keep
from heddle.training.values import Array, TrainableNetwork, TrainingTask

TaskOfStep = Callable[[int], TrainingTask]
Progress = Callable[[int, int, float], object]

CALL = 0.25  # s between looks at progress, as steps allow
KEEP = 30.0  # s between checkpoints


@dataclass(frozen=True, eq=False)
class Training:
    """What a training led to."""

    trainable: TrainableNetwork  # the best: of the least loss, of validation if there is a task
    last: TrainableNetwork  # after the last step
    losses: Array  # of each step's task, before the step, (steps,)
    validation: Array  # losses of the validation task, every `validation_steps` steps from 0
    validation_steps: int
    best_loss: float  # inf if no loss was finite
    best_step: int  # steps that led to the best
    steps: int  # steps that were taken
    outcome: str  # "finished", "target", "patience", "diverged" or "interrupted"
    reason: str  # in words, with numbers

    def __repr__(self) -> str:
        return f"Training({self.outcome} after {self.steps} steps, best loss {self.best_loss:.4g})"


def train(
    trainable: TrainableNetwork | Network,
    task: TrainingTask | TaskOfStep,
    *,
    of: Sequence[str] = ("loops", "readout"),
    constraints: Sequence[Constraint] = (),
    optimiser: str = "adam",
    steps: int = 1000,
    rate: float = 1e-3,
    halving: float = 0.0,
    clip: float | None = 1.0,
    window: int | None = None,
    evaluations: int = 30,
    validation: TrainingTask | None = None,
    validation_steps: int = 10,
    target: float | None = None,
    patience: int | None = None,
    improvement: float = 1e-3,
    checkpoint: PathLike | None = None,
    threads: int = 0,
    progress: Progress | None = None,
    **more: float,
) -> Training:
    """Trains chosen parameters of a network by gradients through time.

    A step of Adam, of the parameters θ with gradient g, is

        m ← β₁ m + (1 − β₁) g ,   s ← β₂ s + (1 − β₂) g² ,
        θ ← P(θ − α (m / (1 − β₁ᵏ)) / (√(s / (1 − β₂ᵏ)) + ε)) ,

    where P moves each parameter to the nearest one that satisfies its constraint. A step of L-BFGS
    minimises the loss of its task in at most `evaluations` evaluations.

    trainable    a TrainableNetwork, or a Network
    task         a TrainingTask, or a function of the step that returns one, the same for the same
                 step: `lambda step: flip_flop.batch(64, seed=1, batch=step)`
    of           what is trained: some of "weights", "loops", "loops[0]", "loops[0].u", "bias",
                 "input", "readout", "initial", "gains"
    constraints  Constraints, at most one a parameter
    optimiser    "adam", or "lbfgs" (for tasks that are the same at every step, or nearly)
    steps        of the whole training; with a checkpoint, those that it holds included
    rate         Adam's α; it halves every `halving` steps (0: never)
    clip         Adam: a gradient longer than this is scaled to this length; None: never
    window       K: gradients are cut every K steps; full if left out
    validation   a task to judge by, every `validation_steps` steps; without one each step's own
                 task judges
    target       training ends once the loss is no larger
    patience     … after so many steps without an `improvement`, relative to the best loss
    checkpoint   a file: what is there is gone on from, to the same bits as if it had never stopped;
                 it is written every 30 s, at the end, and on Ctrl-C
    threads      0: one per core; any number gives the same bits
    progress     told (step, steps, loss) a few times a second; training ends if it returns False
    more         mean_decay β₁ (0.9), square_decay β₂ (0.999), epsilon ε (1e-8), explosion (1e8: a
                 gradient of this length ends training), memory (10, of L-BFGS)

    Returns a Training: where states, loss or gradient are not finite or explode, with outcome
    "diverged", the step in words, and the best network until then. Raises ShapeError or DomainError
    naming the argument before the step that needs it; FormatError for a checkpoint of another
    training. Costs a `value_and_gradient` a step, and O(n³) more with a constraint on a rank.
    Kingma & Ba (2015), ICLR; Nocedal (1980), Math Comput 35:773.
    """
    trainable = _with_initial(trainable)
    options = _core.TrainingOptions(
        steps=steps,
        rate=rate,
        halving=halving,
        clip=0.0 if clip is None else clip,
        window=window,
        evaluations=evaluations,
        validation_steps=validation_steps,
        target=target,
        patience=patience,
        improvement=improvement,
        **more,
    )
    recipe = Recipe(
        start=network_parameters(trainable),
        of=[of] if isinstance(of, str) else list(of),
        constraints=list(constraints),
        optimiser=optimiser,
        options=options,
        task=None if callable(task) else task_arrays(task),
        validation=None if validation is None else task_arrays(validation),
    )
    run = _Run(recipe, task if callable(task) else None, checkpoint, threads)
    end, reason = run.to_end(progress)
    return _training(run.state, options, end, reason)


class _Run:
    """A state on its way; whoever interrupts it finds the last one that is whole."""

    def __init__(
        self,
        recipe: Recipe,
        tasks: TaskOfStep | None,
        checkpoint: PathLike | None,
        threads: int,
    ) -> None:
        self.recipe, self.tasks, self.checkpoint = recipe, tasks, checkpoint
        self.threads = threads
        self.state = continued(recipe, checkpoint)
        self.kept = self.state.step

    def to_end(self, progress: Progress | None) -> tuple[str, str]:
        try:
            end, reason = self._advance_while(progress)
        except BaseException:
            if self.state.step > self.kept:
                self._keep()
            raise
        self._keep()
        return end, reason

    def _advance_while(self, progress: Progress | None) -> tuple[str, str]:
        """To the end of training, or until progress says False."""
        most, saved = 1, time.monotonic()
        while True:
            before = time.monotonic()
            end, reason = self._advance(most)
            now = time.monotonic()
            if end != "paused":
                return end, reason
            if progress is not None and self._tell(progress) is False:
                return "interrupted", f"interrupted after {self.state.step} steps"
            if now - saved > KEEP:
                self._keep()
                saved = now
            asked = min(2 * most, self.recipe.options.steps)
            most = max(1, min(asked, int(most * CALL / max(now - before, 1e-6))))

    def _advance(self, most: int) -> tuple[str, str]:
        recipe = self.recipe
        task = recipe.task if self.tasks is None else task_arrays(self.tasks(self.state.step))
        self.state, end, reason = _core.train(
            self.state,
            task,
            recipe.of,
            recipe.constraints,
            recipe.optimiser,
            recipe.options,
            recipe.validation,
            most if self.tasks is None else 1,
            self.threads,
        )
        return end, reason

    def _tell(self, progress: Progress) -> Any:
        losses = self.state.losses
        return progress(self.state.step, self.recipe.options.steps, losses[-1])

    def _keep(self) -> None:
        if self.checkpoint is None:
            return
        keep(self.checkpoint, self.recipe, self.state)
        self.kept = self.state.step


def _with_initial(trainable: TrainableNetwork | Network) -> TrainableNetwork:
    """The network with an initial state, so that it can be trained: 0 if it was left out."""
    if isinstance(trainable, Network):
        trainable = TrainableNetwork(trainable)
    if trainable.initial is not None:
        return trainable
    return replace(trainable, initial=np.zeros(trainable.network.bias.size))


def _training(
    state: _core.TrainingState,
    options: _core.TrainingOptions,
    end: str,
    reason: str,
) -> Training:
    return Training(
        trainable=trainable_network(state.best),
        last=trainable_network(state.network),
        losses=np.array(state.losses),
        validation=np.array(state.validation),
        validation_steps=options.validation_steps,
        best_loss=state.best_loss,
        best_step=state.best_step,
        steps=state.step,
        outcome=end,
        reason=reason,
    )
