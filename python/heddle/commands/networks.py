"""The network that a command line names, with its response and its bias."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from heddle._core import DomainError, Network, ThresholdLinear
from heddle.commands.output import fields_of

Source = Annotated[
    str,
    typer.Argument(
        metavar="NETWORK",
        help="gaussian:n=40,g=1.5, dale, low_rank:outliers=1.4, …; a file of weights (.npy, .npz, "
        ".csv, .mat, .h5); or what Heddle saved.",
    ),
]
ResponseName = Annotated[
    str | None, typer.Option(help="linear, rectified, tanh or softplus.", show_default=False)
]
Bias = Annotated[
    str | None,
    typer.Option(
        help="Bias b of every unit: a number, or a file with one for each unit.",
        show_default=False,
    ),
]
Form = Annotated[
    str,
    typer.Option(help="input: τ ẋ = −x + W φ(x) + b; rate: τ ṙ = −r + φ(W r + b)."),
]
LinearUnits = Annotated[
    str | None,
    typer.Option("--linear", help="Units that stay linear, as 3,17,20.", show_default=False),
]


def read_network(
    source: str, *, response: str | None, bias: str | None, seed: int, default: str = "rectified"
) -> Network:
    """The network of a description or a file; of a saved one, with its own response and bias.

    default  the response of a network whose description and kind say nothing of it
    """
    if saved_kind(source) in {"network", "library"}:
        return _changed(_saved(source), response, bias)
    import heddle

    if response is None and not _names_response(source):
        response = default
    given = {} if response is None else {"response": response}
    return _changed(heddle.build_network(source, channels=0, seed=seed, **given), None, bias)


def _names_response(source: str) -> bool:
    from heddle.io.networks import KINDS, parse_network_spec

    described = parse_network_spec(source)
    return "response" in {**KINDS[described["kind"]].common, **described}


def threshold_linear(network: Network, form: str, linear: str | None) -> ThresholdLinear:
    """The network in the form that is asked for, with some units left linear."""
    import heddle

    forms = {"input": heddle.input_form, "rate": heddle.rate_form}
    if form not in forms:
        raise DomainError(f"form is {form!r}; expected input or rate")
    if linear is None:
        return forms[form](network)
    left = set(_units(linear))
    if unknown := sorted(left - set(range(network.size))):
        raise DomainError(
            f"linear names unit {unknown[0]}; there are units 0 to {network.size - 1}"
        )
    return forms[form](network, [unit for unit in range(network.size) if unit not in left])


def saved_kind(source: str) -> str | None:
    """ "library", "network" or "performance"; None for what Heddle did not save."""
    from heddle import store
    from heddle._core import Error

    if not Path(source).is_file() or Path(source).suffix not in {".h5", ".hdf5"}:
        return None
    try:
        return store.kind_of(source)
    except (Error, OSError):
        return None  # an HDF5 file of weights


def _saved(source: str) -> Network:
    from heddle import store

    return store.load_network(source)


def _changed(network: Network, response: str | None, bias: str | None) -> Network:
    if response is None and bias is None:
        return network
    fields = fields_of(network)
    if response is not None:
        fields["response"] = response
    if bias is not None:
        fields["bias"] = _bias(bias, network.size)
    return Network(**fields)


def _bias(text: str, n: int) -> np.ndarray:
    try:
        return np.full(n, float(text))
    except ValueError:
        pass
    from heddle.io.weights import read_vector

    found = read_vector(text)
    if found.size != n:
        raise DomainError(f"bias: {text} holds {found.size} numbers; expected {n}, one per unit")
    return found


def _units(text: str) -> list[int]:
    try:
        return [int(item) for item in text.split(",") if item.strip()]
    except ValueError as error:
        raise DomainError(f"linear is {text!r}; give units as 3,17,20") from error
