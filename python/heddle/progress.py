"""Several computations that report to one progress callback."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]


class Stages:
    """Maps the progress of computations that follow each other to one count.

    `sizes` are their shares of the whole; each stage reports in units of its own.
    """

    def __init__(self, progress: Progress | None, sizes: list[int]) -> None:
        self._progress = progress
        self._sizes = sizes
        self._next = 0

    def stage(self) -> Progress | None:
        """The callback of the next stage; None if nobody listens."""
        before, size, total = (
            sum(self._sizes[: self._next]),
            self._sizes[self._next],
            sum(self._sizes),
        )
        self._next += 1
        progress = self._progress
        if progress is None:
            return None
        return lambda done, of: progress(before + (size * done) // max(of, 1), total)
