"""What contraction tests say: as data and in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape

from heddle._core import Network
from heddle.commands.output import number

NAMES = {"l1": "ℓ1", "linf": "ℓ∞", "l2": "ℓ2"}
MOST_UNITS = 1000  # a second's work


def contraction_data(found: Any) -> dict[str, Any]:
    """A heddle.contracting.Contraction in numbers."""
    tests = [
        {
            "norm": test.norm,
            "method": test.method,
            "rate": test.rate,
            "certified": test.certified,
            "statement": test.statement,
            "margin": test.margin,
            "frequency": test.frequency,
            "weights": test.weights,
            "multipliers": test.multipliers,
        }
        for test in found.tests
    ]
    return {
        "certified": found.certified,
        "rate": found.rate,
        "possible": found.possible,
        "abscissa": found.abscissa,
        "statement": found.statement,
        "tests": tests,
    }


def print_contraction(console: Console, data: dict[str, Any]) -> None:
    colour = "green" if data["certified"] else "yellow" if data["possible"] else "bold red"
    verdict = "certified" if data["certified"] else "open" if data["possible"] else "impossible"
    console.print(
        f"[bold]Contraction[/bold]  [{colour}]{verdict}[/{colour}]: {escape(data['statement'])}"
    )
    for test in data["tests"]:
        mark = "[green]yes[/green]" if test["certified"] else "no "
        console.print(f"  {NAMES[test['norm']]}  {mark}  {escape(test['statement'])}")


def network_contraction(network: Network, spectrum: np.ndarray) -> dict[str, Any] | None:
    """Rates of a network on its own, 1/s, growth below 0; None where that would take long."""
    import heddle

    if network.size > MOST_UNITS or network.response != "linear":
        return None
    weights = network.weights
    weights = np.asarray(weights.todense() if hasattr(weights, "todense") else weights)
    if not isinstance(weights, np.ndarray) or weights.dtype != float:
        return None
    plain = 1 - float(np.linalg.eigvalsh((weights + weights.T) / 2)[-1])
    return {
        "asymptotic": (1 - float(np.max(np.real(spectrum)))) / network.tau,
        "l2": plain / network.tau,
        "l1": heddle.norm_contraction(network, "l1").rate,
        "linf": heddle.norm_contraction(network, "linf").rate,
    }


def print_network_contraction(console: Console, data: dict[str, Any] | None) -> None:
    if data is None:
        return
    rates = ", ".join(
        f"{name} {number(data[key])}"
        for key, name in (("l2", "plain ℓ2"), ("l1", "best ℓ1"), ("linf", "best ℓ∞"))
    )
    console.print(
        f"[bold]Contraction[/bold]  of the network without loops, in 1/s: "
        f"{number(data['asymptotic'])} in the end; at every instant {rates} "
        "(below 0: it may grow)",
        highlight=False,
    )
