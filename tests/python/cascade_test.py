"""Rate models by tables: what is on disk, and what is refused before tables are computed."""

import numpy as np
import pytest
from population_circuits import AUGUSTIN, AUGUSTIN_NEURON, augustin_network

import heddle
from heddle import _core

SMALL = {
    "mu": np.linspace(-60.0, -30.0, 16),
    "sigma": np.linspace(6.0, 7.0, 4),
    "f": np.geomspace(1.0, 500.0, 12),
}


class Counter:
    """Progress, counted."""

    def __init__(self):
        self.calls = 0

    def __call__(self, done, total):
        self.calls += 1


def same(one, other):
    for name in heddle.CascadeTables._fields:
        if name != "neuron":
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_tables_are_computed_once_and_then_read(tmp_path):
    counter = Counter()
    first = heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=tmp_path, progress=counter)
    assert counter.calls > 0
    (file,) = tmp_path.iterdir()
    again = Counter()
    same(first, heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=tmp_path, progress=again))
    assert again.calls == 0
    other = heddle.ExponentialNeuron(**{**AUGUSTIN, "Delta_T": 2.0})
    heddle.cascade_tables(other, **SMALL, cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    # Adaptation is not in the tables, but it is in their neuron.
    plain = heddle.ExponentialNeuron(**{**AUGUSTIN, "b": 0.0})
    assert heddle.cascade_tables(plain, **SMALL, cache=tmp_path).neuron.b == 0.0
    assert len(list(tmp_path.iterdir())) == 2
    assert file.suffix == ".npz"


@pytest.mark.parametrize("damage", ["cut", "empty", "other", "lacking"])
def test_a_damaged_file_is_computed_again(tmp_path, damage):
    first = heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=tmp_path)
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    if damage == "lacking":
        with file.open("wb") as stream:
            np.savez(stream, mu=first.mu)
    else:
        file.write_bytes(
            {"cut": content[: len(content) // 2], "empty": b"", "other": b"PK not"}[damage]
        )
    same(first, heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=tmp_path))
    same(first, heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=tmp_path))


def test_an_interrupted_computation_leaves_nothing(tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heddle.cascade_tables(AUGUSTIN_NEURON, cache=tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_the_cache_folder_is_what_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HEDDLE_CACHE", str(tmp_path / "here"))
    heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL)
    assert len(list((tmp_path / "here").iterdir())) == 1
    heddle.cascade_tables(AUGUSTIN_NEURON, **{**SMALL, "mu": SMALL["mu"] + 1.0}, cache=False)
    assert len(list((tmp_path / "here").iterdir())) == 1
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(heddle.DomainError, match=r"cache is .*file, which cannot be made"):
        heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=blocked)


def staircase():
    return np.linspace(1.0, 4.1, 8), 250.0


def test_tables_that_are_not_given_are_computed_for_each_population(monkeypatch):
    asked = []

    def stand_in(neuron, *, progress):
        asked.append(neuron)
        return heddle.CascadeTables(
            **{f: getattr(small, f) for f in heddle.CascadeTables._fields if f != "neuron"},
            neuron=neuron,
        )

    small = heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=False)
    monkeypatch.setattr("heddle.cascade.cascade_tables", stand_in)
    current = heddle.CurrentInput(times=[0.0], values=[[300.0]])
    noise = heddle.Noise(sigma=6.5)
    populations = [heddle.Population(name, 10, AUGUSTIN_NEURON, noise=noise) for name in "AB"]
    circuit = heddle.Circuit(populations, [], [heddle.Input(name, current) for name in "AB"])
    found = heddle.cascade_rates(circuit, tables={"A": small}, duration=20.0)
    assert len(asked) == 1
    np.testing.assert_array_equal(found.activity[0], found.activity[1])


def test_mistakes_are_found_before_tables_are_computed(monkeypatch):
    circuit = augustin_network(*staircase(), 1.5)
    monkeypatch.setattr(_core, "cascade_tables", None)
    with pytest.raises(heddle.DomainError, match="model is 'lnexpo'; did you mean 'lnexp'"):
        heddle.cascade_rates(circuit, model="lnexpo")
    with pytest.raises(heddle.DomainError, match="tables has 'X'; populations are E"):
        heddle.cascade_rates(circuit, tables={"X": None})
    with pytest.raises(heddle.DomainError, match=r"smoothing is 0 ms; it must be > 0"):
        heddle.cascade_rates(circuit, model="spec2", smoothing=0.0)
    with pytest.raises(heddle.DomainError, match=r"bin is 0\.25 ms, not a multiple of the step"):
        heddle.cascade_rates(circuit, bin=0.25)
    with pytest.raises(heddle.DomainError, match="its neurons are 'gif'"):
        heddle.cascade_tables(heddle.EscapeNeuron())


def test_other_threads_same_tables():
    one = heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=False, threads=1)
    same(one, heddle.cascade_tables(AUGUSTIN_NEURON, **SMALL, cache=False, threads=3))
