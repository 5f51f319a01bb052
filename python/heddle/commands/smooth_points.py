"""Fixed points of smooth networks: as data and in words."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from heddle._core import SmoothFixedPoints
from heddle.commands.output import number

COLOURS = {"stable": "green", "unstable": "red", "undecided": "yellow"}
MOST_ROWS = 40


def smooth_points_data(found: SmoothFixedPoints, tau: float) -> dict[str, Any]:
    """What `heddle.smooth_fixed_points` found, in numbers; rates in 1/s."""
    points = [
        {
            "state": point.state,
            "residual": point.residual,
            "certified": point.certified,
            "radius": point.radius,
            "uniqueness_radius": point.uniqueness_radius,
            "stability": point.stability,
            "unstable": point.unstable,
            "abscissa": point.abscissa / tau,
            "abscissa_error": point.eigenvalue_error / tau,
            "found_from": point.found_from,
        }
        for point in found.points
    ]
    slow = [
        {"state": point.state, "speed": point.speed, "found_from": point.found_from}
        for point in found.slow_points
    ]
    return {
        "points": points,
        "slow_points": slow,
        "starts": found.starts,
        "failed": found.failed,
        "certified": found.certified,
        "statement": found.statement,
    }


def print_smooth_points(console: Console, data: dict[str, Any]) -> None:
    console.print(f"[bold]Fixed points[/bold]  {escape(data['statement'])}", highlight=False)
    for index, point in enumerate(data["points"][:MOST_ROWS]):
        colour = COLOURS[point["stability"]]
        where = f" in {point['unstable']} directions" if point["unstable"] > 0 else ""
        proof = (
            f"one within {number(point['radius'], 2)}, no other within "
            f"{number(point['uniqueness_radius'], 2)}"
            if point["certified"]
            else "[yellow]without a proof[/yellow]"
        )
        console.print(
            f"  {index + 1:3}  [{colour}]{point['stability']}{where}[/{colour}], "
            f"{number(point['abscissa'])} 1/s; {proof}; {escape(point['found_from'])}",
            highlight=False,
        )
    if len(data["points"]) > MOST_ROWS:
        console.print(f"       … {len(data['points']) - MOST_ROWS} more, see --json")
    for point in data["slow_points"][:MOST_ROWS]:
        console.print(
            f"       slow point, no fixed point: speed {number(point['speed'])} 1/s; "
            f"{escape(point['found_from'])}",
            highlight=False,
        )
