"""Independent computations here, or by any `concurrent.futures.Executor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def finished(
    work: Callable[[Task], Result], tasks: Sequence[Task], executor: Executor | None
) -> Iterator[Result]:
    """Results as they are ready; what has not begun when the caller leaves is not begun."""
    if executor is None:
        yield from map(work, tasks)
        return
    waiting = [executor.submit(work, task) for task in tasks]
    try:
        for future in as_completed(waiting):
            yield future.result()
    finally:
        for future in waiting:
            future.cancel()
