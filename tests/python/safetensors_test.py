"""Safetensors files: every bit is read, and no header is believed before it is checked."""

import json
import struct

import numpy as np
import pytest

import heddle
from heddle.io.safetensors_file import (
    DTYPES,
    Tensor,
    read_safetensors,
    stored_as,
    write_safetensors,
)


def raw_file(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def test_every_bfloat16_and_float16_is_read_exactly_and_rounded_to_nearest_even(tmp_path):
    bits = np.arange(2**16, dtype=np.uint16)
    path = tmp_path / "all.safetensors"
    header = {"x": {"dtype": "BF16", "shape": [2**16], "data_offsets": [0, 2**17]}}
    values = read_safetensors(raw_file(path, header, bits.tobytes()))["x"].values
    finite = np.isfinite(values)
    np.testing.assert_array_equal(values.view(np.uint32), bits.astype(np.uint32) << 16)
    np.testing.assert_array_equal(stored_as("x", values[finite], "BF16"), bits[finite])
    ladder = np.sort(np.unique(values[finite & (values > 0)]).astype(np.float64))
    middle = (ladder[:-1] + ladder[1:]) / 2
    places = np.searchsorted(ladder, middle)  # the upper neighbour of each middle
    even = np.where(stored_as("x", ladder, "BF16")[places] % 2 == 0, places, places - 1)
    for shift, expected in ((0, even), (1e-12, places), (-1e-12, places - 1)):
        np.testing.assert_array_equal(
            stored_as("x", middle * (1 + shift), "BF16"), stored_as("x", ladder[expected], "BF16")
        )


def test_arrays_of_every_dtype_and_shape_come_back_with_the_widest_first(tmp_path):
    path = tmp_path / "x.safetensors"
    rng = np.random.default_rng(5)
    tensors = {
        f"{dtype}.{shape}": Tensor(rng.integers(0, 2, shape).astype(np.float32), dtype)
        for dtype in DTYPES
        for shape in ((), (3,), (0, 4), (2, 3, 2))
    }
    write_safetensors(path, tensors)
    read = read_safetensors(path)
    widths = [np.dtype(DTYPES[tensor.dtype]).itemsize for tensor in read.values()]
    assert widths == sorted(widths, reverse=True)
    for name, tensor in tensors.items():
        assert read[name].dtype == tensor.dtype
        np.testing.assert_array_equal(read[name].values, tensor.values)
    assert list(read_safetensors(path, ["F16.(3,)", "none"])) == ["F16.(3,)"]
    (length,) = struct.unpack("<Q", path.read_bytes()[:8])
    assert length % 8 == 0


def test_an_unknown_dtype_is_not_written(tmp_path):
    with pytest.raises(heddle.DomainError, match="x: dtype is 'F8'; give one of F64"):
        write_safetensors(tmp_path / "x", {"x": Tensor(np.ones(2), "F8")})


# Hostile headers

GOOD = {"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}


def described(**fields):
    return {"x": {**GOOD["x"], **fields}}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (described(dtype="F8_E4M3"), "'x' has dtype 'F8_E4M3'; read are F64"),
        (described(dtype=[]), "dtype \\[\\]"),
        (described(shape=[3]), "takes 12 bytes, and its data_offsets \\[0, 8\\] hold 8"),
        (described(shape=[2**62, 2**62]), "beyond what a machine can address"),
        (described(shape=[2**62, 0, 2**62], data_offsets=[0, 0]), "beyond what a machine"),
        (described(shape=[-2]), "shape \\[-2\\]"),
        (described(shape=[True]), "shape \\[True\\]"),
        (described(shape=[1] * 33), "up to 32"),
        (described(data_offsets=[8, 0]), "hold -8"),
        (described(data_offsets=[8, 16]), "reaches to byte"),
        (described(data_offsets=[2**64, 2**64 + 8]), "two counts of bytes"),
        (described(shape=[1], data_offsets=[4, 8]), "leaves a gap"),
        (described(shape=[1], data_offsets=[0, 4]), "4 bytes that no array owns"),
        ({**GOOD, "y": GOOD["x"]}, "overlaps the array before it"),
        ({**GOOD, "__metadata__": {"a": 1}}, "__metadata__"),
        (described(extra=1), "dtype, shape, data_offsets alone"),
        ([], "no JSON object"),
        (b'{"x":1,"x":1}', "twice"),
        (b"\xff{}", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"x":' + b"9" * 10_000 + b"}", "no JSON"),
    ],
)
def test_a_hostile_header_is_refused_with_the_reason(tmp_path, header, words):
    path = raw_file(tmp_path / "x.safetensors", header, bytes(8))
    with pytest.raises(heddle.FormatError, match=words) as caught:
        read_safetensors(path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("length", [0, 9, 2**32, 2**63, 2**64 - 1])
def test_a_header_that_says_it_is_longer_than_the_file_is_refused_before_it_is_read(
    tmp_path, length
):
    path = tmp_path / "x.safetensors"
    path.write_bytes(struct.pack("<Q", length) + b"{}")
    with pytest.raises(heddle.FormatError, match="header"):
        read_safetensors(path)


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path):
    path = raw_file(tmp_path / "x.safetensors", GOOD, bytes(8))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(heddle.FormatError):
            read_safetensors(path)
    path.write_bytes(whole)
    np.testing.assert_array_equal(read_safetensors(path)["x"].values, np.zeros(2))
