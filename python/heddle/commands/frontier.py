"""`heddle frontier`: what a few loops can do to a network, at what cost, and how safely."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from heddle._core import DomainError, Frontier, Network, did_you_mean
from heddle.commands import options
from heddle.commands.output import fields_of, number, print_json, progress_bar, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture

TARGETS = "Targets"


def frontier(
    library: Annotated[
        Path | None,
        typer.Argument(
            help="A library: its network and, with --motif, a motif's eigenvalues.",
            show_default=False,
        ),
    ] = None,
    motif: Annotated[
        str | None, typer.Option(help="Motif of the library.", rich_help_panel=TARGETS)
    ] = None,
    targets: Annotated[
        str | None,
        typer.Option(
            help="Eigenvalues, such as 1+0.3i,0.98+0.1i; conjugates are added.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    line: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="So many targets with Re λ = 1 and Im λ evenly from -1 to 1; 20 if nothing else "
            "is asked.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    network: options.NetworkSpec = None,
    n: options.Units = None,
    g: options.Radius = None,
    most_loops: Annotated[int, typer.Option(min=1, help="Largest number of loops.")] = 16,
    tolerance: Annotated[
        float, typer.Option(help="Shift of an eigenvalue that can be borne.")
    ] = 1e-8,
    eta: Annotated[
        float, typer.Option(help="Relative noise of every weight; 2.2e-16 is rounding alone.")
    ] = 2.2e-16,
    figure: Picture = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """What can k loops do to this network, at what cost, and how safely?

    Places the same eigenvalues with 1, 2, … loops; prints gain, condition and the shift that noise
    of the weights causes, beside what the law of random weights and the network's own responses
    expect; says how many loops suffice.

    Examples:

        heddle frontier --line 50 --n 500 --g 1 --figure frontier.png

        heddle frontier --targets 1+0.3i,0.98+0.1i --network dale:n=400 --eta 1e-3 --tolerance 0.01

        heddle frontier net.h5 --motif a
    """
    import heddle

    require_kind_of_picture(figure)
    chosen, wanted = _question(library, motif, targets, line, network, n, g, seed)
    most = min(most_loops, len(chosen.bias))
    with progress_bar("placing with 1, 2, … loops") as progress:
        found = heddle.frontier(
            chosen,
            wanted,
            most_loops=most,
            tolerance=tolerance,
            eta=eta,
            seed=seed,
            threads=threads,
            progress=progress,
        )
    write_picture(figure, lambda: _picture(chosen, found, seed))
    if json:
        print_json({**_data(found), "figure": None if figure is None else str(figure)})
        return
    _say(found, figure)


def _question(
    library: Path | None,
    motif: str | None,
    targets: str | None,
    line: int | None,
    network: str | None,
    n: int | None,
    g: float | None,
    seed: int,
) -> tuple[Network, np.ndarray]:
    """The network and the targets that the options ask for."""
    import heddle

    named = {"--motif": motif, "--targets": targets, "--line": line}
    given = [name for name, value in named.items() if value is not None]
    if len(given) > 1:
        raise DomainError(f"{given[0]} and {given[1]} are both given; leave out one of them")
    if library is None:
        if motif is not None:
            raise DomainError("--motif is given without a library; name its file")
        return _network(network, n, g, seed), _wanted(targets, line)
    for name, value in {"--network": network, "--n": n, "--g": g}.items():
        if value is not None:
            raise DomainError(f"{name} and a library are both given; leave out one of them")
    known = heddle.load_library(library)
    if motif is None:
        return known.network, _wanted(targets, line)
    if motif not in known.names:
        hint = did_you_mean(motif, known.names)
        raise DomainError(f"--motif is {motif!r}, which {library} does not hold{hint}")
    return known.network, with_conjugates(known[motif].fit.eigenvalues)


def _network(network: str | None, n: int | None, g: float | None, seed: int) -> Network:
    from heddle.io import build_network

    settings = {name: value for name, value in {"n": n, "g": g}.items() if value is not None}
    with progress_bar("making the network") as progress:
        return build_network(
            network or "gaussian", channels=0, seed=seed, progress=progress, **settings
        )


def _wanted(targets: str | None, line: int | None) -> np.ndarray:
    if targets is not None:
        return with_conjugates(numbers_from(targets))
    count = 20 if line is None else line
    return 1 + 1j * np.linspace(-1, 1, count) if count > 1 else np.array([1 + 0j])


def numbers_from(text: str) -> list[complex]:
    """Complex numbers from "1+0.3i, 0.98"; i or j."""
    found = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(complex(item.replace(" ", "").replace("i", "j")))
        except ValueError:
            raise DomainError(
                f"--targets: found {item!r}, expected an eigenvalue such as 1+0.3i"
            ) from None
    if not found:
        raise DomainError("--targets names no eigenvalue; give some, such as 1+0.3i,0.98+0.1i")
    return found


def with_conjugates(values: Any) -> np.ndarray:
    """The same numbers and the conjugates that are missing."""
    listed = list(np.asarray(values, dtype=complex))
    missing = [value.conjugate() for value in listed if value.conjugate() not in listed]
    return np.array(listed + missing)


def _picture(network: Network, found: Frontier, seed: int) -> Any:
    from heddle.plot.frontier import frontier as picture

    return picture(network, found, seed=seed)


def _data(found: Frontier) -> dict[str, Any]:
    points = [fields_of(point) for point in found.points]
    return {**fields_of(found, "points", "bulk"), "bulk": fields_of(found.bulk), "points": points}


def _say(found: Frontier, figure: Path | None) -> None:
    rows = [
        [
            str(p.loops),
            number(p.gain),
            f"{number(p.response_gain)} ± {number(p.response_gain_deviation, 1)}",
            number(p.law_gain),
            number(max(p.condition)),
            number(max(p.law_condition)),
            number(max(p.error)),
            number(max(p.shift)),
            number(max(p.law_shift)),
            "yes" if p.suffices else "no",
        ]
        for p in found.points
    ]
    columns = ["loops", "gain", "other draws", "law", "condition", "law", "error", "shift", "law"]
    console = stdout()
    console.print(table([*columns, "suffice"], rows))
    console.print()
    console.print(advice(found), markup=False)
    if figure is not None:
        console.print(f"Wrote {figure}", markup=False)


def advice(found: Frontier) -> str:
    """How many loops suffice, in a sentence."""
    asked = (
        f"for {len(found.targets)} eigenvalues within {found.tolerance:g} "
        f"under weight noise {found.eta:g}"
    )
    law = f"the law says {found.enough_by_law}" if found.enough_by_law else "the law says more"
    if found.enough == 0:
        return (
            f"{len(found.points)} loops do not suffice {asked} ({law}); more loops, fewer targets "
            "or targets nearer the bulk would help."
        )
    verb = "loop suffices" if found.enough == 1 else "loops suffice"
    return f"{found.enough} {verb} {asked} ({law})."
