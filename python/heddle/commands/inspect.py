"""`heddle inspect`: what a file holds and what of it can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import Library
from heddle.commands import options
from heddle.commands.contraction import network_contraction, print_network_contraction
from heddle.commands.libraries import (
    library_data,
    print_library,
    print_transitions,
    transitions_data,
)
from heddle.commands.output import print_json, progress_bar, stdout
from heddle.commands.performances import item_data, performance_data, print_performance


def inspect(
    file: Annotated[Path, typer.Argument(help="What `heddle design` or `heddle perform` wrote.")],
    transitions: options.Transitions = True,
    spectra: Annotated[
        bool, typer.Option(help="Compute the rightmost eigenvalue with each motif's loops open.")
    ] = True,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """Show what a library or a performance holds: size, loops, spectra, gains, conditions, trust.

    Examples:

        heddle inspect net.h5

        heddle inspect net.h5 --no-transitions --no-spectra

        heddle inspect run.h5 --json
    """
    from heddle import store

    if store.kind_of(file) == "performance":
        _inspect_performance(file, json)
    else:
        _inspect_library(store.load_library(file), file, transitions, spectra, threads, json)


def _inspect_library(
    library: Library, file: Path, transitions: bool, spectra: bool, threads: int, json: bool
) -> None:
    data: dict[str, Any] = {"file": str(file), "kind": "library", **library_data(library)}
    data["contraction"] = network_contraction(library.network, library.spectrum)
    if spectra:
        _add_abscissas(data, library, threads)
    data["transitions"] = _transitions(library, threads) if transitions and len(library) else None
    if json:
        print_json(data)
        return
    console = stdout()
    print_library(console, data)
    print_network_contraction(console, data["contraction"])
    if data["transitions"]:
        print_transitions(console, data["transitions"], library.preparation.duration)


def _add_abscissas(data: dict[str, Any], library: Library, threads: int) -> None:
    import heddle

    with progress_bar("spectra") as progress:
        found = heddle.closed_spectra(library, library.names, threads=threads, progress=progress)
    for motif in data["motifs"]:
        motif["spectral_abscissa"] = float(found[motif["name"]].real.max())


def _transitions(library: Library, threads: int) -> dict[str, Any]:
    import heddle

    with progress_bar("transitions") as progress:
        found = heddle.transitions(library, threads=threads, progress=progress)
    return transitions_data(found, library.names)


def _inspect_performance(file: Path, json: bool) -> None:
    from heddle import store

    performance = store.load_performance(file)
    rows = [
        item_data(item, name)
        for item, name in zip(performance.items, performance.sequence, strict=True)
    ]
    data = {
        "file": str(file),
        "kind": "performance",
        "channels": performance.channels,
        "units": performance.units,
        **performance_data(performance, rows),
    }
    if json:
        print_json(data)
        return
    print_performance(stdout(), performance, data)
