"""Files: every bit comes back, a file is whole or absent, and what is not ours is refused."""

import dataclasses
import os

import h5py
import numpy as np
import pytest
import scipy.sparse

import heddle
from heddle import store
from heddle.files import replacing

TIME = np.linspace(0, 1, 41)


def wave(name, frequency=1.0):
    values = np.column_stack([np.sin(2 * np.pi * frequency * TIME), np.cos(5 * TIME)])
    return heddle.Motif(name, values, TIME[1], ["x", "Höhe/ü"])


@pytest.fixture(scope="module")
def library():
    return heddle.design([wave("a"), wave("b/../ß . 'x'", 1.5)], n=50, pairs=3)


@pytest.fixture(scope="module")
def performance(library):
    return heddle.perform(
        library, ["a", "b/../ß . 'x'", "a"], noise=0.01, trials=3, units=[1, 4], advances={"a": 0.5}
    )


@pytest.fixture(scope="module")
def saved(library, performance, tmp_path_factory):
    """A folder with one file of each kind."""
    folder = tmp_path_factory.mktemp("saved")
    heddle.save_library(folder / "net.h5", library)
    heddle.save_performance(folder / "run.h5", performance)
    return folder


def assert_same(one, other, where="value"):
    """The same types and bits, all the way down."""
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray), where
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        assert one.tobytes() == other.tobytes(), where
    elif scipy.sparse.issparse(one):
        for part in ("data", "indices", "indptr"):
            assert_same(getattr(one, part), getattr(other, part), f"{where}.{part}")
    elif isinstance(one, float):
        assert np.float64(one).tobytes() == np.float64(other).tobytes(), where
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key, value in one.items():
            assert_same(value, other[key], f"{where}[{key}]")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_same(left, right, f"{where}[{index}]")
    elif names := field_names(one):
        assert type(one) is type(other), where
        for name in names:
            assert_same(getattr(one, name), getattr(other, name), f"{where}.{name}")
    else:
        assert type(one) is type(other), where
        assert one == other, where


def field_names(value):
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    return getattr(type(value), "_fields", ())


# Round trips


def test_a_library_comes_back_bit_for_bit(saved, library):
    assert_same(library, heddle.load_library(saved / "net.h5"))


def test_a_library_with_sparse_weights_comes_back_bit_for_bit(tmp_path):
    weights = heddle.sparse_weights(60, 0.2, 0.5, seed=1)
    network = heddle.make_network(weights, 2, seed=1, tau=0.02)
    library = heddle.design([wave("a")], network, pairs=3, thalamic_tau=0.005)
    heddle.save_library(tmp_path / "net.h5", library)
    loaded = heddle.load_library(tmp_path / "net.h5")
    assert scipy.sparse.issparse(loaded.network.weights)
    assert_same(library, loaded)


def test_a_performance_comes_back_bit_for_bit(saved, performance):
    assert np.isfinite(performance.items[0].standard_error)
    assert_same(performance, heddle.load_performance(saved / "run.h5"))


def test_a_performance_without_noise_and_evidence_comes_back_bit_for_bit(tmp_path, library):
    bare = heddle.perform(library, "a", transitions=False, spectra=False)
    assert np.isnan(bare.items[0].mean_error)
    assert bare.transitions is None
    heddle.save_performance(tmp_path / "run.h5", bare)
    assert_same(bare, heddle.load_performance(tmp_path / "run.h5"))


def test_a_loaded_library_performs_the_same_bits(saved, library):
    again = heddle.perform(heddle.load_library(saved / "net.h5"), "a", transitions=False)
    assert_same(heddle.perform(library, "a", transitions=False), again)


def test_load_picks_by_kind(saved):
    assert isinstance(heddle.load(saved / "net.h5"), heddle.Library)
    assert isinstance(heddle.load(saved / "run.h5"), heddle.Performance)


def test_advances_and_provenance_go_along(tmp_path, library):
    path = tmp_path / "net.h5"
    heddle.save_library(
        path, library, advances={"a": 1.5}, provenance={"seed": 3, "command": "heddle"}
    )
    assert heddle.load_advances(path) == {"a": 1.5}
    assert store.provenance_of(path) == {"seed": 3, "command": "heddle"}
    heddle.save_library(path, library)
    assert heddle.load_advances(path) is None
    assert store.provenance_of(path) == {}


def test_the_same_content_gives_the_same_bytes(tmp_path, library, performance):
    for name, save, value in [
        ("net", heddle.save_library, library),
        ("run", heddle.save_performance, performance),
    ]:
        for k in range(2):
            save(tmp_path / f"{name}{k}.h5", value)
        first, second = ((tmp_path / f"{name}{k}.h5").read_bytes() for k in range(2))
        assert first == second


def test_the_root_says_what_the_file_is(saved):
    with h5py.File(saved / "run.h5") as file:
        assert dict(file.attrs) == {
            "format": "heddle",
            "kind": "performance",
            "format_version": 1,
            "heddle_version": heddle.__version__,
        }


# Whole or absent


def test_a_failed_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "net.h5"
    path.write_text("old")

    def fail():
        with replacing(path) as temporary:
            temporary.write_text("half of the n")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_appears_only_at_the_end_with_the_usual_permissions(tmp_path):
    path = tmp_path / "net.h5"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    (tmp_path / "usual").touch()
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert {entry.name for entry in tmp_path.iterdir()} == {"net.h5", "usual"}


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with replacing(tmp_path / "link") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", "is a folder"),
        ("missing/net.h5", "there is no folder"),
        (os.devnull, "not a regular file"),
    ],
)
def test_what_cannot_be_written_is_found_first(tmp_path, library, name, message):
    with pytest.raises(heddle.DomainError, match=message):
        heddle.save_library(tmp_path / name, library)


# Refusals


def error_of(load, path):
    with pytest.raises(heddle.FormatError) as caught:
        load(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("load", [heddle.load, heddle.load_library, heddle.load_performance])
def test_what_is_no_file_of_ours_is_refused_by_name(tmp_path, load):
    assert "does not exist" in error_of(load, tmp_path / "missing.h5")
    assert "is a folder" in error_of(load, tmp_path)
    (tmp_path / "empty.h5").touch()
    assert "not an HDF5 file" in error_of(load, tmp_path / "empty.h5")
    (tmp_path / "text.h5").write_text("t,x,y\n0,1,2\n")
    assert "not an HDF5 file" in error_of(load, tmp_path / "text.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["W"] = np.eye(3)
    assert "not one of Heddle's" in error_of(load, tmp_path / "other.h5")


@pytest.mark.parametrize("fraction", [0.001, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", ["net.h5", "run.h5"])
def test_a_file_that_was_cut_short_is_refused(saved, tmp_path, name, fraction):
    whole = (saved / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: max(9, int(fraction * len(whole)))])
    assert "cut short" in error_of(heddle.load, tmp_path / name)


def test_a_library_is_no_performance_and_says_what_to_do(saved):
    message = error_of(heddle.load_performance, saved / "net.h5")
    assert "holds a library, not a performance" in message
    assert "heddle perform" in message
    message = error_of(heddle.load_library, saved / "run.h5")
    assert "holds a performance, not a library" in message
    assert "heddle report" in message


def copied(saved, tmp_path, change):
    path = tmp_path / "net.h5"
    path.write_bytes((saved / "net.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def test_a_newer_format_is_refused_with_both_versions(saved, tmp_path):
    path = copied(saved, tmp_path, lambda file: file.attrs.update(format_version=2))
    assert "format 2" in error_of(heddle.load_library, path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda file: file["library"].pop("network"), id="a missing group"),
        pytest.param(lambda file: file["library/motifs/0"].pop("modes"), id="a missing array"),
        pytest.param(
            lambda file: file["library/motifs/1"].attrs.pop("gain"), id="a missing number"
        ),
        pytest.param(
            lambda file: file["library/network"].attrs.update(type="Spaceship"),
            id="an unknown type",
        ),
        pytest.param(
            lambda file: file["library/network"].attrs.update(tau=-1.0),
            id="a value out of its domain",
        ),
    ],
)
def test_a_damaged_file_is_refused_and_not_half_read(saved, tmp_path, change):
    assert "is damaged" in error_of(heddle.load_library, copied(saved, tmp_path, change))
