"""What does it cost to open a loop, against a fresh eigendecomposition?

LAPACK's dgeev (values only, with right vectors, with both) against one update of a decomposition
that is there: random loops, designed ones, chains of four. Medians of one process on one BLAS
thread; `python bench/eigen_update.py --json` prints the numbers as JSON.
"""

import argparse
import json
import time
from functools import partial

import numpy as np
import scipy.linalg
from scipy.optimize import linear_sum_assignment
from table import show

import heddle

TARGETS = 20
HEADINGS = [
    "n",
    "loops",
    "dgeev, both",
    "right",
    "values",
    "update",
    "faster",
    "one pair",
    "with all vectors",
    "λ error",
    "r, l error",
    "residual (LAPACK)",
    "bound",
    "most κ",
    "trusted",
]


def median_seconds(action, repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def targets() -> np.ndarray:
    """As in the published figure: 20 on Re λ = 1."""
    return 1 + 1j * np.linspace(-1, 1, TARGETS)


def loops_of(kind: str, network, rng: np.random.Generator):
    n = network.weights.shape[0]
    if kind == "designed":
        return heddle.place_eigenvalues(network, targets(), whole_spectrum=False).loops
    count = 4 if kind == "chain of 4" else 1
    scale = 1 / np.sqrt(n)
    u = scale * rng.standard_normal((n, count))
    return heddle.Loops(u, 2 * scale * rng.standard_normal((n, count)))


def matched(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The index of the partner of each value, by least total distance."""
    return linear_sum_assignment(np.abs(values[:, None] - others[None, :]))[1]


def errors(opened, closed: np.ndarray) -> dict:
    """Against LAPACK: eigenvalues relative to max |λ|, angles of right and left vectors, and the
    backward errors of both sides."""
    values, left, right = scipy.linalg.eig(closed, left=True, right=True)
    order = matched(opened.eigenvalues, values)
    values, right, left = values[order], right[:, order], left[:, order].conj()
    ours = opened.right()
    mine = opened.left().T
    mine = mine / np.linalg.norm(mine, axis=0)
    size = np.abs(values).max()

    def angle(a, b):
        return np.linalg.norm(a - b * np.sum(b.conj() * a, axis=0), axis=0).max()

    def backward(vectors, where):
        return np.linalg.norm(closed @ vectors - vectors * where, axis=0).max()

    return {
        "value_error": np.abs(opened.eigenvalues - values).max() / size,
        "right_error": angle(ours, right),
        "left_error": angle(mine, left),
        "residual": backward(ours, opened.eigenvalues),
        "lapack_residual": backward(right, values),
        "bound": opened.error.max() / size,
        "condition": opened.condition.max(),
        "trusted": opened.trusted,
    }


def measure(kind: str, n: int, repeats: int) -> dict:
    rng = np.random.default_rng(0)
    network = heddle.make_network(rng.standard_normal((n, n)) / np.sqrt(n), 1, seed=1)
    loops = loops_of(kind, network, rng)
    closed = np.asfortranarray(network.weights + loops.u @ loops.v.T)
    system = heddle.eigen_system(network)
    opened = heddle.open_loops(system, loops)
    geev = partial(scipy.linalg.lapack.dgeev, closed)
    row = {"kind": kind, "n": n, "loops": loops.u.shape[1], **errors(opened, closed)}
    row["both_s"] = median_seconds(partial(geev, compute_vl=1, compute_vr=1), repeats)
    row["right_s"] = median_seconds(partial(geev, compute_vl=0, compute_vr=1), repeats)
    row["values_s"] = median_seconds(partial(geev, compute_vl=0, compute_vr=0), repeats)
    row["update_s"] = median_seconds(lambda: heddle.open_loops(system, loops), 3 * repeats)
    row["pair_s"] = median_seconds(lambda: opened.pair(n // 2), 3 * repeats)

    def with_vectors():
        last = heddle.open_loops(system, loops)
        last.right(), last.left()

    row["vectors_s"] = median_seconds(with_vectors, repeats)
    return row


def patterns(n: int, count: int) -> dict:
    """All 2^count patterns of gates."""
    rng = np.random.default_rng(1)
    network = heddle.make_network(rng.standard_normal((n, n)) / np.sqrt(n), 1, seed=1)
    loops = [loops_of("random", network, rng) for _ in range(count)]
    gates = np.array([[(i >> k) & 1 for k in range(count)] for i in range(2**count)])
    spectra = None

    def visit():
        nonlocal spectra
        spectra = heddle.gate_spectra(heddle.eigen_system(network), loops, gates, threads=1)

    seconds = median_seconds(visit, 1)
    closed = network.weights + sum(loop.u @ loop.v.T for loop in loops)
    dense = median_seconds(lambda: scipy.linalg.lapack.dgeev(closed, 0, 0), 3)
    return {
        "n": n,
        "loops": count,
        "patterns": len(gates),
        "gates_s": seconds,
        "dense_s": dense * len(gates),
        "updates": spectra.updates,
        "error": spectra.error.max(),
        "trusted": spectra.trusted,
    }


def cells(row: dict) -> list[str]:
    return [
        str(row["n"]),
        row["kind"],
        *(f"{1e3 * row[name]:.0f} ms" for name in ("both_s", "right_s", "values_s")),
        f"{1e3 * row['update_s']:.1f} ms",
        f"{row['both_s'] / row['update_s']:.0f} × / {row['values_s'] / row['update_s']:.0f} ×",
        f"{1e3 * row['pair_s']:.1f} ms",
        f"{1e3 * row['vectors_s']:.0f} ms, {row['both_s'] / row['vectors_s']:.1f} ×",
        f"{row['value_error']:.0e}",
        f"{row['right_error']:.0e}, {row['left_error']:.0e}",
        f"{row['residual']:.0e} ({row['lapack_residual']:.0e})",
        f"{row['bound']:.0e}",
        f"{row['condition']:.0e}",
        "yes" if row["trusted"] else "no",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 500, 1000])
    arguments = parser.parse_args()
    kinds = ("random", "designed", "chain of 4")
    rows = [measure(kind, n, 5 if n <= 1000 else 3) for n in arguments.sizes for kind in kinds]
    gates = [patterns(n, 8) for n in arguments.sizes if n <= 1000]
    if arguments.json:
        print(json.dumps({"updates": rows, "gates": gates}, default=float))
        return
    show(
        HEADINGS,
        [cells(row) for row in rows],
    )
    print("\nAll patterns of 8 gates, one thread, with the decomposition of W")
    show(
        ["n", "patterns", "updates", "gate_spectra", "dgeev, values, for each", "", "bound"],
        [
            [
                str(g["n"]),
                str(g["patterns"]),
                str(g["updates"]),
                f"{g['gates_s']:.2f} s",
                f"{g['dense_s']:.1f} s",
                f"{g['dense_s'] / g['gates_s']:.0f} ×",
                f"{g['error']:.0e}",
            ]
            for g in gates
        ],
    )


if __name__ == "__main__":
    main()
