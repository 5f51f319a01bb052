"""Tasks from a line of text: "flip_flop:bits=2,duration=4"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heddle import tasks
from heddle._core import DomainError, Motif, did_you_mean

KINDS: dict[str, Any] = {
    "context_integration": tasks.ContextIntegration,
    "delayed_reach": tasks.DelayedReach,
    "flip_flop": tasks.FlipFlop,
    "memory_saccade": tasks.MemorySaccade,
    "motif_production": tasks.MotifProduction,
    "ready_set_go": tasks.ReadySetGo,
}


def build_task(spec: str, *, motifs: Sequence[Motif] = ()) -> Any:
    """A task of `heddle.tasks` from a kind and its options.

    spec    "delayed_reach", "flip_flop:bits=2,duration=4"; lists as "strengths=0.1+0.5"
    motifs  of motif_production

    Kinds: context_integration, delayed_reach, flip_flop, memory_saccade, motif_production,
    ready_set_go; their options are the fields of the classes of `heddle.tasks`, times in s.
    Raises DomainError for another kind or option, and for values that cannot be.
    """
    name, _, tail = spec.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        raise DomainError(f"task: found {name!r}{did_you_mean(name, list(KINDS))}")
    given = dict(_option(spec, item, kind) for item in filter(None, tail.split(",")))
    if (name == "motif_production") != bool(motifs):
        raise DomainError(
            "task: motif_production needs motifs; name files or a font"
            if not motifs
            else f"task: {name} takes no motifs; motif_production does"
        )
    if motifs:
        given["motifs"] = list(motifs)
    return kind(**given)


def _option(spec: str, item: str, kind: Any) -> tuple[str, Any]:
    name, equals, text = (part.strip() for part in item.partition("="))
    if not (name and equals and text):
        raise DomainError(f"task {spec!r}: found {item!r}, expected name=value")
    if name not in kind._fields:
        raise DomainError(
            f"task {spec!r}: there is no option {name!r}{did_you_mean(name, list(kind._fields))}"
        )
    return name, _value(text)


def _value(text: str) -> Any:
    """A whole number, a number, a list of numbers, or text."""
    if "+" in text.lstrip("+"):
        return [_value(part) for part in text.split("+")]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
