"""--json: one JSON object on stdout, and nothing else anywhere."""

import json
import math

import pytest

import heddle


def strict(text):
    """One JSON object, without the words NaN and Infinity that JSON does not have."""

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    found = json.loads(text, parse_constant=refuse)
    assert isinstance(found, dict)
    return found


def run_json(command, *words):
    result = command(*words, "--json")
    assert result.code == 0, result.err
    assert result.err == ""
    assert result.out.count("\n") == 1
    return strict(result.out)


def test_design(command, files, tmp_path):
    words = ("design", files / "a.csv", "-o", tmp_path / "net.h5", "--n", "60", "--pairs", "3")
    data = run_json(command, *words)
    library = heddle.load(tmp_path / "net.h5")
    assert data["output"] == str(tmp_path / "net.h5")
    assert data["network"]["units"] == 60
    assert data["network"]["spectral_abscissa"] == library.spectrum.real.max()
    (motif,) = data["motifs"]
    assert motif["fit_error"] == library["a"].fit.error
    assert motif["placement_error"] == library["a"].error.max()
    assert motif["trusted"] is True


def test_perform(command, files, tmp_path):
    words = ("perform", files / "net.h5", "--sequence", "ab", "-o", tmp_path / "run.h5")
    data = run_json(command, *words)
    performance = heddle.load(tmp_path / "run.h5")
    assert data["sequence"] == ["a", "b"]
    assert [item["error"] for item in data["items"]] == [item.error for item in performance.items]
    assert math.isnan(performance.items[0].mean_error)
    assert data["items"][0]["mean_error"] is None
    assert data["transitions"]["q"] == performance.transitions.q


def test_inspect_of_a_library(command, files):
    data = run_json(command, "inspect", files / "net.h5")
    library = heddle.load(files / "net.h5")
    expected = heddle.closed_spectra(library, library.names)
    assert data["kind"] == "library"
    for motif in data["motifs"]:
        assert motif["spectral_abscissa"] == expected[motif["name"]].real.max()
    assert len(data["transitions"]["error"]) == 2
    assert data["transitions"]["safe_time"] == heddle.transitions(library).safe_time


def test_inspect_of_a_performance(command, files):
    data = run_json(command, "inspect", files / "run.h5")
    assert data["kind"] == "performance"
    assert [item["name"] for item in data["items"]] == list("abba")
    assert data["failed"] == sum(item["failed"] for item in data["items"])


def test_report(command, files, tmp_path):
    words = ("report", files / "run.h5", "-o", tmp_path / "r.html", "--figures", tmp_path / "f")
    data = run_json(command, *words)
    assert data["output"] == str(tmp_path / "r.html")
    assert data["figures"] == sorted(str(path) for path in (tmp_path / "f").iterdir())
    assert data["figures"]


def test_motifs(command, files):
    data = run_json(command, "motifs", files / "a.csv")
    (motif,) = data["motifs"]
    assert motif["samples"] == 51
    assert motif["duration"] == pytest.approx(1)
    assert list(motif["range"]) == ["x", "y"]
    assert run_json(command, "motifs", "--fonts")["fonts"]


def test_what_diverges_is_null_and_not_infinite(command, files, tmp_path):
    found = heddle.load(files / "run.h5")
    fields = {name: getattr(found.transitions, name) for name in found.transitions._fields}
    fields |= {"q": 1.5, "bound": math.inf, "safe_time": math.nan}
    values = {name: getattr(found, name) for name in found.__dataclass_fields__}
    values["transitions"] = heddle.Transitions(**fields)
    heddle.save_performance(tmp_path / "run.h5", heddle.Performance(**values))
    data = run_json(command, "inspect", tmp_path / "run.h5")
    assert data["transitions"]["bound"] is None
    assert data["transitions"]["safe_time"] is None
