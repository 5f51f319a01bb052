"""On-line handwriting in UNIPEN text: one motif per labelled character.

Source of the format: Guyon, Schomaker, Plamondon, Liberman & Janet (1994), UNIPEN project of
on-line data exchange and recognizer benchmarks, Proc. 12th ICPR, 29-33.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from heddle._core import DomainError, FormatError, Motif
from heddle.io.strokes import Array, Stroke, connect, pen_channel, time_grid

DEFAULT_RATE = 100.0  # Hz
X_HEIGHT_LETTERS = "acemnorsuvwxz"  # neither ascender nor descender
BASELINE_LETTERS = X_HEIGHT_LETTERS + "bdhiklt"  # no descender
SEGMENT = re.compile(r'\.SEGMENT\s+\S+\s+(?P<parts>\S+)\s+\S+\s+"(?P<label>(?:[^"\\]|\\.)*)"\s*$')


@dataclass
class Recording:
    """What one file holds."""

    path: Path
    runs: list[tuple[bool, list[list[float]]]] = field(default_factory=list)  # (down, samples)
    segments: list[tuple[int, str, str]] = field(default_factory=list)  # line, components, label
    columns: tuple[int, int] = (0, 1)
    rate: float | None = None

    def error(self, line: int, found: str) -> FormatError:
        return FormatError(f"{self.path}, line {line}: {found}")


@dataclass(frozen=True)
class Page:
    """How a writer's tablet coordinates become units of writing, and samples become time."""

    baseline: float  # tablet y
    unit: float  # tablet units per unit of writing
    rate: float  # samples per second
    speed: float  # mean writing speed on the paper, tablet units per second


def read_unipen(
    path: str | Path,
    *,
    characters: str | Sequence[str] | None = None,
    rate: float | None = None,
    repetition: int | None = 0,
    pen: bool = True,
    smooth: float = 0.0,
    scale: float | None = None,
    duration: float | None = None,
    dt: float | None = None,
    samples: int | None = None,
) -> list[Motif]:
    """Reads the characters of a UNIPEN text file as motifs with channels x, y and pen.

    The samples on the paper are kept as recorded, repeated ones included: there the pen rested,
    or the tablet reported a position twice.
    Between strokes the pen travels with least jerk, see `heddle.io.strokes.connect`; `pen` is 1
    on the paper and 0 above it, see `heddle.io.strokes.pen_channel`. The times that `.DT` states
    for lifted pens are not used.

    Units: y grows upwards; x counts from the left edge of the letter and y from the writer's
    baseline (the median lower edge of the letters without descender), both in units of the
    writer's x-height (the median height of a c e m n o r s u v w x z), so that the letters of a
    file fit together in a word. A file without these letters is measured by all it holds.

    characters   labels to read, in this order; None reads all, in the order of the file
    rate         samples per second; None takes the file's .POINTS_PER_SECOND, else 100 Hz
    repetition   which recording of a character, from 0; None reads all, named a-0, a-1, ...
    pen          whether to add the pen channel
    smooth       standard deviation, in recorded seconds, of a Gaussian filter over x and y;
                 0 leaves quantisation and repeated samples as they are, the time between two
                 samples takes away the steps of a tablet that reports each position twice
    scale        tablet units per unit of x and y, in place of the writer's x-height
    duration     seconds each motif shall last; None keeps the recorded time
    dt, samples  step in seconds, or number of samples, of the result, by a cubic spline through
                 the recorded samples; None keeps those

    Raises FormatError for a file that is not UNIPEN, DomainError for an argument out of range or
    a character that the file does not hold.
    """
    _check_options(rate, repetition, smooth, scale)
    recording = _parse(Path(path))
    written = _characters(recording)
    chosen = _choose(recording.path, written, characters, repetition)
    page = _page(written, rate or recording.rate or DEFAULT_RATE, scale)
    timing = {"duration": duration, "dt": dt, "samples": samples}
    return [_motif(name, strokes, page, pen, smooth, timing) for name, strokes in chosen]


def _check_options(
    rate: float | None, repetition: int | None, smooth: float, scale: float | None
) -> None:
    for name, value in (("rate", rate), ("scale", scale)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise DomainError(f"{name} is {value}; give a positive number")
    if not (np.isfinite(smooth) and smooth >= 0):
        raise DomainError(f"smooth is {smooth}; give a time in seconds, 0 for none")
    if repetition is not None and repetition < 0:
        raise DomainError(f"repetition is {repetition}; count from 0, or give None for all")


# From text to components and segments


def read_text(path: Path) -> str:
    """The text of a file; UTF-8, with or without a byte-order mark."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} is not text in UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    if not text.strip():
        raise FormatError(f"{path} is empty; give a file with at least two samples")
    return text


def is_unipen(text: str) -> bool:
    """Whether a text begins with a keyword such as .VERSION, as UNIPEN files do."""
    return re.match(r"\s*\.[A-Z][A-Z_]+", text) is not None


def _parse(path: Path) -> Recording:
    recording = Recording(path)
    keyword = ""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.startswith("."):
            keyword = line.split(maxsplit=1)[0]
            _read_keyword(recording, number, keyword, line)
        elif line.strip() and recording.runs:
            _read_sample(recording, number, keyword, line)
    if not recording.segments:
        raise FormatError(
            f"{path} has no labelled .SEGMENT line; a UNIPEN file names its characters by lines "
            'such as: .SEGMENT CHARACTER 0-1 ? "a"'
        )
    return recording


def _read_keyword(recording: Recording, number: int, keyword: str, line: str) -> None:
    if keyword in (".PEN_DOWN", ".PEN_UP"):
        recording.runs.append((keyword == ".PEN_DOWN", []))
    elif keyword == ".COORD":
        names = line.upper().split()[1:]
        if "X" not in names or "Y" not in names:
            raise recording.error(number, ".COORD names no X and Y; both are needed")
        recording.columns = names.index("X"), names.index("Y")
    elif keyword == ".POINTS_PER_SECOND":
        rate = _numbers(line.split()[1:2])
        if not rate or not rate[0] > 0:
            raise recording.error(number, ".POINTS_PER_SECOND is followed by no positive number")
        recording.rate = rate[0]
    elif keyword == ".SEGMENT" and '"' in line:  # without a label it is only a division of the page
        recording.segments.append((number, *_read_segment(recording, number, line)))


def _read_segment(recording: Recording, number: int, line: str) -> tuple[str, str]:
    match = SEGMENT.match(line)
    if not match:
        raise recording.error(
            number, 'this .SEGMENT is not of the form: .SEGMENT CHARACTER 0-1 ? "a"'
        )
    return match["parts"], re.sub(r"\\(.)", r"\1", match["label"])


def _read_sample(recording: Recording, number: int, keyword: str, line: str) -> None:
    values = _numbers(line.split())
    if values is None:
        # The text of a comment or another keyword may run over several lines.
        if keyword not in (".PEN_DOWN", ".PEN_UP"):
            return
        raise recording.error(number, f"{line.strip()[:40]!r} is no sample of finite numbers x y")
    needed = max(recording.columns) + 1
    if len(values) < needed:
        raise recording.error(number, f"sample {line.strip()!r} lacks some of {needed} numbers")
    recording.runs[-1][1].append([values[column] for column in recording.columns])


def _numbers(words: Sequence[str]) -> list[float] | None:
    try:
        values = [float(word) for word in words]
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


# From components to characters


def _characters(recording: Recording) -> dict[str, list[list[Stroke]]]:
    """The strokes of every repetition of every label, in the order of the file.

    Delineations count the runs that hold samples: a lift without samples is no component.
    """
    components = [Stroke(np.array(points), down) for down, points in recording.runs if points]
    written: dict[str, list[list[Stroke]]] = {}
    for number, parts, label in recording.segments:
        indices = _delineated(recording, number, parts, len(components))
        strokes = _on_paper([components[k] for k in indices])
        if not strokes or sum(len(stroke.points) for stroke in strokes) < 2:
            raise recording.error(number, f"character {label!r} has no two samples on the paper")
        written.setdefault(label, []).append(strokes)
    return written


def _delineated(recording: Recording, number: int, parts: str, count: int) -> list[int]:
    if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", parts):
        raise recording.error(
            number, f"components {parts!r} are not whole components such as 3, 3-4 or 3,5"
        )
    ranges = [[int(end) for end in part.split("-")] for part in parts.split(",")]
    indices = [k for ends in ranges for k in range(ends[0], ends[-1] + 1)]
    if not indices or max(indices) >= count:
        found = f"0 to {count - 1}" if count else "none"
        raise recording.error(number, f"components {parts} are named, but the file holds {found}")
    return indices


def _on_paper(strokes: list[Stroke]) -> list[Stroke]:
    """Without what was recorded above the paper before the first touch and after the last lift."""
    down = [k for k, stroke in enumerate(strokes) if stroke.down]
    return strokes[down[0] : down[-1] + 1] if down else []


def _choose(
    path: Path,
    written: dict[str, list[list[Stroke]]],
    characters: str | Sequence[str] | None,
    repetition: int | None,
) -> list[tuple[str, list[Stroke]]]:
    labels = list(written) if characters is None else list(dict.fromkeys(characters))
    unknown = [label for label in labels if label not in written]
    if unknown or not labels:
        raise DomainError(
            f"characters asks for {', '.join(map(repr, unknown)) or 'nothing'}, but {path} holds "
            f"{' '.join(written)}"
        )
    if repetition is None:
        return [(f"{c}-{k}", strokes) for c in labels for k, strokes in enumerate(written[c])]
    short = [label for label in labels if len(written[label]) <= repetition]
    if short:
        raise DomainError(
            f"repetition {repetition} (counted from 0) is not in {path} for {short[0]!r}, which "
            f"is there {len(written[short[0]])} times"
        )
    return [(label, written[label][repetition]) for label in labels]


# From characters to motifs


def _page(written: dict[str, list[list[Stroke]]], rate: float, scale: float | None) -> Page:
    everything = [stroke for ink in _inks(written, written) for stroke in ink]
    lengths = [np.linalg.norm(np.diff(ink, axis=0), axis=1).sum() for ink in everything]
    speed = sum(lengths) * rate / max(sum(len(ink) - 1 for ink in everything), 1)
    heights = [np.ptp(np.concatenate(ink)[:, 1]) for ink in _inks(written, X_HEIGHT_LETTERS)]
    edges = [np.concatenate(ink)[:, 1].max() for ink in _inks(written, BASELINE_LETTERS)]
    unit = float(np.median(heights)) if scale is None else scale
    if not (unit > 0 and speed > 0):
        raise DomainError("the characters have no height to measure them by; give scale")
    return Page(float(np.median(edges)), unit, rate, speed)


def _inks(written: dict[str, list[list[Stroke]]], letters: Iterable[str]) -> list[list[Array]]:
    """What is on the paper, stroke by stroke, of the given letters; of all if there are none."""
    found = [written[letter] for letter in letters if letter in written] or written.values()
    repetitions = [strokes for repetition in found for strokes in repetition]
    return [[stroke.points for stroke in strokes if stroke.down] for strokes in repetitions]


def _motif(
    name: str,
    strokes: list[Stroke],
    page: Page,
    pen: bool,
    smooth: float,
    timing: dict[str, float | int | None],
) -> Motif:
    points, lifts = connect(strokes, page.rate, page.speed)
    if smooth:
        points = gaussian_filter1d(points, smooth * page.rate, axis=0, mode="nearest")
    left = min(stroke.points[:, 0].min() for stroke in strokes if stroke.down)
    values = (points - [left, page.baseline]) * [1, -1] / page.unit
    recorded = np.arange(len(points)) / page.rate
    time, step = time_grid(recorded[-1], 1 / page.rate, **timing)
    if timing["dt"] or timing["samples"]:
        values = CubicSpline(recorded, values)(time)
    if pen:
        values = np.column_stack([values, pen_channel(time, lifts)])
    return Motif(name, values, step, ["x", "y", "pen"] if pen else ["x", "y"])
