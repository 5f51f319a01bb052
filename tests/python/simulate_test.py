"""`simulate` from Python: what is streamed, kept, saved, and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import heddle
from heddle import Circuit, DomainError, FormatError, SpikeRecording


def pair(**changes: object) -> Circuit:
    """Excitation and inhibition of escape-noise neurons, a hundred of them."""
    neuron = {"neuron": "gif", "I_e": "300 pA", **changes}
    both = {"rule": {"bernoulli": 0.2}, "target": ["E", "I"], "delay": 1}
    return heddle.build_circuit(
        {
            "populations": {"E": {"size": 80, **neuron}, "I": {"size": 20, **neuron}},
            "projections": [
                {"source": "E", "tau_syn": 3, "weight": "250 pA", **both},
                {"source": "I", "tau_syn": 6, "weight": "-600 pA", **both},
            ],
            "readouts": {"y": {"source": "E", "weights": [[1 / 80] * 80]}},
        }
    )


@pytest.fixture(scope="module")
def recording() -> SpikeRecording:
    probe = heddle.Probe("I", [0, 7])
    return heddle.simulate(
        pair(), duration=1000, transient=200, seed=3, keep_spikes=True, probes=[probe]
    )


def test_what_is_kept_counts_the_same_spikes(recording: SpikeRecording) -> None:
    times, neurons = recording.spikes
    assert recording.completed
    assert len(times) == sum(recording.counts) > 500
    assert (np.diff(times) >= 0).all()
    assert 0 <= times[0] < times[-1] < 1000
    np.testing.assert_array_equal(np.bincount(neurons, minlength=100), recording.counts)
    rates = recording.counts[:80].mean(), recording.counts[80:].mean()
    np.testing.assert_allclose(recording.activity.mean(axis=1), rates, rtol=1e-12)
    assert recording.traces[0].shape == (2, 1000)
    assert recording.readouts[0].shape == (1, 1000)


def test_the_sink_receives_what_is_kept_in_the_same_order(recording: SpikeRecording) -> None:
    chunks: list[tuple[np.ndarray, np.ndarray]] = []
    again = heddle.simulate(
        pair(), duration=1000, transient=200, seed=3, sink=lambda *spikes: chunks.append(spikes)
    )
    times, neurons = (np.concatenate(part) for part in zip(*chunks, strict=True))
    np.testing.assert_array_equal(times, recording.spikes[0])
    np.testing.assert_array_equal(neurons, recording.spikes[1])
    assert len(again.spikes[0]) == 0


def test_a_connectome_drawn_before_gives_the_same_spikes(recording: SpikeRecording) -> None:
    connectome = heddle.connect(pair(), seed=3)
    assert connectome.synapses == recording.synapses
    again = heddle.simulate(
        pair(), connectome=connectome, duration=1000, transient=200, seed=3, keep_spikes=True
    )
    np.testing.assert_array_equal(again.spikes[0], recording.spikes[0])


@pytest.mark.parametrize("threads", [1, 3])
def test_regenerated_synapses_give_the_same_spikes(recording: SpikeRecording, threads: int) -> None:
    how = {"duration": 1000, "transient": 200, "seed": 3, "keep_spikes": True, "threads": threads}
    again = heddle.simulate(pair(), regenerate=True, **how)
    assert again.events == recording.events
    np.testing.assert_array_equal(again.spikes[0], recording.spikes[0])
    np.testing.assert_array_equal(again.spikes[1], recording.spikes[1])
    connectome = heddle.connect(pair(), seed=3, threads=threads, regenerate=True)
    assert connectome.regenerated
    assert "regenerated" in repr(connectome)
    given = heddle.simulate(pair(), connectome=connectome, **how)
    np.testing.assert_array_equal(given.spikes[0], recording.spikes[0])


def large(rule: dict[str, Any]) -> Circuit:
    projection = {"source": "E", "target": "E", "rule": rule, "tau_syn": 3, "delay": 1}
    return heddle.build_circuit(
        {
            "populations": {"E": {"size": 4000, "neuron": "gif"}},
            "projections": [{**projection, "weight": "1 pA"}],
        }
    )


def test_a_circuit_that_does_not_fit_when_stored_runs_regenerated() -> None:
    circuit = large({"fixed_outdegree": 500})
    stored, in_flight = (heddle.memory_needed(circuit, regenerate=on) for on in (False, True))
    assert stored > 2 * 500 * 4000
    assert in_flight == pytest.approx(500 * 4000 * 2 * 0.02, rel=0.05)
    with pytest.raises(DomainError, match="or regenerate them at every spike, which needs about"):
        heddle.simulate(circuit, duration=20, memory=2 * in_flight)
    recording = heddle.simulate(circuit, duration=20, memory=2 * in_flight, regenerate=True)
    assert recording.completed
    assert recording.synapses == 500 * 4000


def test_what_cannot_be_regenerated_is_named_with_what_can() -> None:
    with pytest.raises(DomainError, match=r"'E' → 'E' has a fixed in-degree.*fix the out-degree"):
        heddle.simulate(large({"fixed_indegree": 500}), regenerate=True)
    with pytest.raises(DomainError, match="the connectome stores its synapses"):
        heddle.simulate(pair(), connectome=heddle.connect(pair()), regenerate=True)
    with pytest.raises(DomainError, match="it connects 100 neurons, and the circuit has 4000"):
        heddle.simulate(large({"bernoulli": 0}), connectome=heddle.connect(pair()))


def test_edges_are_those_of_the_connectome() -> None:
    edges = [heddle.edges_of(pair(), k, seed=3) for k in range(4)]
    assert sum(len(e.source) for e in edges) == heddle.connect(pair(), seed=3).synapses
    assert set(np.round(edges[2].weight)) == {-600}
    with pytest.raises(IndexError, match="projection is 4; there are 4"):
        heddle.edges_of(pair(), 4)


def test_progress_that_returns_false_ends_the_run_and_keeps_it() -> None:
    ended = heddle.simulate(pair(), duration=1e7, progress=lambda done, total: False)
    assert not ended.completed
    assert ended.statement == "ended early, as asked"
    assert 0 < ended.duration < 1e7
    assert ended.activity.shape == (2, int(np.ceil(ended.duration)))


def test_what_sink_or_progress_raise_stops_the_run() -> None:
    def refuse(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        heddle.simulate(pair(), duration=1e7, progress=refuse)
    with pytest.raises(ZeroDivisionError):
        heddle.simulate(pair(), duration=1e5, sink=refuse)


LONG = """
import heddle
circuit = heddle.circuits.{circuit}
print("begun", flush=True)
try:
    heddle.simulate(circuit, duration=1e7, memory=0, threads=2)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("circuit", "wait"),
    [
        pytest.param("ei_gif()", 1.0, id="while it simulates"),
        pytest.param("microcircuit(0.5)", 0.5, id="while it draws synapses"),
    ],
)
def test_ctrl_c_interrupts_a_simulation_at_once(circuit: str, wait: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LONG.format(circuit=circuit)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # One in the background may have been told to ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout.readline() == "begun\n"
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        assert process.stdout.readline() == "interrupted\n"
        waited = time.monotonic() - sent
        _, errors = process.communicate(timeout=60)  # what it was at ends before Python does
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, "")
    assert waited < 2.0  # 0.05 s by design; the rest is for a busy machine


def test_rates_that_run_away_stop_the_run_with_time_and_population() -> None:
    recording = heddle.simulate(pair(I_e="10 nA"), duration=1000, runaway_rate=100)
    assert not recording.completed
    assert "population 'E' fired at" in recording.statement
    assert recording.duration < 1000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"duration": -1}, "duration is -1; it must be"),
        ({"step": 0}, "step is 0"),
        ({"step": 2.5, "bin": 2.5}, "delay is 1 ms, below the time step"),
        ({"bin": 0.15}, "bin is 0.15; it must be a multiple of the step"),
        (
            {"spike_times": "interpolate"},
            "spike_times is 'interpolate'; did you mean 'interpolated'",
        ),
        ({"probes": [("F", [0])]}, "there is no population 'F'"),
        ({"probes": [("E", [80])]}, "neuron is 80; it must be below its size, 80"),
        ({"probes": [("E", [0], "V")]}, "no variable 'V'"),
        ({"memory": 100}, "memory"),
    ],
)
def test_options_that_cannot_be_are_named(options: dict[str, Any], message: str) -> None:
    probes = [heddle.Probe(*fields) for fields in options.get("probes", ())]
    with pytest.raises(DomainError, match=message):
        heddle.simulate(pair(), **{**options, "probes": probes})


def test_a_recording_comes_back_from_its_file(recording: SpikeRecording, tmp_path: Path) -> None:
    heddle.save_recording(tmp_path / "run.h5", recording)
    again = heddle.load(tmp_path / "run.h5")
    assert isinstance(again, SpikeRecording)
    for name in recording._fields:
        ours, theirs = getattr(recording, name), getattr(again, name)
        if name in {"spikes", "traces", "readouts"}:
            assert all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True)), name
        else:
            assert np.array_equal(ours, theirs), name


@pytest.mark.parametrize("name", ["spikes.h5", "spikes.npz"])
def test_spikes_come_back_from_their_file(
    recording: SpikeRecording, tmp_path: Path, name: str
) -> None:
    heddle.write_spikes(tmp_path / name, recording)
    times, neurons = recording.spikes
    found = heddle.read_spikes(tmp_path / name)
    assert list(found) == ["E", "I"]
    for (own_times, nodes), first, last in zip(found.values(), (0, 80), (80, 100), strict=True):
        own = (neurons >= first) & (neurons < last)
        np.testing.assert_array_equal(own_times, times[own])
        np.testing.assert_array_equal(nodes, neurons[own] - first)


def test_streamed_in_chunks_is_the_same_file(recording: SpikeRecording, tmp_path: Path) -> None:
    times, neurons = recording.spikes
    for kind in ("h5", "npz"):
        heddle.write_spikes(tmp_path / f"whole.{kind}", recording)
        path = tmp_path / f"parts.{kind}"
        with heddle.spike_file(path, recording.names, recording.sizes) as sink:
            for start in range(0, len(times), 97):
                sink(times[start : start + 97], neurons[start : start + 97])
            assert not path.exists()
        whole, parts = (heddle.read_spikes(tmp_path / f"{n}.{kind}") for n in ("whole", "parts"))
        for name in ("E", "I"):
            np.testing.assert_array_equal(whole[name], parts[name])


def test_spikes_are_as_sonata_says(recording: SpikeRecording, tmp_path: Path) -> None:
    heddle.write_spikes(tmp_path / "spikes.h5", recording)
    with h5py.File(tmp_path / "spikes.h5") as file:
        assert file.attrs["magic"] == 0x0A7A
        group = file["spikes/I"]
        assert group["timestamps"].attrs["units"] == "ms"
        assert h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)["by_time"] == 2
        assert group.attrs["sorting"] == 2
        assert group["node_ids"].dtype == np.uint64


@pytest.mark.parametrize("name", ["spikes.h5", "spikes.npz"])
def test_a_file_of_spikes_that_is_not_finished_does_not_appear(tmp_path: Path, name: str) -> None:
    def broken() -> None:
        with heddle.spike_file(tmp_path / name, ["E"], [3]) as sink:
            sink(np.array([1.0]), np.array([2], dtype=np.uint32))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("spikes.csv", b"", DomainError, "give a name that ends in .h5, .hdf5, .npz"),
        ("spikes.h5", None, FormatError, "does not exist"),
        ("spikes.h5", b"no", FormatError, "holds no spikes that can be read"),
        ("spikes.npz", b"no", FormatError, "holds no spikes that can be read"),
    ],
)
def test_spikes_that_cannot_be_read_are_named(
    tmp_path: Path, name: str, content: bytes | None, error: type[Exception], message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=message):
        heddle.read_spikes(tmp_path / name)
