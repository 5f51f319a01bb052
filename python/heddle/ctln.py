"""Combinatorial threshold-linear networks from graphs: arrays, edges, files, networkx."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from heddle import _core
from heddle._core import DomainError, FormatError, Network


def ctln_network(
    graph: Any, epsilon: float = 0.25, delta: float = 0.5, theta: float = 1.0, tau: float = 0.01
) -> Network:
    """A combinatorial threshold-linear network: rectified, with the bias θ of every unit.

        W_ii = 0 ,   W_ij = −1 + ε if j → i ,   W_ij = −1 − δ else

    graph  an adjacency matrix, shape (n, n), 1 at [i, j] iff there is an edge j → i; or edges
           (j, i), each from unit j to unit i, as a list of pairs; or a networkx DiGraph, its nodes
           in their order; or the path of a text file of either, numbers apart by commas or spaces
    epsilon, delta  0 < ε < δ / (1 + δ)
    theta  θ > 0

    Raises ShapeError, DomainError or FormatError, naming the argument or the file. Morrison,
    Degeratu, Itskov & Curto (2016), arXiv:1605.04463.
    """
    if not theta > 0:
        raise DomainError(f"theta: found {theta}, expected above 0")
    weights = _core.ctln_weights(adjacency_of(graph), epsilon, delta)
    made = _core.make_network(weights, channels=0, tau=tau, response="rectified")
    fields = {name: getattr(made, name) for name in made._fields}
    return Network(**{**fields, "bias": np.full(len(weights), float(theta))})


def adjacency_of(graph: Any) -> np.ndarray:
    """The adjacency matrix, 1 at [i, j] iff j → i, of all that `ctln_network` takes as a graph."""
    if isinstance(graph, (str, PathLike)):
        return _from_numbers(_numbers_of(fspath(graph)), f"graph {fspath(graph)}")
    if hasattr(graph, "nodes") and hasattr(graph, "edges"):
        place = {node: i for i, node in enumerate(graph.nodes)}
        return _from_edges([(place[j], place[i]) for j, i in graph.edges], len(place), "graph")
    try:
        numbers = np.asarray(graph, dtype=float)
    except (TypeError, ValueError) as error:
        raise DomainError(
            "graph is neither an adjacency matrix nor pairs (from, to) nor a DiGraph nor a file"
        ) from error
    return _from_numbers(numbers, "graph")


def _numbers_of(path: str) -> np.ndarray:
    if not Path(path).is_file():
        raise FormatError(f"graph: {path} does not exist; give a file of edges, two units a line")
    text = Path(path).read_text(encoding="utf-8")
    lines = [line.split("#")[0].replace(",", " ").split() for line in text.splitlines()]
    try:
        rows = [[float(item) for item in line] for line in lines if line]
    except ValueError as error:
        raise FormatError(f"{path}: {error}; expected edges j,i or rows of 0 and 1") from error
    if not rows or len({len(row) for row in rows}) != 1:
        raise FormatError(f"{path}: expected rows of one length, edges j,i or rows of 0 and 1")
    return np.array(rows)


def _from_numbers(numbers: np.ndarray, name: str) -> np.ndarray:
    """A square matrix of 0 and 1 with a zero diagonal is an adjacency matrix, pairs are edges."""
    if numbers.ndim == 2 and numbers.shape[0] == numbers.shape[1]:
        if np.isin(numbers, (0, 1)).all() and not np.diag(numbers).any():
            return numbers
        if numbers.shape != (2, 2):
            raise DomainError(f"{name}: expected 0 and 1, and no loops on the diagonal")
    if numbers.ndim != 2 or numbers.shape[1] != 2:
        raise DomainError(
            f"{name}: found shape {numbers.shape}; expected a square matrix or pairs (from, to)"
        )
    if (numbers != np.round(numbers)).any() or (numbers < 0).any():
        raise DomainError(f"{name}: expected edges between units numbered from 0")
    edges = [(int(j), int(i)) for j, i in numbers]
    return _from_edges(edges, int(numbers.max()) + 1, name)


def _from_edges(edges: list[tuple[int, int]], n: int, name: str) -> np.ndarray:
    adjacency = np.zeros((n, n))
    for j, i in edges:
        if i == j:
            raise DomainError(f"{name}: found a loop at unit {i}; expected edges between units")
        adjacency[i, j] = 1
    return adjacency
