"""Bad input on the command line: exit code 2, one sentence that names it, and no output."""

import h5py
import numpy as np
import pytest

import heddle

TIME = np.linspace(0, 1, 51)
SMALL = ("--n", "60", "--pairs", "3")


def rows():
    return [[t, np.sin(6 * t), np.cos(5 * t)] for t in TIME]


def write(path, table, header="t,x,y"):
    lines = [",".join(str(cell) for cell in row) for row in table]
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


@pytest.fixture
def refused(command, tmp_path):
    """Runs a command that must fail, and checks all that every failure has in common."""

    def run(*words):
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        result = command(*words)
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert result.code == 2, result.out
        assert result.out == ""
        assert result.err.startswith("heddle: ")
        assert result.err.count("\n") == 1, "the message is one line"
        assert "Traceback" not in result.err
        assert after == before, "a command that fails writes nothing"
        return result.err

    return run


@pytest.fixture
def design_refuses(refused, tmp_path):
    return lambda *words: refused("design", *words, "-o", tmp_path / "net.h5", *SMALL)


# Motif files


def with_cell(row, column, value):
    table = rows()
    table[row][column] = value
    return table


@pytest.mark.parametrize(
    ("table", "words"),
    [
        pytest.param(with_cell(7, 1, "nan"), ["bad.csv", "9", "nan"], id="NaN"),
        pytest.param(with_cell(7, 1, "inf"), ["bad.csv", "9", "inf"], id="infinity"),
        pytest.param(with_cell(7, 2, "fast"), ["bad.csv", "9", "fast"], id="text"),
        pytest.param(with_cell(7, 0, 0.01), ["bad.csv", "9", "0.01"], id="time going back"),
        pytest.param(rows()[:1], ["bad.csv", "single sample", "two"], id="a single sample"),
        pytest.param([[0, 1], [1, 2]], ["bad.csv", "2"], id="rows of the wrong length"),
        pytest.param([], ["bad.csv"], id="no sample"),
    ],
)
def test_a_bad_table_is_refused_by_file_and_line(design_refuses, tmp_path, table, words):
    message = design_refuses(write(tmp_path / "bad.csv", table))
    assert all(word in message for word in words), message


def test_a_missing_file_is_refused_by_name(design_refuses, tmp_path):
    assert f"{tmp_path}/missing.csv does not exist" in design_refuses(tmp_path / "missing.csv")


def test_an_unreadable_file_is_refused_by_name(design_refuses, refused, tmp_path):
    unreadable = tmp_path.parent / f"{tmp_path.name}-unreadable.csv"
    unreadable.symlink_to("/proc/self/mem")  # which not even root can read at its beginning
    assert f"{unreadable} cannot be read" in design_refuses(unreadable)
    assert f"{unreadable} cannot be read" in refused("inspect", unreadable)


def test_an_array_of_the_wrong_shape_is_refused_by_name(design_refuses, tmp_path):
    np.save(tmp_path / "cube.npy", np.zeros((3, 4, 5)))
    message = design_refuses(tmp_path / "cube.npy", "--dt", "0.01")
    assert "cube.npy" in message
    assert "3" in message


def test_two_motifs_of_one_name_are_refused(design_refuses, files, tmp_path):
    (tmp_path / "other").mkdir()
    other = write(tmp_path / "other/a.csv", rows())
    message = design_refuses(files / "a.csv", other)
    assert "'a'" in message
    assert str(files / "a.csv") in message
    assert str(other) in message


def test_a_motif_the_library_has_is_refused(refused, files, tmp_path):
    message = refused(
        "design", files / "a.csv", "--extend", files / "net.h5", "-o", tmp_path / "more.h5"
    )
    assert "'a'" in message


def test_motifs_with_different_channels_are_refused(design_refuses, files, tmp_path):
    path = write(tmp_path / "one.csv", [row[:2] for row in rows()], header="t,x")
    assert "one" in design_refuses(files / "a.csv", path)


def test_no_motifs_are_refused(design_refuses):
    assert "no motifs" in design_refuses()


def test_files_and_a_font_are_refused(design_refuses, files):
    assert "font" in design_refuses(files / "a.csv", "--font", "scripts")


def test_a_font_that_does_not_exist_is_refused(design_refuses):
    assert "'helvetica'" in design_refuses("--font", "helvetica")


# Design


def test_more_channels_than_loops_are_refused(design_refuses, files):
    message = design_refuses(files / "a.csv", "--loops", "1")
    assert "loops" in message
    assert "2 channels" in message


@pytest.mark.parametrize("how", ["a generator", "a file"])
def test_unstable_weights_are_refused(refused, files, tmp_path, how):
    if how == "a generator":
        network = ("--g", "1.5", "--n", "60")
    else:
        np.save(tmp_path / "w.npy", heddle.gaussian_weights(60, 1.5))
        network = ("--network", tmp_path / "w.npy")
    message = refused("design", files / "a.csv", "-o", tmp_path / "net.h5", *network)
    assert "unstable" in message
    assert "below 1" in message


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ("gausian", "neither a kind nor a file; did you mean 'gaussian'"),
        ("low_rank", "outliers is missing"),
        ("sparse:p=much", "p: found 'much'"),
        ("sparse:q=1", "no parameter 'q'"),
        ("weights.npy", "'file' has no parameter 'n'"),
    ],
)
def test_an_unknown_network_is_refused(design_refuses, files, network, message):
    assert message in design_refuses(files / "a.csv", "--network", network)


def test_a_missing_file_of_weights_is_refused(refused, files, tmp_path):
    words = ("--network", tmp_path / "w.npy", "-o", tmp_path / "net.h5")
    assert f"{tmp_path}/w.npy does not exist" in refused("design", files / "a.csv", *words)


def test_weights_that_are_not_square_are_refused(refused, files, tmp_path):
    np.save(tmp_path / "w.npy", np.zeros((4, 5)))
    words = ("--network", tmp_path / "w.npy", "-o", tmp_path / "net.h5")
    assert "w.npy holds weights of shape 4 × 5" in refused("design", files / "a.csv", *words)


def test_a_damaged_file_of_weights_is_refused(refused, files, tmp_path):
    (tmp_path / "w.npz").write_bytes(b"PK\x03\x04 and no more")
    words = ("--network", tmp_path / "w.npz", "-o", tmp_path / "net.h5")
    assert f"{tmp_path}/w.npz" in refused("design", files / "a.csv", *words)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--error", "-1"),
        ("--duration", "0"),
        ("--tau", "0"),
        ("--tau", "nan"),
        ("--g", "nan"),
        ("--preparation-time", "-3"),
        ("--preparation-fraction", "1.5"),
        ("--thalamic-tau", "-0.01"),
        ("--seed", "-1"),
        ("--seed", str(2**64)),
        ("--threads", "-1"),
        ("--pairs", "0"),
        ("--n", "0"),
        ("--n", "many"),
    ],
)
def test_an_option_out_of_range_is_refused_by_name(refused, files, tmp_path, option, value):
    message = refused("design", files / "a.csv", "-o", tmp_path / "net.h5", option, value)
    assert option.lstrip("-").replace("-", "_") in message.replace("-", "_"), message


def test_choices_that_an_extended_library_has_made_are_refused(refused, files, tmp_path):
    words = ("--extend", files / "net.h5", "--loops", "3", "-o", tmp_path / "more.h5")
    assert "--loops and --extend" in refused("design", files / "c.csv", *words)


# Sequences


@pytest.mark.parametrize(
    ("sequence", "words"),
    [
        ("a,x,b", ["'x'", "a, b"]),
        ("abx", ["'x'", "a, b"]),
        ("xyz", ["'xyz'"]),
        ("a,,b", ["between two commas"]),
        ("", ["sequence"]),
    ],
)
def test_an_unknown_letter_is_refused_by_name(refused, files, tmp_path, sequence, words):
    message = refused(
        "perform", files / "net.h5", "--sequence", sequence, "-o", tmp_path / "run.h5"
    )
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--noise", "-0.1", "noise"),
        ("--noise", "nan", "noise"),
        ("--trials", "5", "noise"),
        ("--units", "some", "units"),
        ("--units", "61", "units"),
        ("--units", "3,60", "units"),
        ("--preparation", "0", "preparation"),
    ],
)
def test_an_option_of_perform_out_of_range_is_refused(
    refused, files, tmp_path, option, value, word
):
    words = ("--sequence", "ab", "-o", tmp_path / "run.h5", option, value)
    assert word in refused("perform", files / "net.h5", *words)


# Files of ours, and those that are not


@pytest.fixture
def strange(files, tmp_path):
    """Files that are not what a command asks for."""
    whole = (files / "net.h5").read_bytes()
    (tmp_path / "short.h5").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.h5").write_text("t,x\n0,1\n")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["W"] = np.eye(3)
    return tmp_path


COMMANDS = {
    "perform": lambda path, out: ("perform", path, "--sequence", "a", "-o", out),
    "inspect": lambda path, out: ("inspect", path),
    "report": lambda path, out: ("report", path, "-o", out),
    "extend": lambda path, out: ("design", path.parent / "c.csv", "--extend", path, "-o", out),
}


@pytest.mark.parametrize("command_name", COMMANDS)
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("short.h5", "cut short"),
        ("text.h5", "not an HDF5 file"),
        ("other.h5", "not one of Heddle's"),
        ("missing.h5", "does not exist"),
    ],
)
def test_a_file_that_is_not_ours_is_refused(refused, strange, command_name, name, message):
    words = COMMANDS[command_name](strange / name, strange / "out")
    found = refused(*words)
    assert str(strange / name) in found
    assert message in found


def test_a_library_where_a_performance_is_asked_for_is_refused(refused, files, tmp_path):
    message = refused("report", files / "net.h5", "-o", tmp_path / "r.html")
    assert "holds a library, not a performance" in message
    words = ("--sequence", "a", "-o", tmp_path / "x.h5")
    assert "holds a performance, not a library" in refused("perform", files / "run.h5", *words)


# Where output cannot go


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(lambda f: ("design", f / "a.csv"), id="design"),
        pytest.param(lambda f: ("perform", f / "net.h5", "--sequence", "a"), id="perform"),
        pytest.param(lambda f: ("report", f / "run.h5"), id="report"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_any_work(
    refused, files, tmp_path, words, monkeypatch
):
    def work(*_, **__):
        raise AssertionError("the work has begun")

    for name in ("design", "perform"):
        monkeypatch.setattr(heddle, name, work)
    assert "is a folder" in refused(*words(files), "-o", tmp_path)
    assert "there is no folder" in refused(*words(files), "-o", tmp_path / "no/where.h5")


def test_figures_that_would_replace_a_file_are_refused(refused, files, tmp_path):
    (tmp_path / "f").write_text("a file")
    words = ("-o", tmp_path / "r.html", "--figures", tmp_path / "f")
    assert "is a file" in refused("report", files / "run.h5", *words)


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("design", "a.csv"),
        ("design", "a.csv", "-o"),
        ("perform", "net.h5", "-o", "run.h5"),
        ("inspect", "net.h5", "--nonsense"),
        ("inspect",),
    ],
)
def test_a_wrong_command_line_is_refused_with_a_hint_at_its_help(refused, words):
    assert "--help" in refused(*words)


def test_motifs_that_one_archive_cannot_hold_are_refused(refused, files, tmp_path):
    slow = write(tmp_path / "slow.csv", [[2 * t, x, y] for t, x, y in rows()])
    message = refused("motifs", files / "a.csv", slow, "-o", tmp_path / "m.npz")
    assert "'a'" in message
    assert "'slow'" in message
    assert ".npz" in refused("motifs", files / "a.csv", "-o", tmp_path / "m.csv")
