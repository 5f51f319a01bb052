"""heddle design --safe: what it writes, what it prints, what it refuses."""

import json

import pytest

import heddle

SMALL = ("--n", "60", "--pairs", "3", "--loops", "4")


@pytest.fixture
def safe(command, files, tmp_path):
    """A library of motif a designed for a short safe preparation, and what the command said."""
    net = tmp_path / "safe.h5"
    result = command("design", files / "a.csv", "-o", net, *SMALL, "--safe", "--json")
    assert result.code == 0, result.err
    return net, json.loads(result.out)["safety"]


def test_the_library_written_is_the_one_that_was_made_safe(safe, files):
    net, said = safe
    plain = heddle.design(heddle.read_motifs(files / "a.csv"), n=60, pairs=3, loops=4)
    expected = heddle.optimise_safe_time(plain)
    assert said["after"] == expected.after < said["before"] == expected.before
    loops = heddle.load(net).preparation.loops
    assert loops.u.tobytes() == expected.library.preparation.loops.u.tobytes()
    assert len(said["steps"]) == len(expected.steps)


def test_what_was_gained_is_printed(command, files, tmp_path):
    words = ("design", files / "a.csv", "-o", tmp_path / "net.h5", *SMALL)
    assert "proven safe for every sequence" in command(*words, "--safe").out
    assert json.loads(command(*words, "--json").out)["safety"] is None


def test_loops_that_may_not_change_are_refused(command, safe, files, tmp_path):
    net, _ = safe
    words = ("design", files / "a.csv", "-o", tmp_path / "more.h5", "--safe")
    extended = command(*words, "--extend", net)
    assert extended.code == 2
    assert "--safe and --extend are both given" in extended.err
    slow = command(*words, *SMALL, "--thalamic-tau", "0.003")
    assert slow.code == 2
    assert "thalamic_tau: found 0.003, expected 0 with --safe" in slow.err
