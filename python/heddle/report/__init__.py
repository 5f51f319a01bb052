"""A performance as one HTML file that explains itself: no network, no other file, any browser."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from heddle._core import DomainError, __version__
from heddle.files import PathLike, replacing
from heddle.report import fragments, sections
from heddle.report.assets import asset, fill, script
from heddle.report.pack import pack, shortened
from heddle.report.summary import word

if TYPE_CHECKING:
    from heddle.performance import Performance

__all__ = ["report_html", "write_report"]


def report_html(performance: Performance) -> str:
    """The report as HTML text: data, style and script in one, nothing asked of the network.

    Raises DomainError where the items of the performance were not kept.
    """
    if not performance.items:
        raise DomainError(
            "performance has no items; perform without on_item to keep what a report shows"
        )
    packed = pack(shortened(performance))
    return fill(
        "template.html",
        css=asset("report.css"),
        js=script(),
        header=packed.header,
        block=packed.block,
        method=asset("method.html"),
        version=escape(__version__),
        word=escape(word(performance)),
        noun=fragments.noun(performance),
        lede=fragments.lede(performance),
        facts=fragments.facts(performance),
        table=fragments.table(performance),
        table_note=fragments.table_note(performance),
        **sections.every(performance, packed),
    )


def write_report(
    performance: Performance,
    path: PathLike,
    figures: PathLike | None = None,
) -> Path:
    """Writes the report of a performance to `path`: one HTML file that opens offline.

    With `figures`, a folder, every figure is written there too, as PNG and SVG (`heddle.plot`). The
    file appears only when it is complete. A long sequence is thinned out: fewer samples, units and
    noisy runs, at most the first 1,500 motifs; the page says so, and its table and main numbers
    know all of them. So the file stays below 2 MB.

    Returns the path. Raises DomainError where it cannot be written, or where the items of the
    performance were not kept.
    """
    with replacing(path) as part:
        part.write_text(report_html(performance), encoding="utf-8")
    if figures is not None:
        from heddle.plot import save_figures  # matplotlib takes a second to load

        save_figures(performance, figures)
    return Path(path)
