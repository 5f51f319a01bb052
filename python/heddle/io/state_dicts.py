"""Named arrays of networks that were trained elsewhere, and which known layout they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from heddle._core import DomainError, FormatError, did_you_mean
from heddle.io.safetensors_file import read_safetensors

KINDS = (".npz", ".pt", ".pth", ".safetensors")
# The arrays that a layout needs, and those that it may have.
Layouts = Mapping[str, tuple[Sequence[str], Sequence[str]]]


def arrays_of(source: Any) -> tuple[str, dict[str, np.ndarray]]:
    """A name for messages, and arrays by name: of a file, a mapping or a torch.nn.Module."""
    if hasattr(source, "state_dict"):
        return f"the {type(source).__name__}", _arrays(source.state_dict())
    if isinstance(source, Mapping):
        return "the mapping", _arrays(source)
    if not isinstance(source, (str, PathLike)):
        raise DomainError(
            f"source is a {type(source).__name__}; give a torch.nn.Module, a state dict, or a file "
            f"({', '.join(KINDS)})"
        )
    return fspath(source), _read(Path(source))


def _arrays(named: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {str(name): _array(str(name), value) for name, value in named.items()}


def _array(name: str, value: Any) -> np.ndarray:
    if not hasattr(value, "detach"):
        return np.asarray(value)
    if value.layout != value.new_zeros(0).to_dense().layout:
        raise FormatError(f"{name} is a tensor of layout {value.layout}; expected a dense one")
    tensor = value.detach().cpu()
    return np.asarray((tensor.double() if tensor.is_floating_point() else tensor).numpy())


def _read(path: Path) -> dict[str, np.ndarray]:
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


def within(label: str, arrays: Mapping[str, np.ndarray], prefix: str | None) -> dict[str, Any]:
    """The arrays of one module and those below it; all of them without a prefix."""
    if prefix is None:
        return dict(arrays)
    found = {name: a for name, a in arrays.items() if name.startswith(f"{prefix}.")}
    if not found and prefix:
        modules = sorted({name.rpartition(".")[0] for name in arrays} - {""})
        raise DomainError(
            f"prefix: {label} holds no module {prefix!r}{did_you_mean(prefix, modules)}"
        )
    return found or {name: a for name, a in arrays.items() if "." not in name}


def refuse_other_cells(
    label: str, arrays: Mapping[str, np.ndarray], instead: Mapping[str, str]
) -> None:
    """FormatError for what no single recurrent layer is, and for the cells that `instead` names,
    "GRU" or "LSTM", with what would do."""
    for name, array in arrays.items():
        last = name.rpartition(".")[2]
        if last.endswith("_reverse"):
            raise FormatError(f"{label} holds {name}, a bidirectional RNN; give one direction")
        if last.startswith("weight_hh_l") and last != "weight_hh_l0":
            raise FormatError(f"{label} holds {name}, an RNN of several layers; expected one layer")
        if last.startswith("weight_hr"):
            raise FormatError(f"{label} holds {name}, the projection of an LSTM; expected none")
        gates = cell_gates(last, array)
        cell = {3: "GRU", 4: "LSTM"}.get(gates)
        if cell in instead:
            raise FormatError(
                f"{label} holds a {cell}, whose {name} has {gates} gates; {instead[cell]}"
            )


def cell_gates(last: str, array: np.ndarray) -> int:
    """How often the rows of recurrent weights hold their columns: 1, 3 of a GRU, 4 of an LSTM."""
    if last not in ("weight_hh", "weight_hh_l0") or array.ndim != 2:
        return 0
    return array.shape[0] // max(1, array.shape[1])


def find_layout(
    label: str, arrays: Mapping[str, np.ndarray], prefix: str | None, layouts: Layouts
) -> tuple[str, dict[str, np.ndarray]]:
    """The layout, and the arrays without their prefix, of the module that has one.

    Raises DomainError where the prefix names none or several would do, FormatError where none
    does or an array is left over.
    """
    modules: dict[str, dict[str, np.ndarray]] = {}
    for name, array in within(label, arrays, prefix).items():
        module, _, last = name.rpartition(".")
        modules.setdefault(module, {})[last] = array
    fitting = [(name, form) for name in modules if (form := _layout_of(modules[name], layouts))]
    if not fitting:
        raise FormatError(_lacking(label, [n.rpartition(".")[2] for n in arrays], layouts))
    if len(fitting) > 1:
        names = ", ".join(repr(name) for name, _ in fitting)
        raise DomainError(f"prefix: {label} holds several RNNs, {names}; name one")
    (name, form) = fitting[0]
    _refuse_more(label, form, modules[name], {*layouts[form][0], *layouts[form][1]})
    return form, modules[name]


def _layout_of(names: Iterable[str], layouts: Layouts) -> str | None:
    return next((form for form, (needed, _) in layouts.items() if set(needed) <= set(names)), None)


def _refuse_more(label: str, form: str, names: Iterable[str], known: set[str]) -> None:
    for other in names:
        if other not in known:
            hint = did_you_mean(other, sorted(known))
            raise FormatError(f"{label} holds {other!r}, which no {form} has{hint}")


def _lacking(label: str, names: Sequence[str], layouts: Layouts) -> str:
    """The layout that is nearest, and what is missing of it."""
    form = max(layouts, key=lambda f: len(set(layouts[f][0]) & set(names)) / len(layouts[f][0]))
    lacking = [name for name in layouts[form][0] if name not in names]
    if 2 * len(lacking) <= len(layouts[form][0]):
        near = [n for n in names if n not in layouts[form][0]]
        hint = did_you_mean(lacking[0], near) if near else ""
        return f"{label} lacks {', '.join(lacking)} of a {form}{hint}"
    listed = ", ".join(names) or "nothing"
    forms = "; ".join(f"{form}: {', '.join(needed)}" for form, (needed, _) in layouts.items())
    return f"{label} holds {listed:.400}; expected the arrays of one of these: {forms}"


def numbers(label: str, name: str, array: np.ndarray, *, vector: bool = False) -> np.ndarray:
    """Double precision; FormatError unless they are real numbers."""
    if array.dtype.kind not in "biuf":
        raise FormatError(f"{label} holds {name} of type {array.dtype}; expected real numbers")
    values = np.asarray(array, dtype=np.float64)
    return values.reshape(-1) if vector else values


def response_told(source: Any, prefix: str | None = None) -> str | None:
    """φ of the recurrent modules of a torch.nn.Module, if it is one and they agree."""
    if not hasattr(source, "named_modules"):
        return None
    start = prefix or ""
    told = (
        getattr(module, "nonlinearity", None)
        for name, module in source.named_modules()
        if name == start or not start or name.startswith(f"{start}.")
    )
    words = {word for word in told if isinstance(word, str)}
    names = {"tanh": "tanh", "relu": "rectified"}
    return names.get(words.pop()) if len(words) == 1 else None
