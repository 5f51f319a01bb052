#!/usr/bin/env python3
"""Check that no C++ file includes a module above its own.

    tools/check_layers.py [ROOT]

Reads ROOT/tools/layers.txt and every C++ file below include/heddle, src and python/bindings. Three
rules: a module includes only itself and what its line allows; a public header includes only public
headers; heavy linear algebra is included in `linalg` alone. Exit code 0: all hold; 1: each breach
on a line of its own; 2: layers.txt cannot be read, or there is nothing to check.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = {".hpp", ".cpp", ".h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<(?P<angle>[^>]+)>|"(?P<quote>[^"]+)")')
HEAVY = re.compile(r"^(Eigen/(?!Core$|SparseCore$).*|lapacke?\.h|cblas\.h)$")

Layers = dict[str, set[str]]


class LayersError(Exception):
    """layers.txt says something that cannot be meant."""


def read_layers(path: Path) -> Layers:
    """Return for each module all it may include: itself, its line, and theirs."""
    layers: Layers = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.split("#")[0].strip()
        if not text:
            continue
        name, colon, below = text.partition(":")
        if not colon or not name.isidentifier() or name in layers:
            raise LayersError(f"{path}:{number}: '{text}' is no new '<module>: <modules>' line")
        for other in below.split():
            if other not in layers:
                raise LayersError(f"{path}:{number}: '{other}' has no line above '{name}'")
        layers[name] = {name}.union(*(layers[other] for other in below.split()))
    return layers


def module_of(path: Path, root: Path) -> str | None:
    """Return the module a file belongs to; None for one that belongs to none."""
    parts = path.relative_to(root).parts
    if parts[:2] == ("python", "bindings"):
        return "python"
    if parts[:2] == ("include", "heddle") and len(parts) > 3:
        return parts[2]
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    return None


def resolve(name: str, quoted: bool, source: Path, root: Path) -> Path | None:
    """Return the project's file an include names, whether or not it exists; None for others."""
    if name.startswith("heddle/"):
        return root / "include" / name
    if quoted:
        for folder in (source.parent, root / "src", root / "python" / "bindings"):
            found = (folder / name).resolve()
            if found.is_file() and found.is_relative_to(root):
                return found
    return None


def includes(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield line number, name and whether it is quoted, for each include of a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match["angle"] or match["quote"], match["quote"] is not None


def breach(name: str, quoted: bool, source: Path, root: Path, layers: Layers) -> str | None:
    """Return what is wrong with one include of a file that belongs to a module, or None."""
    module = module_of(source, root)
    if HEAVY.match(name) and module != "linalg":
        return f"<{name}> is for linalg alone; declare what you need in heddle/linalg"
    target = resolve(name, quoted, source, root)
    if target is None:
        return None
    if source.is_relative_to(root / "include") and not target.is_relative_to(root / "include"):
        return f'"{name}" is private, and this header is public'
    other = module_of(target, root)
    if other is None:
        return f'"{name}" belongs to no module; include the header of the module you need'
    if other not in layers[module]:
        return f"'{module}' may not include '{other}' (tools/layers.txt)"
    return None


def check_file(path: Path, root: Path, layers: Layers) -> Iterator[str]:
    """Yield the breaches of one file."""
    where = path.relative_to(root)
    module = module_of(path, root)
    if module is None:
        if where.parts[0] == "src":  # directly below include/heddle: an umbrella, which may see all
            yield f"{where}: lies in no module; move it to src/<module>/"
        return
    if module not in layers:
        yield f"{where}: module '{module}' has no line in tools/layers.txt"
        return
    for number, name, quoted in includes(path):
        if problem := breach(name, quoted, path, root, layers):
            yield f"{where}:{number}: {problem}"


def sources(root: Path) -> list[Path]:
    """Return the C++ files that the rules hold for."""
    folders = (root / "include" / "heddle", root / "src", root / "python" / "bindings")
    return sorted(p for f in folders for p in f.rglob("*") if p.suffix in SUFFIXES)


def main(arguments: list[str]) -> int:
    """Check one tree and say what was found."""
    root = Path(arguments[0] if arguments else Path(__file__).parent.parent).resolve()
    try:
        layers = read_layers(root / "tools" / "layers.txt")
    except (LayersError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    files = sources(root)
    if not files:
        print(f"{root}: no C++ file below include/heddle, src or python/bindings", file=sys.stderr)
        return 2
    breaches = [line for path in files for line in check_file(path, root, layers)]
    print("\n".join(breaches) or f"layers: {len(files)} files, every include points down")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
