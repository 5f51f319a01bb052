"""adapter_config.json: ranks and scalings of the modules of an adapter."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heddle._core import DomainError, FormatError
from heddle.adapters.values import AdapterModule, is_finite_number

LARGEST = 16 << 20  # bytes
REFUSED = {
    "layer_replication": "layers that share the base's weights; merge the adapter with PEFT first",
    "target_parameters": "parameters outside linear maps; train an adapter of modules",
    "use_qalora": "factors that read averages of inputs; merge the adapter with PEFT first",
    "use_bdlora": "factors of diagonal blocks; merge the adapter with PEFT first",
    "arrow_config": "a router between adapters; read those it routes to",
}
SHIFTED = ("pissa", "corda", "olora", "loftq", "lora_ga")  # they start by changing W


def read_config(path: Path) -> dict[str, Any]:
    """The settings of a LoRA adapter, checked; FormatError names the key that cannot be."""
    config = _parse(path)
    _require_plain_product(path, config)
    config.setdefault("r", 8)
    config.setdefault("lora_alpha", 8)
    for key in ("rank_pattern", "alpha_pattern"):
        if config.get(key) is None:
            config[key] = {}
    _require_numbers(path, config)
    for key in ("use_rslora", "use_dora", "fan_in_fan_out", "lora_bias"):
        if not isinstance(config.get(key) or False, bool):
            raise FormatError(f"{path}: {key} is {config[key]!r:.60}; give true or false")
    _require_names(path, config)
    return config


def _require_plain_product(path: Path, config: Mapping[str, Any]) -> None:
    """Everything that changes the model otherwise than by s B A is refused."""
    kind = config.get("peft_type")
    if kind != "LORA":
        raise FormatError(
            f"{path}: peft_type is {kind!r:.60}; only LORA adds a product of two factors"
        )
    for key, meaning in REFUSED.items():
        if config.get(key):
            raise FormatError(f"{path}: {key} is set, for {meaning}")
    start = config.get("init_lora_weights")
    if isinstance(start, str) and start.startswith(SHIFTED):
        raise FormatError(
            f"{path}: init_lora_weights is {start!r:.60}, which changes W before training, so that "
            "s B A is not all that changed; save it in PEFT with "
            "path_initial_model_for_weight_conversion"
        )


def _parse(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise FormatError(f"{path} has more than {LARGEST} bytes, which no settings need")
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} is no JSON ({' '.join(str(error).split())})") from error
    if not isinstance(config, dict):
        raise FormatError(f"{path} holds no JSON object; give the settings of a LoRA adapter")
    return config


def _require_numbers(path: Path, config: Mapping[str, Any]) -> None:
    for key, pattern in (("r", "rank_pattern"), ("lora_alpha", "alpha_pattern")):
        if not isinstance(config[pattern], dict):
            raise FormatError(f"{path}: {pattern} is no object; give {{pattern: number}}")
        for name, value in ((key, config[key]), *config[pattern].items()):
            if not is_finite_number(value) or (key == "r" and not _is_rank(value)):
                expected = "a whole number above 0" if key == "r" else "a finite number"
                where = key if name == key else f"{pattern}, {name!r}"
                raise FormatError(f"{path}: {where} is {value!r:.60}; give {expected}")
        for name in config[pattern]:
            try:
                re.compile(name)
            except (re.error, RecursionError, OverflowError) as error:
                raise FormatError(f"{path}: {pattern} holds {name!r}: {error}") from error


def _is_rank(value: float) -> bool:
    return value == int(value) and value > 0


def _require_names(path: Path, config: Mapping[str, Any]) -> None:
    saved = config.get("modules_to_save")
    if saved is not None and not (
        isinstance(saved, list) and all(isinstance(name, str) for name in saved)
    ):
        raise FormatError(f"{path}: modules_to_save is {saved!r:.60}; give a list of names")


def pattern_value(patterns: Mapping[str, Any], module: str, otherwise: Any) -> Any:
    """The value of the first pattern that the end of a module's name matches, as in PEFT."""
    for pattern, value in patterns.items():
        if re.match(rf"(.*\.)?({pattern})$", module):
            return value
    return otherwise


def config_for(config: Mapping[str, Any], modules: Mapping[str, AdapterModule]) -> dict[str, Any]:
    """Settings from which a reader learns the rank and scaling of each module.

    What `config` says already is kept where it is true of the modules. Raises DomainError for
    modules that one file cannot describe together.
    """
    written = {"peft_type": "LORA", "bias": "none", "base_model_name_or_path": None, **config}
    written["use_rslora"] = _common("rslora", modules)
    written["fan_in_fan_out"] = _common(
        "transposed", {name: m for name, m in modules.items() if not m.embedding}
    )
    _set_pattern(written, "r", "rank_pattern", {n: m.rank for n, m in modules.items()})
    _set_pattern(written, "lora_alpha", "alpha_pattern", {n: m.alpha for n, m in modules.items()})
    if not _targets(written.get("target_modules"), modules):
        written["target_modules"] = sorted(modules)
    return written


def _common(name: str, modules: Mapping[str, AdapterModule]) -> bool:
    values = {getattr(module, name) for module in modules.values()}
    if len(values) > 1:
        raise DomainError(
            f"modules: some are {name} and some are not, which one adapter_config.json cannot "
            "say; write two adapters"
        )
    return bool(values and values.pop())


def _set_pattern(
    config: dict[str, Any], key: str, pattern: str, values: Mapping[str, float]
) -> None:
    known = config.get(pattern) or {}
    if key in config and all(
        pattern_value(known, name, config[key]) == value for name, value in values.items()
    ):
        config.setdefault(pattern, {})
        return
    [(usual, _)] = Counter(values.values()).most_common(1)
    config[key] = usual
    config[pattern] = {
        f"^{re.escape(name)}": value for name, value in values.items() if value != usual
    }


def _targets(targets: Any, modules: Mapping[str, AdapterModule]) -> bool:
    """Whether target_modules names all modules."""
    if isinstance(targets, str):
        try:
            return targets == "all-linear" or all(re.fullmatch(targets, name) for name in modules)
        except re.error:
            return False
    listed = targets if isinstance(targets, (list, tuple)) else ()
    return all(
        any(name == target or name.endswith(f".{target}") for target in listed) for name in modules
    )
