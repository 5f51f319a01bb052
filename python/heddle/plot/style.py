"""The look of the figures: the palette of the report, and files that are the same on every run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from heddle.files import replacing

PAPER = "#ffffff"
INK = "#1c2330"
SOFT = "#6a7180"
RULE = "#e7e4dc"
ACCENT = "#1f5a96"
SECOND = "#c9650b"
PALE = "#f3d9bd"
BAND = "#f1efe8"
SHADES = LinearSegmentedColormap.from_list(
    "heddle", [(0, "#e9eff6"), (0.6, ACCENT), (1, "#0b2340")]
)

LOOK = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with Matplotlib, so the figures look alike anywhere
    "font.size": 9,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.titlecolor": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "legend.labelcolor": SOFT,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "savefig.dpi": 200,
    "svg.hashsalt": "heddle",
    "svg.fonttype": "path",
}


@contextmanager
def look() -> Iterator[None]:
    """Inside, figures are made and written in this style whatever the user's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(LOOK)
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, inches; it belongs to nobody, so nothing has to be closed."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def bare(axes: Axes) -> None:
    """Takes frame and ticks away."""
    axes.set_axis_off()
    axes.set_aspect("equal")


def below(figure: Figure, axes: Axes, columns: int) -> None:
    """One row of legend under the plots."""
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=columns)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Writes PNG and SVG without date or version: the same figure gives the same bytes."""
    written = []
    for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
        path = folder / f"{name}.{kind}"
        with look(), replacing(path) as part:
            figure.savefig(part, format=kind, metadata=metadata)
        written.append(path)
    return written
