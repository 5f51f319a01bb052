"""Processes that take work from a command."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def workers_for(count: int) -> Iterator[Executor | None]:
    """So many processes, 0 for one per core; None for one, which needs no other process.

    They leave Ctrl-C to the command, which ends them at once if it is left by an exception: nobody
    would take what they are at.
    """
    many = count or os.cpu_count() or 1
    if many == 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(many, mp_context=context, initializer=_deaf)
    try:
        yield executor
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _deaf() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
