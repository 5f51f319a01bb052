"""NEST and Brian2 on the scripts that `heddle` writes for them, each in its own process."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import heddle

HERE = Path(__file__).parent


def python() -> str:
    """That has NEST and Brian2; installs them where there are none."""
    found = subprocess.run(
        ["bash", HERE / "peers.sh"], check=True, stdout=subprocess.PIPE, text=True
    )
    return found.stdout.strip()


def versions(interpreter: str) -> str:
    code = "import importlib.metadata as m; print(m.version('nest-simulator'), m.version('brian2'))"
    found = subprocess.run([interpreter, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    nest, brian = found.stdout.split()
    return f"NEST {nest}, Brian2 {brian}"


def run(
    peer: str, circuit: heddle.Circuit, interpreter: str, threads: int, times: dict[str, float]
) -> dict:
    """Seconds of building and running, spikes, synapses and peak memory of one run."""
    write = {"NEST": heddle.export_nest, "Brian2": heddle.export_brian2}[peer]
    options = {"target": "standalone"} if peer == "Brian2" else {}
    with tempfile.TemporaryDirectory(prefix="heddle_peer_") as folder:
        script = write(circuit, Path(folder, "peer.py"), threads=threads, **times, **options)
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        done = subprocess.run(
            [interpreter, script.name], cwd=folder, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{peer} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        with np.load(Path(folder, "peer_spikes.npz")) as spikes:
            return summary(spikes, circuit)


def summary(spikes, circuit: heddle.Circuit) -> dict:
    synapses = spikes["synapses"]
    counts = [len(spikes[f"{p.name}/times"]) for p in circuit.populations]
    return {
        "build_seconds": float(spikes["build_seconds"]),
        "run_seconds": float(spikes["run_seconds"]),
        "spikes": int(sum(counts)),
        "rates": [
            1e3 * count / (p.size * float(spikes["duration"]))
            for count, p in zip(counts, circuit.populations, strict=True)
        ],
        "synapses": int(synapses),
        "peak_gib": float(spikes["peak_kib"]) / 2**20,
    }


def limits() -> dict:
    """Memory bandwidth and the rate of scattered additions of one core, by a small C++ program."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "limits")
        compiler = os.environ.get("CXX", "c++")
        source = HERE / "limits.cpp"
        options = ["-O3", "-march=native", "-std=c++20"]
        subprocess.run([compiler, *options, source, "-o", program], check=True)
        return json.loads(subprocess.run([program], check=True, capture_output=True).stdout)
