"""Do loops alone learn a library of motifs as well as all weights do, and do motifs interfere?

Ten stepped targets of 100 τ, a tanh network of 300 units from one initial state, a fixed readout,
Adam. Loops: one of rank 4 a motif (24,000 numbers in all), open while the motif lasts, on frozen
weights. Full rank: all weights and an input for each motif (93,000 numbers). Each with the best of
four rates at the same number of steps. Then an eleventh motif is learned, by its own loop alone,
and, at full rank, by all that was trained before: how far do the first ten move?
"""

import argparse
import time
from dataclasses import replace

import numpy as np
from table import show

import heddle
from heddle.robustness.motifs import stepped_targets

TAU, H, DURATION = 0.1, 0.05, 10.0  # s
STEPS = round(DURATION / H)
RATES = (2e-2, 5e-3, 1e-3, 3e-4)
RANK = 4


def network(n: int, cues: int, loops: bool) -> heddle.TrainableNetwork:
    draw = np.random.default_rng(1)
    base = heddle.make_network(
        heddle.gaussian_weights(n, 1.2, seed=1), 1, seed=2, tau=TAU, response="tanh"
    )
    start = draw.normal(size=n)
    if not loops:
        return heddle.TrainableNetwork(base, input=draw.normal(size=(n, cues)), initial=start)
    own = [
        heddle.Loops(u=np.zeros((n, RANK)), v=draw.normal(size=(n, RANK)) / np.sqrt(n))
        for _ in range(cues)
    ]
    return heddle.TrainableNetwork(base, loops=tuple(own), initial=start)


def task(motifs: list[int], cues: int, loops: bool) -> heddle.TrainingTask:
    """One trial a motif."""
    targets = stepped_targets(cues, STEPS, seed=3)[motifs].T[:, :, None]
    on = np.broadcast_to(np.eye(cues)[motifs], (STEPS, len(motifs), cues))
    asked = heddle.TrainingTask(h=H, steps=STEPS, trials=len(motifs), targets=targets)
    if loops:
        return replace(asked, gates=tuple(np.array(on[:, :, k]) for k in range(cues)))
    return replace(asked, inputs=np.array(on))


def errors(trained: heddle.TrainableNetwork, asked: heddle.TrainingTask) -> np.ndarray:
    """The nRMSE of each motif."""
    outputs = heddle.training_outputs(trained, asked)
    return np.sqrt(np.mean((outputs - asked.targets) ** 2, axis=0) / np.var(asked.targets, axis=0))


def learn(n: int, count: int, steps: int, loops: bool) -> list[str]:
    first, cues = list(range(count)), count + 1
    begin = time.process_time()
    found = min(
        (
            heddle.train(
                network(n, cues, loops),
                task(first, cues, loops),
                of="loops" if loops else ["weights", "input"],
                steps=steps,
                rate=rate,
            )
            for rate in RATES
        ),
        key=lambda training: training.best_loss,
    )
    spent = time.process_time() - begin
    before = task(first, cues, loops)
    outputs = heddle.training_outputs(found.trainable, before)
    later = heddle.train(
        found.trainable,
        task([count], cues, loops),
        of=f"loops[{count}]" if loops else ["weights", "input"],
        steps=steps // 4,
        rate=RATES[1] if loops else RATES[2],
    )
    moved = np.abs(heddle.training_outputs(later.trainable, before) - outputs).max()
    each = errors(found.trainable, before)
    return [
        "loops" if loops else "all weights and inputs",
        f"{found.best_loss:.3g}",
        f"{np.median(each):.2f}",
        f"{each.min():.2f} to {each.max():.2f}",
        f"{moved:.2g}",
        f"{np.median(errors(later.trainable, before)):.2f}",
        f"{spent / len(RATES):.0f} s",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--motifs", type=int, default=10)
    parser.add_argument("--steps", type=int, default=300, help="of Adam")
    given = parser.parse_args()
    columns = ["trained", "loss", "nRMSE, median", "least to largest", "moved by the next motif"]
    rows = [learn(given.n, given.motifs, given.steps, loops) for loops in (True, False)]
    show([*columns, "nRMSE after it", "CPU time a training"], rows)


if __name__ == "__main__":
    main()
