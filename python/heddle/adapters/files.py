"""Adapters in the layout of PEFT: adapter_model.safetensors and adapter_config.json in a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from heddle._core import DomainError, FormatError, ShapeError, did_you_mean
from heddle.adapters.config import config_for, pattern_value, read_config
from heddle.adapters.values import DTYPES, Adapter, AdapterModule
from heddle.files import PathLike, replacing
from heddle.io.safetensors_file import Tensor, read_safetensors, rounded_to, write_safetensors

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
PREFIX = "base_model.model."
FACTOR = re.compile(r"(.+)\.lora_(?:(embedding_)([AB])|([AB])\.weight)")
MEANINGS = {
    "dora": "DoRA's magnitudes: the change m (W + s B A) / ‖W + s B A‖ − W is not of low rank",
    "modules_to_save": "weights of a whole module, beside the factors",
    "bias": "a bias, which no ΔW contains",
}


def read_adapter(folder: PathLike, *, without: Collection[str] = ()) -> Adapter:
    """The low-rank adapter in a folder that PEFT or `write_adapter` wrote; its numbers bit for bit.

    folder   holds adapter_model.safetensors, with <module>.lora_A.weight (r, in) and
             <module>.lora_B.weight (out, r) behind "base_model.model.", or lora_embedding_A and
             lora_embedding_B; and adapter_config.json
    without  what may be left out, any of "dora", "modules_to_save", "bias"; the names of the
             arrays are then in `left_out`. Otherwise these are refused: they change the model in
             ways that s B A does not describe

    F64, F32, F16 and BF16 are read, BF16 as float32 without loss. r and alpha of a module are
    those of the first pattern in rank_pattern and alpha_pattern that the end of its name matches,
    else r and lora_alpha; use_rslora and fan_in_fan_out hold for all. Raises FormatError for
    files that are missing, damaged or contradict each other, naming the key or the array.
    O(size of the file). See Hu et al. (2022).
    """
    for name in without:
        if name not in MEANINGS:
            raise DomainError(
                f"without: {name!r} is not one of {', '.join(MEANINGS)}"
                f"{did_you_mean(str(name), list(MEANINGS))}"
            )
    config = read_config(Path(folder) / CONFIG)
    path = Path(folder) / WEIGHTS
    tensors = read_safetensors(path)
    factors: dict[str, dict[str, Tensor]] = {}
    left_out = []
    for key, tensor in tensors.items():
        found = FACTOR.fullmatch(key.removeprefix(PREFIX))
        if found:
            name, embedding, wide, plain = found.groups()
            factors.setdefault(name, {})[(embedding or "") + (wide or plain)] = tensor
        else:
            _require_left_out(path, key, config, without)
            left_out.append(key)
    _require_plain(path, config, without)
    if not factors:
        raise FormatError(f"{path} holds no <module>.lora_A.weight; give a LoRA adapter")
    modules = {name: _module(path, config, name, found) for name, found in factors.items()}
    return Adapter(modules, config, tuple(left_out))


def _require_left_out(
    path: Path, key: str, config: Mapping[str, Any], without: Collection[str]
) -> None:
    """An array that is no factor is one that may be left out, or an error."""
    parts = key.removeprefix(PREFIX).split(".")
    saved = config.get("modules_to_save") or []
    whole = parts[-1] == "weight" and not any(part.startswith("lora_") for part in parts)
    if any("lora_magnitude_vector" in part for part in parts):
        kind = "dora"
    elif whole or any(_is_within(name, parts) for name in saved):
        kind = "modules_to_save"
    elif parts[-1] == "bias":
        kind = "bias"
    else:
        raise FormatError(
            f"{path} holds {key!r}, which is none of <module>.lora_A.weight, lora_B.weight, "
            "lora_embedding_A, lora_embedding_B"
        )
    if kind not in without:
        raise FormatError(
            f"{path} holds {key!r}, {MEANINGS[kind]}; read the rest with without=('{kind}',), or "
            "compare the merged weights with the base"
        )


def _is_within(name: str, parts: list[str]) -> bool:
    """Whether a module's name, or its end, is `name`."""
    return f".{name}." in f".{'.'.join(parts)}."


def _require_plain(path: Path, config: Mapping[str, Any], without: Collection[str]) -> None:
    """The magnitudes of DoRA belong to the settings even where a file lacks them."""
    if config.get("use_dora") and "dora" not in without:
        raise FormatError(
            f"{path}: use_dora is true in {CONFIG}, {MEANINGS['dora']}; read the factors with "
            "without=('dora',)"
        )


def _module(
    path: Path, config: Mapping[str, Any], name: str, found: Mapping[str, Tensor]
) -> AdapterModule:
    embedding = "embedding_A" in found or "embedding_B" in found
    keys = ("embedding_A", "embedding_B") if embedding else ("A", "B")
    if set(found) != set(keys):
        raise FormatError(f"{path}, {name!r} has {', '.join(found)} of its factors, expected both")
    a, b = (found[key] for key in keys)
    for key, tensor in zip(keys, (a, b), strict=True):
        if tensor.dtype not in DTYPES:
            raise FormatError(
                f"{path}, {name!r}, {key} is of dtype {tensor.dtype}; expected {', '.join(DTYPES)}"
            )
        if tensor.values.ndim != 2:
            raise FormatError(
                f"{path}, {name!r}, {key} has shape {tensor.values.shape}; adapters of linear maps "
                "and embeddings are read, whose factors are matrices"
            )
    rank = pattern_value(config["rank_pattern"], name, config["r"])
    if len(a.values) != rank:
        raise FormatError(
            f"{path}, {name!r}, {keys[0]} has shape {a.values.shape}, and {CONFIG} gives r = {rank}"
        )
    alpha = pattern_value(config["alpha_pattern"], name, config["lora_alpha"])
    if a.dtype != b.dtype:
        raise FormatError(
            f"{path}, {name!r} holds one factor as {a.dtype} and the other as {b.dtype}; expected "
            "one dtype"
        )
    try:
        return AdapterModule(
            a.values,
            b.values,
            alpha,
            rslora=bool(config.get("use_rslora")),
            transposed=embedding or bool(config.get("fan_in_fan_out")),
            embedding=embedding,
            dtype=a.dtype,
        )
    except (DomainError, ShapeError) as error:
        raise FormatError(f"{path}, {name!r}: {error}") from error


def write_adapter(folder: PathLike, adapter: Adapter, *, dtype: str | None = None) -> float:
    """Writes an adapter as PEFT reads it, and returns how far the numbers were rounded.

        max |x − x̂| / max |x|   over the entries x of A and B, the worst of all; 0 if nothing was

    folder   made if it is not there; each of its two files appears whole or not at all
    adapter  what `read_adapter` gave comes back bit for bit, in files of the same bytes if PEFT
             wrote them
    dtype    F64, F32, F16 or BF16 for all; None for that of each module

    Ranks and alphas that differ between modules go to rank_pattern and alpha_pattern. Raises
    DomainError for numbers beyond the range of the dtype, an adapter of which parts were left out,
    modules that one adapter_config.json cannot describe, and where no file can be written.
    """
    if adapter.left_out:
        raise DomainError(
            f"adapter lacks {adapter.left_out[0]!r}, which was left out on reading; a file without "
            "it would be another model: give Adapter(adapter.modules)"
        )
    if dtype is not None and dtype not in DTYPES:
        raise DomainError(f"dtype is {dtype!r}; give one of {', '.join(DTYPES)}")
    config = config_for(adapter.config, adapter.modules)
    text = json.dumps(config, indent=2, sort_keys=True)
    tensors = _tensors(adapter, dtype)
    rounded = max(_rounding(key, tensor) for key, tensor in tensors.items())
    with (
        _folder(Path(folder)) as place,
        replacing(place / CONFIG) as settings,
        replacing(place / WEIGHTS) as weights,
    ):
        settings.write_text(text, encoding="utf-8")
        write_safetensors(weights, tensors)
    return rounded


def _tensors(adapter: Adapter, dtype: str | None) -> dict[str, Tensor]:
    tensors = {}
    for name, module in adapter.modules.items():
        infix, suffix = ("embedding_", "") if module.embedding else ("", ".weight")
        for letter, values in (("A", module.A), ("B", module.B)):
            key = f"{PREFIX}{name}.lora_{infix}{letter}{suffix}"
            tensors[key] = Tensor(values, dtype or str(module.dtype))
    return tensors


def _rounding(key: str, tensor: Tensor) -> float:
    stored = rounded_to(key, *tensor)
    largest = np.max(np.abs(tensor.values), initial=0.0)
    apart = np.abs(stored.astype(np.float64) - tensor.values)
    return float(np.max(apart, initial=0.0) / largest) if largest > 0 else 0.0


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """A folder that vanishes again if it was made here and nothing came of it."""
    made = not path.exists()
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise DomainError(f"folder {path} cannot be made: {error.strerror}") from error
    try:
        yield path
    except BaseException:
        if made:
            with suppress(OSError):
                path.rmdir()
        raise
