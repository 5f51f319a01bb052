"""Weights of large networks, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse

from heddle import _core
from heddle._core import DomainError, ShapeError, StructuredWeights

__all__ = ["block_weights", "structured_weights"]


def structured_weights(
    *,
    sparse: Any = None,
    diagonal: Any = None,
    low_rank: tuple[Any, Any] | None = None,
    kronecker: Sequence[tuple[Any, Any]] | None = None,
) -> StructuredWeights:
    """W = S + diag(d) + P Qᵀ + Σ_i A_i ⊗ B_i, shape (n, n), never formed as one matrix.

    sparse     S, any SciPy sparse matrix, shape (n, n)
    diagonal   d, shape (n,)
    low_rank   (P, Q), shape (n, r) each
    kronecker  pairs (A, B): entry (i b + p, j b + q) of A ⊗ B is A[i, j] B[p, q]; square, all of
               the same two sizes, which multiply to n

    At least one part has to be given. Raises ShapeError or DomainError, naming the part whose n
    differs from the others', or that holds NaN or infinity.
    """
    left, right = _factors(low_rank)
    products = [_pair(pair) for pair in kronecker or ()]
    n = _common_size(sparse, diagonal, left, products)
    whole = scipy.sparse.csr_matrix((n, n)) if sparse is None else scipy.sparse.csr_matrix(sparse)
    if diagonal is not None:
        entries = np.asarray(diagonal, dtype=float)
        _require_finite("diagonal", entries)
        whole = whole + scipy.sparse.diags(entries, format="csr")
    empty = np.zeros((n, 0))
    return StructuredWeights(
        sparse=whole,
        p=empty if left is None else left,
        q=empty if right is None else right,
        kronecker=products,
    )


def block_weights(
    blocks: Any, sizes: Sequence[int], *, sparse: Any = None, diagonal: Any = None
) -> StructuredWeights:
    """Mean connectivity between populations: W[i, j] = blocks[a, b] / sizes[b], i in a, j in b.

    Of rank p at most: a population's input is `blocks` times the mean activities, and the non-zero
    eigenvalues of W are those of `blocks`. A sparse part and a diagonal may be added.

    blocks    shape (p, p)
    sizes     units of each population, in order, shape (p,); they add up to n
    sparse    any SciPy sparse matrix, shape (n, n)
    diagonal  shape (n,)

    Raises ShapeError or DomainError, naming the argument.
    """
    mean = _core.block_weights(blocks, [int(size) for size in sizes])
    if sparse is None and diagonal is None:
        return mean
    return structured_weights(sparse=sparse, diagonal=diagonal, low_rank=(mean.p, mean.q))


def _factors(low_rank: tuple[Any, Any] | None) -> tuple[Any, Any]:
    if low_rank is None:
        return None, None
    if len(low_rank) != 2:
        raise ShapeError(f"low_rank holds {len(low_rank)} matrices; expected a pair (P, Q)")
    left, right = (np.asarray(factor, dtype=float) for factor in low_rank)
    if left.ndim != 2 or left.shape != right.shape:
        raise ShapeError(
            f"low_rank has shapes {left.shape} and {right.shape}; expected P and Q of one (n, r)"
        )
    return left, right


def _pair(pair: tuple[Any, Any]) -> tuple[np.ndarray, np.ndarray]:
    if len(pair) != 2:
        raise ShapeError(
            f"kronecker holds {len(pair)} matrices in one place; expected pairs (A, B)"
        )
    a, b = (np.asarray(factor, dtype=float) for factor in pair)
    for factor in (a, b):
        if factor.ndim != 2 or factor.shape[0] != factor.shape[1]:
            raise ShapeError(
                f"kronecker has a factor of shape {factor.shape}; expected square ones"
            )
    return a, b


def _common_size(sparse: Any, diagonal: Any, left: Any, products: list[Any]) -> int:
    """The n that all parts agree on."""
    found: dict[str, int] = {}
    if sparse is not None:
        if not scipy.sparse.issparse(sparse):
            raise DomainError(f"sparse is {type(sparse).__name__}; expected a SciPy sparse matrix")
        found["sparse"] = sparse.shape[0]
    if diagonal is not None:
        shape = np.shape(diagonal)
        if len(shape) != 1:
            raise ShapeError(f"diagonal has shape {shape}; expected one dimension, (n,)")
        found["diagonal"] = shape[0]
    if left is not None:
        found["low_rank"] = left.shape[0]
    for a, b in products:
        found["kronecker"] = a.shape[0] * b.shape[0]
    if not found:
        raise DomainError(
            "structured_weights has no part; give sparse, diagonal, low_rank or kronecker"
        )
    first, n = next(iter(found.items()))
    for name, size in found.items():
        if size != n:
            raise ShapeError(f"{name} is for {size} units; expected {n}, as {first} has")
    return n


def _require_finite(name: str, values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise DomainError(f"{name}: found NaN or infinity, expected finite numbers")
