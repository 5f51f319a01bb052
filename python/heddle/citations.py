"""What to cite for what was used: `heddle.citation`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from heddle._core import DomainError, __version__
from heddle.papers import BEHIND, LEVELS, PAPERS, RESULTS, Paper

__all__ = ["Citation", "citation"]

SOFTWARE = Paper(
    "heddle",
    "{The Heddle authors}",  # one name, for BibTeX
    0,
    "Heddle: structured neural networks as values",
    f"version {__version__}",
    kind="misc",
)


class Citation:
    """Papers, in the order of the table: `text` has a line for each, `bibtex` an entry for each."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.papers = tuple(papers)

    @property
    def text(self) -> str:
        return "\n".join(_line(paper) for paper in self.papers)

    @property
    def bibtex(self) -> str:
        return "\n\n".join(_entry(paper) for paper in self.papers)

    def __iter__(self) -> Iterator[Paper]:
        return iter(self.papers)

    def __len__(self) -> int:
        return len(self.papers)

    def __repr__(self) -> str:
        return self.text or "no paper: cite Heddle itself, heddle.citation('heddle')"


def citation(thing: Any = None) -> Citation:
    """The papers behind a function, a class, a value or a level of description.

    thing  a public name ("siegert", "circuits.brunel"), the function or class itself, a value such
           as a neuron or what a function returned, a level ("rate units", "loops"), or "heddle" for
           the software; None for all papers

    Returns a Citation: papers to iterate over, `text` with a line for each, `bibtex` with an entry
    for each; its repr is the text. Public things without a paper of their own have an empty one.
    Raises DomainError for an unknown name, with the closest one.
    """
    if thing is None:
        return Citation(PAPERS.values())
    name = thing if isinstance(thing, str) else _name_of(thing)
    name = name.removeprefix("heddle.")
    if name == "heddle":
        return Citation([SOFTWARE])
    names = LEVELS[name].split() if name in LEVELS else [RESULTS.get(name, name)]
    if names == [name] and name not in BEHIND:
        _check_known(name)
        names = _methods_of(name)
    keys = {key for each in names for key in BEHIND.get(each, "").split()}
    return Citation(paper for paper in PAPERS.values() if paper.key in keys)


def _name_of(thing: Any) -> str:
    """The public name of a function, a class, a module, or of a value's class."""
    if inspect.ismodule(thing):
        return thing.__name__
    named = thing if hasattr(thing, "__name__") else type(thing)
    name = getattr(named, "__qualname__", named.__name__)
    if named.__module__.startswith("heddle.circuits."):
        return f"circuits.{name}"
    return f"tasks.{name}" if f"tasks.{name}" in BEHIND else name


def _methods_of(name: str) -> list[str]:
    return [each for each in BEHIND if each.startswith(name + ".")]


def _check_known(name: str) -> None:
    import heddle

    known = [*heddle.__all__, *BEHIND, *LEVELS]
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "heddle.citation() has all papers"
    raise DomainError(f"citation: heddle has no {name!r}; {hint}")


def _authors(paper: Paper) -> list[str]:
    return paper.authors.split("; ")


def _line(paper: Paper) -> str:
    names = [name if name != "others" else "et al." for name in _authors(paper)]
    issue = paper.volume + (f"({paper.number})" if paper.number else "")
    where = ":".join(part for part in (issue, paper.pages.replace("--", "–")) if part)
    links = [f"doi:{paper.doi}" if paper.doi else "", f"arXiv:{paper.arxiv}" if paper.arxiv else ""]
    tail = ", ".join(part for part in (" ".join([paper.container, where]).strip(), *links) if part)
    year = f" ({paper.year})" if paper.year else ""
    return f"{'; '.join(names).strip('{}')}{year}, {paper.title}, {tail}."


def _entry(paper: Paper) -> str:
    place = {
        "article": "journal",
        "inproceedings": "booktitle",
        "book": "publisher",
        "techreport": "institution",
        "misc": "howpublished",
    }
    fields = {
        "author": " and ".join(_authors(paper)),
        "title": f"{{{paper.title}}}",
        place[paper.kind]: paper.container,
        "volume": paper.volume,
        "number": paper.number,
        "pages": paper.pages,
        "year": str(paper.year or ""),
        "doi": paper.doi,
        "eprint": paper.arxiv,
        "archiveprefix": "arXiv" if paper.arxiv else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{paper.kind}{{{paper.key},", *lines, "}"])
