"""Arrays in safetensors files, without the package safetensors; a file is checked before it is
believed.

The format: 8 bytes, little-endian, with the length of a header; the header, JSON, {name: {dtype,
shape, data_offsets: [begin, end]}} with an optional "__metadata__" of texts; then the numbers, row
by row, little-endian. The offsets count from the end of the header and cover the rest of the file
without gaps.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from heddle._core import DomainError, FormatError

DTYPES = {
    "F64": "<f8",
    "I64": "<i8",
    "U64": "<u8",
    "F32": "<f4",
    "I32": "<i4",
    "U32": "<u4",
    "F16": "<f2",
    "BF16": "<u2",  # the upper half of a float32
    "I16": "<i2",
    "U16": "<u2",
    "U8": "u1",
    "I8": "i1",
    "BOOL": "?",
}
LONGEST_HEADER = 100_000_000  # bytes, the limit of the format
MOST_AXES = 32
LARGEST = 2**63 - 1


class Tensor(NamedTuple):
    """An array and the type in which its file holds it; BF16 comes as float32, without loss."""

    values: np.ndarray
    dtype: str


class Entry(NamedTuple):
    """Where one array lies in a file."""

    dtype: str
    shape: tuple[int, ...]
    begin: int  # bytes from the start of the file
    end: int


def read_safetensors(path: Path, names: Collection[str] | None = None) -> dict[str, Tensor]:
    """The arrays of a file by name, or those of them in `names` that it has; bit for bit.

    Raises FormatError, naming the file and the array, for a file that cannot be opened, is cut
    off, has a header that is no JSON or longer than the file, a dtype that is not among `DTYPES`,
    a shape whose size does not match its bytes, or arrays that overlap, leave gaps or reach beyond
    the file. The whole header is checked before a number is read. O(bytes of the arrays asked).
    """
    try:
        with path.open("rb") as stream:
            entries = _entries(path, stream)
            chosen = entries if names is None else {n: entries[n] for n in names if n in entries}
            return {name: _read(path, stream, name, entry) for name, entry in chosen.items()}
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error


def safetensors_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of all arrays of a file by name, from its header; errors as `read_safetensors`."""
    try:
        with path.open("rb") as stream:
            return {name: entry.shape for name, entry in _entries(path, stream).items()}
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error


def _entries(path: Path, stream: BinaryIO) -> dict[str, Entry]:
    size = path.stat().st_size
    start = stream.read(8)
    if len(start) < 8:
        raise FormatError(f"{path} has {len(start)} bytes; a safetensors file has at least 8")
    (length,) = struct.unpack("<Q", start)
    if length > min(size - 8, LONGEST_HEADER):
        raise FormatError(
            f"{path} announces a header of {length} bytes, and has {size - 8} after that number; "
            "it is cut off or no safetensors file; fetch it anew"
        )
    header = _header(path, stream.read(length))
    entries = {name: _entry(path, name, found, 8 + length) for name, found in header.items()}
    _require_cover(path, entries, 8 + length, size)
    return entries


def _header(path: Path, text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise FormatError(
            f"{path} has a header that is no JSON ({reason}); write it anew"
        ) from error
    if not isinstance(header, dict):
        raise FormatError(f"{path} has a header that is no JSON object; write it anew")
    notes = header.pop("__metadata__", {})
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise FormatError(f"{path} has a __metadata__ that is no object of texts; write it anew")
    return header


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _entry(path: Path, name: str, found: Any, start: int) -> Entry:
    where = f"{path}, array {name!r}"
    keys = ("dtype", "shape", "data_offsets")
    if not isinstance(found, dict) or set(found) != set(keys):
        raise FormatError(f"{where} is not described by {', '.join(keys)} alone; write it anew")
    dtype, shape, offsets = (found[key] for key in keys)
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise FormatError(f"{where} has dtype {_short(dtype)}; read are {', '.join(DTYPES)}")
    if not _are_counts(shape) or len(shape) > MOST_AXES:
        raise FormatError(f"{where} has shape {_short(shape)}; give up to {MOST_AXES} counts")
    if not _are_counts(offsets) or len(offsets) != 2:
        raise FormatError(f"{where} has data_offsets {_short(offsets)}; give two counts of bytes")
    width = np.dtype(DTYPES[dtype]).itemsize
    if math.prod(max(count, 1) for count in shape) * width > LARGEST:
        raise FormatError(f"{where} has shape {_short(shape)}, beyond what a machine can address")
    begin, end = offsets
    needed = math.prod(shape) * width
    if end - begin != needed:
        raise FormatError(
            f"{where} of shape {_short(shape)} and dtype {dtype} takes {needed} bytes, and its "
            f"data_offsets {_short(offsets)} hold {end - begin}; write it anew"
        )
    return Entry(dtype, tuple(shape), start + begin, start + end)


def _are_counts(found: Any) -> bool:
    return isinstance(found, list) and all(type(n) is int and 0 <= n <= LARGEST for n in found)


def _short(found: Any) -> str:
    text = repr(found)
    return text if len(text) <= 60 else text[:57] + "..."


def _require_cover(path: Path, entries: Mapping[str, Entry], start: int, size: int) -> None:
    """Every byte after the header belongs to one array."""
    reached = start
    for name, entry in sorted(entries.items(), key=lambda item: item[1][2:]):
        if entry.end > size:
            raise FormatError(
                f"{path}, array {name!r} reaches to byte {entry.end}, and the file has {size}; it "
                "is cut off; fetch it anew"
            )
        if entry.begin != reached:
            fault = "overlaps the array before it" if entry.begin < reached else "leaves a gap"
            raise FormatError(
                f"{path}, array {name!r} starts at byte {entry.begin}, expected {reached}: it "
                f"{fault}; write the file anew"
            )
        reached = entry.end
    if reached != size:
        raise FormatError(f"{path} has {size - reached} bytes that no array owns; write it anew")


def _read(path: Path, stream: BinaryIO, name: str, entry: Entry) -> Tensor:
    stream.seek(entry.begin)
    raw = stream.read(entry.end - entry.begin)
    if len(raw) != entry.end - entry.begin:
        raise FormatError(f"{path}, array {name!r} is cut off; fetch the file anew")
    values = np.frombuffer(raw, DTYPES[entry.dtype]).reshape(entry.shape)
    if entry.dtype == "BF16":
        values = (values.astype("<u4") << 16).view("<f4")
    return Tensor(values, entry.dtype)


def write_safetensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Writes arrays into a file that is there for it already; the same arrays give the same bytes.

    Numbers are rounded to the nearest of the dtype, ties to even. Wider types come first, then
    names in order, as the package safetensors writes them. Raises DomainError for a dtype that is
    not among `DTYPES` and for finite numbers beyond its range.
    """
    for name, tensor in tensors.items():
        if tensor.dtype not in DTYPES:
            raise DomainError(f"{name}: dtype is {tensor.dtype!r}; give one of {', '.join(DTYPES)}")
    ranks = {dtype: rank for rank, dtype in enumerate(DTYPES)}
    ordered = sorted(tensors.items(), key=lambda item: (ranks[item[1].dtype], item[0]))
    stored = {name: stored_as(name, *tensor) for name, tensor in ordered}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    reached = 0
    for name, array in stored.items():
        offsets = [reached, reached + array.nbytes]
        dtype = tensors[name].dtype
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": offsets}
        reached = offsets[1]
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        for array in stored.values():
            stream.write(array.tobytes())


def stored_as(name: str, values: np.ndarray, dtype: str) -> np.ndarray:
    """The numbers as a file of that dtype holds them; BF16 as the upper halves of float32."""
    with np.errstate(over="ignore"):
        if dtype == "BF16":
            bits = np.ascontiguousarray(_rounded_to_odd(values)).view("<u4").astype(np.uint64)
            stored = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")
            back = (stored.astype("<u4") << 16).view("<f4")
        else:
            stored = back = np.ascontiguousarray(values, DTYPES[dtype])
    if np.isinf(back).sum() > np.isinf(values).sum():
        largest = float(np.max(np.abs(values)))
        raise DomainError(
            f"{name} holds {largest:g}, beyond the range of {dtype}; choose F32 or F64"
        )
    return stored


def rounded_to(name: str, values: np.ndarray, dtype: str) -> np.ndarray:
    """The numbers that come back from a file of that dtype, in the type that holds them."""
    stored = stored_as(name, values, dtype)
    return (stored.astype("<u4") << 16).view("<f4") if dtype == "BF16" else stored


def _rounded_to_odd(values: np.ndarray) -> np.ndarray:
    """float32, inexact ones with an odd last bit, so that rounding once more is rounding once."""
    near = np.asarray(values, "<f4")
    gap = np.asarray(values, np.float64) - near
    toward_zero = np.where(np.abs(near) > np.abs(values), np.nextafter(near, np.float32(0)), near)
    bits = np.ascontiguousarray(toward_zero, "<f4").view("<u4")
    return (bits | (gap != 0).astype("<u4")).view("<f4")
