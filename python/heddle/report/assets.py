"""The text files of the report: page, style and script."""

from __future__ import annotations

from functools import cache
from importlib import resources
from string import Template

SCRIPTS = (
    "base.js",
    "page.js",
    "traces.js",
    "player.js",
    "spectrum.js",
    "errors.js",
    "transitions.js",
)


@cache
def asset(name: str) -> str:
    """The text of a file that lies beside this one."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def fill(name: str, **parts: object) -> str:
    """A template with its parts put in; every one of them must be given."""
    return Template(asset(name)).substitute(parts)


def script() -> str:
    """All scripts as one, which leaves no name behind."""
    body = "\n".join(asset(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}\n}})();'
