"""What are optimised directions worth, and what do they cost?

Twenty targets on the stability line and at Re 1.5, Gaussian weights, k loops: gain and
root-mean-square condition of dealt directions with random outputs, of optimised directions
for the same outputs, of both optimised; then of loops that obey Dale's law.
"""

import time

import numpy as np
from table import show

import heddle


def measured(network, targets, **options) -> tuple[float, float, float, int, bool]:
    start = time.perf_counter()
    placed = heddle.place_eigenvalues(network, targets, whole_spectrum=False, **options)
    seconds = time.perf_counter() - start
    condition = np.sqrt((placed.condition**2).mean())
    return placed.gain, condition, seconds, placed.evaluations, placed.trusted


def line(name: str, of: tuple[float, float, float, int, bool]) -> list[str]:
    gain, condition, seconds, evaluations, trusted = of
    return [
        name,
        f"{gain:.3g}",
        f"{condition:.3g}",
        f"{evaluations}",
        f"{seconds:.2f} s",
        "yes" if trusted else "no",
    ]


def main() -> None:
    rows = []
    for n, k, edge in ((200, 2, 1.0), (200, 5, 1.0), (200, 5, 1.5), (500, 5, 1.0), (1000, 5, 1.0)):
        network = heddle.make_network(heddle.gaussian_weights(n, g=0.9, seed=1), 0, seed=1)
        targets = edge + 1j * np.linspace(-1, 1, 20)
        case = [str(n), str(k), str(edge)]
        dealt = heddle.place_eigenvalues(network, targets, loops=k, whole_spectrum=False)
        u, both = dealt.loops.u, {"loops": k, "directions": "optimised"}
        rows.append(case + line("dealt", measured(network, targets, loops=k)))
        rows.append(case + line("directions", measured(network, targets, u=u, **both)))
        rows.append(case + line("directions and outputs", measured(network, targets, **both)))
    show(
        ["n", "k", "Re λ", "optimised", "gain", "condition", "evaluations", "time", "trusted"], rows
    )

    rows = []
    network = heddle.make_network(heddle.gaussian_weights(500, g=0.9, seed=1), 0, seed=1)
    targets = 1 + 1j * np.linspace(-1, 1, 20)
    signs = np.where(np.arange(500) < 400, 1, -1)
    law = {"loops": 5, "u_signs": np.ones(500), "v_signs": signs}
    half = {**law, "v_mask": np.arange(500) % 2 == 0, "u_mask": np.arange(500) % 2 == 1}
    for name, rules in (
        ("no rules", {"loops": 5}),
        ("Dale", law),
        ("Dale, half the weights", half),
    ):
        for directions in ("dealt", "optimised"):
            of = measured(network, targets, directions=directions, **rules)
            rows.append([name, *line(directions, of)])
    show(["rules", "directions", "gain", "condition", "evaluations", "time", "trusted"], rows)


if __name__ == "__main__":
    main()
