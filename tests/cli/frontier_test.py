"""`heddle frontier` answers how many loops suffice, and refuses what it cannot answer."""

import json

import numpy as np
import pytest

import heddle

QUICK = ("--n", "80", "--most-loops", "4")


@pytest.fixture
def library(command, files, tmp_path):
    path = tmp_path / "net.h5"
    assert command("design", files / "a.csv", "-o", path, "--n", 60, "--pairs", 3).code == 0
    return path


def test_the_table_has_a_row_for_every_number_of_loops_and_ends_in_advice(command):
    result = command("frontier", "--line", "10", *QUICK)
    assert result.code == 0
    lines = result.out.strip().splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["1", "2", "3", "4"]
    assert "suffice" in lines[-1]


def test_json_holds_what_the_function_returns(command):
    data = json.loads(command("frontier", "--targets", "1+0.3i, 0.9", *QUICK, "--json").out)
    network = heddle.build_network("gaussian", channels=0, n=80)
    expected = heddle.frontier(network, [1 + 0.3j, 0.9, 1 - 0.3j], most_loops=4)
    assert data["enough"] == expected.enough
    assert [p["gain"] for p in data["points"]] == [p.gain for p in expected.points]
    assert data["targets"] == [[1.0, 0.3], [0.9, 0.0], [1.0, -0.3]]


def test_a_library_gives_its_network_and_a_motif_its_eigenvalues(command, library):
    data = json.loads(command("frontier", library, "--motif", "a", "--most-loops", 2, "--json").out)
    fit = heddle.load_library(library)["a"].fit
    assert len(data["targets"]) == 2 * len(fit.eigenvalues)
    np.testing.assert_array_equal(
        [complex(*value) for value in data["targets"][:3]], fit.eigenvalues
    )


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_picture_is_written_whole(command, tmp_path, kind):
    path = tmp_path / f"frontier.{kind}"
    result = command("frontier", "--line", "6", *QUICK, "--figure", path)
    assert result.code == 0
    assert path.stat().st_size > 5000
    assert str(path) in result.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--targets", "1+0.3k"), "'1+0.3k'"),
        (("--targets", " , "), "--targets"),
        (("--targets", "1+0.3i", "--line", "3"), "--line"),
        (("--motif", "a"), "--motif"),
        (("--figure", "picture.txt"), "picture.txt"),
        (("--tolerance", "0"), "tolerance"),
        (("--eta", "-1"), "eta"),
        (("--network", "nothere.npy"), "nothere.npy"),
    ],
)
def test_bad_input_is_named(command, tmp_path, monkeypatch, words, named):
    monkeypatch.chdir(tmp_path)
    result = command("frontier", *words, "--most-loops", 2)
    assert result.code == 2
    assert result.out == ""
    assert named in result.err
    assert result.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_library_leaves_no_room_for_another_network(command, library):
    result = command("frontier", library, "--n", 5)
    assert result.code == 2
    assert "--n" in result.err
    assert "'b'" in command("frontier", library, "--motif", "b").err
