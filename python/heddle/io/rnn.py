"""Piecewise-linear RNNs in discrete time, from NPZ files, PyTorch state dicts and safetensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from heddle import _core
from heddle._core import DomainError, FormatError, ShapeError, ThresholdMap, did_you_mean
from heddle.io.safetensors_file import read_safetensors

KINDS = (".npz", ".pt", ".pth", ".safetensors")
LAYER = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
CELL = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
PLRNN = ("A", "W", "h")
SHALLOW = ("A", "W1", "W2", "h1", "h2")
# The arrays of each form: those it needs and those it may have.
FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "shallow PLRNN": (SHALLOW, ("clipped",)),
    "PLRNN": (PLRNN, ("rectified",)),
    "torch.nn.RNN": (("weight_hh_l0",), LAYER),
    "torch.nn.RNNCell": (("weight_hh",), CELL),
}


def read_rnn(
    source: str | PathLike[str] | Mapping[str, Any],
    *,
    prefix: str | None = None,
    input: npt.ArrayLike | None = None,
    rectified: Sequence[int] | None = None,
    clipped: bool | None = None,
) -> ThresholdMap:
    """The ThresholdMap z' = A z + P [Q z + c]₊ + h of an RNN that was trained elsewhere.

    source     a file, .npz, .pt or .pth (a PyTorch state dict, read without torch and without
               running anything in it) or .safetensors; or a mapping of names to arrays
    prefix     which module of a state dict, such as "rnn"; needed if several would do
    input      constant input u of a torch.nn.RNN, shape (inputs,); zero
    rectified  units of a PLRNN that are rectified, if only some are (an almost-linear RNN)
    clipped    whether a shallow PLRNN is the clipped one

    By the names of its arrays it is one of

    PLRNN             A (n,) or (n, n), W, h: z' = A z + W [z]₊ + h; rectified, indices of units
    shallow PLRNN     A, W1, W2, h1, h2: z' = A z + W₁ [W₂ z + h₂]₊ + h₁; clipped
    torch.nn.RNN      weight_hh_l0, weight_ih_l0, bias_hh_l0, bias_ih_l0: z' = [W_hh z + b_hh + b_ih
                      + W_ih u]₊, for nonlinearity="relu", which a state dict does not tell
    torch.nn.RNNCell  the same without _l0

    Raises FormatError for a file or names that are none of these (LSTM, GRU and several layers
    among them), with a did-you-mean; DomainError and ShapeError for what does not fit.
    """
    if isinstance(source, Mapping):
        label, arrays = "the mapping", {str(k): np.asarray(v) for k, v in source.items()}
    else:
        label, arrays = fspath(source), _arrays(Path(source))
    _refuse_other_cells(label, arrays)
    form, found = _module(label, arrays, prefix)
    _refuse_unused(form, input=input, rectified=rectified, clipped=clipped)
    values = {name: _numbers(label, name, array) for name, array in found.items()}
    if form == "shallow PLRNN":
        flag = bool(np.any(values.pop("clipped", 0))) if clipped is None else clipped
        return _core.shallow_plrnn(
            _square(values["A"]), *(values[name] for name in SHALLOW[1:]), clipped=flag
        )
    if form == "PLRNN":
        units = values["rectified"] if rectified is None and "rectified" in values else rectified
        units = None if units is None else [int(unit) for unit in np.ravel(units)]
        return _core.plrnn(_square(values["A"]), values["W"], values["h"], rectified=units)
    return _recurrent(label, {name.removesuffix("_l0"): a for name, a in values.items()}, input)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise FormatError(f"{path} is no file; give one of {', '.join(KINDS)}")
    kind = path.suffix.lower()
    if kind in (".pt", ".pth"):
        from heddle.io.torch_file import read_torch

        return read_torch(path)
    if kind == ".safetensors":
        return {name: tensor.values for name, tensor in read_safetensors(path).items()}
    if kind != ".npz":
        raise FormatError(f"{path} is of unknown kind {kind!r}; give one of {', '.join(KINDS)}")
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except Exception as error:  # whatever the decoder meets first
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FormatError(f"{path} cannot be read as .npz ({reason}); write it anew") from error


def _refuse_other_cells(label: str, arrays: Mapping[str, np.ndarray]) -> None:
    for name, array in arrays.items():
        last = name.rpartition(".")[2]
        if last.endswith("_reverse"):
            raise FormatError(f"{label} holds {name}, a bidirectional RNN; give one direction")
        if last.startswith("weight_hh_l") and last != "weight_hh_l0":
            raise FormatError(f"{label} holds {name}, an RNN of several layers; expected one layer")
        if last in ("weight_hh", "weight_hh_l0") and array.ndim == 2:
            gates = array.shape[0] / max(1, array.shape[1])
            if gates in (3, 4):
                cell = "GRU" if gates == 3 else "LSTM"
                raise FormatError(
                    f"{label} holds a {cell}, whose {name} has {int(gates)} gates; expected a "
                    "piecewise-linear RNN, such as torch.nn.RNN(nonlinearity='relu')"
                )


def _module(
    label: str, arrays: Mapping[str, np.ndarray], prefix: str | None
) -> tuple[str, dict[str, np.ndarray]]:
    """The form and the arrays, without their prefix, of the module that is an RNN."""
    modules: dict[str, dict[str, np.ndarray]] = {}
    for name, array in arrays.items():
        module, _, last = name.rpartition(".")
        modules.setdefault(module, {})[last] = array
    if prefix is not None:
        if prefix not in modules:
            hint = did_you_mean(prefix, list(modules))
            raise DomainError(f"prefix: {label} holds no module {prefix!r}{hint}")
        modules = {prefix: modules[prefix]}
    fitting = [(name, form) for name in modules if (form := _form_of(modules[name]))]
    if not fitting:
        raise FormatError(_what_is_missing(label, [n.rpartition(".")[2] for n in arrays]))
    if len(fitting) > 1:
        names = ", ".join(repr(name) for name, _ in fitting)
        raise DomainError(f"prefix: {label} holds several RNNs, {names}; name one")
    (name, form) = fitting[0]
    known = {*FORMS[form][0], *FORMS[form][1]}
    for other in modules[name]:
        if other not in known:
            hint = did_you_mean(other, sorted(known))
            raise FormatError(f"{label} holds {other!r}, which no {form} has{hint}")
    return form, modules[name]


def _form_of(names: Mapping[str, Any]) -> str | None:
    return next((form for form, (needed, _) in FORMS.items() if set(needed) <= set(names)), None)


def _what_is_missing(label: str, names: Sequence[str]) -> str:
    """The form that is nearest, and what it lacks."""
    form = max(FORMS, key=lambda f: len(set(FORMS[f][0]) & set(names)) / len(FORMS[f][0]))
    lacking = [name for name in FORMS[form][0] if name not in names]
    if len(lacking) < len(FORMS[form][0]):
        near = [n for n in names if n not in FORMS[form][0]]
        hint = did_you_mean(lacking[0], near) if near else ""
        return f"{label} lacks {', '.join(lacking)} of a {form}{hint}"
    listed = ", ".join(names) or "nothing"
    forms = "; ".join(f"{form}: {', '.join(needed)}" for form, (needed, _) in FORMS.items())
    return f"{label} holds {listed}; expected the arrays of one of these: {forms}"


def _refuse_unused(form: str, **given: Any) -> None:
    serves = {
        "input": ("torch.nn.RNN", "torch.nn.RNNCell"),
        "rectified": ("PLRNN",),
        "clipped": ("shallow PLRNN",),
    }
    for name, value in given.items():
        if value is not None and form not in serves[name]:
            raise DomainError(f"{name} is given, but a {form} has none; leave it out")


def _numbers(label: str, name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "biuf":
        raise FormatError(f"{label} holds {name} of type {array.dtype}; expected real numbers")
    vector = name.startswith(("h", "bias"))
    return np.asarray(array, dtype=np.float64).reshape(-1) if vector else array.astype(np.float64)


def _square(a: np.ndarray) -> np.ndarray:
    return np.diag(a) if a.ndim == 1 else a


def _recurrent(
    label: str, values: Mapping[str, np.ndarray], given: npt.ArrayLike | None
) -> ThresholdMap:
    w = values["weight_hh"]
    n = len(w)
    h = np.zeros(n)
    for name in ("bias_hh", "bias_ih"):
        if name in values:
            if values[name].shape != (n,):
                raise ShapeError(
                    f"{name}: found shape {values[name].shape}, expected ({n},), one per unit"
                )
            h += values[name]
    if given is not None:
        if "weight_ih" not in values:
            raise DomainError(f"input is given, but {label} holds no weight_ih; leave it out")
        u = np.asarray(given, dtype=np.float64).ravel()
        if u.size != values["weight_ih"].shape[1]:
            raise ShapeError(
                f"input: found {u.size} numbers, expected {values['weight_ih'].shape[1]}"
            )
        h += values["weight_ih"] @ u
    return _core.relu_rnn(w, h)
