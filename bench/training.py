"""What does a gradient through time cost, over its matrix products alone and beside PyTorch?

A tanh network with a loop of rank 4 and two inputs and outputs, in double precision on one thread.
The products are those that no gradient can do without: W Φ and Wᵀ Λ of every step, and the sum over
time that is ∂/∂W. PyTorch is the same network in eager mode, if it is installed. Times are the
least of several runs, of the CPU.
"""

import argparse
import importlib.util
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from table import show

import heddle

TAU, H = 0.01, 0.001


def arrays(n: int, steps: int, trials: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(1)
    return {
        "W": 1.2 / np.sqrt(n) * draw.normal(size=(n, n)),
        "b": 0.1 * draw.normal(size=n),
        "C": draw.normal(size=(2, n)) / np.sqrt(n),
        "B": draw.normal(size=(n, 2)),
        "U": 0.1 * draw.normal(size=(n, 4)),
        "V": 0.1 * draw.normal(size=(n, 4)),
        "x": draw.normal(size=n),
        "inputs": draw.normal(size=(steps, trials, 2)),
        "targets": draw.normal(size=(steps + 1, trials, 2)),
    }


def by_heddle(a: dict[str, np.ndarray]) -> Callable[[], float]:
    network = heddle.Network(weights=a["W"], tau=TAU, response="tanh", bias=a["b"], readout=a["C"])
    loops = [heddle.Loops(u=a["U"], v=a["V"])]

    def run() -> float:
        loss, _ = heddle.value_and_gradient(
            network, h=H, initial=a["x"], inputs=a["inputs"], targets=a["targets"],
            input=a["B"], loops=loops,
        )  # fmt: skip
        return loss.value

    return run


def by_torch(a: dict[str, np.ndarray]) -> Callable[[], float]:
    import torch

    torch.set_num_threads(1)
    p = {name: torch.tensor(a[name], requires_grad=True) for name in "WbCBUVx"}
    inputs, targets = torch.tensor(a["inputs"]), torch.tensor(a["targets"])
    eta = H / TAU

    def run() -> float:
        x = p["x"].expand(inputs.shape[1], -1)
        rates = torch.tanh(x)
        outputs = [rates @ p["C"].T]
        for s in inputs:
            drive = rates @ p["W"].T + (rates @ p["V"]) @ p["U"].T + p["b"] + s @ p["B"].T
            x = (1 - eta) * x + eta * drive
            rates = torch.tanh(x)
            outputs.append(rates @ p["C"].T)
        loss = torch.mean((torch.stack(outputs) - targets) ** 2)
        torch.autograd.grad(loss, list(p.values()))
        return loss.item()

    return run


def by_products(a: dict[str, np.ndarray]) -> Callable[[], float]:
    """Columns are trials, as Heddle has them; in chunks of 1,024 columns."""
    steps, trials, _ = a["inputs"].shape
    n, chunk = len(a["W"]), max(1024 // trials, 1)
    w = np.asfortranarray(a["W"])
    rates, adjoint = (np.asfortranarray(np.ones((n, chunk * trials))) for _ in range(2))
    out, total = np.empty((n, trials), order="F"), np.empty((n, n), order="F")

    def run() -> float:
        for t in range(steps):
            at = slice(t % chunk * trials, (t % chunk + 1) * trials)
            np.matmul(w, rates[:, at], out=out)
            np.matmul(w.T, adjoint[:, at], out=out)
            if t % chunk == chunk - 1:
                np.matmul(adjoint, rates.T, out=total)
        return float(total[0, 0])

    return run


WAYS = {"products": by_products, "Heddle": by_heddle, "PyTorch, eager": by_torch}


def measure(way: str, n: int, steps: int, trials: int, runs: int) -> tuple[float, float, float]:
    """(CPU seconds, peak memory above what was there before, in MiB, loss)."""
    run = WAYS[way](arrays(n, steps, trials))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        loss = run()
        seconds.append(time.process_time() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return min(seconds), (after - before) / 1024, loss


def in_a_process_of_its_own(way: str, *sizes: int) -> tuple[float, float, float]:
    """So that the peak memory is that of one way."""
    command = [sys.executable, __file__, "--way", way, "--sizes", *map(str, sizes)]
    seconds, mebibytes, loss = subprocess.check_output(command, text=True).split()
    return float(seconds), float(mebibytes), float(loss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--way", choices=list(WAYS), help="print the numbers of this one alone")
    parser.add_argument("--sizes", nargs=4, type=int, default=[500, 500, 64, 5])
    arguments = parser.parse_args()
    if arguments.way:
        print(*measure(arguments.way, *arguments.sizes))
        return
    there = [way for way in WAYS if way != "PyTorch, eager" or importlib.util.find_spec("torch")]
    found = {way: in_a_process_of_its_own(way, *arguments.sizes) for way in there}
    losses = [loss for way, (_, _, loss) in found.items() if way != "products"]
    assert np.allclose(losses, losses[0], rtol=1e-10)
    least = found["products"][0]
    rows = [
        [way, f"{seconds:.2f} s", f"{seconds / least:.2f} ×", f"{mebibytes:.0f} MiB"]
        for way, (seconds, mebibytes, _) in found.items()
    ]
    show(["", "CPU time", "over the products", "memory"], rows)


if __name__ == "__main__":
    main()
