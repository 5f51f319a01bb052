"""What there is to say about a performance: as data and in words."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from heddle._core import PerformedMotif
from heddle.commands.libraries import print_transitions, transitions_data
from heddle.commands.output import number, table
from heddle.performance import Performance

MOST_ROWS = 40  # of a table of performed motifs


def performance_data(performance: Performance, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A performance in numbers; `items` are those of `item_data`."""
    found = performance.transitions
    return {
        "sequence": performance.sequence,
        "noise": performance.noise,
        "trials": performance.trials,
        "seed": performance.seed,
        "preparation": performance.preparation_time,
        "items": items,
        "largest_error": max(item["error"] for item in items),
        "failed": sum(item["failed"] for item in items),
        "transitions": transitions_data(found, list(performance.motifs)) if found else None,
    }


def item_data(item: PerformedMotif, name: str) -> dict[str, Any]:
    """A performed motif in numbers."""
    return {
        "name": name,
        "start": item.start,
        "error": item.error,
        "isolated_error": item.isolated_error,
        "state_error": item.state_error,
        "failed": item.failed,
        "predicted_error": item.predicted_error,
        "mean_error": item.mean_error,
        "standard_error": item.standard_error,
    }


def print_performance(console: Console, performance: Performance, data: dict[str, Any]) -> None:
    items = data["items"]
    console.print(_item_table(items, performance.noise > 0))
    if len(items) > MOST_ROWS:
        console.print(f"… and {len(items) - MOST_ROWS} more; --json lists all.")
    console.print()
    if data["failed"]:
        failed = [
            f"{item['name']} ({k})" for k, item in enumerate(items, start=1) if item["failed"]
        ]
        console.print(
            f"[bold red]Failed[/bold red]: {data['failed']} of {len(items)}: "
            f"{escape(', '.join(failed[:12]))}{', …' if len(failed) > 12 else ''}"
        )
    else:
        console.print(f"No motif failed; largest error {number(data['largest_error'])}.")
    if data["transitions"]:
        print_transitions(console, data["transitions"], performance.preparation_time)
    doubtful = {name for name in performance.sequence if not performance.motifs[name].trusted}
    for name in sorted(doubtful):
        reason = performance.motifs[name].reason
        console.print(f"[bold red]Not trusted[/bold red]: {escape(name)}: {escape(reason)}")


def _item_table(items: list[dict[str, Any]], noisy: bool) -> Any:
    columns = ["motif", "at s", "error", "isolated", "state"]
    columns += ["with noise", "measured", "± s.e."] * noisy

    def row(item: dict[str, Any]) -> list[str]:
        name = escape(item["name"]) + (" [bold red]failed[/bold red]" if item["failed"] else "")
        cells = [name, number(item["start"])]
        cells += [number(item[key]) for key in ("error", "isolated_error", "state_error")]
        if noisy:
            cells += [number(item[k]) for k in ("predicted_error", "mean_error")]
            cells += [number(item["standard_error"], 2)]
        return cells

    return table(columns, [row(item) for item in items[:MOST_ROWS]])
