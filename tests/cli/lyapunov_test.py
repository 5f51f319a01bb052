"""`heddle lyapunov` says how fast trajectories part, and how sure that is."""

import json
import math

import numpy as np
import pytest

import heddle

QUICK = ("--duration", "1", "--count", "3")
SPEC = "gaussian:n=30,g=2"


def test_the_table_has_a_row_for_every_exponent_and_ends_in_a_statement(command):
    result = command("lyapunov", SPEC, *QUICK)
    assert result.code == 0
    lines = result.out.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert "halves" in result.out or "Not to be trusted" in result.out


def test_json_holds_what_the_function_returns(command):
    data = json.loads(command("lyapunov", SPEC, *QUICK, "--json").out)
    network = heddle.build_network(SPEC, channels=0, response="tanh")
    expected = heddle.lyapunov_spectrum(network, count=3, duration=1)
    assert data["exponents"] == list(expected.exponents)
    assert data["trusted"] == expected.trusted
    assert data["sum_residual"] is None


def test_a_rectified_network_follows_its_exact_flow(command, tmp_path):
    path = tmp_path / "w.npy"
    np.save(path, [[0, -1.5, -0.75], [-0.75, 0, -1.5], [-1.5, -0.75, 0]])
    words = ("lyapunov", path, "--response", "rectified", "--bias", "1", "--form", "rate", "--json")
    data = json.loads(command(*words).out)
    assert data["step_error"] == 0
    assert abs(data["exponents"][0]) < 0.2
    assert data["mean_trace"] == pytest.approx(-300)


def test_a_map_is_read_from_its_file(command, tmp_path):
    path = tmp_path / "m.npz"
    np.savez(path, A=[0.4], W=[[-4.4]], h=[1.0])
    data = json.loads(command("lyapunov", path, "--map", "--json").out)
    assert data["exponents"][0] == pytest.approx(np.log(0.4**2 * 4) / 3, rel=2e-3)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_picture_is_written_whole(command, tmp_path, kind):
    path = tmp_path / f"spectrum.{kind}"
    result = command("lyapunov", SPEC, *QUICK, "--figure", path)
    assert result.code == 0
    assert path.stat().st_size > 5000
    assert str(path) in result.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((SPEC, "--duration", "0.001"), "duration"),
        ((SPEC, "--duration=-1"), "duration"),
        ((SPEC, "--figure", "a.jpg"), "--figure"),
        ((SPEC, "--response", "relu"), "response"),
        (("nothing.pt",), "nothing.pt"),
        (("nothing.npz", "--map", "--bias", "1"), "--bias"),
    ],
)
def test_bad_input_is_named(command, words, named):
    result = command("lyapunov", *words)
    assert result.code == 2
    assert named in result.err


def test_a_graph_keeps_its_own_response_so_that_exponents_are_those_of_its_cycle(command, tmp_path):
    graph = tmp_path / "ring.csv"
    graph.write_text("0,1\n1,2\n2,0\n", encoding="utf-8")
    exponents = command("lyapunov", f"ctln:graph={graph}", "--count", "3", "--json")
    cycles = command("cycles", f"ctln:graph={graph}", "--starts", "2", "--json")
    cycle = json.loads(cycles.out)["cycles"][0]
    expected = [math.log(abs(complex(*mu))) / cycle["period"] for mu in cycle["multipliers"]]
    found = json.loads(exponents.out)
    for value, error, exact in zip(
        found["exponents"], found["standard_errors"], expected, strict=True
    ):
        assert abs(value - exact) < 6 * error
