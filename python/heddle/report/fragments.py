"""The parts of the report's page that depend on the performance, as escaped HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from heddle.report.layout import drawing
from heddle.report.summary import Row, is_letters, rows, table_rows

if TYPE_CHECKING:
    from heddle.performance import Performance

COLUMNS = (
    ("{noun}", "Name of the motif"),
    ("Pairs", "Pairs of eigenvalues placed"),
    ("Loops", "Gated loops of this motif"),
    ("Gain", "‖U Vᵀ‖, Frobenius norm"),
    ("Condition", "Largest condition κ of a placed eigenvalue"),
    ("Fit", "Normalised squared error of the fit"),
    ("Isolated", "Error when started exactly at the motif’s initial state"),
    ("In sequence", "Error in the sequence, without noise"),
    ("State", "Relative distance from the initial state at the start"),
)
NOISE_COLUMNS = (
    ("Noise, predicted", "Expected error with noise, from the closed-form covariance"),
    ("Noise, Monte Carlo", "Mean error over the noisy runs ± its standard error"),
)


def number(value: float) -> str:
    """Three digits, or a power of ten where that would hide the number."""
    if not np.isfinite(value):
        return "–" if np.isnan(value) else "∞"
    if value == 0:
        return "0"
    if 0.1 <= abs(value) < 1e4:
        return (f"{value:#.3g}" if abs(value) < 100 else f"{value:.0f}").replace("-", "−")
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}&thinsp;×&thinsp;10<sup>{int(exponent)}</sup>".replace("-", "−")


def measured(mean: float, spread: float) -> str:
    """A mean ± its standard error with one power of ten for both."""
    if not np.isfinite(spread) or mean <= 0:
        return number(mean)
    if 0.1 <= mean < 100:
        return f"{mean:.3f}&thinsp;±&thinsp;{spread:.3f}"
    power = int(np.floor(np.log10(mean)))
    scale = 10.0**power
    both = f"({mean / scale:.1f}&thinsp;±&thinsp;{spread / scale:.1f})"
    return f"{both}&thinsp;×&thinsp;10<sup>{power}</sup>".replace("-", "−")


def noun(performance: Performance) -> str:
    return "letter" if is_letters(performance) and drawing(performance.channels) else "motif"


def count(many: int, what: str) -> str:
    """A number of things, with its plural."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def lede(performance: Performance) -> str:
    """What happened, in one paragraph."""
    one = noun(performance)
    loops = max(int(m.loops) for m in performance.motifs.values())
    did = "wrote this" if one == "letter" else "performed this sequence"
    prepared = count(performance.preparation_loops, "preparatory loop")
    return (
        f"One fixed recurrent network of {count(len(performance.spectrum), 'unit')} {did}. Every "
        f"{one} has {count(loops, 'gated loop')} of its own; while they are open, the slowest "
        f"modes of the network trace the {one}. Between two {one}s a group of {prepared}, the same "
        f"for all, takes the network from wherever it is to the state in which the next {one} "
        f"begins. Each {one} was designed alone, and they can follow one another in any order. No "
        "connection inside the network changes."
    )


def facts(performance: Performance) -> str:
    """The main numbers as a description list."""
    every = rows(performance)
    failed = sum(row.failed for row in every)
    entries = [
        ("largest error in sequence", number(max(row.error for row in every))),
        ("failed", f"{failed:,} of {len(every):,}"),
        ("preparation", f"{1000 * performance.preparation_time:.3g}&thinsp;ms"),
    ]
    if performance.transitions is not None:
        entries.append(("contraction <i>q</i>", number(performance.transitions.q)))
    known = [row.mean for row in every if np.isfinite(row.mean)]
    if known:
        entries.append(
            (f"mean error with noise {performance.noise:g}", number(float(np.mean(known))))
        )
    return "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)


def transition_facts(performance: Performance) -> str:
    found = performance.transitions
    if found is None:
        return ""
    safe = "none found" if np.isnan(found.safe_time) else f"{1000 * found.safe_time:.3g}&thinsp;ms"
    entries = [
        ("largest contraction <i>q</i>", number(found.q)),
        ("deviation of any sequence at most", number(found.bound)),
        ("spectral radius at least", number(found.radius)),
        ("shortest safe preparation", safe),
    ]
    return "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)


def _trusted(row: Row) -> str:
    return "yes" if row.trusted else f'<span class="warn">no: {escape(row.reason)}</span>'


def _cells(row: Row, noise: bool) -> list[str]:
    cells = [
        str(row.pairs),
        str(row.loops),
        number(row.gain),
        number(row.condition),
        number(row.fit),
        number(row.isolated),
        number(row.error) + (' <span class="warn">failed</span>' if row.failed else ""),
        number(row.state),
    ]
    if noise:
        cells += [number(row.predicted), measured(row.mean, row.spread)]
    return cells


def table(performance: Performance) -> str:
    """The table of all numbers, readable without JavaScript."""
    noise = performance.noise > 0
    columns = [
        *COLUMNS,
        *(NOISE_COLUMNS if noise else ()),
        ("Trusted", "Whether the design met its checks"),
    ]
    one = noun(performance).capitalize()
    head = "".join(
        f'<th scope="col" title="{escape(title)}">{label.format(noun=one)}</th>'
        for label, title in columns
    )

    def line(row: Row) -> str:
        times = f' <span class="of">{row.position:,}</span>'
        cells = "".join(f"<td>{cell}</td>" for cell in [*_cells(row, noise), _trusted(row)])
        return f'<tr><th scope="row">{escape(row.name)}{times}</th>{cells}</tr>'

    body = "".join(line(row) for row in table_rows(rows(performance)))
    return f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"


def table_note(performance: Performance) -> str:
    every = rows(performance)
    if len(table_rows(every)) == len(every):
        return "One row for every position in the sequence; the small number is the position."
    return (
        f"One row for each {noun(performance)} among {len(every):,} positions, at the position "
        "(small number) where its error was largest."
    )
