"""read_rnn: what torch and others save becomes the map that they run, and nothing else is run."""

import io
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from typing import ClassVar

import numpy as np
import pytest

import heddle
from heddle.io.torch_file import read_torch

RNG = np.random.default_rng(0)
W, W_IN = RNG.standard_normal((3, 3)), RNG.standard_normal((3, 2))
B1, B2 = RNG.standard_normal(3), RNG.standard_normal(3)
Z = RNG.standard_normal(3)


class Global:
    """Pickles as a name of a module that need not be there."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Storage:
    def __init__(self, key, array, kind):
        self.identity = ("storage", kind, key, "cpu", array.size)


class Tensor:
    def __init__(self, *parts):
        self.parts = parts


class Writer(pickle._Pickler):
    """Writes what torch.save writes, in its words: protocol 2, storages by persistent id."""

    def persistent_id(self, item):
        return item.identity if isinstance(item, Storage) else None

    def save_global_name(self, item):
        self.write(pickle.GLOBAL + f"{item.module}\n{item.name}\n".encode())

    def save_tensor(self, tensor):
        self.save_global_name(Global("torch._utils", "_rebuild_tensor_v2"))
        self.save(tensor.parts)
        self.write(pickle.REDUCE)

    dispatch: ClassVar = {**pickle._Pickler.dispatch, Global: save_global_name, Tensor: save_tensor}


def write_torch(path, arrays, kind="DoubleStorage", dtype="<f8"):
    state = OrderedDict()
    with zipfile.ZipFile(path, "w") as archive:
        for key, (name, array) in enumerate(arrays.items()):
            stored = np.ascontiguousarray(array, dtype=dtype)
            storage = Storage(str(key), stored, Global("torch", kind))
            strides = tuple(step // stored.itemsize for step in stored.strides)
            state[name] = Tensor(storage, 0, stored.shape, strides, False, OrderedDict())
            archive.writestr(f"model/data/{key}", stored.tobytes())
        stream = io.BytesIO()
        Writer(stream, protocol=2).dump(state)
        archive.writestr("model/data.pkl", stream.getvalue())
    return path


def one_step(system, z):
    return heddle.iterate(system, z, 1)[:, 1]


def layer(prefix=""):
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    return {prefix + n: a for n, a in zip(names, (W_IN, W, B1, B2), strict=True)}


@pytest.mark.parametrize(
    ("kind", "dtype", "tolerance"),
    [("DoubleStorage", "<f8", 1e-15), ("FloatStorage", "<f4", 1e-6), ("HalfStorage", "<f2", 1e-2)],
)
def test_a_torch_rnn_steps_as_its_equation_says(tmp_path, kind, dtype, tolerance):
    path = write_torch(tmp_path / "m.pt", {**layer("rnn."), "out.weight": W}, kind, dtype)
    system = heddle.read_rnn(path, input=[0.5, -1.0])
    expected = np.maximum(W @ Z + B1 + B2 + W_IN @ [0.5, -1.0], 0)
    np.testing.assert_allclose(one_step(system, Z), expected, atol=10 * tolerance)


def test_torch_and_this_reader_agree(tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.RNN(2, 4, nonlinearity="relu")
    torch.save(module.state_dict(), tmp_path / "m.pt")
    start, given = torch.randn(1, 4), torch.randn(1, 2)
    expected = module(given, start)[0].detach().numpy()[0]
    system = heddle.read_rnn(tmp_path / "m.pt", input=given.numpy())
    np.testing.assert_allclose(one_step(system, start.numpy()[0]), expected, atol=1e-6)


def test_npz_holds_plrnns_of_every_form(tmp_path):
    a, w1, w2 = RNG.standard_normal(3), RNG.standard_normal((3, 5)), RNG.standard_normal((5, 3))
    h2 = RNG.standard_normal(5)
    path = tmp_path / "m.npz"
    np.savez(path, A=a, W=W, h=B1)
    np.testing.assert_allclose(
        one_step(heddle.read_rnn(path), Z), a * Z + W @ np.maximum(Z, 0) + B1
    )
    mixed = Z.copy()
    mixed[2] = max(mixed[2], 0)
    almost_linear = heddle.read_rnn(path, rectified=[2])
    assert almost_linear.units == 1
    np.testing.assert_allclose(one_step(almost_linear, Z), a * Z + W @ mixed + B1)
    np.savez(path, A=a, W1=w1, W2=w2, h1=B1, h2=h2)
    shallow = a * Z + w1 @ np.maximum(w2 @ Z + h2, 0) + B1
    np.testing.assert_allclose(one_step(heddle.read_rnn(path), Z), shallow)
    np.testing.assert_allclose(
        one_step(heddle.read_rnn(path, clipped=True), Z), shallow - w1 @ np.maximum(w2 @ Z, 0)
    )


class Spy:
    def __reduce__(self):
        return os.mkdir, ("ran",)


def test_a_file_that_would_run_something_is_refused_and_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("m.pt", "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps({"weight_hh_l0": Spy()}, protocol=2))
    with pytest.raises(heddle.FormatError, match=r"mkdir.*not a tensor"):
        heddle.read_rnn("m.pt")
    assert not (tmp_path / "ran").exists()


def test_a_tensor_beyond_its_storage_is_refused(tmp_path):
    path = write_torch(tmp_path / "m.pt", {"weight_hh_l0": W})
    with zipfile.ZipFile(path) as archive:
        pickled = archive.read("model/data.pkl")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", pickled)
        archive.writestr("model/data/0", struct.pack("<d", 1.0))
    with pytest.raises(heddle.FormatError, match="damaged"):
        heddle.read_rnn(path)


def test_whatever_byte_is_changed_a_file_is_read_or_refused(tmp_path):
    """600 files with one byte changed, one cut off or a few swapped; no other error than ours, and
    no more numbers than there were."""
    draw = np.random.default_rng(11)
    whole = write_torch(tmp_path / "m.pt", layer()).read_bytes()
    path = tmp_path / "changed.pt"
    refusals = []
    for i in range(600):
        changed = bytearray(whole)
        place = int(draw.integers(len(whole)))
        if i % 3 == 0:
            changed[place] = int(draw.integers(256))
        elif i % 3 == 1:
            del changed[place:]
        else:
            other = int(draw.integers(len(whole)))
            changed[place], changed[other] = changed[other], changed[place]
        path.write_bytes(bytes(changed))
        try:
            read = read_torch(path)
        except heddle.FormatError as error:
            refusals.append(str(error))
        else:
            assert sum(array.size for array in read.values()) <= 3 * 3 + 3 * 2 + 3 + 3
    assert 200 < len(refusals) < 600
    assert all("changed.pt" in text and "\n" not in text for text in refusals)


@pytest.mark.parametrize(
    ("shape", "strides", "word"),
    [
        ((10**12,), (0,), "more entries than its storage"),
        ((10**6, 10**6), (0, 0), "more entries than its storage"),
        ((3, 4), (3, 1), "beyond its storage"),
        ((3, -1), (3, 1), "damaged"),
        ((3, 3), (-3, 1), "beyond its storage"),
    ],
)
def test_a_tensor_of_another_shape_than_its_numbers_is_refused(shape, strides, word, tmp_path):
    path = tmp_path / "m.pt"
    with zipfile.ZipFile(path, "w") as archive:
        storage = Storage("0", W, Global("torch", "DoubleStorage"))
        tensor = Tensor(storage, 0, shape, strides, False, OrderedDict())
        archive.writestr("model/data/0", W.tobytes())
        stream = io.BytesIO()
        Writer(stream, protocol=2).dump(OrderedDict(weight_hh_l0=tensor))
        archive.writestr("model/data.pkl", stream.getvalue())
    with pytest.raises(heddle.FormatError, match=word):
        heddle.read_rnn(path)


def test_a_compressed_member_is_not_unpacked(tmp_path):
    path = write_torch(tmp_path / "m.pt", layer())
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(heddle.FormatError, match=r"data\.pkl is compressed"):
        heddle.read_rnn(path)


@pytest.mark.parametrize(
    ("arrays", "word"),
    [
        ({"A": Z, "W": W, "H": B1}, "lacks h of a PLRNN"),
        ({"A": Z, "W": W, "h": B1, "rectifed": [1]}, "rectified"),
        ({"lstm.weight_hh_l0": np.zeros((12, 3))}, "LSTM"),
        ({"weight_hh_l0": np.zeros((9, 3))}, "GRU"),
        ({**layer(), "weight_hh_l1": W}, "several layers"),
        ({**layer(), "weight_hh_l0_reverse": W}, "bidirectional"),
        ({"foo": W}, "expected the arrays of one of these"),
        ({"A": Z, "W": W.astype(str), "h": B1}, "real numbers"),
    ],
)
def test_other_arrays_are_refused_by_name(arrays, word):
    with pytest.raises(heddle.FormatError, match=word):
        heddle.read_rnn(arrays)


def test_two_modules_need_a_prefix_and_unused_options_are_refused():
    both = {**layer("a."), **layer("b.")}
    with pytest.raises(heddle.DomainError, match="name one"):
        heddle.read_rnn(both)
    assert heddle.read_rnn(both, prefix="b").states == 3
    with pytest.raises(heddle.DomainError, match="prefix"):
        heddle.read_rnn(both, prefix="c")
    with pytest.raises(heddle.DomainError, match="clipped"):
        heddle.read_rnn(layer(), clipped=True)
    with pytest.raises(heddle.ShapeError, match="input"):
        heddle.read_rnn(layer(), input=[1.0])


@pytest.mark.parametrize("name", ["m.npy", "m.npz", "m.pt"])
def test_files_that_are_none_are_refused_by_name(tmp_path, name):
    path = tmp_path / name
    with pytest.raises(heddle.FormatError, match="no file"):
        heddle.read_rnn(path)
    path.write_bytes(b"nothing")
    with pytest.raises(heddle.FormatError, match=name):
        heddle.read_rnn(path)


def test_a_safetensors_file_gives_the_map_that_its_arrays_give(tmp_path):
    from heddle.io.safetensors_file import Tensor, write_safetensors

    path = tmp_path / "m.safetensors"
    arrays = {"rnn.weight_hh_l0": W, "rnn.weight_ih_l0": W_IN, "rnn.bias_hh_l0": B1}
    write_safetensors(path, {name: Tensor(array, "F64") for name, array in arrays.items()})
    read, given = heddle.read_rnn(path), heddle.read_rnn(arrays)
    assert np.array_equal(heddle.iterate(read, Z, 5), heddle.iterate(given, Z, 5))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(heddle.FormatError, match="cut off"):
        heddle.read_rnn(path)
