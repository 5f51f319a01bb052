"""`heddle design --robust`: what it writes, what it prints, what it refuses."""

import json

import pytest

import heddle

SMALL = ("--n", "60", "--pairs", "3", "--loops", "4")


@pytest.fixture
def robust(command, files, tmp_path):
    """A robust library of motif a, and what the command said."""
    net = tmp_path / "robust.h5"
    result = command("design", files / "a.csv", "-o", net, *SMALL, "--robust", "--json")
    assert result.code == 0, result.err
    return net, json.loads(result.out)


def test_the_deviation_before_and_after_is_told_with_its_standard_error(command, robust):
    net, said = robust
    found = said["motifs"][0]["robustness"]
    assert found["after"]["deviation"] < 0.6 * found["before"]["deviation"]
    for which in ("before", "after"):
        noisy = found[which]
        assert 0 < noisy["standard_error"] < 0.2 * noisy["measured"]
        # Statistics: 4 standard errors; the seed is fixed.
        assert abs(noisy["measured"] - noisy["deviation"]) < 4 * noisy["standard_error"]
    out = command("inspect", net, "--no-transitions").out
    assert "times smaller" in out
    assert "±" in out


def test_the_command_designs_the_same_bits_as_the_function(robust, files):
    net, _ = robust
    expected = heddle.design(
        heddle.read_motifs(files / "a.csv"), n=60, pairs=3, loops=4, robust=True
    )
    assert heddle.load(net)["a"].loops.u.tobytes() == expected["a"].loops.u.tobytes()


def test_a_robust_library_performs_with_a_certificate(command, robust, tmp_path):
    net, _ = robust
    result = command(
        "perform", net, "--sequence", "aa", "--noise", "0.02", "--trials", "4", "--certify",
        "-o", tmp_path / "run.h5",
    )  # fmt: skip
    assert result.code == 0, result.err


def test_a_library_without_robust_loops_says_nothing_of_them(command, files):
    assert "times smaller" not in command("inspect", files / "net.h5", "--no-transitions").out
    result = command("inspect", files / "net.h5", "--no-transitions", "--json")
    assert json.loads(result.out)["motifs"][0]["robustness"] is None


def test_an_extended_library_keeps_its_own_choice(command, robust, files, tmp_path):
    net, _ = robust
    more = tmp_path / "more.h5"
    refused = command("design", files / "b.csv", "--extend", net, "--robust", "-o", more)
    assert refused.code == 2
    assert "--robust and --extend are both given" in refused.err
    assert command("design", files / "b.csv", "--extend", net, "-o", more).code == 0
    assert heddle.load(more)["b"].robustness is not None


def test_thalamic_time_constants_are_refused_before_any_work(command, files, tmp_path):
    words = ("--robust", "--thalamic-tau", "0.003", "-o", tmp_path / "net.h5")
    result = command("design", files / "a.csv", *SMALL, *words)
    assert result.code == 2
    assert "thalamic_tau: found 0.003" in result.err
    assert not (tmp_path / "net.h5").exists()
