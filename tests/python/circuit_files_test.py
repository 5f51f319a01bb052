"""Circuits from TOML: what a file says is what the circuit is, and what it cannot say is named."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import heddle
from heddle import Circuit, DomainError, Error, FormatError
from heddle.circuits.files import read_circuit_file
from heddle.circuits.units import BASE, WORDS, quantity

BALANCED = """
[populations.E]
size = 800
neuron = "gif"
tau_m = "20 ms"
V_T_star = { normal = { mean = 15, sd = "1 mV" } }
lambda_0 = "0.01 kHz"
hazard = "softplus"
noise = { sigma = "1.5 mV", tau = "0.003 s" }
adaptation = [
    { kind = "current", tau = "1 s", q = "0.02 nA" },
    { kind = "threshold", tau = "300 ms", q = { normal = { mean = 1, sd = 0.1, low = 0 } } },
]

[populations.I]
size = 200
neuron = "lif"
C_m = { val = 0.25, unit = "nF" }

[[projections]]
source = "E"
target = ["E", "I"]
rule = { fixed_indegree = 160 }
synapse = "exponential"
tau_syn = "3 ms"
weight = "25 pA"
delay = "1 ms"

[[projections]]
source = "I"
target = "E"
rule = { bernoulli = 0.2 }
synapse = { kind = "alpha", tau_syn = "6 ms", conductance = true, E_rev = "-80 mV" }
weight = { lognormal = { mean = "1 nS", cv = 0.5 } }
delay = { uniform = { low = 1, high = "2 ms" } }

[[inputs]]
target = ["E", "I"]
poisson = { rate = "8 kHz", weight = "87.8 pA", synapse = "exponential", tau_syn = "0.5 ms" }

[[inputs]]
target = "E"
constant = "0.1 nA"

[[inputs]]
target = "I"
current = { interval = "0.5 s", values = [0, "10 pA", 20] }

[[inputs]]
target = "I"
ornstein_uhlenbeck = { sigma = "10 pA", tau = "5 ms", shared = true }

[readouts.y]
source = "I"
weights = "decoder.npy"
tau = "50 ms"

[simulation]
duration = "2 s"
transient = "0.5 s"
seed = 3
regenerate = true
probes = [{ population = "E", neurons = [0, 5] }]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "circuit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_the_circuit_is(tmp_path: Path) -> None:
    np.save(tmp_path / "decoder.npy", np.ones((3, 200)))
    file = read_circuit_file(written(tmp_path, BALANCED))
    made = file.circuit
    e, i = made.populations
    assert (e.name, e.size, e.neuron.tau_m, e.neuron.lambda_0) == ("E", 800, 20, 10)
    assert (e.neuron.hazard, e.noise.sigma, e.noise.tau) == ("softplus", 1.5, 3)
    assert e.quenched["V_T_star"] == heddle.Distribution.normal(15, 1)
    assert e.quenched["q_sfa[0]"] == heddle.Distribution.normal(1, 0.1, low=0)
    assert [(a.kind, a.tau) for a in e.adaptation] == [("current", 1000), ("threshold", 300)]
    assert e.adaptation[0].q == 20
    assert i.neuron.C_m == 250
    assert [(p.source, p.target) for p in made.projections] == [("E", "E"), ("E", "I"), ("I", "E")]
    assert made.projections[0].weight.location == 25
    assert made.projections[1].synapse.tau_syn == 3
    assert made.projections[2].synapse.E_rev == -80
    assert made.projections[2].weight == heddle.Distribution.lognormal(1, 0.5)
    assert made.projections[2].delay == heddle.Distribution.uniform(1, 2)
    assert [one.target for one in made.inputs] == ["E", "I", "E", "I", "I"]
    assert made.inputs[0].drive.rate == 8000
    assert made.inputs[2].drive.values.tolist() == [[100]]
    assert made.inputs[3].drive.times.tolist() == [0, 500, 1000]
    assert made.inputs[3].drive.values.tolist() == [[0, 10, 20]]
    assert made.inputs[4].drive.shared
    assert made.readouts[0].weights.shape == (3, 200)
    assert file.simulation["duration"] == 2000
    assert file.simulation["transient"] == 500
    assert file.simulation["seed"] == 3
    assert file.simulation["regenerate"] is True
    assert file.simulation["probes"][0].neurons.tolist() == [0, 5]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('tau_m = "20 ms"', 'tau_m = "20 mV"', r'E.tau_m is "20 mV", a voltage; expected a time'),
        (
            'tau_m = "20 ms"',
            'tau_m = "20 mz"',
            r"E.tau_m has the unit 'mz'; known are .*ms, s, min",
        ),
        ('tau_m = "20 ms"', 'tau_m = "fast"', r'E.tau_m is "fast"; expected a time, as in "3 ms"'),
        ('tau_m = "20 ms"', 'tau_m = "20"', r'E.tau_m is "20"; expected a time'),
        ('tau_m = "20 ms"', "tau_m = true", r"E.tau_m is true; expected a time"),
        ('tau_m = "20 ms"', "tau_m = -20", r"population 'E': tau_m is -20 ms; it must be > 0"),
        (
            'tau_m = "20 ms"',
            "tau_mm = 20",
            r"populations.E has no key 'tau_mm'; did you mean 'tau_m'",
        ),
        ("val = 0.25", "value = 0.25", r"I.C_m has .*'value'"),
        ("size = 800", "size = 8.5", r"populations.E.size is 8.5; expected a whole number"),
        ("size = 800\n", "", r"populations.E needs the key 'size'"),
        ("size = 800", "sise = 800", r"populations.E needs the key 'size'; is it 'sise'"),
        (
            'neuron = "lif"',
            'neuron = "leif"',
            r"populations.I.neuron is 'leif'; did you mean 'lif'",
        ),
        ("mean = 15", "means = 15", r"V_T_star.normal needs the key 'mean'; is it 'means'"),
        (
            'sd = "1 mV"',
            'sd = "1 ms"',
            r"V_T_star.normal.sd is \"1 ms\", a time; expected a voltage",
        ),
        ("normal = { mean = 15", "gauss = { mean = 15", r"V_T_star has 'gauss'; known are const"),
        (
            '"current", tau',
            '"curent", tau',
            r"adaptation\[0\].kind is 'curent'; did you mean 'current'",
        ),
        (
            'q = "0.02 nA"',
            'q = "1 mV"',
            r"adaptation\[0\].q is \"1 mV\", a voltage; expected a curr",
        ),
        (
            'target = ["E", "I"]\nrule',
            'target = ["E", "J"]\nrule',
            r"no population 'J'; it has E, I",
        ),
        (
            "fixed_indegree",
            "fixed_indegre",
            r"rule has 'fixed_indegre'; did you mean 'fixed_indegree'",
        ),
        (
            "{ fixed_indegree = 160 }",
            '"fixed_indegree"',
            r"it needs a value, as in { fixed_indegree",
        ),
        ("fixed_indegree = 160", "fixed_indegree = 900", r"projection 'E' → 'E': indegree is 900"),
        (
            'synapse = "exponential"\n',
            'synapse = "alpa"\n',
            r"synapse is 'alpa'; did you mean 'alpha'",
        ),
        (
            'weight = "25 pA"',
            'weight = "25 mV"',
            r"projections\[0\].weight is \"25 mV\", a voltage",
        ),
        ('weight = "25 pA"', "wait = 3", r"projections\[0\] needs the key 'weight'"),
        (
            "bernoulli = 0.2",
            'bernoulli = "0.2 ms"',
            r"rule.bernoulli is \"0.2 ms\"; it is dimension",
        ),
        ("poisson =", "poison =", r"inputs\[0\] has 'poison'; did you mean 'poisson'"),
        ("0.1 nA", "0.1 nS", r"inputs\[1\].constant is \"0.1 nS\", a conductance; expected a curr"),
        ("decoder.npy", "decodr.npy", r"readouts.y.weights: .*decodr.npy cannot be read"),
        (
            "transient =",
            "transien =",
            r"simulation has no key 'transien'; did you mean 'transient'",
        ),
        ("[readouts.y]", "[readout.y]", r"the file has no key 'readout'; did you mean 'readouts'"),
        ("[populations.I]", "[populations.I", r"is no TOML: "),
    ],
)
def test_what_a_file_cannot_say_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    np.save(tmp_path / "decoder.npy", np.ones((3, 200)))
    assert old in BALANCED
    path = written(tmp_path, BALANCED.replace(old, new, 1))
    with pytest.raises(Error, match=message) as found:
        heddle.read_circuit(path)
    assert str(found.value).startswith(str(path))
    assert "\n" not in str(found.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"there is no file .*none\.toml"):
        heddle.read_circuit(tmp_path / "none.toml")


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(WORDS)))
def test_units_convert_as_the_si_says(number: float, word: str) -> None:
    base, factor = WORDS[word]
    joined = f"{number!r}{'' if word[0] != '1' else ' '}{word}"
    for value in (f"{number!r} {word}", joined, {"val": number, "unit": word}):
        assert quantity(value, base, "key") == pytest.approx(number * factor, rel=1e-15)
    for other in set(BASE) - {base}:
        with pytest.raises(DomainError, match=f"key is .*{BASE[base]}; expected {BASE[other]}"):
            quantity(f"{number!r} {word}", other, "key")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("300 us", "ms", 0.3), ("0.2 s", "ms", 200), ("3 1/s", "Hz", 3), ("2 nF", "pF", 2000)],
)
def test_units_of_a_table(value: str, unit: str, expected: float) -> None:
    assert quantity(value, unit, "key") == expected


def with_edges(folder: Path, rule: str, rest: str = 'weight = "1 pA"\ndelay = 1') -> Circuit:
    text = f"""
    [populations.A]
    size = 3
    neuron = "lif"
    [[projections]]
    source = "A"
    target = "A"
    tau_syn = 2
    rule = {rule}
    {rest}
    """
    return heddle.read_circuit(written(folder, text))


def test_edges_are_those_of_the_file_whatever_its_kind(tmp_path: Path) -> None:
    columns = {"source": [0, 2, 1], "target": [1, 0, 2], "weight": [1.5, 2, -3], "delay": [1, 2, 3]}
    rows = np.array(list(columns.values()), dtype=float).T
    np.savetxt(tmp_path / "plain.csv", rows, delimiter=",")
    np.savetxt(
        tmp_path / "named.csv",
        rows[:, ::-1],
        delimiter=",",
        header="delay,weight,target,source",
        comments="",
    )
    np.savez(tmp_path / "edges.npz", **columns)
    write_sonata(tmp_path / "edges.h5", columns)
    for name in ("plain.csv", "named.csv", "edges.npz", "edges.h5"):
        made = with_edges(tmp_path, f'{{ edges = "{name}" }}', "")
        rule = made.projections[0].rule
        for key, values in columns.items():
            np.testing.assert_array_equal(getattr(rule, key), values, err_msg=f"{name} {key}")


def write_sonata(path: Path, columns: dict[str, list[float]]) -> None:
    """With the synapses of the group in another order than the edges."""
    order = np.array([2, 0, 1])
    with h5py.File(path, "w") as file:
        edges = file.create_group("edges/A_to_A")
        edges["source_node_id"] = columns["source"]
        edges["target_node_id"] = columns["target"]
        edges["edge_group_index"] = order
        for name, key in (("syn_weight", "weight"), ("delay", "delay")):
            values = np.empty(3)
            values[order] = columns[key]
            edges[f"0/{name}"] = values


def test_edges_without_weights_take_the_projections(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("0,1\n2,0\n", encoding="utf-8")
    made = with_edges(tmp_path, '{ edges = "edges.csv" }')
    assert made.projections[0].rule.weight.size == 0
    assert made.projections[0].weight.location == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("0,1\n3,0\n", "names neuron 3; 'A' has neurons 0 to 2"),
        ("0,x\n", "is no table of numbers"),
        ("0\n1\n", "has no target"),
        ("source,targt\n0,1\n", "has the column 'targt'; did you mean 'target'"),
        ("0,1.5\n", "target holds 1.5; expected whole numbers"),
    ],
)
def test_edges_that_cannot_be_are_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "edges.csv").write_text(content, encoding="utf-8")
    with pytest.raises((DomainError, FormatError), match=message):
        with_edges(tmp_path, '{ edges = "edges.csv" }')


def test_edges_of_another_kind_or_nowhere_are_named(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"give a file of kind \.csv, \.npz"):
        with_edges(tmp_path, '{ edges = "edges.json" }')
    with pytest.raises(DomainError, match="there is no file"):
        with_edges(tmp_path, '{ edges = "edges.csv" }')
    (tmp_path / "edges.csv").write_text("source,target,weight\n0,1,2\n", encoding="utf-8")
    with pytest.raises(DomainError, match="weight is given twice"):
        with_edges(tmp_path, '{ edges = "edges.csv" }')


def test_build_circuit_reads_the_same_tables_in_python() -> None:
    made = heddle.build_circuit(
        {
            "populations": {
                "Q": {
                    "size": 4,
                    "neuron": "qif",
                    "eta": {"lorentzian": {"median": -5, "half_width": 1}},
                }
            },
            "projections": [
                {
                    "source": "Q",
                    "target": "Q",
                    "rule": "all_to_all",
                    "synapse": "delta",
                    "weight": 0.5,
                    "delay": "1 ms",
                }
            ],
        }
    )
    assert made.populations[0].quenched["eta"] == heddle.Distribution.lorentzian(-5, 1)
    assert made.projections[0].weight.location == 0.5
