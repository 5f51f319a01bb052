"""`heddle fixed-points`: all fixed points of a rectified network, and how we know."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import DomainError, FixedPoints, Network, ThresholdMap
from heddle.commands import maps, networks, options
from heddle.commands.output import fields_of, number, print_json, progress_bar, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture
from heddle.commands.smooth_points import print_smooth_points, smooth_points_data

MOST_ROWS = 40
PIECEWISE_LINEAR = ("linear", "rectified")


def fixed_points(
    network: networks.Source,
    response: networks.ResponseName = None,
    bias: networks.Bias = None,
    form: networks.Form = "input",
    linear: networks.LinearUnits = None,
    most_nodes: Annotated[
        int, typer.Option(min=1, help="Budget of each search, in partial supports.")
    ] = 20_000_000,
    parity: Annotated[
        bool, typer.Option(help="Check the sum of the indices where no closed form tells it.")
    ] = True,
    units: Annotated[
        str | None,
        typer.Option(help="Two state variables for the figure, as 0,3.", show_default=False),
    ] = None,
    starts: Annotated[
        int, typer.Option(min=1, help="Of a smooth network: states to search from.")
    ] = 64,
    map: maps.IsMap = False,
    figure: Picture = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """All fixed points of a rectified network, with a proof that none is missing; fixed points of
    a smooth network, each with a proof that it exists.

    Prints the support of each, whether it is stable, the largest real part of the eigenvalues of
    its region (a rate times τ), the distance to the nearest threshold and the residual; then what
    is proven. The picture shows states (stable ones filled) and eigenvalues.

    Examples:

        heddle fixed-points ctln:graph=edges.csv --figure points.png

        heddle fixed-points gaussian:n=40,g=1.5 --bias 1 --seed 3

        heddle fixed-points weights.npy --bias drive.csv --linear 0,1 --form rate

        heddle fixed-points gaussian:n=100,g=1.5 --response tanh --starts 64

        heddle fixed-points model.pt --map
    """
    import heddle

    require_kind_of_picture(figure)
    if maps.holds_map(network, map):
        model = maps.read_map(network, response=response, bias=bias, linear=linear)
        _of_map(model, figure, seed, threads, json)
        return
    chosen = networks.read_network(network, response=response, bias=bias, seed=seed)
    if chosen.response not in PIECEWISE_LINEAR:
        _of_smooth(chosen, form, linear, starts, figure, seed, threads, json)
        return
    pair = None if units is None else _pair(units, chosen.size)
    system = networks.threshold_linear(chosen, form, linear)
    with progress_bar("excluding supports") as progress:
        found = heddle.fixed_points(
            system, most_nodes=most_nodes, parity=parity, threads=threads, progress=progress
        )
    write_picture(figure, lambda: _picture(found, pair))
    if json:
        print_json({**_data(found), "figure": None if figure is None else str(figure)})
        return
    _say(found, figure)


def _of_map(map: ThresholdMap, figure: Path | None, seed: int, threads: int, json: bool) -> None:
    _refuse(figure, "--figure", "a map")
    found = maps.find_cycles(map, [1], seed=seed, threads=threads)
    if json:
        print_json(maps.data_of_maps(found)[0])
    else:
        maps.say_maps(found)


def _of_smooth(
    network: Network,
    form: str,
    linear: str | None,
    starts: int,
    figure: Path | None,
    seed: int,
    threads: int,
    json: bool,
) -> None:
    """In the network's own variables; those of the rate form correspond by x = W r + b."""
    import heddle

    named = isinstance(network.response, str)
    kind = f"a {network.response} network" if named else "a network of spiking populations"
    _refuse(figure, "--figure", kind)
    _refuse(linear, "--linear", kind)
    _refuse(None if form == "input" else form, "--form rate", kind)
    with progress_bar("searching from every start") as progress:
        found = heddle.smooth_fixed_points(
            network, starts=starts, seed=seed, threads=threads, progress=progress
        )
    data = smooth_points_data(found, network.tau)
    if json:
        print_json(data)
    else:
        print_smooth_points(stdout(), data)


def _refuse(value: Any, option: str, kind: str) -> None:
    if value is not None:
        raise DomainError(f"{option} is for rectified networks, and this is {kind}; leave it out")


def _pair(text: str, n: int) -> tuple[int, int]:
    try:
        first, second = (int(item) for item in text.split(","))
    except ValueError:
        raise DomainError(f"--units is {text!r}; give two, as 0,3") from None
    if not (0 <= first < n and 0 <= second < n):
        raise DomainError(f"--units is {text!r}; there are 0 to {n - 1}")
    return first, second


def _picture(found: FixedPoints, units: tuple[int, int] | None) -> Any:
    from heddle.plot.fixed_points import fixed_points as picture

    return picture(found, units=units)


def _data(found: FixedPoints) -> dict[str, Any]:
    return {**fields_of(found, "points"), "points": [fields_of(point) for point in found.points]}


def _support(support: list[int]) -> str:
    if not support:
        return "none"
    text = ",".join(str(unit) for unit in support)
    return text if len(text) <= 48 else f"{text[:45].rsplit(',', 1)[0]},… ({len(support)})"


def _kind(point: Any) -> str:
    if point.continuum:
        return "continuum"
    if point.degenerate:
        return "on a threshold"
    return "stable" if point.stable else "unstable"


def _say(found: FixedPoints, figure: Path | None) -> None:
    rows = [
        [
            _support(p.support),
            _kind(p),
            number(p.abscissa),
            f"{p.index:+d}" if p.index else "0",
            number(p.margin),
            number(p.residual),
        ]
        for p in found.points[:MOST_ROWS]
    ]
    console = stdout()
    if rows:
        columns = ["active units", "", "max Re λ", "index", "margin", "residual"]
        console.print(table(columns, rows))
        if len(found.points) > MOST_ROWS:
            console.print(f"… and {len(found.points) - MOST_ROWS} more; --json lists all.")
        console.print()
    console.print(found.statement, markup=False)
    console.print(f"{found.nodes:,} partial supports were looked at.", markup=False)
    if figure is not None:
        console.print(f"Wrote {figure}", markup=False)
