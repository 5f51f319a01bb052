"""What the report's JavaScript draws: a small JSON header beside one block of base64 float32."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle.report.block import Block, kept, script_json
from heddle.report.layout import drawing, offsets, progress, stretches
from heddle.report.summary import modes, plotted, rows

if TYPE_CHECKING:
    from heddle.performance import Performance

# Numbers (float32) the report may hold of each kind. Together they keep the file below 2 MB.
MOST_OUTPUT = 80_000
MOST_TRIALS = 80_000
MOST_UNITS = 80_000
MOST_SPECTRUM = 40_000
MOST_TRANSITIONS = 128  # motifs on a side of the matrix
MOST_CHANNELS = 16
MOST_ITEMS = 1_500  # drawn of a sequence; the table and the main numbers know all
FEWEST_SAMPLES = 25  # of a motif that is thinned out


def _samples_each(performance: Performance, values_each: int, budget: int) -> int:
    """How many samples of every motif fit a budget of numbers."""
    return max(FEWEST_SAMPLES, budget // max(1, len(performance.items) * values_each))


class _Samples:
    """Which samples of preparation and motif are kept; the same for every repetition of a motif."""

    def __init__(self, performance: Performance) -> None:
        each = min(len(performance.channels), MOST_CHANNELS)
        most = _samples_each(performance, each, MOST_OUTPUT)
        self.preparation = kept(len(performance.items[0].preparation), max(8, most // 4))
        lengths = {
            n: len(i.output) for n, i in zip(performance.sequence, performance.items, strict=True)
        }
        self.motif = {name: kept(length, most) for name, length in lengths.items()}


def _add_motifs(
    block: Block, performance: Performance, names: list[str], samples: _Samples
) -> None:
    for k, name in enumerate(names):
        motif = performance.motifs[name]
        block.add(f"time/{k}", samples.motif[name] * motif.dt)
        block.add(f"target/{k}", np.asarray(motif.values)[samples.motif[name], :MOST_CHANNELS])


def _add_items(block: Block, performance: Performance, samples: _Samples) -> int:
    """Outputs, trials and units, item after item; returns how many trials of each are there."""
    pairs = list(zip(performance.sequence, performance.items, strict=True))
    step = performance.items[0].preparation_dt
    block.add("preparation_time", samples.preparation * step)
    take = slice(None, MOST_CHANNELS)
    block.add("preparation", np.stack([i.preparation[samples.preparation, take] for _, i in pairs]))
    pen = drawing(performance.channels[:MOST_CHANNELS])
    if pen:
        block.add(
            "progress",
            np.stack([progress(i.preparation, pen)[samples.preparation] for _, i in pairs]),
        )
    block.add("output", np.concatenate([i.output[samples.motif[n], take] for n, i in pairs]))
    block.add("units", np.concatenate(_units(performance, samples)))
    size = sum(len(samples.motif[n]) for n, _ in pairs) * min(
        len(performance.channels), MOST_CHANNELS
    )
    shown = min(min(len(i.trials) for _, i in pairs), MOST_TRIALS // size)
    if shown:
        runs = [i.trials[r][samples.motif[n], take] for n, i in pairs for r in range(shown)]
        block.add("trials", np.concatenate(runs))
    return shown


def _units(performance: Performance, samples: _Samples) -> list[NDArray[np.float64]]:
    total = sum(
        len(samples.preparation) + len(samples.motif[name]) for name in performance.sequence
    )
    most = min(len(performance.units), MOST_UNITS // total)

    def part(name: str, item: Any) -> NDArray[np.float64]:
        after = len(item.preparation) + samples.motif[name]
        return np.asarray(item.units)[np.concatenate([samples.preparation, after]), :most]

    return [part(*pair) for pair in zip(performance.sequence, performance.items, strict=True)]


def upper_half(eigenvalues: ArrayLike) -> NDArray[np.float64]:
    """Real and imaginary parts of the eigenvalues with Im ≥ 0: the others are their conjugates."""
    values = np.asarray(eigenvalues, dtype=np.complex128)
    values = values[values.imag >= 0]
    return np.column_stack([values.real, values.imag])


def _add_spectra(block: Block, performance: Performance, names: list[str]) -> int:
    """Spectra of W and with each motif's loops; returns for how many the budget was enough."""
    block.add("spectrum", upper_half(performance.spectrum))
    there = used = 0
    for k, name in enumerate(names):
        if name not in performance.closed_spectra:
            continue
        half = upper_half(performance.closed_spectra[name])
        used += half.size
        if used > MOST_SPECTRUM and there:
            break
        there += 1
        block.add(f"closed/{k}", half)
    return there


def _pooled(matrix: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """The largest entry of each block when a matrix is reduced to about `side` rows and columns."""
    starts = np.arange(0, len(matrix), -(-len(matrix) // side))
    return np.maximum.reduceat(np.maximum.reduceat(matrix, starts, axis=0), starts, axis=1)


def _add_transitions(block: Block, performance: Performance) -> dict[str, Any] | None:
    found = performance.transitions
    if found is None:
        return None
    names = list(performance.motifs)
    pool = -(-len(names) // MOST_TRANSITIONS)
    block.add("transitions/error", _pooled(np.asarray(found.error), MOST_TRANSITIONS))
    block.add("transitions/state_error", _pooled(np.asarray(found.state_error), MOST_TRANSITIONS))
    return {"names": names[::pool], "pool": pool}


def shortened(performance: Performance) -> Performance:
    """The part of a sequence that is drawn."""
    if len(performance.items) <= MOST_ITEMS:
        return performance
    first = slice(None, MOST_ITEMS)
    return replace(
        performance, sequence=performance.sequence[first], items=performance.items[first]
    )


@dataclass(frozen=True)
class Packed:
    """The data of a report and how much of the performance it holds."""

    header: str  # JSON
    block: str  # base64
    trials: int
    units: int
    spectra: int


def pack(performance: Performance) -> Packed:
    """What the page draws, thinned out where the performance is long."""
    names = list(dict.fromkeys(performance.sequence))
    position = {name: k for k, name in enumerate(names)}
    pen = drawing(performance.channels[:MOST_CHANNELS])
    block, samples = Block(), _Samples(performance)
    _add_motifs(block, performance, names, samples)
    header: dict[str, Any] = {
        "names": names,
        "sequence": [position[name] for name in performance.sequence],
        "channels": list(performance.channels)[:MOST_CHANNELS],
        "drawing": asdict(pen) if pen else None,
        "offsets": offsets(performance).round(6).tolist() if pen else None,
        "tau": performance.tau,
        "times": [[round(t, 6) for t in asdict(s).values()] for s in stretches(performance)],
        "units": [int(u) for u in performance.units],
        "trials": _add_items(block, performance, samples),
        "transitions": _add_transitions(block, performance),
        "modes": [modes(performance, name) for name in names],
        "rows": plotted(rows(performance)),
    }
    spectra = _add_spectra(block, performance, names)
    header["arrays"] = block.index
    shown = block.index["units"][1][1]
    return Packed(script_json(header), block.base64(), header["trials"], shown, spectra)
