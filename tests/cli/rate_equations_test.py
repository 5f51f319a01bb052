"""`heddle reduce` and `heddle bifurcate`, as a user types them."""

from __future__ import annotations

import json

import pytest

CIRCUIT = """
[populations.E]
neuron = "qif"
size = 5000
tau_m = 10
eta = { lorentzian = { median = -6.0, half_width = 1.0 } }

[[projections]]
source = "E"
target = "E"
rule = "all_to_all"
synapse = "exponential"
tau_syn = "2 ms"
weight = 0.015
delay = "1 ms"
"""


@pytest.fixture
def circuit(tmp_path):
    path = tmp_path / "circuit.toml"
    path.write_text(CIRCUIT)
    return path


def test_reduce_prints_levels_equations_and_proven_fixed_points(command, circuit):
    done = command("reduce", circuit, "--fixed-points")
    assert done.code == 0, done.err
    assert "quadratic" in done.out
    assert "τ_E ṙ_E = 1000 D_E / (π τ_E) + 2 r_E v_E" in done.out
    assert "all there are in the box: proven" in done.out
    assert "Assumed:" in done.out


def test_reduce_writes_latex_alone_and_json_as_one_object(command, circuit):
    latex = command("reduce", circuit, "--latex").out
    assert latex.startswith("\\begin{aligned}")
    data = json.loads(command("reduce", circuit, "--fixed-points", "--json").out)
    assert data["complete"]
    assert data["parameters"]["eta_E"] == -6.0
    assert data["fixed_points"][0]["certified"]


def test_reduce_writes_programs_that_run(command, circuit, tmp_path):
    program = command("reduce", circuit, "--code", "numpy").out
    compile(program, "program", "exec")
    assert "def rhs(" in program
    done = command("reduce", circuit, "--code", "auto", "--stages", "4", "-o", tmp_path / "model")
    assert done.code == 0, done.err
    assert sorted(path.suffix for path in (tmp_path / "model").iterdir()) == [".f90", ".rates"]


def test_bifurcate_finds_both_folds_and_draws_them(command, circuit, tmp_path):
    figure = tmp_path / "diagram.png"
    done = command(
        "bifurcate", circuit, "-p", "eta_E", "--from", "-12", "--to", "2", "--figure", figure
    )
    assert done.code == 0, done.err
    assert done.out.count("fold ") >= 2
    assert figure.read_bytes().startswith(b"\x89PNG")
    options = ("--from", "-12", "--to", "2", "--set", "Delta_E=1.2", "--json")
    data = json.loads(command("bifurcate", circuit, "-p", "eta_E", *options).out)
    assert [special["kind"] for special in data["branches"][0]["specials"]] == ["fold", "fold"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["reduce", "--level", "rate-units"], "level 'rate-units' does not describe the circuit"),
        (["reduce", "--level", "quadratics"], "did you mean 'quadratic'?"),
        (["reduce", "--set", "eta_E"], "--set is 'eta_E'; give NAME=VALUE"),
        (["reduce", "--code", "auto"], "without_delays"),
        (["reduce", "--code", "numpy", "--latex"], "--latex and --code are given"),
        (["reduce", "--out", "model"], "--out is given without --code"),
        (["bifurcate", "-p", "eta_I", "--from", "0", "--to", "1"], "'eta_I' is no parameter"),
        (["bifurcate", "-p", "eta_E", "--from", "1", "--to", "0"], "finite ends that rise"),
    ],
)
def test_bad_input_is_named_on_one_line(command, circuit, words, part):
    done = command(words[0], circuit, *words[1:])
    assert done.code == 2
    assert part in done.err
    assert len(done.err.strip().splitlines()) == 1
