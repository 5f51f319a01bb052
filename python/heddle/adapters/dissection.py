"""What an adapter did, module by module."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError, ShapeError, did_you_mean
from heddle.adapters.factors import Factors, canonical, entropy_rank, stable_rank
from heddle.adapters.modes import TIMES, EigenvalueChange, eigenvalue_change
from heddle.adapters.singular import SingularChange, exact_change, randomised_change
from heddle.adapters.values import Adapter, AdapterModule
from heddle.files import PathLike
from heddle.io.safetensors_file import read_safetensors

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ModuleDissection:
    """What one ΔW = s B A is, and what it does to its W where that is known."""

    shape: tuple[int, int]  # (out, in)
    width: int  # r, that of the factors
    rank: int  # of ΔW, r at most
    singular_values: Array  # s_i of ΔW, shape (rank,), falling
    frobenius: float  # ‖ΔW‖_F = √Σ s_i²
    spectral: float  # ‖ΔW‖₂ = s_1
    entropy_rank: float  # exp(−Σ p_i ln p_i), p = s / Σ s: from 1 to rank
    stable_rank: float  # ‖ΔW‖_F² / ‖ΔW‖₂²: from 1 to rank
    singular: SingularChange | None  # None without W
    eigenvalues: EigenvalueChange | None  # None unless the module was said to be recurrent


@dataclass(frozen=True, eq=False)
class AdapterDissection:
    """The dissection of every module of an adapter, by name."""

    modules: Mapping[str, ModuleDissection]
    without_base: tuple[str, ...]  # modules whose W was not given


def dissect_adapter(
    adapter: Adapter,
    base: Mapping[str, Any] | PathLike | None = None,
    *,
    leading: int = 10,
    threshold: float = 0.5,
    exact: bool = True,
    seed: int = 0,
    recurrent: Collection[str] = (),
    time: str = "continuous",
) -> AdapterDissection:
    """Rank, norms and singular values of every ΔW = s B A; with W, what moved.

        ΔW = P diag(s) Qᵀ    from QR of B and Aᵀ and the SVD of an r × r core, ΔW never formed
        σ is a singular value of W + ΔW   where   det(Πᵀ (σ − H)⁻¹ Π − K⁻¹) = 0

    base       weights W of the model, by the name of a module with or without ".weight", as the
               model stores them; or a safetensors file. Modules that it lacks are listed
    leading    how many singular values of W and W + ΔW, and left vectors y_j of the latter
    threshold  y_j is an intruder if max_i |cos(y_j, x_i)| is below, x_i those of W; in (0, 1)
    exact      by the whole SVD of W and the closed form above, or by subspace iteration from
               random vectors (`seed`), with residuals in `after_error`
    recurrent  names of modules that map a state to itself. Only these have eigenvalues that mean
               something: weights of recurrent and state-space networks, and products that map
               the residual stream to itself; a square weight between layers has none
    time       of these, "continuous", τ ẋ = −x + W x, or "discrete", x(t + 1) = W x(t)

    Raises DomainError, ShapeError or FormatError for a W that does not fit its ΔW or holds NaN,
    names that are none, and options out of range, before anything is computed. Costs
    O((out + in) r²) a module without W; with W the SVD of W and O(leading m r²), m = min(out, in);
    O((leading + 10) out in) if not exact; O(n³) more for eigenvalues. See Roy & Vetterli (2007) for
    the entropy rank, Rudelson & Vershynin (2007) for the stable rank, Arbenz & Golub (1988) for the
    closed form, Shuttleworth et al. (2024) for intruders, Halko et al. (2011) for the random
    vectors, and Henrici (1962) for the departure from normality.
    """
    _require_options(leading, threshold, time)
    names = _recurrent_names(adapter, recurrent)
    weights = _weights(adapter, base)
    for name in names:
        _require_recurrent(name, adapter.modules[name], weights)
    modules = {}
    for name, module in adapter.modules.items():
        change, w = canonical(module), weights.get(name)
        singular = eigenvalues = None
        if w is not None:
            count = min(leading, *w.shape)
            singular = (
                exact_change(w, change, count, threshold)
                if exact
                else randomised_change(w, change, count, threshold, seed)
            )
        if w is not None and name in names:
            eigenvalues = eigenvalue_change(w, module.delta, time)
        modules[name] = _described(module, change, singular, eigenvalues)
    return AdapterDissection(modules, tuple(n for n in modules if n not in weights))


def _described(
    module: AdapterModule,
    change: Factors,
    singular: SingularChange | None,
    eigenvalues: EigenvalueChange | None,
) -> ModuleDissection:
    s = change.s
    return ModuleDissection(
        shape=module.shape,
        width=module.rank,
        rank=len(s),
        singular_values=s,
        frobenius=float(np.linalg.norm(s)),
        spectral=float(np.max(s, initial=0.0)),
        entropy_rank=entropy_rank(s),
        stable_rank=stable_rank(s),
        singular=singular,
        eigenvalues=eigenvalues,
    )


def _require_options(leading: int, threshold: float, time: str) -> None:
    if not isinstance(leading, (int, np.integer)) or leading < 1:
        raise DomainError(f"leading is {leading!r}; give a whole number above 0")
    if not 0 < threshold < 1:
        raise DomainError(f"threshold is {threshold!r}; give a cosine between 0 and 1")
    if time not in TIMES:
        raise DomainError(f"time is {time!r}; give one of {', '.join(TIMES)}")


def _recurrent_names(adapter: Adapter, recurrent: Collection[str]) -> set[str]:
    names = {recurrent} if isinstance(recurrent, str) else set(recurrent)
    for name in sorted(names):
        if name not in adapter.modules:
            hint = did_you_mean(name, list(adapter.modules))
            raise DomainError(f"recurrent: the adapter has no module {name!r}{hint}")
    return names


def _require_recurrent(name: str, module: AdapterModule, weights: Mapping[str, Array]) -> None:
    if module.shape[0] != module.shape[1]:
        raise ShapeError(
            f"recurrent: {name!r} has shape {module.shape}; a map of a state to itself is square"
        )
    if name not in weights:
        raise DomainError(f"recurrent: base has no weights of {name!r}, whose eigenvalues move")


def _weights(adapter: Adapter, base: Mapping[str, Any] | PathLike | None) -> dict[str, Array]:
    """W of every module that the base has, shape (out, in), checked."""
    if base is None:
        return {}
    keys = {name: (name, f"{name}.weight") for name in adapter.modules}
    if not isinstance(base, Mapping):
        asked = [key for pair in keys.values() for key in pair]
        found = read_safetensors(Path(base), asked)
        base = {key: tensor.values for key, tensor in found.items()}
    present = {name: key for name, pair in keys.items() for key in pair if key in base}
    if not present:
        first = f"{next(iter(adapter.modules))}.weight"
        raise DomainError(
            f"base holds the weights of no module of the adapter, such as {first!r}"
            f"{did_you_mean(first, [str(key) for key in base])}"
        )
    return {name: _fitting(key, base[key], adapter.modules[name]) for name, key in present.items()}


def _fitting(key: str, values: Any, module: AdapterModule) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise DomainError(f"base, {key!r} is of type {array.dtype}; give real numbers")
    expected = module.shape[::-1] if module.transposed else module.shape
    if array.shape != expected:
        turned = "; its transpose fits: see AdapterModule.transposed" * (
            array.shape == expected[::-1]
        )
        raise ShapeError(
            f"base, {key!r} has shape {array.shape}; the adapter changes one of shape {expected}"
            f"{turned}"
        )
    if not np.all(np.isfinite(array)):
        raise DomainError(f"base, {key!r} holds NaN or infinity; give finite numbers")
    return np.asarray(array.T if module.transposed else array, np.float64)
