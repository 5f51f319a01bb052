"""Values with arrays inside, on one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

LONGEST = 60  # characters of a field


class Brief:
    """A dataclass (repr=False) that shows arrays by their shapes, and many values by their number.

    TrainingTask(h=0.01, steps=600, trials=32, inputs=(600, 32, 3), targets=(601, 32, 3))
    """

    def __repr__(self) -> str:
        shown = ((field.name, getattr(self, field.name)) for field in fields(self))  # type: ignore[arg-type]
        inside = ", ".join(f"{name}={_brief(value)}" for name, value in shown if value is not None)
        return f"{type(self).__name__}({inside})"


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, Mapping):
        return "{" + ", ".join(map(str, value)) + "}"
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    if len(text) <= LONGEST:
        return text
    if isinstance(value, (list, tuple)):
        return f"{len(value)} × {type(value[0]).__name__}"
    return text[: LONGEST - 1] + "…"
