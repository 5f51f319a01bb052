"""The tensors of a file that torch.save wrote, without torch and without running what it holds."""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from heddle._core import FormatError

KINDS = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",  # the upper half of a float32
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


def read_torch(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a state dict by name.

    Only tensors, dicts, numbers and text are read; a file that asks for anything else, such as a
    whole pickled model, raises FormatError, and nothing of it is run.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FormatError(
            f"{path} is no zip archive as torch.save has written since torch 1.6; load it with "
            "torch and save the state dict anew"
        ) from None
    with archive:
        found = _loaded(path, archive)
    if isinstance(found, dict) and isinstance(found.get("state_dict"), dict):
        found = found["state_dict"]  # a checkpoint
    if not isinstance(found, dict):
        raise FormatError(f"{path} holds no state dict; save model.state_dict()")
    return {str(name): value for name, value in found.items() if isinstance(value, np.ndarray)}


def _loaded(path: Path, archive: zipfile.ZipFile) -> Any:
    try:
        return _load(path, archive)
    except FormatError:
        raise
    except Exception as error:  # whatever the decoder meets first
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FormatError(f"{path} is damaged ({reason:.200}); save it anew") from error


def _load(path: Path, archive: zipfile.ZipFile) -> Any:
    names = archive.namelist()
    pickled = [name for name in names if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(pickled) != 1:
        raise FormatError(f"{path} holds no data.pkl as torch.save writes it; save it with torch")
    root = pickled[0][: -len("data.pkl")]
    if root + "byteorder" in names and _stored(archive, root + "byteorder") != b"little":
        raise FormatError(f"{path} is big-endian; save it on a little-endian machine")
    return _Reader(path, io.BytesIO(_stored(archive, pickled[0])), archive, root).load()


def _stored(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member as it lies there: torch.save compresses nothing, and what is compressed may be of
    any size."""
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} is compressed, as torch.save leaves nothing")
    return archive.read(name)


class _Kind(NamedTuple):
    name: str


def _tensor(
    storage: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any
) -> np.ndarray:
    last = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    if 0 in shape:
        return np.zeros(shape, storage.dtype)
    if offset < 0 or min(strides, default=0) < 0 or last >= storage.size:
        raise ValueError("a tensor reaches beyond its storage")
    if math.prod(shape) > storage.size:
        raise ValueError("a tensor has more entries than its storage; save its clone()")
    bytes_apart = [step * storage.itemsize for step in strides]
    return np.lib.stride_tricks.as_strided(storage[offset:], shape, bytes_apart).copy()


def _parameter(data: np.ndarray, *_: Any) -> np.ndarray:
    return data


class _Reader(pickle.Unpickler):
    """Knows tensors, and refuses every other name that a pickle can call."""

    def __init__(self, path: Path, stream: Any, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(stream)
        self.path, self.archive, self.root = path, archive, root

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch._utils", "_rebuild_parameter"): _parameter,
        }
        if (module, name) in known:
            return known[module, name]
        if module == "torch" and name in KINDS:
            return _Kind(name)
        raise FormatError(
            f"{self.path} holds {module}.{name}, which is not a tensor of numbers, and is not "
            "loaded; save model.state_dict() in float32 or float64"
        )

    def persistent_load(self, identity: Any) -> np.ndarray:
        _, kind, key, _, count = identity
        raw = _stored(self.archive, f"{self.root}data/{key}")
        stored = np.frombuffer(raw, dtype=KINDS[kind.name], count=count)
        if kind.name == "BFloat16Storage":
            return (stored.astype("<u4") << 16).view("<f4")
        return stored
