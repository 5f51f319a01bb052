"""How a simulation is going: biological time, real-time factor, time left."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from heddle.commands.output import number

Report = Callable[[int, int], bool]


@dataclass
class Running:
    """Has somebody asked a run to end?"""

    stopped: bool = False


@contextmanager
def running_bar(step: float, state: Running) -> Iterator[Report]:
    """What `simulate` reports to: a bar on stderr, if it is a terminal; False once stopped.

    step  ms: biological time is counted in it
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: not state.stopped
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[biological]}"),
        TextColumn("{task.fields[factor]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("drawing synapses", total=None, biological="", factor="")
        begin: list[tuple[float, int]] = []

        def report(done: int, total: int) -> bool:
            now = time.perf_counter()
            if not begin:
                begin.append((now, done))
            biological = done * step * 1e-3
            since = (done - begin[0][1]) * step * 1e-3
            factor = f"{(now - begin[0][0]) / since:.3g} s/s" if since > 0 else ""
            bar.update(
                task,
                description="simulating",
                completed=done,
                total=total,
                biological=f"{biological:.3g} of {total * step * 1e-3:.3g} s",
                factor=factor,
            )
            return not state.stopped

        yield report


@contextmanager
def training_bar(state: Running) -> Iterator[Callable[[int, int, float], bool]]:
    """What `train` reports to: a bar with the loss on stderr, if it is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, total, loss: not state.stopped
        return
    columns = (
        TextColumn("training"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("training", total=None, loss="–")

        def report(step: int, total: int, loss: float) -> bool:
            bar.update(shown, completed=step, total=total, loss=number(loss))
            return not state.stopped

        yield report


@contextmanager
def until_interrupted() -> Iterator[Running]:
    """Ctrl-C once: `stopped` is true. Twice: KeyboardInterrupt."""
    state = Running()

    def stop(*_: Any) -> None:
        if state.stopped:
            raise KeyboardInterrupt
        state.stopped = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield state
    finally:
        signal.signal(signal.SIGINT, before)
