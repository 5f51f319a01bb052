"""heddle perform --certify: what is proven for sequences of every length."""

import json

import pytest

import heddle


def test_the_certificate_is_in_the_json(command, files, tmp_path):
    words = ("perform", files / "net.h5", "--sequence", "ab", "-o", tmp_path / "run.h5")
    result = command(*words, "--certify", "--json")
    assert result.code == 0, result.err
    assert result.err == ""
    data = json.loads(result.out)["certificate"]
    found = heddle.certify(heddle.load(files / "net.h5"))
    assert data["verdict"] == found.verdict == "stable"
    assert data["proven"] is True
    assert data["radius"]["upper"] == found.radius.upper
    assert data["radius"]["proof"] == found.radius.proof
    assert data["worst_word"] == found.worst_word
    assert data["bound"] == found.bound
    assert data["safe_time"] == found.safe_time
    assert data["contraction"] == found.contraction.tolist()
    without = json.loads(command(*words, "--json").out)
    assert without["certificate"] is None


@pytest.mark.parametrize("preparation", ["0.15", "0.004"])
def test_the_certificate_is_printed_with_the_motifs_that_break_it(
    command, files, tmp_path, preparation
):
    words = ("--sequence", "ab", "-o", tmp_path / "run.h5", "--preparation", preparation)
    result = command("perform", files / "net.h5", *words, "--certify", "--no-transitions")
    assert result.code == 0, result.err
    found = heddle.certify(heddle.load(files / "net.h5"), preparation=float(preparation))
    text = " ".join(result.out.split())
    assert f"Certificate {found.verdict}: {found.statement}" in text
    assert " → ".join(found.worst_word[:12]) in text
    assert ("the 2-norm grows after " + ", ".join(found.breaking) in text) == bool(found.breaking)
    assert bool(found.breaking) == (preparation == "0.004")
    assert "shortest preparation proven stable" in text
