"""Every paper that is named has an entry, and every entry belongs to something that exists."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import heddle
from heddle.papers import BEHIND, LEVELS, PAPERS, RESULTS, Paper

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"([^\W\d_][\w’'-]*)(?: et al\.)? \((\d{4})\)")


def public() -> Iterator[tuple[str, object]]:
    """All that a user can ask for help on."""
    for name in heddle.__all__:
        thing = getattr(heddle, name)
        yield name, thing
        if inspect.isclass(thing):
            for method in vars(thing):
                if not method.startswith("_"):
                    yield f"{name}.{method}", getattr(thing, method)
    for name in heddle.circuits.__all__:
        yield f"circuits.{name}", getattr(heddle.circuits, name)
    for name in heddle.tasks.__all__:
        yield f"tasks.{name}", getattr(heddle.tasks, name)


def papers_in(text: str) -> set[tuple[str, int]]:
    """What is named before a year in parentheses: the last author, or the only one."""
    plain = re.sub(r"\s+(?:///)?\s*", " ", text)
    return {(name, int(year)) for name, year in NAMED.findall(plain)}


def matches(paper: Paper, name: str, year: int) -> bool:
    return paper.year == year and name in re.split(r"[\s,;]+", paper.authors)


DOCUMENTED = [
    (name, paper)
    for name, thing in public()
    for paper in sorted(papers_in(inspect.getdoc(thing) or ""))
]


def test_papers_are_found_in_docstrings_at_all():
    assert len(DOCUMENTED) > 50
    assert ("stationary_rates", ("Brunel", 2000)) in DOCUMENTED


@pytest.mark.parametrize(("name", "paper"), DOCUMENTED, ids=lambda value: str(value))
def test_a_paper_that_a_docstring_names_is_cited_for_that_name(name: str, paper: tuple[str, int]):
    assert any(matches(known, *paper) for known in heddle.citation(name))


def test_every_paper_of_a_public_header_is_in_the_table():
    missing = {
        (header.name, *paper)
        for header in (ROOT / "include").rglob("*.hpp")
        for paper in papers_in(header.read_text(encoding="utf-8"))
        if not any(matches(known, *paper) for known in PAPERS.values())
    }
    assert missing == set()


def test_every_entry_belongs_to_something_public_and_every_paper_to_an_entry_or_a_header():
    names = {name for name, _ in public()}
    assert set(BEHIND) - names == set()
    used = {key for keys in BEHIND.values() for key in keys.split()}
    assert used - set(PAPERS) == set()
    assert {each for level in LEVELS.values() for each in level.split()} - set(BEHIND) == set()
    headers = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "include").rglob("*.hpp")
    )
    in_headers = papers_in(headers)
    for key in set(PAPERS) - used:
        assert any(matches(PAPERS[key], *paper) for paper in in_headers), key


@pytest.mark.parametrize(("result", "function"), RESULTS.items())
def test_a_result_has_the_papers_of_the_function_that_says_it_returns_it(
    result: str, function: str
):
    things = dict(public())
    assert inspect.isclass(things[result])
    annotated = str(getattr(things[function], "__annotations__", {}).get("return", ""))
    said = f"{inspect.getdoc(things[function])} {annotated}"
    assert re.search(rf"\b{result}\b", said)
    assert heddle.citation(result).papers == heddle.citation(function).papers


def test_a_thing_is_found_by_name_by_itself_and_by_a_value_of_it():
    by_name = heddle.citation("siegert")
    assert [paper.key for paper in by_name][:2] == ["Siegert1951", "Brunel2000"]
    assert heddle.citation(heddle.siegert).text == by_name.text
    assert heddle.citation("heddle.siegert").text == by_name.text
    assert [paper.key for paper in heddle.citation(heddle.LeakyNeuron())] == ["Brunel2000"]
    assert heddle.citation(heddle.circuits.brunel).text == heddle.citation("circuits.brunel").text
    assert [paper.key for paper in heddle.citation(heddle.tasks.FlipFlop())] == ["Sussillo2013"]
    assert heddle.citation(heddle.RateEquations.follow).papers == (
        PAPERS["Keller1977"],
        PAPERS["Kuznetsov2004"],
        PAPERS["Hale1993"],
    )
    assert {"Breda2005", "Govaerts2000"} <= {
        paper.key for paper in heddle.citation("RateEquations")
    }
    assert {"Brunel2000", "Lindner2001"} <= {
        paper.key for paper in heddle.citation("diffusion approximation")
    }
    assert len(heddle.citation()) == len(PAPERS)
    assert "cite Heddle itself" in repr(heddle.citation("Distribution"))


def test_bibtex_has_balanced_braces_and_one_entry_for_each_paper():
    bibtex = heddle.citation().bibtex
    assert bibtex.count("{") == bibtex.count("}")
    entries = re.findall(r"^@(\w+)\{(\w+),$", bibtex, re.MULTILINE)
    assert [key for _, key in entries] == list(PAPERS)
    assert {kind for kind, _ in entries} <= {
        "article", "book", "inproceedings", "techreport", "misc",
    }  # fmt: skip
    one = heddle.citation("mesoscopic").bibtex
    assert "author = {Schwalger, T. and Deger, M. and Gerstner, W.}" in one
    assert "doi = {10.1371/journal.pcbi.1005507}" in one


def test_the_software_is_cited_as_its_citation_file_says():
    found = heddle.citation("heddle")
    file = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{found.papers[0].title}"' in file
    assert found.text.startswith("The Heddle authors, Heddle: structured")
    assert heddle.__version__ in found.bibtex
    assert heddle.citation(heddle).text == found.text


def test_an_unknown_name_is_an_error_with_the_nearest_one():
    with pytest.raises(heddle.DomainError, match="no 'sigert'; did you mean 'siegert'"):
        heddle.citation("sigert")
