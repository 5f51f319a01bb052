"""Motifs from tables and arrays: values kept, times made even, bad files refused by name."""

import string
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
from heddle._core import DomainError, FormatError

from heddle.io import read_motifs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
recorded = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the recorded movements are not in ../shared/data"
)

TIME = np.arange(50) * 0.02
WAVES = np.column_stack([np.sin(5 * TIME), np.cos(3 * TIME), TIME**2])


def write_csv(path, times, values, header="t,x,y,z"):
    rows = [
        ",".join(map(repr, map(float, [t, *row]))) for t, row in zip(times, values, strict=True)
    ]
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def write_matlab_73(path, variables):
    """As MATLAB lays them out: arrays transposed, cells as references, a 512-byte header."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in variables.items():
            store_matlab(file, name, value)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
    return path


def store_matlab(file, name, value):
    if isinstance(value, list):
        references = np.empty((len(value), 1), dtype=h5py.ref_dtype)
        for k, cell in enumerate(value):
            references[k] = store_matlab(file, f"#refs#/{name}{k}", cell).ref
        item, kind = file.create_dataset(name, data=references), b"cell"
    elif isinstance(value, str):
        codes = np.array([[ord(letter)] for letter in value], dtype=np.uint16)
        item, kind = file.create_dataset(name, data=codes), b"char"
    else:
        item, kind = file.create_dataset(name, data=np.atleast_2d(value).T), b"double"
    item.attrs["MATLAB_class"] = np.bytes_(kind)
    return item


# What is kept


def test_a_csv_keeps_every_value_to_the_last_bit(tmp_path):
    path = write_csv(tmp_path / "wave.csv", TIME, WAVES)
    (motif,) = read_motifs(path)
    assert motif.name == "wave"
    assert motif.dt == 0.02
    assert list(motif.channels) == ["x", "y", "z"]
    assert np.array_equal(motif.values, WAVES)


def test_comments_blank_lines_a_byte_order_mark_and_any_column_order_are_read(tmp_path):
    path = tmp_path / "pen.csv"
    path.write_text(
        "\ufeff# recorded by hand\n\nheight , Time\n# middle\n1.0, 0\n2.0, 0.5\n\n4.0, 1.0\n",
        encoding="utf-8",
    )
    (motif,) = read_motifs(path)
    assert list(motif.channels) == ["height"]
    assert motif.values[:, 0].tolist() == [1, 2, 4]
    assert motif.dt == 0.5


def test_any_number_of_channels_is_read(tmp_path):
    values = np.random.default_rng(1).standard_normal((50, 17))
    header = "t," + ",".join(f"joint{k}" for k in range(17))
    (motif,) = read_motifs(write_csv(tmp_path / "arm.csv", TIME, values, header))
    assert motif.values.shape == (50, 17)
    assert motif.channels[16] == "joint16"


def test_time_begins_at_zero_and_rounded_times_are_even(tmp_path):
    times = np.round(7 + np.arange(50) / 30, 5)
    (motif,) = read_motifs(write_csv(tmp_path / "late.csv", times, WAVES))
    assert np.array_equal(motif.values, WAVES)
    assert motif.dt == pytest.approx(1 / 30, rel=1e-5)


@pytest.mark.parametrize("suffix", ["npy", "npz", "mat", "7.3"])
def test_arrays_are_the_same_from_every_kind_of_file(tmp_path, suffix):
    path = tmp_path / f"wave.{suffix.replace('7.3', 'mat')}"
    if suffix == "npy":
        np.save(path, WAVES)
    elif suffix == "npz":
        np.savez(path, values=WAVES)
    elif suffix == "mat":
        scipy.io.savemat(path, {"values": WAVES})
    else:
        write_matlab_73(path, {"values": WAVES})
    (motif,) = read_motifs(path, rate=50)
    assert motif.name == "wave"
    assert motif.dt == 0.02
    assert np.array_equal(motif.values, WAVES)


@pytest.mark.parametrize("kind", ["npz", "mat", "7.3"])
def test_arrays_of_one_file_share_times_and_channel_names(tmp_path, kind):
    path = tmp_path / f"set.{kind.replace('7.3', 'mat')}"
    names = ["x", "y", "w"]
    arrays = {"a": WAVES, "b": -WAVES, "t": TIME}
    if kind == "npz":
        np.savez(path, **arrays, channels=np.array(names))
    elif kind == "mat":
        scipy.io.savemat(path, {**arrays, "channels": np.array(names, dtype=object)})
    else:
        write_matlab_73(path, {**arrays, "channels": names})
    motifs = read_motifs(path)
    assert [m.name for m in motifs] == ["a", "b"]
    assert [list(m.channels) for m in motifs] == [names, names]
    assert np.array_equal(motifs[1].values, -WAVES)
    assert motifs[0].dt == pytest.approx(0.02, rel=1e-12)


def test_a_step_in_the_file_gives_the_time_and_vectors_are_one_channel(tmp_path):
    np.savez(tmp_path / "n.npz", one=WAVES[:, 0], dt=0.1)
    scipy.io.savemat(tmp_path / "m.mat", {"two": WAVES[:, 0], "dt": 0.1})  # a row in MATLAB
    motifs = read_motifs([tmp_path / "n.npz", tmp_path / "m.mat"])
    assert [m.dt for m in motifs] == [0.1, 0.1]
    assert all(np.array_equal(m.values, WAVES[:, :1]) for m in motifs)


@pytest.mark.parametrize("matlab_73", [False, True])
def test_each_cell_of_a_cell_array_is_a_motif(tmp_path, matlab_73):
    path = tmp_path / "cells.mat"
    if matlab_73:
        write_matlab_73(path, {"patterns": [WAVES, 2 * WAVES]})
    else:
        cells = np.empty((1, 2), dtype=object)
        cells[0, 0], cells[0, 1] = WAVES, 2 * WAVES
        scipy.io.savemat(path, {"patterns": cells})
    motifs = read_motifs(path, rate=50)
    assert [m.name for m in motifs] == ["patterns_1", "patterns_2"]
    assert np.array_equal(motifs[1].values, 2 * WAVES)


def test_cells_of_a_matrix_have_both_indices_in_their_names(tmp_path):
    cells = np.empty((2, 2), dtype=object)
    for k, index in enumerate(np.ndindex(2, 2)):
        cells[index] = k * WAVES
    scipy.io.savemat(tmp_path / "cells.mat", {"patterns": cells})
    motifs = {m.name: m for m in read_motifs(tmp_path / "cells.mat", rate=50)}
    assert np.array_equal(motifs["patterns_2_1"].values, 2 * WAVES)
    assert len(motifs) == 4


def test_names_choose_arrays_and_leave_others_unread(tmp_path):
    np.savez(tmp_path / "mix.npz", good=WAVES, text=np.array("hello"), nan=np.full((9, 2), np.nan))
    (motif,) = read_motifs(tmp_path / "mix.npz", names=["good"], rate=50)
    assert motif.name == "good"


def test_a_text_file_without_keywords_is_a_table(tmp_path):
    (motif,) = read_motifs(write_csv(tmp_path / "wave.txt", TIME, WAVES))
    assert np.array_equal(motif.values, WAVES)


# What is made even


@pytest.mark.parametrize(("interpolate", "order"), [("pchip", 2), ("cubic", 4)])
def test_uneven_times_are_resampled_with_the_order_of_the_interpolant(tmp_path, interpolate, order):
    errors = []
    counts = np.array([100, 200, 400, 800, 1600])
    for count in counts:
        s = np.linspace(0, 1, count)
        times = s + 0.1 * np.sin(3 * s)
        path = write_csv(tmp_path / "u.csv", times, np.sin(9 * times)[:, None], "t,x")
        (motif,) = read_motifs(path, interpolate=interpolate)
        even = np.arange(len(motif.values)) * motif.dt
        assert even[-1] == pytest.approx(times[-1])
        assert motif.dt == pytest.approx(np.median(np.diff(times)), rel=0.02)
        errors.append(np.abs(motif.values[:, 0] - np.sin(9 * even)).max())
    assert -np.polyfit(np.log(counts), np.log(errors), 1)[0] == pytest.approx(order, abs=0.3)


def test_pchip_never_overshoots_a_step(tmp_path):
    path = write_csv(tmp_path / "s.csv", TIME, np.where(TIME > 0.5, 1.0, 0.0)[:, None], "t,x")
    (motif,) = read_motifs(path, dt=0.003)
    assert motif.values.min() >= 0
    assert motif.values.max() <= 1
    (cubic,) = read_motifs(path, dt=0.003, interpolate="cubic")
    assert cubic.values.max() > 1.01


def test_duration_stretches_time_and_keeps_the_values(tmp_path):
    path = write_csv(tmp_path / "wave.csv", TIME, WAVES)
    (motif,) = read_motifs(path, duration=2.0)
    assert motif.duration == pytest.approx(2.0)
    assert np.array_equal(motif.values, WAVES)


def test_step_and_number_of_samples_apply_after_the_stretch(tmp_path):
    path = write_csv(tmp_path / "wave.csv", TIME, WAVES)
    (motif,) = read_motifs(path, duration=2.0, dt=0.01, interpolate="cubic")
    assert motif.values.shape == (201, 3)
    assert motif.dt == 0.01
    stretched = np.arange(201) * 0.01 * TIME[-1] / 2
    assert np.abs(motif.values[:, 0] - np.sin(5 * stretched)).max() < 1e-5
    (motif,) = read_motifs(path, samples=99)
    assert motif.values.shape == (99, 3)
    assert np.allclose(motif.values[::2], WAVES, atol=1e-12)
    (motif,) = read_motifs(path, dt=0.02)
    assert np.array_equal(motif.values, WAVES)


def test_an_array_without_times_takes_them_from_rate_duration_or_step(tmp_path):
    np.save(tmp_path / "a.npy", WAVES)
    for options, step in [
        ({"rate": 200}, 0.005),
        ({"dt": 0.1}, 0.1),
        ({"duration": 4.9}, 0.1),
        ({"rate": 10, "duration": 4.9}, 0.1),
    ]:
        (motif,) = read_motifs(tmp_path / "a.npy", **options)
        assert motif.dt == pytest.approx(step)
        assert np.array_equal(motif.values, WAVES)
    (motif,) = read_motifs(tmp_path / "a.npy", rate=10, dt=0.05)
    assert motif.values.shape == (99, 3)
    (motif,) = read_motifs(tmp_path / "a.npy", duration=1, dt=0.1)
    assert motif.values.shape == (11, 3)


def test_motifs_of_several_files_come_in_order_and_prefix_tells_them_apart(tmp_path):
    for stem in ("p", "q"):
        np.savez(tmp_path / f"{stem}.npz", a=WAVES, b=WAVES, dt=0.1)
    paths = [tmp_path / "q.npz", str(tmp_path / "p.npz")]
    assert [m.name for m in read_motifs(paths, prefix=True)] == ["q-a", "q-b", "p-a", "p-b"]


@recorded
def test_the_published_targets_are_read_as_published():
    path = SHARED / "stepped_and_smooth_targets.npz"
    motifs = read_motifs(path, names=["pattern_4_1", "smooth_pattern4_1"])
    with np.load(path) as archive:
        for motif in motifs:
            assert motif.dt == 0.1
            assert np.array_equal(motif.values[:, 0], archive[motif.name])


@recorded
def test_two_writers_share_letters_and_prefix_tells_them_apart():
    paths = sorted((SHARED / "uji").glob("*-w0[12].txt"))
    with pytest.raises(DomainError, match=r"'a' is found in .*w01\.txt and .*w02\.txt.*prefix"):
        read_motifs(paths, characters="a")
    motifs = read_motifs(paths, characters="ab", prefix=True)
    assert [m.name[-5:] for m in motifs] == ["w01-a", "w01-b", "w02-a", "w02-b"]


@recorded
def test_a_rate_given_for_handwriting_is_its_rate():
    path = SHARED / "uji" / "UJIpenchars-w01.txt"
    assert {m.dt for m in read_motifs(path, rate=125, characters=string.ascii_lowercase)} == {0.008}


# What is refused


def refused(error, words, path, **options):
    with pytest.raises(error) as caught:
        read_motifs(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    missing = [word for word in words if word not in message]
    assert not missing, message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        (" \n\n", ["empty"]),
        ("# only a comment\n", ["no rows", "t,x,y"]),
        ("t,x,y\n", ["no rows", "t,x,y"]),
        ("t,x,y\n0,1,2\n", ["single sample", "two"]),
        ("0,1,2\n1,2,3\n", ["line 1", "numbers", "t,x,y"]),
        ("t;x;y\n0;1;2\n1;2;3\n", ["line 1", "commas"]),
        ("t,x,x\n0,1,2\n1,2,3\n", ["line 1", "repeated"]),
        ("t,x,\n0,1,2\n1,2,3\n", ["line 1", "empty"]),
        ("t,time,x\n0,1,2\n1,2,3\n", ["line 1", "twice"]),
        ("x,y\n0,1\n1,2\n3,3\n", ["no times", "rate"]),
        ("t\n0\n1\n", ["times only"]),
        ("t,x\n0,1\n1\n", ["line 3", "1 values", "2 columns"]),
        ("t,x\n0,1\n1,two\n", ["line 3", "'two'", "'x'", "not a number"]),
        ("t,x\n0,1\n1,\n", ["line 3", "''", "'x'"]),
        ("t,x\n0,1\n# note\n1,nan\n", ["line 4", "'x'", "nan", "finite"]),
        ("t,x\n0,1\n1,-inf\n", ["line 3", "'x'", "-inf"]),
        ("t,x\n0,1\nnan,1\n", ["line 3", "time", "nan"]),
        ("t,x\n0,1\n2,1\n\n1,1\n", ["line 5", "time 1 follows 2", "increase"]),
        ("t,x\n0,1\n0,1\n", ["line 3", "increase"]),
        ("t,a,b,c\n0,1,2,3\n1,1,2,3\n", ["3 channels of 2 samples", "transpose"]),
        (b"\x80\x81t,x\n", ["UTF-8"]),
    ],
)
def test_a_table_that_is_not_right_is_refused_with_its_line(tmp_path, text, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(FormatError, ["bad.csv", *words], path)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((4, 2, 2)), ["(4, 2, 2)", "(T, d)"]),
        (np.zeros((0, 2)), ["(0, 2)"]),
        (np.array(3.0), ["()", "(T, d)"]),
        (np.zeros((1, 3)), ["single sample"]),
        (np.zeros((3, 9)), ["9 channels of 3 samples", "transpose"]),
        (np.array([["a"], ["b"]]), ["not real numbers"]),
        (np.zeros((5, 2), dtype=complex), ["complex", "not real numbers"]),
        (np.array([[1.0, 2], [3, np.nan], [1, 1]]), ["sample 1", "channel 1", "nan"]),
        (np.array([{}], dtype=object), ["NPY", "plain arrays"]),
        (WAVES, ["no times", "rate"]),
    ],
)
def test_an_array_of_wrong_shape_or_contents_is_refused(tmp_path, array, words):
    np.save(tmp_path / "bad.npy", array)
    options = {} if "rate" in words else {"rate": 50}
    refused(FormatError, ["bad.npy", *words], tmp_path / "bad.npy", **options)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"a": WAVES, "t": TIME[:-1]}, ["'a'", "50 samples", "49 times"]),
        ({"a": WAVES, "t": TIME[::-1]}, ["'a'", "sample 1", "increase"]),
        ({"a": WAVES, "t": TIME, "dt": 0.1}, ["both t and dt"]),
        ({"a": WAVES, "dt": -1.0}, ["'dt'", "-1.0", "positive"]),
        ({"a": WAVES, "dt": TIME}, ["'dt'", "one positive"]),
        ({"a": WAVES, "dt": 0.1, "channels": np.array(["x"])}, ["'a'", "3 columns", "1 names"]),
        ({"a": WAVES, "dt": 0.1, "channels": np.array(list("xxy"))}, ["'channels'", "repeats"]),
        ({"a": WAVES, "b": np.array("word"), "dt": 0.1}, ["'b'", "not real numbers", "names"]),
        ({"dt": 0.1}, ["no array"]),
    ],
)
@pytest.mark.parametrize("suffix", ["npz", "mat"])
def test_an_archive_that_does_not_fit_together_is_refused(tmp_path, arrays, words, suffix):
    path = tmp_path / f"bad.{suffix}"
    if suffix == "npz":
        np.savez(path, **arrays)
    else:
        scipy.io.savemat(path, arrays)
    refused(FormatError, [path.name, *words], path)


@pytest.mark.parametrize("suffix", ["npy", "npz", "mat", "7.3"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_file_cut_short_is_refused(tmp_path, suffix, share):
    path = tmp_path / f"cut.{suffix.replace('7.3', 'mat')}"
    if suffix == "npy":
        np.save(path, WAVES)
    elif suffix == "npz":
        np.savez_compressed(path, a=WAVES, dt=0.1)
    elif suffix == "mat":
        scipy.io.savemat(path, {"a": WAVES}, do_compression=True)
    else:
        write_matlab_73(path, {"a": np.tile(WAVES, (50, 1))})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    refused(FormatError, ["cut."], path, rate=50)


@pytest.mark.parametrize("suffix", ["npy", "npz", "mat"])
def test_a_file_of_another_kind_is_refused_by_name(tmp_path, suffix):
    path = tmp_path / f"notes.{suffix}"
    path.write_text("t,x\n0,1\n1,2\n" * 20)
    refused(FormatError, [path.name, suffix.upper().replace("MAT", "MATLAB")], path, rate=50)


def test_a_structure_in_a_matlab_file_is_refused_by_name(tmp_path):
    scipy.io.savemat(tmp_path / "s.mat", {"arm": {"length": 2.0}})
    refused(FormatError, ["s.mat", "'arm'", "not real numbers"], tmp_path / "s.mat", rate=50)


def test_missing_files_directories_and_unknown_kinds_are_refused(tmp_path):
    refused(FormatError, ["none.csv", "does not exist"], tmp_path / "none.csv")
    refused(FormatError, ["is a directory", "*.csv"], tmp_path)
    refused(DomainError, ["no file"], [])
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    refused(FormatError, ["picture.png", ".csv"], tmp_path / "picture.png")
    (tmp_path / "notes.md").write_text("# Notes\n")
    refused(FormatError, ["notes.md", "'.md'", ".csv"], tmp_path / "notes.md")
    (tmp_path / "void.npz").write_bytes(b"")
    refused(FormatError, ["void.npz", "empty"], tmp_path / "void.npz")


def test_a_name_that_comes_twice_is_refused_with_both_files(tmp_path):
    for folder in ("p", "q"):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "a.csv", TIME, WAVES)
        np.savez(tmp_path / folder / f"{folder}.npz", b=WAVES, dt=0.1)
    pair = [tmp_path / folder / "a.csv" for folder in ("p", "q")]
    refused(DomainError, ["'a'", str(pair[0]), str(pair[1]), "rename"], pair)
    pair = [tmp_path / folder / f"{folder}.npz" for folder in ("p", "q")]
    refused(DomainError, ["'b'", str(pair[0]), str(pair[1]), "prefix=True"], pair)
    refused(DomainError, ["'b'", "twice"], [pair[0], pair[0]])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rate": 0}, ["rate", "positive"]),
        ({"duration": -1}, ["duration", "positive"]),
        ({"dt": float("nan")}, ["dt", "positive"]),
        ({"samples": 1}, ["samples=1", "two"]),
        ({"dt": 5}, ["dt=5", "two"]),
        ({"dt": 0.1, "samples": 5}, ["dt or samples"]),
        ({"interpolate": "linear"}, ["'linear'", "pchip"]),
        ({"rate": 50}, ["rate", "own times"]),
        ({"characters": "a"}, ["characters", "does not apply"]),
    ],
)
def test_an_argument_out_of_range_is_refused(tmp_path, options, words):
    refused(DomainError, words, write_csv(tmp_path / "wave.csv", TIME, WAVES), **options)


def test_a_misspelt_option_or_array_gets_a_suggestion(tmp_path):
    np.savez(tmp_path / "a.npz", letter=WAVES)
    refused(DomainError, ["name ", "did you mean names"], tmp_path / "a.npz", name=["letter"])
    refused(DomainError, ["'leter'", "did you mean 'letter'"], tmp_path / "a.npz", names=["leter"])
