"""`heddle certify`: what is proven about all trajectories, or about all sequences of a library."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import typer

from heddle.commands import networks, options
from heddle.commands.certificates import certificate_data, print_certificate
from heddle.commands.contraction import contraction_data, print_contraction
from heddle.commands.linear_regimes import print_regime, regime_data
from heddle.commands.output import print_json, progress_bar, stdout


def certify(
    network: networks.Source,
    response: networks.ResponseName = None,
    bias: networks.Bias = None,
    form: networks.Form = "input",
    linear: networks.LinearUnits = None,
    norms: Annotated[str, typer.Option(help="Which of l1, linf and l2.")] = "l1,linf,l2",
    thalamic_bias: Annotated[
        float | None,
        typer.Option(
            help="Of a library: its motifs' thalamic units rectified, with this bias each.",
            show_default=False,
        ),
    ] = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """Prove that all trajectories of a network approach each other, or show why not.

    Slopes of rectified, tanh and softplus units lie between 0 and 1. Weighted ℓ1 and ℓ∞ norms are
    tried with their best weights; ℓ2 with the best ellipsoid for up to 60 units, which needs
    `pip install 'heddle[certify]'`. A library gets the certificate of `heddle perform --certify`,
    and the bias with which thalamic units that rectify stay linear.

    Examples:

        heddle certify gaussian:n=40,g=0.5 --response tanh

        heddle certify weights.npy --form rate --norms l1,linf --json

        heddle certify net.h5

        heddle certify net.h5 --thalamic-bias 1
    """
    import heddle

    library = _library(network)
    if library is None and thalamic_bias is not None:
        raise typer.BadParameter("--thalamic-bias needs a library that `heddle design` wrote")
    if library is None:
        found = _network(network, response, bias, form, linear, norms, seed)
        _show({"network": network, "contraction": contraction_data(found)}, json)
    elif thalamic_bias is None:
        with progress_bar("certifying") as progress:
            certificate = certify_library(library, threads, progress)
        with progress_bar("bounding thalamic drives") as progress:
            regime = heddle.linear_regime(library, threads=threads, progress=progress)
        data = {"certificate": certificate, "linear_regime": regime_data(regime, library.names)}
        _show({"library": network, **data}, json)
    else:
        _show({"library": network, "motifs": _motifs(library, thalamic_bias)}, json)


def certify_library(library: Any, threads: int, progress: Any) -> dict[str, Any]:
    import heddle

    found = heddle.certify(library, threads=threads, progress=progress)
    return certificate_data(found, library.names)


def _library(source: str) -> Any:
    from heddle import store

    return store.load_library(source) if networks.saved_kind(source) == "library" else None


def _network(
    source: str,
    response: str | None,
    bias: str | None,
    form: str,
    linear: str | None,
    norms: str,
    seed: int,
) -> Any:
    import heddle

    named = [norm.strip() for norm in norms.split(",") if norm.strip()]
    given = networks.read_network(source, response=response, bias=bias, seed=seed)
    system = networks.threshold_linear(given, form, linear) if linear is not None else given
    with progress_bar("certifying") as progress:
        return heddle.contraction(system, form=form, norms=named, progress=progress)


def _motifs(library: Any, bias: float) -> dict[str, Any]:
    """Each motif's loops with rectified thalamic units."""
    found = {}
    with progress_bar("certifying") as progress:
        for index, motif in enumerate(library.motifs):
            if progress is not None:
                progress(index, len(library.motifs))
            found[motif.motif.name] = _rectified_motif(library, motif, bias)
    return found


def _rectified_motif(library: Any, motif: Any, bias: float) -> dict[str, Any]:
    import heddle

    biases = np.full(motif.loops.u.shape[1], bias)
    system = heddle.rectified_loops(library.network, motif.loops, biases)
    return contraction_data(heddle.contraction(system))


def _show(data: dict[str, Any], json: bool) -> None:
    if json:
        print_json(data)
        return
    console = stdout()
    if "contraction" in data:
        print_contraction(console, data["contraction"])
    elif "certificate" in data:
        print_certificate(console, data["certificate"])
        print_regime(console, data["linear_regime"])
    else:
        for name, found in data["motifs"].items():
            console.print(f"[bold]{name}[/bold]")
            print_contraction(console, found)
