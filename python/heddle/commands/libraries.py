"""What there is to say about a library and its transitions: as data and in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape

from heddle import _core
from heddle._core import Library, MotifLoops, NoisyOutput, Transitions
from heddle.commands.output import fields_of, number, table


def library_data(library: Library) -> dict[str, Any]:
    """A library in numbers; `None` stands for what was not measured."""
    network, preparation = library.network, library.preparation
    bulk = _core.bulk_of(network)
    return {
        "network": {
            "units": network.size,
            "tau": network.tau,
            "response": network.response,
            "readouts": network.readout.shape[0],
            "radius": bulk.radius,
            "spectral_abscissa": float(library.spectrum.real.max()),
        },
        "preparation": {
            "loops": preparation.loops.u.shape[1],
            "duration": preparation.duration,
            "slowest_eigenvalue": preparation.slowest,
        },
        "loops_per_motif": library.options.motif_loops.loops,
        "thalamic_tau": library.options.motif_loops.thalamic_tau,
        "motifs": [motif_data(design) for design in library.motifs],
        "trusted": all(design.trusted for design in library.motifs),
    }


def motif_data(design: MotifLoops) -> dict[str, Any]:
    """A designed motif in numbers."""
    return {
        "name": design.motif.name,
        "duration": design.motif.duration,
        "channels": design.motif.channels,
        "pairs": len(design.fit.eigenvalues),
        "fit_error": design.fit.error,
        "fit_reached": design.fit.reached,
        "gain": design.gain,
        "largest_condition": float(np.max(design.condition)),
        "solve_condition": design.solve_condition,
        "placement_error": float(np.max(design.error)),
        "activity": design.activity,
        "trusted": design.trusted,
        "reason": design.reason,
        "robustness": _robustness_data(design),
    }


def _robustness_data(design: MotifLoops) -> dict[str, Any] | None:
    """What robustness gained, with the movement's own size to compare deviations with."""
    found = design.robustness
    if found is None:
        return None
    values = np.asarray(design.motif.values)
    return {
        "noise": found.noise,
        "trials": found.trials,
        "movement": float(np.sqrt(np.mean(np.sum((values - values.mean(axis=0)) ** 2, axis=1)))),
        "before": _noisy_data(found.before),
        "after": _noisy_data(found.after),
        "checked_deviation": found.checked_deviation,
        "gain_before": found.gain_before,
        "largest_condition_before": found.condition_before,
        "evaluations": found.evaluations,
        "slope": found.slope,
    }


def _noisy_data(output: NoisyOutput) -> dict[str, float]:
    return fields_of(output)


def print_library(console: Console, data: dict[str, Any]) -> None:
    network, preparation = data["network"], data["preparation"]
    thalamic = (
        f", thalamic τ {number(1000 * data['thalamic_tau'])} ms" if data["thalamic_tau"] else ""
    )
    console.print(
        f"[bold]Network[/bold]      {network['units']} units, "
        f"τ {number(1000 * network['tau'])} ms, {network['response']}, "
        f"{network['readouts']} readouts; eigenvalues in radius {number(network['radius'])}, "
        f"rightmost {number(network['spectral_abscissa'])}"
    )
    console.print(
        f"[bold]Loops[/bold]        {data['loops_per_motif']} per motif, {preparation['loops']} to "
        f"prepare in {number(1000 * preparation['duration'])} ms{thalamic}; "
        f"slowest eigenvalue while preparing {number(preparation['slowest_eigenvalue'])}"
    )
    console.print()
    console.print(_motif_table(data["motifs"]))
    console.print()
    _print_robustness(console, data["motifs"])
    _print_trust(console, data["motifs"])


def _motif_table(motifs: list[dict[str, Any]]) -> Any:
    spectra = any("spectral_abscissa" in motif for motif in motifs)
    columns = ["motif", "s", "pairs", "fit error", "gain", "max condition", "solve", "placed to"]
    columns += ["max Re λ"] * spectra + ["trusted"]
    numbers = ["fit_error", "gain", "largest_condition", "solve_condition", "placement_error"]

    def row(motif: dict[str, Any]) -> list[str]:
        cells = [escape(motif["name"]), number(motif["duration"]), str(motif["pairs"])]
        cells += [number(motif[name]) for name in numbers]
        if spectra:
            cells.append(number(motif["spectral_abscissa"], 4))
        return [*cells, "yes" if motif["trusted"] else "[bold red]no[/bold red]"]

    return table(columns, [row(motif) for motif in motifs])


def _print_robustness(console: Console, motifs: list[dict[str, Any]]) -> None:
    robust = [motif for motif in motifs if motif["robustness"] is not None]
    if not robust:
        return
    noise = robust[0]["robustness"]["noise"]
    console.print(
        f"[bold]Robust[/bold]       output deviation at {number(100 * noise)} % noise on the "
        "initial state, closed-form loops and those kept:"
    )
    columns = ["motif", "movement", "expected", "measured", "robust: expected", "measured"]
    columns += ["times smaller", "gain before", "condition before"]
    console.print(table(columns, [_robust_row(motif) for motif in robust]))
    ratios = [_times_smaller(motif["robustness"]) for motif in robust]
    console.print(
        f"Deviations are {number(float(np.median(ratios)))} times smaller (median); ± is one "
        "standard error."
    )
    console.print()


def _robust_row(motif: dict[str, Any]) -> list[str]:
    found = motif["robustness"]
    cells = [escape(motif["name"]), number(found["movement"])]
    for which in ("before", "after"):
        noisy = found[which]
        measured = f"{number(noisy['measured'])} ± {number(noisy['standard_error'], 2)}"
        cells += [number(noisy["deviation"]), measured]
    cells += [number(_times_smaller(found))]
    return [*cells, number(found["gain_before"]), number(found["largest_condition_before"])]


def _times_smaller(found: dict[str, Any]) -> float:
    after = found["after"]["deviation"]
    return found["before"]["deviation"] / after if after > 0 else 1.0


def _print_trust(console: Console, motifs: list[dict[str, Any]]) -> None:
    doubtful = [motif for motif in motifs if not motif["trusted"]]
    for motif in doubtful:
        console.print(
            f"[bold red]Not trusted[/bold red]: {escape(motif['name'])}: {escape(motif['reason'])}"
        )
    short = [motif["name"] for motif in motifs if not motif["fit_reached"]]
    if short:
        console.print(
            f"[yellow]Coarse fit[/yellow]: {escape(', '.join(short))}: the error asked for was not "
            "reached with the pairs allowed; slower motifs, a larger --error or --pairs would do."
        )
    if not doubtful:
        console.print("All motifs are trusted.")


# Transitions


def transitions_data(found: Transitions, names: list[str]) -> dict[str, Any]:
    """Transitions in numbers, with the worst one by name."""
    first, second = np.unravel_index(int(np.argmax(found.error)), found.error.shape)
    return {
        "names": names,
        "error": found.error,
        "state_error": found.state_error,
        "largest_error": float(found.error.max()),
        "worst": [names[first], names[second]],
        "contraction": found.contraction,
        "q": found.q,
        "bound": found.bound,
        "radius": found.radius,
        "safe_time": found.safe_time,
    }


def print_transitions(console: Console, data: dict[str, Any], preparation: float) -> None:
    worst = " → ".join(escape(name) for name in data["worst"])
    console.print(
        f"[bold]Transitions[/bold]  largest error {number(data['largest_error'])} ({worst}); "
        f"q {number(data['q'])}, {_consequence(data)}"
    )
    if not math.isnan(data["safe_time"]):
        console.print(
            f"             shortest safe preparation {number(1000 * data['safe_time'])} ms "
            f"of {number(1000 * preparation)} ms"
        )


def _consequence(data: dict[str, Any]) -> str:
    if data["q"] < 1:
        return f"so no sequence drifts: deviations stay below {number(data['bound'])}"
    help_ = "a longer preparation or more preparatory loops would help"
    if data["radius"] >= 1:
        return f"and some sequences diverge (radius {number(data['radius'])}): {help_}"
    return f"so nothing is guaranteed for long sequences: {help_}"
