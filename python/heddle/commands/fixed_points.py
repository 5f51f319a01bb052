"""`heddle fixed-points`: all fixed points of a rectified network, and how we know."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import DomainError, FixedPoints, Network
from heddle.commands import networks, options
from heddle.commands.output import number, print_json, progress_bar, stdout, table

MOST_ROWS = 40


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
    figure: Annotated[
        Path | None,
        typer.Option(help="Write the picture: .png, .svg or .pdf.", show_default=False),
    ] = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """All fixed points of a rectified network, with a proof that none is missing.

    Prints the support of each, whether it is stable, the largest real part of the eigenvalues of
    its region (a rate times τ), the distance to the nearest threshold and the residual; then what
    is proven. The picture shows states (stable ones filled) and eigenvalues.

    Examples:

        heddle fixed-points ctln:graph=edges.csv --figure points.png

        heddle fixed-points gaussian:n=40,g=1.5 --bias 1 --seed 3

        heddle fixed-points weights.npy --bias drive.csv --linear 0,1 --form rate
    """
    _require_kind_of_picture(figure)
    chosen = networks.read_network(network, response=response, bias=bias, seed=seed)
    pair = None if units is None else _pair(units, chosen.size)
    found = _found(chosen, form, linear, most_nodes, parity, threads)
    if figure is not None:
        _draw(figure, found, pair)
    if json:
        print_json({**_data(found), "figure": None if figure is None else str(figure)})
        return
    _say(found, figure)


def _found(
    network: Network, form: str, linear: str | None, most_nodes: int, parity: bool, threads: int
) -> FixedPoints:
    import heddle

    if network.response not in ("rectified", "linear"):
        raise DomainError(
            f"the network's response is {network.response}; --response rectified or linear would "
            "work"
        )
    system = networks.threshold_linear(network, form, linear)
    with progress_bar("excluding supports") as progress:
        return heddle.fixed_points(
            system, most_nodes=most_nodes, parity=parity, threads=threads, progress=progress
        )


def _pair(text: str, n: int) -> tuple[int, int]:
    try:
        first, second = (int(item) for item in text.split(","))
    except ValueError:
        raise DomainError(f"--units is {text!r}; give two, as 0,3") from None
    if not (0 <= first < n and 0 <= second < n):
        raise DomainError(f"--units is {text!r}; there are 0 to {n - 1}")
    return first, second


def _require_kind_of_picture(figure: Path | None) -> None:
    if figure is not None and figure.suffix not in (".png", ".svg", ".pdf"):
        raise DomainError(f"--figure is {str(figure)!r}; give a name that ends in .png, .svg, .pdf")


def _draw(path: Path, found: FixedPoints, units: tuple[int, int] | None) -> None:
    from heddle.files import replacing
    from heddle.plot.fixed_points import fixed_points as picture
    from heddle.plot.style import look

    with look(), replacing(path) as temporary:
        picture(found, units=units).savefig(temporary, format=path.suffix[1:])


def _data(found: FixedPoints) -> dict[str, Any]:
    fields = {name: getattr(found, name) for name in found._fields if name != "points"}
    points = [{name: getattr(p, name) for name in p._fields} for p in found.points]
    return {**fields, "points": points}


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
