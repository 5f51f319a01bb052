"""`heddle cycles` prints what `heddle.find_cycles` returns, draws it, and refuses bad input."""

import json

import numpy as np
import pytest

import heddle


@pytest.fixture
def weights(tmp_path):
    """The cyclic graph 0 → 1 → 2 → 0 with ε = 0.25, δ = 0.5."""
    matrix = np.full((3, 3), -1.5)
    for unit in range(3):
        matrix[(unit + 1) % 3, unit] = -0.75
        matrix[unit, unit] = 0
    path = tmp_path / "ctln.npy"
    np.save(path, matrix)
    return path


def test_the_table_has_a_row_for_every_cycle_and_says_what_was_searched(command, weights):
    result = command("cycles", weights, "--bias", 1, "--starts", 4)
    assert result.code == 0, result.err
    lines = result.out.strip().splitlines()
    assert "largest |μ|" in lines[0]
    assert lines[1].split()[:3] == ["1", "112.44", "6"]
    assert "not exhaustive" in result.out


def test_json_holds_what_the_function_returns(command, weights):
    data = json.loads(command("cycles", weights, "--bias", 1, "--starts", 3, "--json").out)
    network = heddle.make_network(np.load(weights), channels=0, response="rectified")
    fields = {name: getattr(network, name) for name in network._fields}
    network = heddle.Network(**{**fields, "bias": np.ones(3)})
    expected = heddle.find_cycles(heddle.input_form(network), starts=3)
    assert len(data["cycles"]) == len(expected.cycles) == 1
    assert data["cycles"][0]["period"] == expected.cycles[0].period
    assert data["cycles"][0]["outcome"] == "found"
    assert data["statement"] == expected.statement


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_picture_is_written_whole(command, weights, tmp_path, kind):
    path = tmp_path / f"cycle.{kind}"
    result = command("cycles", weights, "--bias", 1, "--starts", 2, "--figure", path)
    assert result.code == 0, result.err
    assert path.stat().st_size > 5000
    assert str(path) in result.out


def test_without_a_cycle_nothing_is_drawn_and_it_says_so(command, weights, tmp_path):
    path = tmp_path / "cycle.png"
    result = command("cycles", weights, "--bias", -1, "--starts", 2, "--figure", path)
    assert result.code == 0
    assert "0 cycles" in result.out
    assert "nothing to draw" in result.out
    assert not path.exists()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--form", "fast"), "'fast'"),
        (("--figure", "picture.txt"), "picture.txt"),
        (("--duration", "-1"), "duration"),
        (("--response", "tanh"), "tanh"),
        (("--linear", "7"), "unit 7"),
        (("--cycle", "9", "--figure", "c.png"), "--cycle"),
    ],
)
def test_bad_input_is_named(command, weights, tmp_path, monkeypatch, words, named):
    monkeypatch.chdir(tmp_path)
    result = command("cycles", weights, "--bias", 1, "--starts", 2, *words)
    assert result.code == 2
    assert result.out == ""
    assert named in result.err
    assert result.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ctln.npy"]
