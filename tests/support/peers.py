"""Runs what `export_nest` and `export_brian2` write, for the tests against NEST and Brian2."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import heddle

EXPORT = {"nest": heddle.export_nest, "brian2": heddle.export_brian2}
TIMEOUT = 300  # s


def needs(peer: str):
    missing = importlib.util.find_spec(peer) is None
    return pytest.mark.skipif(missing, reason=f"{peer} is not installed here")


def run_peer(peer: str, circuit, folder: Path, **options) -> dict[str, np.ndarray]:
    """What the script writes, by name: `E/times`, `E/neurons`, …"""
    script = EXPORT[peer](circuit, folder / f"{peer}_script.py", **options)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, script.name],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    with np.load(folder / f"{script.stem}_spikes.npz") as spikes:
        return dict(spikes)


def trains(spikes: dict[str, np.ndarray], population: str) -> list[tuple[float, int]]:
    """(time, neuron), in order."""
    times, neurons = spikes[f"{population}/times"], spikes[f"{population}/neurons"]
    return sorted(zip(np.round(times, 6).tolist(), neurons.tolist(), strict=True))


def own_trains(recording, population: str) -> list[tuple[float, int]]:
    """The same of a SpikeRecording with its spikes kept."""
    position = recording.names.index(population)
    first = int(np.sum(recording.sizes[:position]))
    times, neurons = recording.spikes
    inside = (neurons >= first) & (neurons < first + recording.sizes[position])
    found = np.round(times[inside], 6).tolist(), (neurons[inside].astype(int) - first).tolist()
    return sorted(zip(*found, strict=True))


def recording_of(spikes: dict[str, np.ndarray], circuit):
    """As a Recording, for estimators and tests."""
    sizes = [population.size for population in circuit.populations]
    names = [population.name for population in circuit.populations]
    first = np.concatenate([[0], np.cumsum(sizes)])
    return heddle.recording_from_spikes(
        np.concatenate([spikes[f"{name}/times"] for name in names]),
        np.concatenate(
            [spikes[f"{name}/neurons"] + k for name, k in zip(names, first[:-1], strict=True)]
        ),
        sizes,
        duration=float(spikes["duration"]),
        names=names,
    )
