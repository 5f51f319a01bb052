"""What did an adapter of rank 16 do to a 4096 × 4096 module, and how long does it take to know?

Reading both files, the singular values of W and of W + ΔW, and how the new directions lie to all
old ones. *SVD* is SciPy's decomposition of the same W (dgesdd) alone, in the same process. The
dissection is compared with the singular values of the dense W + ΔW.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import linalg
from table import show

import heddle
from heddle.io.safetensors_file import Tensor, write_safetensors


def clocked(work: Callable[[], object]) -> tuple[object, float, float]:
    """The result, and seconds on the wall and of the CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def files(folder: Path, n: int, rank: int) -> tuple[Path, Path, np.ndarray]:
    rng = np.random.default_rng(1)
    w = (rng.normal(size=(n, n)) / np.sqrt(n)).astype(np.float32)
    module = heddle.AdapterModule(
        rng.normal(size=(rank, n)), 0.2 / n * rng.normal(size=(n, rank)), alpha=2 * rank
    )
    heddle.write_adapter(folder / "lora", heddle.Adapter({"w": module}), dtype="F32")
    base = folder / "base.safetensors"
    base.touch()
    write_safetensors(base, {"w.weight": Tensor(w, "F32")})
    return folder / "lora", base, w


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=4096)
    parser.add_argument("--rank", type=int, default=16)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        lora, base, w = files(Path(name), options.n, options.rank)

        def dissect(exact: bool) -> np.ndarray:
            adapter = heddle.read_adapter(lora)
            found = heddle.dissect_adapter(adapter, base, exact=exact).modules["w"]
            return found.singular.after

        results = {}
        for label, exact in (("randomised", False), ("exact", True)):
            results[label], wall, cpu = clocked(lambda exact=exact: dissect(exact))
            rows.append([label, f"{wall:.1f} s", f"{cpu:.1f} s", f"{peak():.2f} GiB"])
        _, wall, cpu = clocked(lambda: linalg.svd(w.astype(float)))
        rows.append(["SVD of W alone", f"{wall:.1f} s", f"{cpu:.1f} s", f"{peak():.2f} GiB"])
        dense = linalg.svdvals(w + heddle.read_adapter(lora).modules["w"].delta)[:10]
    show(["", "wall", "CPU", "peak memory so far"], rows)
    for label, after in results.items():
        print(f"{label}: largest difference from dense {np.max(np.abs(after - dense)):.1e}")


if __name__ == "__main__":
    main()
