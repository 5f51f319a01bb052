"""Arrays and JSON in the form in which an HTML file can carry them safely."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Block:
    """Arrays laid end to end; the header knows where each begins and its shape."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []
        self._size = 0
        self.index: dict[str, tuple[int, list[int]]] = {}

    def add(self, key: str, values: ArrayLike) -> None:
        array = np.ascontiguousarray(values, dtype="<f4")
        self.index[key] = (self._size, list(array.shape))
        self._parts.append(array.ravel())
        self._size += array.size

    def base64(self) -> str:
        return base64.b64encode(b"".join(part.tobytes() for part in self._parts)).decode("ascii")


def script_json(value: Any) -> str:
    """JSON that may stand between script tags whatever it holds; NaN and infinity become null."""
    text = json.dumps(_finite(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def kept(samples: int, most: int) -> NDArray[np.intp]:
    """Indices of at most `most` samples, the first and the last among them."""
    return np.unique(
        np.linspace(0, samples - 1, min(samples, max(most, 2))).round().astype(np.intp)
    )
