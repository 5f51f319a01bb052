"""Captions, and the sections of the page that only some performances have."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from heddle.report.assets import fill
from heddle.report.fragments import count, noun, transition_facts
from heddle.report.layout import drawing
from heddle.report.pack import MOST_CHANNELS, MOST_ITEMS, MOST_TRANSITIONS, Packed

if TYPE_CHECKING:
    from heddle.performance import Performance


def kind(performance: Performance) -> str:
    many = count(len(performance.sequence), noun(performance))
    return f"A sequence of {many}, performed by one network"


def legend(performance: Performance, packed: Packed) -> str:
    entries = [("target", "target"), ("", "performance")]
    shown = packed.trials
    if shown:
        drawn = (
            f"{shown:,}" if shown == performance.trials else f"{shown:,} of {performance.trials:,}"
        )
        entries.append(("trial", f"{drawn} runs with noise {performance.noise:g}"))
    if drawing(performance.channels):
        entries.append(("lift", "pen lifted, or preparation"))
    items = "".join(f'<li><i class="{name}"></i><span>{text}</span></li>' for name, text in entries)
    return f'<ul class="legend">{items}</ul>'


def traces_note(performance: Performance, packed: Packed) -> str:
    one = noun(performance)
    parts = [
        "Bars: which group of loops is open. Shaded: preparation. Outputs lie over their target; "
        "grey is what they do while nothing is asked of them. Drag to move in time."
    ]
    if len(performance.sequence) > 14:
        parts.append(f"The window shows some eight {one}s around the present one.")
    if len(performance.sequence) > MOST_ITEMS:
        many = len(performance.sequence)
        parts.append(f"The first {MOST_ITEMS:,} of {many:,} {one}s are drawn on this page.")
    channels, units = len(performance.channels), packed.units
    if channels > MOST_CHANNELS:
        parts.append(f"The first {MOST_CHANNELS} of {channels:,} outputs are shown.")
    if units < len(performance.units):
        parts.append(f"The first {units:,} of {len(performance.units):,} recorded units are shown.")
    return " ".join(parts)


def spectra_note(performance: Performance, packed: Packed) -> str:
    there, names = packed.spectra, len(set(performance.sequence))
    if there == names:
        return ""
    if there == 0:
        return '<p class="say">The spectra with loops were not computed.</p>'
    some = f"{there:,} of the {names:,} {noun(performance)}s"
    return f'<p class="say">Spectra with the loops of {some} are in this file.</p>'


def noise(performance: Performance) -> str:
    if performance.noise <= 0:
        return ""
    trials = performance.trials
    runs = f" beside the mean over {trials:,} noisy runs ± its standard error"
    return fill(
        "noise.html",
        noise=f"{performance.noise:g}",
        noun=noun(performance),
        beside=runs if trials else "",
        dot='<li><i class="dot"></i>Monte Carlo</li>' if trials else "",
    )


def transitions(performance: Performance) -> str:
    if performance.transitions is None:
        return ""
    one, many = noun(performance), len(performance.motifs)
    rings = " Rings: the transitions of this sequence."
    pooled = f" Neighbouring {one}s are pooled to their largest error."
    return fill(
        "transitions.html",
        noun=one,
        pairs=f"{many * many:,}",
        remark=rings if many <= MOST_TRANSITIONS else pooled,
        facts=transition_facts(performance),
    )


def settings(performance: Performance) -> str:
    parts = [f"τ {1000 * performance.tau:g} ms", f"seed {performance.seed}"]
    if performance.noise > 0:
        parts.append(f"noise {performance.noise:g}, {performance.trials:,} runs")
    return escape("; ".join(parts)) + "."


def every(performance: Performance, packed: Packed) -> dict[str, str]:
    """All of them by the names the template uses."""
    drawn = drawing(performance.channels) is not None
    return {
        "kind": kind(performance),
        "word_legend": legend(performance, packed) if drawn else "",
        "traces_legend": "" if drawn else legend(performance, packed),
        "traces_note": traces_note(performance, packed),
        "spectra_note": spectra_note(performance, packed),
        "noise": noise(performance),
        "transitions": transitions(performance),
        "settings": settings(performance),
    }
