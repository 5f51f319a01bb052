"""The commands do what they say: each writes its file and says what it holds."""

import numpy as np
import pytest

import heddle

SMALL = ("--n", "60", "--pairs", "3")


def test_design_perform_inspect_and_report_follow_each_other(process, files, tmp_path):
    net, run, page = tmp_path / "net.h5", tmp_path / "run.h5", tmp_path / "report.html"
    steps = [
        ("design", files / "a.csv", files / "b.csv", "-o", net, *SMALL),
        ("perform", net, "--sequence", "a,b,b,a", "--noise", "0.01", "--trials", "4", "-o", run),
        ("inspect", net),
        ("inspect", run),
        ("report", run, "-o", page, "--figures", tmp_path / "figures"),
    ]
    for words in steps:
        result = process(*words)
        assert result.code == 0, result.err
        assert result.err == ""
        assert result.out.strip()
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert list((tmp_path / "figures").glob("*.png"))
    assert heddle.load(run).sequence == ["a", "b", "b", "a"]


def test_the_command_designs_the_same_bits_as_the_function(command, files, tmp_path):
    assert (
        command("design", files / "a.csv", "-o", tmp_path / "net.h5", *SMALL, "--seed", "5").code
        == 0
    )
    found = heddle.load(tmp_path / "net.h5")["a"]
    expected = heddle.design(heddle.read_motifs(files / "a.csv"), n=60, pairs=3, seed=5)["a"]
    assert found.loops.v.tobytes() == expected.loops.v.tobytes()
    assert found.initial_state.tobytes() == expected.initial_state.tobytes()


def test_the_options_of_design_reach_the_design(command, files, tmp_path):
    words = [
        "--n",
        50,
        "--g",
        0.7,
        "--tau",
        0.02,
        "--loops",
        4,
        "--pairs",
        2,
        "--thalamic-tau",
        0.003,
    ]
    words += [
        "--preparation-time",
        12,
        "--preparation-fraction",
        0.5,
        "--duration",
        2,
        "--threads",
        1,
    ]
    assert command("design", files / "a.csv", "-o", tmp_path / "net.h5", *words).code == 0
    library = heddle.load(tmp_path / "net.h5")
    assert library.network.size == 50
    assert library.network.tau == 0.02
    assert heddle.bulk_of(library.network).radius == pytest.approx(0.7, rel=0.1)
    assert library["a"].loops.u.shape == (50, 4)
    assert library["a"].loops.thalamic_tau == 0.003
    assert len(library["a"].fit.eigenvalues) == 2
    assert library["a"].motif.duration == pytest.approx(2)
    assert library.preparation.duration == pytest.approx(12 * 0.02)
    assert library.preparation.loops.u.shape[1] in (25, 26)  # a pair is never split
    assert library.options.threads == 1


def test_extending_keeps_every_bit_of_the_library(command, files, tmp_path):
    result = command(
        "design", files / "c.csv", "--extend", files / "net.h5", "-o", tmp_path / "more.h5"
    )
    assert result.code == 0, result.err
    before, after = heddle.load(files / "net.h5"), heddle.load(tmp_path / "more.h5")
    assert after.names == ["a", "b", "c"]
    assert before["a"].loops.v.tobytes() == after["a"].loops.v.tobytes()
    assert before.network.weights.tobytes() == after.network.weights.tobytes()


def test_a_library_can_be_extended_in_place(command, files, tmp_path):
    net = tmp_path / "net.h5"
    net.write_bytes((files / "net.h5").read_bytes())
    assert command("design", files / "c.csv", "--extend", net, "-o", net).code == 0
    assert heddle.load(net).names == ["a", "b", "c"]


@pytest.mark.parametrize("sequence", ["a,b,b", "abb", "a, b, b"])
def test_a_sequence_is_names_or_a_word(command, files, tmp_path, sequence):
    run = tmp_path / "run.h5"
    result = command(
        "perform", files / "net.h5", "--sequence", sequence, "-o", run, "--no-transitions"
    )
    assert result.code == 0, result.err
    assert heddle.load(run).sequence == ["a", "b", "b"]


@pytest.mark.parametrize(
    ("asked", "units"), [("3", [0, 20, 40]), ("5,9", [5, 9]), ("7,", [7]), ("0", [])]
)
def test_units_are_how_many_or_which(command, files, tmp_path, asked, units):
    run = tmp_path / "run.h5"
    words = ("--sequence", "a", "--units", asked, "-o", run, "--no-transitions")
    assert command("perform", files / "net.h5", *words).code == 0
    performance = heddle.load(run)
    assert performance.units == units
    assert performance.items[0].units.shape[1] == len(units)


def test_a_performance_file_holds_what_a_report_needs(command, files, tmp_path):
    run = tmp_path / "run.h5"
    assert (
        command(
            "perform", files / "net.h5", "--sequence", "ba", "-o", run, "--preparation", 0.2
        ).code
        == 0
    )
    performance = heddle.load(run)
    library = heddle.load(files / "net.h5")
    assert list(performance.motifs) == ["a", "b"]
    assert set(performance.closed_spectra) == {"a", "b"}
    assert performance.transitions.error.shape == (2, 2)
    assert performance.preparation_time == 0.2
    np.testing.assert_array_equal(performance.spectrum, library.spectrum)
    np.testing.assert_array_equal(performance.motifs["a"].values, library["a"].motif.values)


def test_letters_of_a_font_bring_their_advances_to_the_performance(command, tmp_path):
    net, run = tmp_path / "net.h5", tmp_path / "run.h5"
    words = ("--font", "scripts", "--letters", "la", "-o", net, "--n", "60", "--pairs", "4")
    assert command("design", *words).code == 0
    assert command("perform", net, "--sequence", "all", "-o", run, "--no-transitions").code == 0
    assert heddle.load(run).advances == heddle.glyph_advances("la", font="scripts")


@pytest.mark.parametrize(
    "network",
    ["gaussian:n=50", "sparse:n=50,p=0.3", "dale:n=50", "low_rank:n=50,g=0.4,outliers=0.8+0.6"],
)
def test_every_kind_of_network_can_be_asked_for(command, files, tmp_path, network):
    net = tmp_path / "net.h5"
    result = command("design", files / "a.csv", "-o", net, "--network", network, "--pairs", "2")
    assert result.code == 0, result.err
    assert heddle.load(net).network.size == 50


@pytest.mark.parametrize("kind", ["npy", "csv", "npz", "mat", "h5"])
def test_weights_come_from_files(command, files, tmp_path, kind):
    from scipy.io import savemat

    weights = heddle.gaussian_weights(40, 0.8, seed=2)
    path = tmp_path / f"weights.{kind}"
    if kind == "npy":
        np.save(path, weights)
    elif kind == "csv":
        path.write_text("\n".join(",".join(map(repr, row.tolist())) for row in weights))
    elif kind == "npz":
        np.savez(path, W=weights, other=np.zeros(3))
    elif kind == "mat":
        savemat(path, {"W": weights})
    else:
        heddle.save_library(
            path,
            heddle.design(
                heddle.read_motifs(files / "a.csv"), heddle.make_network(weights, 2), pairs=2
            ),
        )
    net = tmp_path / "net.h5"
    result = command("design", files / "a.csv", "-o", net, "--network", path, "--pairs", "2")
    assert result.code == 0, result.err
    np.testing.assert_array_equal(heddle.load(net).network.weights, weights)


def test_motifs_lists_and_converts(command, files, tmp_path):
    archive = tmp_path / "motifs.npz"
    result = command("motifs", files / "a.csv", files / "b.csv", "-o", archive)
    assert result.code == 0, result.err
    assert "51" in result.out
    read = heddle.read_motifs(archive)
    given = heddle.read_motifs([files / "a.csv", files / "b.csv"])
    for one, other in zip(given, read, strict=True):
        assert (one.name, one.channels) == (other.name, other.channels)
        assert one.dt == other.dt
        np.testing.assert_array_equal(one.values, other.values)


def test_motifs_lists_fonts_and_their_letters(command):
    assert "scripts" in command("motifs", "--fonts").out
    lines = command("motifs", "--font", "futural", "--letters", "ab").out.splitlines()
    assert [line.split()[0] for line in lines] == ["motif", "a", "b"]


def test_what_is_not_trusted_is_said_in_words(command, files, tmp_path):
    library = heddle.load(files / "net.h5")
    doubtful = {name: getattr(library["a"], name) for name in library["a"]._fields}
    doubtful |= {"trusted": False, "reason": "its eigenvalues missed"}
    fields = {name: getattr(library, name) for name in library._fields}
    fields["motifs"] = [heddle.MotifLoops(**doubtful), library["b"]]
    heddle.save_library(tmp_path / "net.h5", heddle.Library(**fields))
    result = command("inspect", tmp_path / "net.h5", "--no-transitions")
    assert "Not trusted: a: its eigenvalues missed" in result.out
