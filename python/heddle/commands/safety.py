"""What there is to say about a design for the shortest safe preparation: as data and in words."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from heddle._core import SafeDesign
from heddle.commands.output import number, table

RESULT = ["before", "after", "step_before", "step_after", "evaluations", "converged", "trusted"]
STEP = ["block", "time", "norm_before", "norm_after", "safe_time", "evaluations", "motifs", "kept"]


def safety_data(found: SafeDesign) -> dict[str, Any]:
    """A safe design in numbers."""
    data = {name: getattr(found, name) for name in [*RESULT, "reason"]}
    data["steps"] = [{name: getattr(step, name) for name in STEP} for step in found.steps]
    return data


def print_safety(console: Console, data: dict[str, Any]) -> None:
    console.print(
        f"[bold]Safe[/bold]         shortest preparation proven safe for every sequence "
        f"{number(1000 * data['after'])} ms, {number(1000 * data['before'])} ms before; "
        f"a transition leaves up to {number(data['step_after'])} of deviation, "
        f"{number(data['step_before'])} before"
    )
    columns = ["changed", "motifs", "at, ms", "norm", "then", "safe after, ms", "kept"]
    console.print(table(columns, [_row(step) for step in data["steps"]]))
    if not data["trusted"]:
        console.print(f"[bold red]Not trusted[/bold red]: {escape(data['reason'])}")


def _row(step: dict[str, Any]) -> list[str]:
    cells = [step["block"], str(step["motifs"]), number(1000 * step["time"])]
    cells += [number(step["norm_before"]), number(step["norm_after"])]
    return [*cells, number(1000 * step["safe_time"]), "yes" if step["kept"] else "no"]
