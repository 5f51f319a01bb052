"""`mesoscopic` from Python: what a recording says, how a run ends early, what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import heddle
from heddle import Circuit, EscapeNeuron, Population
from heddle.circuits import ei_gif


def alone(size: int, *, mu: float = 24.0, **changes: object) -> Circuit:
    """Neurons that do not hear each other, with a constant input of μ mV."""
    neuron = EscapeNeuron(Delta_V=2.5, I_e=mu * 250 / 20, **changes)
    return Circuit(populations=[Population(name="A", size=size, neuron=neuron)])


def test_a_recording_says_what_it_assumed_and_measured_and_is_pickled() -> None:
    recording = heddle.mesoscopic(ei_gif(p=0.2), duration=500, seed=3)
    assert recording.names == ["E", "I"]
    assert recording.activity.shape == recording.expected.shape == (2, 500)
    assert any("'E' → 'I': every neuron gets the mean of 160" in s for s in recording.assumptions)
    assert (recording.conservation_error < 1e-13).all()
    assert repr(recording) == "MesoscopicRecording(2 populations, 500 ms, complete)"
    again = pickle.loads(pickle.dumps(recording))
    np.testing.assert_array_equal(again.activity, recording.activity)
    counts = recording.activity * np.array(recording.sizes)[:, None] * recording.bin * 1e-3
    np.testing.assert_allclose(counts, np.rint(counts), atol=1e-9)


def test_progress_is_told_and_may_end_the_run() -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    recording = heddle.mesoscopic(alone(100), duration=1e6, progress=progress)
    assert not recording.completed
    assert recording.statement.startswith("ended early, as asked, at ")
    assert told[0][1] == 2_000_000
    assert recording.activity.shape[1] == int(recording.duration) < 1e6


def test_what_has_no_mesoscopic_equation_is_refused_with_the_nearest_level() -> None:
    lif = Circuit(populations=[Population(name="A", size=10, neuron=heddle.LeakyNeuron())])
    with pytest.raises(heddle.DomainError, match=r"'A': lif neurons have no hazard.*simulate them"):
        heddle.mesoscopic(lif)
