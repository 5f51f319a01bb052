"""Where a performed sequence lies on the page and in time; shared by report and figures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError

if TYPE_CHECKING:
    from heddle.performance import Performance

Array = NDArray[np.float64]

ONE_LINE = 12.0  # width over height of a line up to which a word stays on one line
PAGE = 2.2  # width over height of the page that longer sequences are set on
LEADING = 1.25  # distance of two lines over the height of a line
GAP = 0.12  # white space after a motif without an advance of its own, over the height of a line


@dataclass(frozen=True)
class Drawing:
    """The channels that move the pen; `pen` is None where it is always down."""

    x: int
    y: int
    pen: int | None


def drawing(channels: list[str]) -> Drawing | None:
    """The channels called x, y and pen, or None if the motifs are no drawings."""
    if "x" not in channels or "y" not in channels:
        return None
    pen = channels.index("pen") if "pen" in channels else None
    return Drawing(channels.index("x"), channels.index("y"), pen)


@dataclass(frozen=True)
class Stretch:
    """One motif in time, s: prepared from `start`, performed from `open` to `end`."""

    start: float
    open: float
    end: float


def stretches(performance: Performance) -> list[Stretch]:
    """When each motif is prepared and performed."""

    def stretch(name: str, item: object) -> Stretch:
        opened = item.start + item.preparation_dt * (len(item.preparation) - 1)
        duration = performance.motifs[name].dt * (len(item.output) - 1)
        return Stretch(item.start, opened, opened + duration)

    return [stretch(*pair) for pair in zip(performance.sequence, performance.items, strict=True)]


def progress(preparation: Array, pen: Drawing) -> Array:
    """How much of the shift to the next origin is made at each sample of a preparation, 0 to 1.

    The page moves in step with the outputs: as far as they have come to their last value. So the
    pen goes from the end of one motif to the start of the next without a detour.
    """
    points = np.asarray(preparation)[:, [pen.x, pen.y]]
    away = np.linalg.norm(points - points[-1], axis=1)
    if away[0] == 0.0:
        return np.linspace(0.0, 1.0, len(away))
    return np.maximum.accumulate(np.clip(1.0 - away / away[0], 0.0, 1.0))


def _box(performance: Performance, pen: Drawing) -> tuple[float, float]:
    """Lowest and highest y of the motifs in the sequence."""
    heights = [performance.motifs[name].values[:, pen.y] for name in set(performance.sequence)]
    return min(float(y.min()) for y in heights), max(float(y.max()) for y in heights)


def _steps(performance: Performance, pen: Drawing, height: float) -> dict[str, tuple[float, float]]:
    """For every motif, how far its origin lies from its left edge, and its advance."""
    advances = performance.advances or {}

    def step(name: str) -> tuple[float, float]:
        if name in advances:
            return 0.0, float(advances[name])
        x = performance.motifs[name].values[:, pen.x]
        return -float(x.min()), float(np.ptp(x)) + GAP * height

    return {name: step(name) for name in set(performance.sequence)}


def _breaks(widths: Array, limit: float) -> list[int]:
    """Positions at which a new line starts, filled greedily."""
    starts, used = [0], 0.0
    for i, width in enumerate(widths):
        if i > starts[-1] and used + width > limit:
            starts.append(i)
            used = 0.0
        used += width
    return starts


def offsets(performance: Performance) -> Array:
    """Shift of every motif of the sequence on the page, shape (items, 2).

    Every motif is performed around its own origin. On the page its x is shifted by the advances of
    the motifs before it; a sequence wider than twelve times its height is set in lines.
    """
    pen = drawing(performance.channels)
    if pen is None:
        raise DomainError(f"channels: found {performance.channels}, a drawing needs x and y")
    low, high = _box(performance, pen)
    height = max(high - low, 1e-12)
    steps = _steps(performance, pen, height)
    widths = np.array([steps[name][1] for name in performance.sequence])
    total = float(widths.sum())
    limit = np.inf if total <= ONE_LINE * height else np.sqrt(total * PAGE * LEADING * height)
    shift = np.empty((len(widths), 2))
    lines = [*_breaks(widths, limit), len(widths)]
    for line, (first, stop) in enumerate(pairwise(lines)):
        shift[first:stop, 0] = np.concatenate([[0.0], np.cumsum(widths[first : stop - 1])])
        shift[first:stop, 1] = -line * LEADING * height
    shift[:, 0] += [steps[name][0] for name in performance.sequence]
    return shift
