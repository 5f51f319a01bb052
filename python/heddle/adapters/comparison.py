"""How much two adapters have to do with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from heddle._core import DomainError, ShapeError
from heddle.adapters.factors import Factors, canonical
from heddle.adapters.values import Adapter
from heddle.brief import Brief

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class ModuleComparison(Brief):
    """Two changes ΔW_a and ΔW_b of one map. A share is 0 where one of them is zero."""

    output_angles: Array  # rad, between what they write to, shape (min(rank_a, rank_b),), rising
    input_angles: Array  # rad, between what they read from
    output_interference: float  # ‖ΔW_aᵀ ΔW_b‖_F: 0 where they write to orthogonal directions
    output_share: float  # of ‖ΔW_a‖_F ‖ΔW_b‖_F, from 0 to 1
    input_interference: float  # ‖ΔW_a ΔW_bᵀ‖_F: 0 where they read orthogonal directions
    input_share: float
    cosine: float  # ⟨ΔW_a, ΔW_b⟩_F / (‖ΔW_a‖_F ‖ΔW_b‖_F), from −1 to 1


@dataclass(frozen=True, eq=False, repr=False)
class AdapterComparison(Brief):
    """The comparison of every module that both adapters change, by name."""

    modules: Mapping[str, ModuleComparison]
    only_a: tuple[str, ...]  # modules that b does not change
    only_b: tuple[str, ...]


def compare_adapters(a: Adapter, b: Adapter) -> AdapterComparison:
    """Principal angles and interference of two adapters of one model, module by module.

        ‖ΔW_aᵀ ΔW_b‖_F = ‖S_a P_aᵀ P_b S_b‖_F ,   ΔW = P S Qᵀ,   no ΔW being formed

    a, b  adapters of the same base, of any ranks

    Added up, two adapters whose outputs are orthogonal do not touch each other's part of the
    state; two whose inputs are orthogonal answer to different parts of it. Raises DomainError for
    adapters without a common module, ShapeError for a module of two shapes. O((out + in) r²) a
    module. See Knyazev & Argentati (2002) for angles that are exact near 0 and near π/2.
    """
    common = [name for name in a.modules if name in b.modules]
    if not common:
        raise DomainError(
            f"a changes {_some(a)} and b changes {_some(b)}; give adapters with a common module"
        )
    for name in common:
        shapes = a.modules[name].shape, b.modules[name].shape
        if shapes[0] != shapes[1]:
            raise ShapeError(f"{name!r} has shape {shapes[0]} in a and {shapes[1]} in b")
    return AdapterComparison(
        {n: _compared(canonical(a.modules[n]), canonical(b.modules[n])) for n in common},
        tuple(name for name in a.modules if name not in b.modules),
        tuple(name for name in b.modules if name not in a.modules),
    )


def _some(adapter: Adapter) -> str:
    names = list(adapter.modules)
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _compared(a: Factors, b: Factors) -> ModuleComparison:
    p, q = a.P.T @ b.P, a.Q.T @ b.Q
    outputs, inputs = (a.s[:, None] * each * b.s for each in (p, q))
    norms = float(np.linalg.norm(a.s) * np.linalg.norm(b.s))
    written, read = (float(np.linalg.norm(each)) for each in (outputs, inputs))
    return ModuleComparison(
        output_angles=_angles(a.P, b.P),
        input_angles=_angles(a.Q, b.Q),
        output_interference=written,
        output_share=written / norms if norms else 0.0,
        input_interference=read,
        input_share=read / norms if norms else 0.0,
        cosine=float(np.sum(outputs * q)) / norms if norms else 0.0,
    )


def _angles(a: Array, b: Array) -> Array:
    if not a.shape[1] or not b.shape[1]:
        return np.zeros(0)
    return linalg.subspace_angles(a, b)[::-1]
