"""A linear design carried into a non-linear network."""

from __future__ import annotations

from numpy.typing import ArrayLike

from heddle import _core
from heddle._core import CarriedLibrary, Library, TransferResponse
from heddle.progress import Progress


def carry_over(
    library: Library,
    response: str | TransferResponse = "tanh",
    *,
    amplitude: float = 0.1,
    operating_point: ArrayLike | None = None,
    h: float | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> CarriedLibrary:
    """Carries a library of motifs into a network of other units, around an operating point x̄.

        W ← W diag(1 / φ'(x̄)) ,   V ← diag(1 / φ'(x̄)) V ,   C ← C diag(1 / φ'(x̄)) / s ,
        b = x̄ − W φ(x̄) ,   s = amplitude / activity of the motif that has most ,

    so that the Jacobian at x̄ is the linear network's, and x − x̄ is s times its state as the
    amplitude a → 0. Fixed points of motifs and preparations stay fixed points, exactly. The network
    goes in steps of h, η = h / τ, as networks do that are trained,

        x_{t+1} = (1 − η) x_t + η (W φ(x_t) + U_l V_lᵀ φ(x_t) + b + B e_c) ,
        y_t = C φ(x_t) − y_0 ,

    and each mode λ is placed where a step does what time did: 1 + η (λ' − 1) = e^{η (λ − 1)}. At
    small a the outputs are the fits, for any h. Deviations are of order a² where φ'' = 0 (tanh at
    0), of order a elsewhere, and none for rectified units that stay above 0; `survival` measures
    them.

    library    a Library with dense weights and instantaneous thalamic units
    response   "tanh", "softplus", "rectified", "linear", or a TransferResponse
    amplitude  a: root mean square of x − x̄, over units and time, of the motif that has most
    operating_point  x̄, shape (n,) or one number for all units; 0 if left out. φ'(x̄) ≥ 1e-3
    h          step, s: at most τ and a whole part of every motif's dt; if left out the largest such
               part of at most τ / 5
    threads    0: one per core; any number gives the same bits
    progress   called with (done, total) as motifs are placed

    Returns a CarriedLibrary; `trusted` says whether the loops place their modes and the preparation
    is stable in steps of h. Raises DomainError or ShapeError naming the argument before anything is
    computed. About 50 n³ flops, then q K solves of O(n²) a motif.
    """
    point = operating_point
    if point is not None and not hasattr(point, "__len__"):
        point = [point]
    return _core.carry_over(library, response, amplitude, point, h, threads, progress)
