"""`heddle validate` and `heddle validity-map`: from a file to errors, pictures, a store."""

import json

import pytest

import heddle

CIRCUIT = """
[populations.E]
size = 60
neuron = "gif"
I_e = "300 pA"

[[projections]]
source = "E"
target = "E"
rule = "all_to_all"
tau_syn = "3 ms"
weight = "-10 pA"
delay = "1 ms"

[simulation]
duration = "400 ms"
transient = "100 ms"
step = "0.5 ms"
"""
AXES = ("--x", "scale=0.5:2:2:log", "--y", "populations.E.neuron.I_e=250,300")
QUICK = ("--networks", "2")


@pytest.fixture
def circuit(tmp_path):
    path = tmp_path / "circuit.toml"
    path.write_text(CIRCUIT, encoding="utf-8")
    return path


def test_the_table_has_the_four_errors_and_a_verdict(command, circuit, tmp_path):
    out, figure = tmp_path / "errors.json", tmp_path / "errors.png"
    words = (*QUICK, "--tolerance", "0.2", "--threads", "1", "-o", out, "--figure", figure)
    result = command("validate", circuit, *words)
    assert result.code == 0
    head = result.out.splitlines()[0]
    for name in (
        "neurons",
        "ages",
        "discretisation",
        "finite size",
        "closure",
        "transfer",
        "total",
    ):
        assert name in head
    assert result.out.splitlines()[1].startswith("rate E")
    assert result.out.splitlines()[1].endswith("within")
    assert "all rates within 0.2" in result.out
    assert json.loads(out.read_text(encoding="utf-8"))["level"] == "ages"
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_json_holds_what_the_function_returns(command, circuit):
    data = json.loads(command("validate", circuit, *QUICK, "--seed", "4", "--json").out)
    how = {"duration": 400, "transient": 100, "step": 0.5, "networks": 2, "seed": 4}
    expected = heddle.validate(heddle.read_circuit(circuit), **how)
    assert data["statement"] == expected.statement
    assert data["rows"][0]["closure"]["estimate"] == expected.rows[0].closure.estimate
    assert data["rows"][0]["observable"] == {"kind": "rate", "population": "E", "band": None}


def test_a_modulation_gives_gains_and_phases(command, circuit):
    words = ("--frequency", "25", "--amplitude", "20 pA", "--level", "linear", "--json")
    data = json.loads(command("validate", circuit, *QUICK, *words).out)
    assert [row["observable"]["kind"] for row in data["rows"][2:]] == ["gain", "phase"]
    assert data["modulation"] == {"frequency": 25.0, "amplitude": 20.0, "populations": []}
    response = heddle.linear_response(heddle.read_circuit(circuit), [25.0]).response[0]
    assert data["rows"][2]["reduction"] == pytest.approx(abs(response[0, 0]), rel=1e-9)


def test_a_map_of_gains_takes_frequency_and_amplitude_from_its_axes(command, circuit, tmp_path):
    axes = ("--x", "modulation.frequency=25,50", "--y", "modulation.amplitude=20,40")
    words = ("--observable", "gain", "--level", "linear", "--modulated", "E", "--workers", "1")
    figure = tmp_path / "map.png"
    result = command("validity-map", circuit, *axes, *words, *QUICK, "--figure", figure)
    assert result.code == 0
    assert "4 of 4 points" in result.out
    assert "refused" not in result.out
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_neurons_that_run_away_are_the_answer_and_not_a_failure_of_the_picture(
    command, circuit, tmp_path
):
    fast = CIRCUIT.replace('"300 pA"', '"3000 pA"\nreset = false\nt_ref = 0')
    circuit.write_text(fast, encoding="utf-8")
    figure = tmp_path / "errors.png"
    result = command("validate", circuit, *QUICK, "--figure", figure)
    assert result.code == 0
    assert result.out.count("runaway_rate is 500 Hz") == 1
    assert "there is nothing to draw" in result.out
    assert not figure.exists()


def test_what_no_level_describes_says_so(command, circuit):
    spread = 'I_e = "300 pA"\nV_reset = { normal = { mean = "0 mV", sd = "2 mV" } }'
    circuit.write_text(CIRCUIT.replace('I_e = "300 pA"', spread), encoding="utf-8")
    result = command("validate", circuit, *QUICK)
    assert result.code == 0
    assert "no reduction: ages: " in result.out
    assert "; rate_units: " in result.out


def test_a_map_is_stored_goes_on_and_is_drawn(command, circuit, tmp_path):
    store, figure = tmp_path / "map.h5", tmp_path / "map.png"
    words = (*AXES, *QUICK, "--workers", "1", "--store", store)
    assert "4 of 4 points" in command("validity-map", circuit, *words, "--figure", figure).out
    assert figure.read_bytes().startswith(b"\x89PNG")
    before = store.read_bytes()
    data = json.loads(command("validity-map", circuit, *words, "--json").out)
    assert store.read_bytes() == before
    assert data["x"] == [0.5, 2.0]
    assert data["done"] == [[True, True], [True, True]]
    assert heddle.load_validity_map(store).error[4].tolist() == data["error"][4]


def test_ctrl_c_keeps_what_is_finished(command, circuit, tmp_path, monkeypatch):
    store = tmp_path / "map.h5"
    words = ("validity-map", circuit, *AXES, *QUICK, "--workers", "1", "--store", store)
    real, calls = heddle.validation.points.validate, []

    def third_is_interrupted(*args, **how):
        calls.append(how["seed"])
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **how)

    monkeypatch.setattr(heddle.validation.points, "validate", third_is_interrupted)
    result = command(*words)
    assert result.code == 0
    assert "2 of 4 points" in result.out
    assert "Not completed: the same command goes on" in result.out
    assert "4 of 4 points" in command(*words).out
    assert calls == [0, 1000, 2000, 2000, 3000]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("validate", "--level", "agess"), "did you mean 'ages'"),
        (("validate", "--level", "quadratic"), "gif"),
        (("validate", "--out", "x.txt"), "ends in .json"),
        (("validate", "--figure", "x.txt"), "ends in .png"),
        (("validate", "--frequency", "20"), "a modulation needs --amplitude"),
        (("validate", "--frequency", "20", "--amplitude", "1 mV"), "a voltage; expected a current"),
        (("validity-map", "--x", "scale=1", "--y", "scale=1", "--band", "8"), "--band is '8'"),
        (("validity-map", "--x", "scale=1:2:3:lag", "--y", "scale=1"), "--x is 'scale=1:2:3:lag'"),
        (("validity-map", "--x", "scale=1", "--y", "scale"), "--y is 'scale'"),
        (("validity-map", "--x", "scale=1", "--y", "populations.F.size=1"), "there is no 'F'"),
    ],
)
def test_bad_input_is_one_line_that_names_it(command, circuit, words, said):
    result = command(words[0], circuit, *words[1:])
    assert result.code == 2
    assert len(result.err.strip().splitlines()) == 1
    assert said in result.err


def test_bin_and_seed_are_those_of_the_file(command, circuit):
    """Activity of half the bin deviates more; two seeds are two sets of neurons."""
    plain = json.loads(command("validate", circuit, *QUICK, "--json").out)
    said = CIRCUIT.replace("[simulation]\n", '[simulation]\nbin = "0.5 ms"\nseed = 5\n')
    circuit.write_text(said, encoding="utf-8")
    data = json.loads(command("validate", circuit, *QUICK, "--json").out)
    seeded = json.loads(command("validate", circuit, *QUICK, "--seed", "5", "--json").out)
    assert data["rows"][0]["neurons"] != plain["rows"][0]["neurons"]
    assert data["rows"][0]["neurons"] == seeded["rows"][0]["neurons"]
    assert data["rows"][1]["neurons"] > 1.2 * plain["rows"][1]["neurons"]  # a deviation, √2 of it
