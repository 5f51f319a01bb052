"""What does a gradient through time cost, over its matrix products alone and beside PyTorch?

A tanh network with a loop of rank 4 and two inputs and outputs, in double precision. The products
are those that no gradient can do without: W Φ and Wᵀ Λ of every step, and the sum over time that is
∂/∂W. PyTorch is the same network, eager and with each step compiled (torch.compile), if it is
installed (HEDDLE_TORCH names a Python that has it). Least times of several runs, each way in a
process of its own.
"""

import argparse
import functools
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

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


def by_heddle(a: dict[str, np.ndarray], threads: int) -> Callable[[], float]:
    import heddle

    network = heddle.Network(weights=a["W"], tau=TAU, response="tanh", bias=a["b"], readout=a["C"])
    loops = [heddle.Loops(u=a["U"], v=a["V"])]
    workspace = heddle.TrainingWorkspace()

    def run() -> float:
        loss, _ = heddle.value_and_gradient(
            network, h=H, initial=a["x"], inputs=a["inputs"], targets=a["targets"],
            input=a["B"], loops=loops, threads=threads, workspace=workspace,
        )  # fmt: skip
        return loss.value

    return run


def by_torch(
    a: dict[str, np.ndarray], threads: int, compiled: bool = False, single: bool = False
) -> Callable[[], float]:
    import torch

    torch.set_num_threads(threads)
    kind = torch.float32 if single else torch.float64
    # By way of lists: the Python that has PyTorch may have another NumPy than it was built for.
    as_tensor = {name: torch.tensor(array.tolist(), dtype=kind) for name, array in a.items()}
    p = {name: as_tensor[name].requires_grad_() for name in "WbCBUVx"}
    inputs, targets = as_tensor["inputs"], as_tensor["targets"]
    eta = H / TAU

    def step(x, rates, s, W, U, V, b, B):
        drive = rates @ W.T + (rates @ V) @ U.T + b + s @ B.T
        x = (1 - eta) * x + eta * drive
        return x, torch.tanh(x)

    if compiled:
        step = torch.compile(step)

    def run(steps: int = len(inputs)) -> float:
        x = p["x"].expand(inputs.shape[1], -1)
        rates = torch.tanh(x)
        outputs = [rates @ p["C"].T]
        for s in inputs[:steps]:
            x, rates = step(x, rates, s, *(p[name] for name in "WUVbB"))
            outputs.append(rates @ p["C"].T)
        loss = torch.mean((torch.stack(outputs) - targets[: steps + 1]) ** 2)
        torch.autograd.grad(loss, list(p.values()))
        return loss.item()

    run(2)  # Compiles.
    return run


def by_products(a: dict[str, np.ndarray], threads: int) -> Callable[[], float]:
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


WAYS: dict[str, Callable[..., Callable[[], float]]] = {
    "products": by_products,
    "Heddle": by_heddle,
    "PyTorch, eager": by_torch,
    "PyTorch, torch.compile": functools.partial(by_torch, compiled=True),
    "PyTorch, eager, float32": functools.partial(by_torch, single=True),
}


def measure(way: str, threads: int, n: int, steps: int, trials: int, runs: int) -> list[float]:
    """[CPU seconds, seconds, peak memory above what was there before, in MiB, loss]."""
    run = WAYS[way](arrays(n, steps, trials), threads)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu, wall = [], []
    for _ in range(runs):
        start = time.process_time(), time.perf_counter()
        loss = run()
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [min(cpu), min(wall), (after - before) / 1024, loss]


def in_a_process_of_its_own(way: str, threads: int, sizes: list[int]) -> list[float]:
    """So that the peak memory is that of one way. BLAS takes the kernels it takes by itself."""
    python = os.environ.get("HEDDLE_TORCH", sys.executable) if "PyTorch" in way else sys.executable
    command = [python, __file__, "--way", way, "--threads", threads, "--sizes", *sizes]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    environment["OPENBLAS_NUM_THREADS"] = str(threads)
    environment.pop("OMP_NUM_THREADS", None)
    text = subprocess.check_output(list(map(str, command)), text=True, env=environment)
    return [float(number) for number in text.split()]


def has_torch() -> bool:
    python = os.environ.get("HEDDLE_TORCH", sys.executable)
    tried = subprocess.run([python, "-c", "import torch, numpy"], capture_output=True, check=False)
    return tried.returncode == 0


def compare(sizes: list[int]) -> None:
    from table import show

    there = [way for way in WAYS if "PyTorch" not in way or has_torch()]
    found = {
        (way, threads): in_a_process_of_its_own(way, threads, sizes)
        for way in there
        for threads in (1, 2)
    }
    losses = [row[3] for (way, _), row in found.items() if way not in (there[0], there[-1])]
    assert np.allclose(losses, losses[0], rtol=1e-10)
    least = found["products", 1][0]
    rows = [
        [
            way,
            str(threads),
            f"{cpu:.2f} s",
            f"{cpu / least:.2f} ×",
            f"{wall:.2f} s",
            f"{mib:.0f} MiB",
        ]
        for (way, threads), (cpu, wall, mib, _) in found.items()
    ]
    show(["", "threads", "CPU time", "over the products", "time", "memory"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--way", choices=list(WAYS), help="print the numbers of this one alone")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sizes", nargs=4, type=int, default=[500, 500, 64, 5])
    arguments = parser.parse_args()
    if arguments.way:
        print(*measure(arguments.way, arguments.threads, *arguments.sizes))
    else:
        compare(arguments.sizes)


if __name__ == "__main__":
    main()
