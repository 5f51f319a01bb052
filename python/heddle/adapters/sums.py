"""Several adapters at once: added up, or taking over from each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import (
    DomainError,
    ShapeError,
    SwitchingCertificate,
    certify_switching,
    did_you_mean,
)
from heddle.adapters.bases import Base, state_map
from heddle.adapters.factors import canonical
from heddle.adapters.modes import TIMES
from heddle.adapters.values import Adapter, AdapterModule
from heddle.brief import Brief
from heddle.progress import Progress

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class AdapterSum(Brief):
    """Σ_i w_i ΔW_i as one adapter."""

    adapter: Adapter  # s = 1 in every module
    error: Mapping[str, float]  # ‖Σ w_i ΔW_i − ΔW‖_F / ‖Σ w_i ΔW_i‖_F of each module


def add_adapters(
    adapters: Sequence[Adapter],
    weights: ArrayLike | None = None,
    *,
    rank: int | None = None,
) -> AdapterSum:
    """One adapter that does what several do together, each with a weight.

        ΔW = Σ_i w_i s_i B_i A_i = [w_1 s_1 B_1 … w_m s_m B_m] [A_1; …; A_m] = P S Qᵀ ,
        B = P √S ,   A = √S Qᵀ

    adapters  of one model; a module that one of them lacks gets nothing from it
    weights   w_i, shape (m,); None for 1
    rank      of each module of the sum, the most that is kept; None for all, at most Σ r_i. With
              fewer, the sum is the nearest of that rank, and `error` says how near

    Raises DomainError for no adapter, weights that are no finite numbers, and modules that some
    store transposed and some do not; ShapeError for a module of two shapes. No ΔW is formed:
    O((out + in) (Σ r_i)²) a module.
    """
    given = list(adapters)
    if not given:
        raise DomainError("adapters is empty; give at least one Adapter")
    factors = _sum_weights(weights, len(given))
    if rank is not None and (not isinstance(rank, (int, np.integer)) or rank < 1):
        raise DomainError(f"rank is {rank!r}; give a whole number above 0, or None")
    names = list(dict.fromkeys(name for adapter in given for name in adapter.modules))
    modules, error = {}, {}
    for name in names:
        parts = [
            (w, a.modules[name]) for w, a in zip(factors, given, strict=True) if name in a.modules
        ]
        modules[name], error[name] = _added(name, parts, rank)
    return AdapterSum(Adapter(modules), error)


def _sum_weights(weights: ArrayLike | None, count: int) -> Array:
    if weights is None:
        return np.ones(count)
    found = np.asarray(weights, np.float64)
    if found.shape != (count,):
        raise ShapeError(f"weights has shape {found.shape}; expected ({count},), one an adapter")
    if not np.all(np.isfinite(found)):
        raise DomainError("weights holds NaN or infinity; give finite numbers")
    return found


def _added(
    name: str, parts: list[tuple[float, AdapterModule]], rank: int | None
) -> tuple[AdapterModule, float]:
    first = parts[0][1]
    for _, each in parts:
        if each.shape != first.shape:
            raise ShapeError(f"{name!r} has shape {first.shape} in one adapter and {each.shape}")
        if (each.transposed, each.embedding) != (first.transposed, first.embedding):
            raise DomainError(f"{name!r} is stored transposed in one adapter and not in another")
    whole = AdapterModule(
        np.concatenate([each.A.astype(np.float64) for _, each in parts]),
        np.concatenate([w * each.scale * each.B.astype(np.float64) for w, each in parts], axis=1),
    )
    change = canonical(whole)
    s = change.s[change.s > _rounding(parts)]  # what cancels leaves nothing but rounding
    kept = min(len(s), rank or len(s))
    root = np.zeros(max(kept, 1))
    root[:kept] = np.sqrt(s[:kept])
    norm = float(np.linalg.norm(s))
    made = AdapterModule(
        root[:, None] * _first(change.Q, len(root)).T,
        _first(change.P, len(root)) * root,
        transposed=first.transposed,
        embedding=first.embedding,
    )
    return made, float(np.linalg.norm(s[kept:])) / norm if norm > 0 else 0.0


def _rounding(parts: list[tuple[float, AdapterModule]]) -> float:
    """ε of all that is added, had nothing cancelled."""
    sizes = [abs(w * m.scale) * np.linalg.norm(m.A) * np.linalg.norm(m.B) for w, m in parts]
    return float(max(parts[0][1].shape) * np.finfo(float).eps * sum(sizes))


def _first(vectors: Array, count: int) -> Array:
    """The first columns; one of zeros where there is none."""
    return vectors[:, :count] if vectors.shape[1] else np.zeros((len(vectors), count))


@dataclass(frozen=True, eq=False, repr=False)
class AdapterSwitching(Brief):
    """What is proven about adapters that take over from each other on one recurrent map."""

    names: tuple[str, ...]  # of the maps, in the order of `certificate`
    certificate: SwitchingCertificate
    statement: str  # that of the certificate, with names

    @property
    def verdict(self) -> str:
        """ "any", "dwell", "unstable" or "undecided"."""
        return self.certificate.verdict


def certify_adapters(
    base: ArrayLike | Base,
    adapters: Mapping[str, Adapter | None],
    *,
    module: str = "cortex",
    time: str = "continuous",
    resolution: float = 0.25,
    most_dwell: int = 512,
    threads: int = 0,
    progress: Progress | None = None,
) -> AdapterSwitching:
    """May adapters of one recurrent map be switched: in any way, or not too fast?

        W_i = W + ΔW_i ,   one of them at a time

    base        W, shape (n, n); or arrays by name or safetensors files that hold `module`
    adapters    by a name of your choice; None for the base alone
    module      the recurrent map; what the adapters change besides it is not looked at
    time        "continuous", τ ẋ = −x + W_i x, or "discrete", x(t + 1) = W_i x(t)
    resolution  of dwell times in continuous time, τ
    most_dwell  longest dwell time tried, in steps or resolutions
    threads     0: one per core

    Returns what `certify_switching` proves: stable under any switching, or if each adapter stays
    for a dwell time; or which one is not stable by itself; or nothing, and what would help. Raises
    DomainError or ShapeError for adapters without the module or of other shapes. O(n³) for each
    step of the longest dwell time. See Liberzon (2003), and Jungers (2009).
    """
    if time not in TIMES:
        raise DomainError(f"time is {time!r}; give one of {', '.join(TIMES)}")
    if not adapters:
        raise DomainError("adapters is empty; give adapters by name, and None for the base alone")
    turned = {a.modules[module].transposed for a in adapters.values() if a and module in a.modules}
    weights = state_map(base, module, transposed=True in turned)
    maps = [_map(weights, name, adapter, module) for name, adapter in adapters.items()]
    found = certify_switching(
        maps,
        time=time,
        resolution=resolution,
        most_dwell=most_dwell,
        threads=threads,
        progress=progress,
    )
    names = tuple(str(name) for name in adapters)
    return AdapterSwitching(names, found, _named(found, names))


def _map(weights: Array, name: str, adapter: Adapter | None, module: str) -> Array:
    if adapter is None:
        return weights
    if module not in adapter.modules:
        raise DomainError(
            f"adapters: {name!r} has no module {module!r}"
            f"{did_you_mean(module, list(adapter.modules))}"
        )
    change = adapter.modules[module]
    if change.shape != weights.shape:
        raise ShapeError(
            f"adapters: {module!r} has shape {change.shape} in {name!r} and {weights.shape} in base"
        )
    return weights + change.delta


def _named(found: SwitchingCertificate, names: tuple[str, ...]) -> str:
    """The statement with names instead of positions."""
    if found.verdict == "unstable":
        worst = int(np.argmin(found.margin))
        return found.statement.replace(f"map {worst} ", f"{names[worst]!r} ", 1)
    if found.grows and " in the order" in found.statement:
        start = found.statement.split(" in the order")[0]
        return f"{start} in the order {', '.join(names[i] for i in found.radius.word)}"
    return found.statement
