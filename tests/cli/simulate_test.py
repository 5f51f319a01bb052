"""`heddle simulate` goes from a circuit's file to rates with errors, spikes and a picture."""

import json

import numpy as np
import pytest

import heddle

CIRCUIT = """
[populations.E]
size = 80
neuron = "gif"
I_e = "300 pA"

[[projections]]
source = "E"
target = "E"
rule = { bernoulli = 0.1 }
tau_syn = "3 ms"
weight = "-10 pA"
delay = "1 ms"

[simulation]
duration = "300 ms"
step = "0.2 ms"
seed = 3
"""


@pytest.fixture
def circuit(tmp_path):
    path = tmp_path / "circuit.toml"
    path.write_text(CIRCUIT, encoding="utf-8")
    return path


def test_the_table_has_a_row_for_every_population_with_errors(command, circuit):
    result = command("simulate", circuit)
    assert result.code == 0
    assert result.out.splitlines()[0].split()[:2] == ["population", "size"]
    assert result.out.splitlines()[1].split()[:2] == ["E", "80"]
    assert "per biological second" in result.out


def test_json_holds_what_the_function_returns(command, circuit):
    data = json.loads(command("simulate", circuit, "--json").out)
    expected = heddle.simulate(heddle.read_circuit(circuit), duration=300, step=0.2, seed=3)
    assert data["events"] == expected.events
    assert data["rate"] == pytest.approx([np.sum(expected.counts) / (80 * 0.3)])
    assert data["completed"]


def test_options_replace_what_the_file_says_with_units(command, circuit):
    words = ("--duration", "0.1 s", "--transient", "20", "--step", "0.1 ms", "--seed", "5")
    data = json.loads(command("simulate", circuit, *words, "--json").out)
    assert (data["duration"], data["transient"], data["step"]) == (100, 20, 0.1)


def test_regenerated_synapses_give_the_same_numbers(command, circuit):
    stored, again = (
        json.loads(command("simulate", circuit, *words, "--json").out)
        for words in ((), ("--regenerate",))
    )
    assert stored["events"] == again["events"] > 100
    assert stored["rate"] == again["rate"]
    circuit.write_text(CIRCUIT.replace("bernoulli = 0.1", "fixed_indegree = 9"), encoding="utf-8")
    with circuit.open("a", encoding="utf-8") as file:
        file.write("regenerate = true\n")
    refused = command("simulate", circuit)
    assert refused.code == 2
    assert "fixed in-degree" in refused.err
    assert command("simulate", circuit, "--no-regenerate").code == 0


def test_spikes_recording_and_picture_are_written_and_agree(command, circuit, tmp_path):
    spikes, out, figure = (tmp_path / name for name in ("s.h5", "r.h5", "p.png"))
    words = ("--spikes", spikes, "-o", out, "--figure", figure)
    assert command("simulate", circuit, *words).code == 0
    times, neurons = heddle.read_spikes(spikes)["E"]
    recording = heddle.load_recording(out)
    assert np.array_equal(np.bincount(neurons, minlength=80), recording.counts)
    assert np.all(np.diff(times) >= 0)
    assert figure.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("size = 80", "size = -80"), "size"),
        (('neuron = "gif"', 'neuron = "giff"'), "did you mean 'gif'"),
        (('delay = "1 ms"', 'delay = "0.1 ms"'), "delay"),
        (("bernoulli = 0.1", "fixed_indegree = 100"), "100"),
        (('I_e = "300 pA"', 'I_ee = "300 pA"'), "did you mean 'I_e'"),
        (('I_e = "300 pA"', 'I_e = "300 mV"'), "voltage"),
        (('I_e = "300 pA"', 'I_e = "1e6 pA"'), "overflow"),
    ],
)
def test_bad_input_is_one_line_that_names_it(command, circuit, change, said):
    assert change[0] in CIRCUIT
    circuit.write_text(CIRCUIT.replace(*change), encoding="utf-8")
    result = command("simulate", circuit)
    assert result.code == 2
    assert len(result.err.strip().splitlines()) == 1
    assert said in result.err


def test_a_population_that_runs_away_is_stopped_and_named(command, circuit):
    wild = CIRCUIT.replace('weight = "-10 pA"', 'weight = "2000 pA"')
    circuit.write_text(wild + "runaway_rate = 100\n", encoding="utf-8")
    result = command("simulate", circuit)
    assert "Not completed: stopped at 50 ms: population 'E'" in result.out
