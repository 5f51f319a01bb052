"""`heddle certify`: what it proves, what it prints, what it refuses."""

import json

import numpy as np
import pytest

import heddle


def test_certify_proves_contraction_of_a_weak_network_in_every_norm(command):
    data = json.loads(command("certify", "gaussian:n=10,g=0.3", "--response", "tanh", "--json").out)
    found = data["contraction"]
    assert found["certified"]
    assert found["possible"]
    assert {test["norm"] for test in found["tests"]} == {"l1", "linf", "l2"}
    assert found["rate"] == max(test["rate"] for test in found["tests"])


def test_certify_says_that_a_chaotic_network_cannot_contract(command):
    printed = command("certify", "gaussian:n=30,g=1.5", "--norms", "l1,linf").out
    assert "impossible" in printed
    assert "where all slopes are 1" in printed


def test_certify_reads_weights_and_leaves_units_linear(command, tmp_path):
    np.save(tmp_path / "w.npy", [[0.0, -2.0], [0.1, 0.0]])
    found = json.loads(command("certify", tmp_path / "w.npy", "--linear", "1", "--json").out)
    assert [test["method"] for test in found["contraction"]["tests"]] == ["frequency", "inequality"]
    assert found["contraction"]["certified"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gaussian:n=10", "--norms", "l3"], "expected some of l1, linf, l2"),
        (["gaussian:n=10", "--form", "odd"], "expected input or rate"),
        (["gaussian:n=10", "--thalamic-bias", "1"], "needs a library"),
    ],
)
def test_certify_refuses_in_one_line(command, arguments, message):
    result = command("certify", *arguments)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err


def test_certify_of_a_library_is_the_certificate_of_perform(command, files, tmp_path):
    alone = json.loads(command("certify", files / "net.h5", "--json").out)["certificate"]
    words = ("perform", files / "net.h5", "--sequence", "ab", "-o", tmp_path / "run.h5")
    performed = json.loads(command(*words, "--certify", "--json").out)
    assert alone == performed["certificate"]


def test_rectified_thalamic_units_are_tested_motif_by_motif(command, files):
    found = json.loads(command("certify", files / "net.h5", "--thalamic-bias", "1", "--json").out)
    assert set(found["motifs"]) == {"a", "b", "c"} & set(found["motifs"]) != set()
    for motif in found["motifs"].values():
        assert motif["tests"][0]["method"] == "frequency"
    assert "frequency test" in command("certify", files / "net.h5", "--thalamic-bias", "1").out


def test_inspect_and_perform_name_the_contraction_of_the_network(command, files, tmp_path):
    words = ("perform", files / "net.h5", "--sequence", "a", "-o", tmp_path / "run.h5")
    for printed in (command("inspect", files / "net.h5").out, command(*words).out):
        assert "of the network without loops, in 1/s" in " ".join(printed.split())
    data = json.loads(command("inspect", files / "net.h5", "--json").out)["contraction"]
    library = heddle.load(files / "net.h5")
    exact = (1 - library.spectrum.real.max()) / library.network.tau
    assert data["asymptotic"] == pytest.approx(exact, rel=1e-12)
    assert data["l2"] <= data["asymptotic"]
