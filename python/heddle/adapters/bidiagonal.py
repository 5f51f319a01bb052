"""Singular values of W, and few vectors in its singular basis, which is not formed.

LAPACK's dgesdd spends a third of its time on the singular vectors of W from those of a bidiagonal
matrix. Here only k vectors on each side are needed in that basis, so that step is turned round:
they go through the reflections that made W bidiagonal, at O(n² k) instead of O(n³).
"""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.linalg import cython_lapack

from heddle._core import NotConverged

Array = NDArray[np.float64]
TALL = 1.6  # rows to columns from which a QR factorisation first is cheaper
BLOCK = 64  # columns that LAPACK takes together


class SingularCoordinates(NamedTuple):
    """Xᵀ P and Yᵀ Q with W = X diag(s) Yᵀ, thin."""

    s: Array  # (m,), falling
    p: Array  # (m, k)
    q: Array  # (m, k)


def singular_coordinates(weights: Array, p: Array, q: Array) -> SingularCoordinates:
    """For W of shape (out, in), P of shape (out, k) and Q of shape (in, k).

    With W = Q_B B P_Bᵀ, B bidiagonal, and B = U diag(s) Vᵀ by divide and conquer, Xᵀ P is
    Uᵀ (Q_Bᵀ P). O(out in m) flops, m the smaller of both, and 5 m² numbers.
    Raises NotConverged if the iteration for B does not converge.
    """
    out, into = weights.shape
    if out < into:
        s, q, p = singular_coordinates(weights.T, q, p)
        return SingularCoordinates(s, p, q)
    if out > TALL * into:
        turned, weights = linalg.qr_multiply(weights, p.T, mode="right")
        p = turned.T
    return _by_bidiagonal(weights, p, q)


def _by_bidiagonal(weights: Array, p: Array, q: Array) -> SingularCoordinates:
    s, above, p, q = _reduced(weights, p, q)
    u, vt = _of_bidiagonal(s, above)
    return SingularCoordinates(s, u.T @ p, vt @ q)


def _reduced(weights: Array, p: Array, q: Array) -> tuple[Array, Array, Array, Array]:
    """The diagonals of B, Q_Bᵀ P and P_Bᵀ Q."""
    a = np.array(weights, order="F")
    rows, m = a.shape
    diagonal, above, left, right = (np.zeros(m) for _ in range(4))
    work = np.zeros((rows + m) * BLOCK)
    _call("dgebrd", rows, m, a, rows, diagonal, above, left, right, work, work.size)
    return diagonal, above, _reflected("Q", a, left, p)[:m], _reflected("P", a, right, q)


def _reflected(which: str, a: Array, scalars: Array, vectors: Array) -> Array:
    """Q_Bᵀ or P_Bᵀ times vectors."""
    found = np.array(vectors, order="F")
    rows, k = found.shape
    order = a.shape[1] if which == "Q" else a.shape[0]
    if k:
        work = np.zeros((k + BLOCK) * BLOCK)
        shapes = (rows, k, order, a, a.shape[0])
        _call("dormbr", which, "L", "T", *shapes, scalars, found, rows, work, work.size)
    return found


def _of_bidiagonal(s: Array, above: Array) -> tuple[Array, Array]:
    """U and Vᵀ of a square bidiagonal matrix, whose diagonal becomes the singular values."""
    m = len(s)
    u, vt = (np.zeros((m, m), order="F") for _ in range(2))
    work, counts = np.zeros(3 * m * m + 4 * m), np.zeros(8 * m, np.intc)
    nothing, none = np.zeros(1), np.zeros(1, np.intc)
    parts = (s, above, u, m, vt, m, nothing, none, work, counts)
    if _call("dbdsdc", "U", "I", m, *parts):
        raise NotConverged("the iteration for the singular values of W did not converge")
    return u, vt


def _call(name: str, *arguments: str | int | Array) -> int:
    """A routine of the LAPACK that SciPy brings along; returns its info.

    By address, as Cython modules call it: SciPy has no Python function for these three.
    """
    info = ctypes.c_int(0)
    kept = [_pointer(argument) for argument in arguments]
    capsule = cython_lapack.__pyx_capi__[name]
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    address = api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule))
    routine = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * (len(kept) + 1))(address)
    routine(*[ctypes.cast(each, ctypes.c_void_p) for each in kept], ctypes.addressof(info))
    assert info.value >= 0, f"{name}: argument {-info.value}"
    return info.value


def _pointer(argument: str | int | Array) -> object:
    if isinstance(argument, str):
        return ctypes.create_string_buffer(argument.encode())
    if isinstance(argument, np.ndarray):
        return argument.ctypes.data_as(ctypes.c_void_p)
    return ctypes.byref(ctypes.c_int(argument))
