"""How a training went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from heddle._core import DomainError
from heddle.plot.style import ACCENT, SECOND, look, new_figure

if TYPE_CHECKING:
    from heddle.training import Training


def losses(found: Training) -> Figure:
    """The loss of each step, that of the validation task where it was looked at, and the best.

    found  of `heddle.train`

    Raises DomainError where no step was taken.
    """
    if not found.losses.size:
        raise DomainError("no step was taken; there is nothing to draw")
    with look():
        figure = new_figure(5.6, 3.4)
        axes = figure.add_subplot()
        axes.semilogy(np.arange(found.losses.size), found.losses, color=ACCENT, lw=0.8, label="loss")
        if found.validation.size:
            steps = found.validation_steps * np.arange(found.validation.size)
            axes.semilogy(steps, found.validation, color=SECOND, lw=1.4, label="of new trials")
        if np.isfinite(found.best_loss):
            axes.plot(found.best_step, found.best_loss, "o", color=SECOND, ms=4, label="best")
        axes.set_xlabel("step")
        axes.set_ylabel("loss")
        axes.legend()
    return figure
