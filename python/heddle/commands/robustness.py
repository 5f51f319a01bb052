"""`heddle robustness`: are sequences of motifs as robust as single ones?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from heddle._core import DomainError, did_you_mean
from heddle.commands import options
from heddle.commands.output import print_json
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture
from heddle.commands.robustness_output import data_of, say
from heddle.commands.workers import workers_for
from heddle.progress import Progress as Report

if TYPE_CHECKING:
    from heddle.robustness import RobustnessProtocol, RobustnessTable

PREPARATIONS = {"both": (False, True), "without": (False,), "with": (True,)}
WHAT = "What is compared"
HOW = "Training and measuring"


def _count(help_text: str) -> Any:
    return typer.Option(help=help_text, rich_help_panel=HOW, show_default=False)


def robustness(
    folder: Annotated[
        Path, typer.Argument(help="Where finished cells are kept; goes on if it is there.")
    ],
    architectures: Annotated[
        str,
        typer.Option(
            help="Of additive, multiplicative, loops, thalamocortical.", rich_help_panel=WHAT
        ),
    ] = "additive,multiplicative,loops,thalamocortical",
    preparation: Annotated[
        str, typer.Option(help="both, with or without.", rich_help_panel=WHAT)
    ] = "both",
    responses: Annotated[
        str, typer.Option(help="Of linear, rectified, tanh.", rich_help_panel=WHAT)
    ] = "linear,rectified,tanh",
    sizes: Annotated[str, typer.Option(help="Numbers of units.", rich_help_panel=WHAT)] = (
        "100,300,500"
    ),
    seeds: Annotated[
        int, typer.Option(min=1, help="Networks a cell, from --seed on.", rich_help_panel=WHAT)
    ] = 5,
    motifs: Annotated[int | None, _count("Motifs of a library; 10.")] = None,
    duration: Annotated[float | None, _count("Of a motif, in τ; 50.")] = None,
    iterations: Annotated[int | None, _count("Of Adam, on the library; 1500.")] = None,
    added_iterations: Annotated[int | None, _count("On a motif that is added; 300.")] = None,
    batch: Annotated[int | None, _count("Trials of a motif in an iteration; 3.")] = None,
    rate: Annotated[float | None, _count("Of Adam, times 100 / n; 3e-3.")] = None,
    step: Annotated[float | None, _count("Of Euler's steps, in τ; 0.25.")] = None,
    spread: Annotated[float | None, _count("Deviation of initial states; 0.5.")] = None,
    starts: Annotated[int | None, _count("Initial states of each motif and pair; 4.")] = None,
    words: Annotated[int | None, _count("Long words; 4.")] = None,
    word_length: Annotated[int | None, _count("Motifs of each of them; 1000.")] = None,
    failure: Annotated[float | None, _count("nRMSE above which a motif failed; 0.5.")] = None,
    figure: Picture = None,
    seed: options.Seed = 0,
    workers: Annotated[
        int,
        typer.Option(min=0, help="Processes; 0 for one per core. Any number gives the same bits."),
    ] = 0,
    json: options.Json = False,
) -> None:
    """Are sequences of motifs as robust as single ones? A table over architectures.

    Networks with motif-specific inputs, gains or loops, trained from random initial states, beside
    designed thalamocortical ones, with and without a preparation between motifs: errors of single
    motifs, of all ordered pairs and of long words, and what adding a motif does to the others.
    Ctrl-C keeps the cells that are finished; the same command goes on.

    Examples:

        heddle robustness table/ --sizes 100 --seeds 5 --figure table.png

        heddle robustness quick/ --sizes 40 --motifs 3 --iterations 200 --word-length 50
        --architectures loops,thalamocortical --responses tanh --seeds 2
    """
    require_kind_of_picture(figure)
    given = {name: value for name, value in locals().items() if name in _settings()}
    protocol = _protocol(given)
    chosen: dict[str, Any] = {
        "architectures": _words(architectures, "--architectures"),
        "preparation": _preparations(preparation),
        "responses": _words(responses, "--responses"),
        "sizes": _sizes(sizes),
        "seeds": range(seed, seed + seeds),
    }
    found = _computed(folder, protocol, chosen, workers)
    write_picture(figure, lambda: _picture(found))
    if json:
        print_json(data_of(found) | {"figure": None if figure is None else str(figure)})
        return
    say(found, figure)


def _settings() -> tuple[str, ...]:
    return (
        "motifs",
        "duration",
        "iterations",
        "added_iterations",
        "batch",
        "rate",
        "step",
        "spread",
        "starts",
        "words",
        "word_length",
        "failure",
    )


def _protocol(given: dict[str, Any]) -> RobustnessProtocol:
    from heddle.robustness import RobustnessProtocol

    return replace(RobustnessProtocol(), **{k: v for k, v in given.items() if v is not None})


def _computed(
    folder: Path, protocol: RobustnessProtocol, chosen: dict[str, Any], workers: int
) -> RobustnessTable:
    """The table; after Ctrl-C what is finished of it, if anything is."""
    import heddle
    from heddle.robustness.protocol import cells_of
    from heddle.robustness.table import stored_table

    try:
        with _bar() as progress, workers_for(workers) as executor:
            return heddle.robustness_table(
                folder, protocol, executor=executor, progress=progress, **chosen
            )
    except KeyboardInterrupt:
        cells = cells_of(
            *(chosen[k] for k in ("architectures", "preparation", "responses", "sizes"))
        )
        found = stored_table(folder, protocol, cells, list(chosen["seeds"]))
        if not found.results:
            raise
        return found


@contextmanager
def _bar() -> Iterator[Report | None]:
    """The share of the work that is done, and the time left; on stderr if it is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("cells, weighted by n²"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=False),
    )
    with Progress(*columns, console=console, transient=True, speed_estimate_period=3600) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _words(text: str, option: str) -> list[str]:
    found = [word for word in (part.strip() for part in text.split(",")) if word]
    if not found:
        raise DomainError(f"{option} names nothing; give names with commas between them")
    return found


def _preparations(text: str) -> tuple[bool, ...]:
    if text not in PREPARATIONS:
        raise DomainError(f"--preparation is {text!r}{did_you_mean(text, list(PREPARATIONS))}")
    return PREPARATIONS[text]


def _sizes(text: str) -> list[int]:
    try:
        return [int(word) for word in _words(text, "--sizes")]
    except ValueError:
        raise DomainError(f"--sizes is {text!r}; give numbers of units, as 100,300") from None


def _picture(found: RobustnessTable) -> Any:
    from heddle.plot.robustness import robustness as picture

    return picture(found)
