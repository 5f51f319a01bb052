"""How many fixed points of random tanh networks, how fast, and are they real?

Gain 1.5, 64 starts. Beside Heddle's search: damped Newton alone (no deflation, no descent), and
what is usual, Adam on |F|² in float32, 5000 steps for all starts at once (PyTorch; skipped, with a
line, where it is missing), from the same kind of starts. Points are distinct and proven; for Adam,
after a polish by Newton's method, and its mirrors −x are counted too. A claim without a zero is,
of Adam, a state slow enough to be called a fixed point with none nearby; of the others, a
certified ball in which Newton's method finds none.
"""

import argparse
import time
from importlib.util import find_spec

import numpy as np
from table import show

import heddle

STARTS = 64
ADAM_STEPS = 5000
SLOW = 1e-8  # of |F|² / 2 a unit: what is usually called a fixed point


def network(n: int, seed: int) -> heddle.Network:
    return heddle.Network(weights=heddle.gaussian_weights(n, 1.5, seed=seed), response="tanh")


def by_heddle(given: heddle.Network, **options) -> tuple[list[np.ndarray], float, object]:
    start = time.perf_counter()
    found = heddle.smooth_fixed_points(given, starts=STARTS, **options)
    seconds = time.perf_counter() - start
    return [point.state for point in found.points if point.certified], seconds, found


def by_adam(given: heddle.Network, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """States and |F|² / (2 n) after descent from where W tanh(z) leads."""
    import torch

    n = given.size
    z = 1.5 * np.random.default_rng(seed).standard_normal((STARTS, n))
    w = torch.tensor(given.weights.copy(), dtype=torch.float32)
    x = torch.tensor(np.tanh(z) @ given.weights.T, dtype=torch.float32, requires_grad=True)
    solver = torch.optim.Adam([x], lr=0.05)
    schedule = torch.optim.lr_scheduler.ExponentialLR(solver, 0.999)
    start = time.perf_counter()
    for _ in range(ADAM_STEPS):
        solver.zero_grad()
        loss = ((torch.tanh(x) @ w.T - x) ** 2).sum() / 2
        loss.backward()
        solver.step()
        schedule.step()
    seconds = time.perf_counter() - start
    states = x.detach().numpy().astype(float)
    left = ((np.tanh(states) @ given.weights.T - states) ** 2).sum(1) / (2 * n)
    return states, left, seconds


def polished(given: heddle.Network, x: np.ndarray) -> np.ndarray:
    for _ in range(8):
        slope = 1 - np.tanh(x) ** 2
        f = given.weights @ np.tanh(x) - x
        x = x - np.linalg.solve(given.weights * slope - np.eye(len(x)), f)
    return x


def proven(given: heddle.Network, states: list[np.ndarray]) -> list[np.ndarray]:
    """Certified zeros next to the states, and their mirrors, each once."""
    kept: list[np.ndarray] = []
    for state in states:
        x = polished(given, state)
        if not np.all(np.isfinite(x)) or np.abs(x - state).max() > 0.1:
            continue
        proof = heddle.certify_fixed_point(given, x)
        if not proof.certified:
            continue
        for one in (x, -x):
            if all(np.abs(one - other).max() > proof.radius + 1e-9 for other in kept):
                kept.append(one)
    return kept


def false_balls(given: heddle.Network, found: heddle.SmoothFixedPoints) -> int:
    """Certified points whose polished zero lies outside their ball, by more than its rounding."""
    certified = [point for point in found.points if point.certified]
    return sum(
        bool(np.abs(polished(given, point.state) - point.state).max() > point.radius + 1e-10)
        for point in certified
    )


def missing_of(one: list[np.ndarray], other: list[np.ndarray]) -> int:
    """How many of `one` are not among `other`."""
    return sum(all(np.abs(x - y).max() > 1e-6 for y in other) for x in one)


def question(n: int, seed: int) -> list[list[str]]:
    given = network(n, seed)
    own, seconds, found = by_heddle(given)
    plain, plain_seconds, alone = by_heddle(given, deflations=0, slow_points=False)
    rows = [
        [f"{n}, {seed}", "Heddle", str(len(own)), str(false_balls(given, found))],
        ["", "damped Newton alone", str(len(plain)), str(false_balls(given, alone))],
    ]
    rows[0] += [f"{seconds:.2f} s", f"{len(found.slow_points)} slow points"]
    rows[1] += [f"{plain_seconds:.2f} s", f"{missing_of(plain, own)} that Heddle lacks"]
    if find_spec("torch"):
        states, left, adam_seconds = by_adam(given, seed)
        claimed = [x for x, value in zip(states, left, strict=True) if value < SLOW]
        real = proven(given, claimed)
        false = sum(not proven(given, [x]) for x in claimed)
        rows.append(["", "Adam", str(len(real)), str(false), f"{adam_seconds:.2f} s"])
        rows[2].append(f"{missing_of(real, own)} that Heddle lacks")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    if not find_spec("torch"):
        print("skipped: Adam (torch is not installed)")
    rows = [row for n in given.n for seed in range(1, given.seeds + 1) for row in question(n, seed)]
    show(["n, seed", "search", "proven points", "claims without a zero", "time", ""], rows)


if __name__ == "__main__":
    main()
