"""`heddle cycles`: the limit cycles of a rectified network, with their multipliers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import CycleSearch, DomainError, ThresholdLinear
from heddle.commands import options
from heddle.commands.networks import (
    Bias,
    Form,
    LinearUnits,
    ResponseName,
    Source,
    read_network,
    threshold_linear,
)
from heddle.commands.output import number, print_json, progress_bar, stdout, table


def cycles(
    network: Source,
    response: ResponseName = None,
    bias: Bias = None,
    form: Form = "rate",
    linear: LinearUnits = None,
    starts: Annotated[int, typer.Option(min=1, help="Random initial states.")] = 32,
    duration: Annotated[
        float | None,
        typer.Option(help="Longest trajectory from each, s; 2000 τ.", show_default=False),
    ] = None,
    which: Annotated[
        int, typer.Option("--cycle", min=1, help="Which cycle of the table to draw.")
    ] = 1,
    figure: Annotated[
        Path | None,
        typer.Option(help="Draw one cycle: .png, .svg or .pdf.", show_default=False),
    ] = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """Which limit cycles does this rectified network have?

    Follows the exact flow from random initial states, refines what comes back near itself by
    Newton's method on dwell times, and reads the Floquet multipliers; stable and unstable cycles.
    The search is not exhaustive and says how many starts found nothing new.

    Examples:

        heddle cycles weights.npy --bias 1 --figure cycle.png

        heddle cycles gaussian:n=40,g=2 --bias 1 --form rate --starts 64

        heddle cycles net.h5 --linear 0,1,2 --json
    """
    import heddle

    _require_kind_of_picture(figure)
    system = threshold_linear(
        read_network(network, response=response, bias=bias, seed=seed), form, linear
    )
    with progress_bar("following trajectories") as progress:
        found = heddle.find_cycles(
            system,
            starts=starts,
            seed=seed,
            duration=duration or 0.0,
            threads=threads,
            progress=progress,
        )
    drawn = figure if figure is not None and _draw(figure, system, found, which) else None
    if json:
        print_json({**_data(found), "figure": None if drawn is None else str(drawn)})
        return
    _say(found, drawn, figure)


def _require_kind_of_picture(figure: Path | None) -> None:
    if figure is not None and figure.suffix not in (".png", ".svg", ".pdf"):
        raise DomainError(f"--figure is {str(figure)!r}; give a name that ends in .png, .svg, .pdf")


def _draw(path: Path, system: ThresholdLinear, found: CycleSearch, which: int) -> bool:
    """Whether there was a cycle to draw."""
    if not found.cycles:
        return False
    if which > len(found.cycles):
        raise DomainError(f"--cycle is {which}; {len(found.cycles)} were found")
    from heddle.files import replacing
    from heddle.plot.rectified import cycle as picture
    from heddle.plot.style import look

    with look(), replacing(path) as temporary:
        picture(system, found.cycles[which - 1]).savefig(temporary, format=path.suffix[1:])
    return True


def _data(found: CycleSearch) -> dict[str, Any]:
    cycles = []
    for one in found.cycles:
        data = {name: getattr(one, name) for name in one._fields}
        data["crossings"] = [
            {name: getattr(crossing, name) for name in crossing._fields}
            for crossing in one.crossings
        ]
        cycles.append(data)
    return {**{name: getattr(found, name) for name in found._fields}, "cycles": cycles}


def _say(found: CycleSearch, drawn: Path | None, asked: Path | None) -> None:
    columns = [
        "cycle",
        "period, ms",
        "regions",
        "largest |μ|",
        "stable",
        "margin",
        "residual",
        "|μ₁ − 1|",
        "starts",
        "trusted",
    ]
    rows = [
        [
            str(place),
            number(1e3 * one.period, 5),
            str(len(one.itinerary)),
            number(one.largest),
            "yes" if one.stable else "no",
            number(one.margin),
            number(one.residual, 2),
            number(one.trivial_error, 2),
            str(starts),
            "yes" if one.trusted else "no",
        ]
        for place, (one, starts) in enumerate(zip(found.cycles, found.starts_of, strict=True), 1)
    ]
    console = stdout()
    if rows:
        console.print(table(columns, rows))
        console.print()
    console.print(found.statement, markup=False)
    if drawn is not None:
        console.print(f"Wrote {drawn}", markup=False)
    elif asked is not None:
        console.print("No cycle was found, so there is nothing to draw.", markup=False)
