"""What an adapter did, module by module."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError, did_you_mean
from heddle.adapters.bases import Base, BaseWeights
from heddle.adapters.factors import Factors, canonical, entropy_rank, stable_rank
from heddle.adapters.meaning import require_state_map
from heddle.adapters.modes import TIMES, EigenvalueChange, eigenvalue_change
from heddle.adapters.singular import SingularChange, exact_change, randomised_change
from heddle.adapters.values import Adapter, AdapterModule
from heddle.brief import Brief
from heddle.progress import Progress, Stages

Array = NDArray[np.float64]
PARTS = 1000  # of a module, in which progress is told


@dataclass(frozen=True, eq=False, repr=False)
class ModuleDissection(Brief):
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


@dataclass(frozen=True, eq=False, repr=False)
class AdapterDissection(Brief):
    """The dissection of every module of an adapter, by name."""

    modules: Mapping[str, ModuleDissection]
    without_base: tuple[str, ...]  # modules whose W was not given
    hints: Mapping[str, str]  # what the base may call those


def dissect_adapter(
    adapter: Adapter,
    base: Base | None = None,
    *,
    leading: int = 10,
    threshold: float = 0.5,
    exact: bool = True,
    seed: int = 0,
    recurrent: Collection[str] = (),
    time: str = "continuous",
    shares: int = 0,
    progress: Progress | None = None,
) -> AdapterDissection:
    """Rank, norms and singular values of every ΔW = s B A; with W, what moved.

        ΔW = P diag(s) Qᵀ    from QR of B and Aᵀ and the SVD of an r × r core, ΔW never formed
        σ is a singular value of W + ΔW   where   det(Πᵀ (σ − H)⁻¹ Π − K⁻¹) = 0

    base       weights W of the model, by the name of a module with or without ".weight", as the
               model stores them; or safetensors files, one or several shards, of which one W is
               held at a time. Modules that it lacks are listed
    leading    how many singular values of W and W + ΔW, and left vectors y_j of the latter
    threshold  y_j is an intruder if max_i |cos(y_j, x_i)| is below, x_i those of W; in (0, 1)
    exact      by the whole SVD of W and the closed form above, or by subspace iteration from
               random vectors (`seed`), with residuals in `after_error`
    recurrent  names of modules that map a state to itself. Only these have eigenvalues that mean
               something: weights of recurrent and state-space networks, and products that map
               the residual stream to itself; a square weight between layers has none, and names
               of transformers' layers are refused
    time       of these, "continuous", τ ẋ = −x + W x, or "discrete", x(t + 1) = W x(t)
    shares     of how many modes of these, those that moved most, to find which loop moved them:
               Shapley values of the s_k p_k q_kᵀ, as `loop_shares` has them
    progress   called with what is done and the whole, in thousandths of a module

    Raises DomainError, ShapeError or FormatError for a W that does not fit its ΔW, names that are
    none, and options out of range, before anything is computed, and for NaN when it is read. Costs
    O((out + in) r²) a module without W; with W the SVD of W and O(leading m r²), m = min(out, in);
    O((leading + 10) out in) if not exact; O(n³) more for eigenvalues, and for shares the paths of
    2^k sets of k ≤ 8 loops. See Roy & Vetterli (2007) for
    the entropy rank, Rudelson & Vershynin (2007) for the stable rank, Arbenz & Golub (1988) for the
    closed form, Shuttleworth et al. (2024) for intruders, Halko et al. (2011) for the random
    vectors, Henrici (1962) for the departure from normality, and Shapley (1953) for the shares.
    """
    _require_options(leading, threshold, time, shares)
    weights = BaseWeights(adapter, base)
    names = _recurrent_names(adapter, recurrent, weights)
    modules = {}
    stages = Stages(progress, [PARTS] * len(adapter.modules))
    for name, module in adapter.modules.items():
        report = stages.stage()
        if report is not None:
            report(0, 1)
        change = canonical(module)
        singular = eigenvalues = None
        if name in weights:
            w = weights.read(name)
            count = min(leading, *w.shape)
            singular = (
                exact_change(w, change, count, threshold)
                if exact
                else randomised_change(w, change, count, threshold, seed)
            )
            if name in names:
                eigenvalues = eigenvalue_change(
                    w, change, time, shares=shares, seed=seed, progress=report
                )
        modules[name] = _described(module, change, singular, eigenvalues)
    return AdapterDissection(modules, tuple(n for n in modules if n not in weights), weights.hints)


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


def _require_options(leading: int, threshold: float, time: str, shares: int) -> None:
    if not isinstance(leading, (int, np.integer)) or leading < 1:
        raise DomainError(f"leading is {leading!r}; give a whole number above 0")
    if not 0 < threshold < 1:
        raise DomainError(f"threshold is {threshold!r}; give a cosine between 0 and 1")
    if time not in TIMES:
        raise DomainError(f"time is {time!r}; give one of {', '.join(TIMES)}")
    if not isinstance(shares, (int, np.integer)) or shares < 0:
        raise DomainError(f"shares is {shares!r}; give a number of modes, 0 or more")


def _recurrent_names(
    adapter: Adapter, recurrent: Collection[str], weights: BaseWeights
) -> set[str]:
    names = {recurrent} if isinstance(recurrent, str) else set(recurrent)
    for name in sorted(names):
        if name not in adapter.modules:
            hint = did_you_mean(name, list(adapter.modules))
            raise DomainError(f"recurrent: the adapter has no module {name!r}{hint}")
        require_state_map("recurrent", name, adapter.modules[name].shape)
        if name not in weights:
            raise DomainError(f"recurrent: base has no weights of {name!r}, whose eigenvalues move")
    return names
