"""Letters of the Hershey fonts, written as a hand would: one motif per letter.

The glyphs come from the PyPI package Hershey-Fonts. They are polylines on a coarse grid, without
time; the timing is the minimum-jerk movement through their vertices (`through_points`).
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise

import numpy as np
from HersheyFonts import HersheyFonts
from scipy.interpolate import BSpline

from heddle._core import DomainError, Motif
from heddle.io.strokes import Array, Lift, pen_channel, through_points, time_grid

DEFAULT_FONT = "scripts"  # the simplex script: single strokes, letters that join
DEFAULT_STEP = 0.005  # s
# All in units of the grid on which the glyphs were digitised (capitals are 21 high).
VERTEX_SPACING = 3.0  # vertices added to longer segments, so that straight strokes stay straight
DOT_SIZE = 3.0  # a smaller stroke is a dot, and is written last
TOUCHING = 0.5  # strokes nearer than the rounding to the grid meet
LONGEST_RETRACE = 22.0  # the pen goes back along its stroke, up to a whole stem, before it lifts


def font_names() -> list[str]:
    """Names of the Hershey fonts; "scripts" is joined-up handwriting, "futural" print."""
    return sorted(HersheyFonts().default_font_names)


def font_motifs(
    letters: str | Iterable[str],
    *,
    font: str = DEFAULT_FONT,
    unit: str = "x-height",
    duration: float = 1.0,
    dt: float | None = None,
    samples: int | None = None,
) -> list[Motif]:
    """The distinct letters of a text as motifs with channels x, y and pen, in order of appearance.

    The pen follows the strokes of the glyph, from rest to rest, with the least integral of squared
    jerk over all passage times at its vertices; see `heddle.io.strokes.through_points` for the
    equation and its sources. Strokes that meet are written without lifting the pen, going back
    along the ink where a hand would; dots come last. Between strokes the same movement leaves the
    paper, and `pen` falls from 1 to 0 and returns, see `heddle.io.strokes.pen_channel`.

    Units: y grows upwards from the baseline, x counts from the left side of the glyph, so that
    letters set side by side by `glyph_advances` make a word. `unit` is the length called 1:
    "x-height", the height of the letter x, or "em", the height of a line of the font.

    letters   a text, of which white space is skipped, or single characters
    font      one of `font_names()`
    duration  seconds per letter
    dt        step in seconds, 0.005 unless `samples`, the number of samples, is given

    Raises DomainError for a font, unit or character that does not exist.
    """
    step = DEFAULT_STEP if dt is None and samples is None else dt
    timing = {"duration": duration, "dt": step, "samples": samples}
    scale = _unit(font, unit)
    chosen = [letter for letter in dict.fromkeys(letters) if not letter.isspace()]
    if not chosen:
        raise DomainError(f"letters is {letters!r}; give at least one letter to write")
    _require(chosen, font)
    return [_motif(letter, font, scale, timing) for letter in chosen]


def glyph_advances(
    letters: str | Iterable[str], *, font: str = DEFAULT_FONT, unit: str = "x-height"
) -> dict[str, float]:
    """How far the next letter begins to the right of each letter's origin, in `unit`s."""
    scale = _unit(font, unit)
    chosen = list(dict.fromkeys(letters))
    _require(chosen, font)
    return {letter: _glyphs(font)[letter].char_width / scale for letter in chosen}


@lru_cache(maxsize=8)
def _glyphs(font: str) -> dict:
    if font not in font_names():
        near = get_close_matches(font, font_names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the fonts are {', '.join(font_names())}"
        raise DomainError(f"font {font!r} is not a Hershey font; {hint}")
    return HersheyFonts(load_default_font=font).all_glyphs


def _require(letters: list[str], font: str) -> None:
    unknown = [letter for letter in letters if letter not in _glyphs(font)]
    if unknown:
        known = "".join(sorted(_glyphs(font))).strip()
        raise DomainError(
            f"font {font!r} has no {', '.join(map(repr, unknown))}; it has the characters {known}"
        )


def _unit(font: str, unit: str) -> float:
    """Length called 1, in grid units."""
    glyphs = _glyphs(font)
    if unit == "em":
        return float(glyphs["x"].bottom_line - glyphs["x"].cap_line)
    if unit == "x-height":
        heights = [glyphs["x"].base_line - y for stroke in glyphs["x"].strokes for _, y in stroke]
        if not heights:
            raise DomainError(f"font {font!r} has no letter x to measure; give unit='em'")
        return float(max(heights))
    raise DomainError(f"unit is {unit!r}; give 'x-height' or 'em'")


def _motif(letter: str, font: str, scale: float, timing: dict[str, float | int | None]) -> Motif:
    movement, lifts = _written(letter, font)
    time, step = time_grid(1.0, 1.0, **timing)
    values = np.column_stack([movement(time) / scale, pen_channel(time, lifts)])
    return Motif(letter, values, step, ["x", "y", "pen"])


@lru_cache(maxsize=1024)
def _written(letter: str, font: str) -> tuple[BSpline, list[Lift]]:
    """The movement that writes a glyph in one unit of time, in grid units, and its lifts."""
    strokes = [_distinct(_subdivided(stroke)) for stroke in _joined(_dots_last(_ink(letter, font)))]
    if not strokes or sum(len(stroke) for stroke in strokes) < 2:
        raise DomainError(f"character {letter!r} of font {font!r} has no stroke to write")
    movement, time = through_points(np.concatenate(strokes))
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return movement, [(time[end - 1], time[end]) for end in ends]


def _ink(letter: str, font: str) -> list[Array]:
    glyph = _glyphs(font)[letter]
    origin = np.array([glyph.left_offset, glyph.base_line])
    return [(np.array(list(stroke)) - origin) * [1.0, -1.0] for stroke in glyph.strokes]


def _dots_last(strokes: list[Array]) -> list[Array]:
    return sorted(strokes, key=lambda stroke: np.ptp(stroke, axis=0).max() < DOT_SIZE)


def _joined(strokes: list[Array]) -> list[Array]:
    """Strokes that meet become one: the pen retraces ink it has written, or is about to."""
    joined: list[Array] = []
    for stroke in strokes:
        link = _retrace(joined[-1], stroke) if joined else None
        if link is None:
            joined.append(stroke)
        else:
            joined[-1] = np.concatenate([joined[-1], link, stroke])
    return joined


def _retrace(last: Array, following: Array) -> Array | None:
    """The way along the ink from the end of one stroke to the start of the next, if short."""
    back = _way_to(last[::-1], following[0])
    ahead = _way_to(following, last[-1])
    ways = [back] if back is not None else []
    ways += [ahead[::-1]] if ahead is not None else []
    ways = [way for way in ways if _length(np.vstack([last[-1:], way])) <= LONGEST_RETRACE]
    return min(ways, key=_length, default=None)


def _way_to(stroke: Array, point: Array) -> Array | None:
    """The vertices of a stroke up to where it first meets a point, that point last."""
    steps = np.diff(stroke, axis=0)
    squares = np.maximum(np.sum(steps**2, axis=1), 1e-12)
    along = np.clip(np.sum((point - stroke[:-1]) * steps, axis=1) / squares, 0, 1)
    distances = np.linalg.norm(stroke[:-1] + along[:, None] * steps - point, axis=1)
    meets = np.flatnonzero(distances < TOUCHING)
    return np.vstack([stroke[: meets[0] + 1], point]) if len(meets) else None


def _length(stroke: Array) -> float:
    return float(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum())


def _subdivided(stroke: Array) -> Array:
    pieces = [stroke[:1]]
    for start, stop in pairwise(stroke):
        parts = int(np.ceil(np.linalg.norm(stop - start) / VERTEX_SPACING))
        pieces.append(start + (stop - start) * np.arange(1, parts + 1)[:, None] / max(parts, 1))
    return np.concatenate(pieces)


def _distinct(stroke: Array) -> Array:
    return stroke[np.append(True, np.any(np.diff(stroke, axis=0) != 0, axis=1))]
