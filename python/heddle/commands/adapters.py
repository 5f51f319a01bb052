"""What there is to say about adapters: as data and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.markup import escape

from heddle.commands.output import fields_of, number, table

if TYPE_CHECKING:  # they bring SciPy along
    from heddle.adapters import (
        AdapterComparison,
        AdapterDesign,
        AdapterDissection,
        EigenvalueChange,
        ModuleDissection,
    )

MOST_MODES = 12  # of the table of eigenvalues


def _fields(value: Any) -> dict[str, Any]:
    """A dataclass's fields by name, not copied."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def dissection_data(found: AdapterDissection) -> dict[str, Any]:
    return {
        "modules": {name: _module_data(module) for name, module in found.modules.items()},
        "without_base": found.without_base,
        "hints": found.hints,
    }


def _module_data(module: ModuleDissection) -> dict[str, Any]:
    data = _fields(module)
    data["singular"] = _fields(module.singular) if module.singular else None
    data["eigenvalues"] = _eigenvalue_data(module.eigenvalues) if module.eigenvalues else None
    return data


def _eigenvalue_data(change: EigenvalueChange) -> dict[str, Any]:
    data = _fields(change)
    data["moved"] = change.moved
    data["meetings"] = [fields_of(meeting) for meeting in change.meetings]
    data["shares"] = fields_of(change.shares) if change.shares else None
    return data


def comparison_data(found: AdapterComparison) -> dict[str, Any]:
    return {
        "modules": {name: _fields(module) for name, module in found.modules.items()},
        "only_first": found.only_a,
        "only_second": found.only_b,
    }


def design_data(found: AdapterDesign) -> dict[str, Any]:
    module = found.adapter.modules[found.module]
    placement = fields_of(found.placement, "loops")
    return {
        **{k: v for k, v in _fields(found).items() if k not in {"adapter", "placement"}},
        "rank": module.rank,
        "dtype": module.dtype,
        "placement": placement,
    }


def print_dissection(console: Console, data: dict[str, Any]) -> None:
    modules = data["modules"]
    based = any(module["singular"] for module in modules.values())
    columns = ["module", "shape", "rank", "‖ΔW‖_F", "‖ΔW‖₂", "entropy rank", "stable rank"]
    columns += ["σ₁ before", "σ₁ after", "intruders", "energy"] * based
    rows = [_module_row(name, module, based) for name, module in modules.items()]
    console.print(table(columns, rows))
    _print_missing(console, data)
    for name, module in modules.items():
        if module["eigenvalues"]:
            _print_eigenvalues(console, name, module["eigenvalues"])


def _module_row(name: str, module: dict[str, Any], based: bool) -> list[str]:
    out, into = module["shape"]
    cells = [escape(name), f"{out} × {into}", f"{module['rank']} of {module['width']}"]
    keys = ("frobenius", "spectral", "entropy_rank", "stable_rank")
    cells += [number(module[key]) for key in keys]
    singular = module["singular"]
    if not based:
        return cells
    if singular is None:
        return [*cells, "–", "–", "–", "–"]
    count = f"{len(singular['intruders'])} of {len(singular['after'])}"
    if singular["undecided"]:
        count += f", {len(singular['undecided'])} undecided"
    values = (singular["before"][0], singular["after"][0], singular["intruder_energy"])
    before, after, energy = (number(float(value), 4) for value in values)
    return [*cells, before, after, count, energy]


def _print_missing(console: Console, data: dict[str, Any]) -> None:
    missing = data["without_base"]
    if not missing or len(missing) == len(data["modules"]):
        return
    first = missing[0]
    console.print(
        f"[yellow]Not in the base[/yellow]: {len(missing)} of {len(data['modules'])} modules, such "
        f"as {escape(first)}{escape(data['hints'].get(first, ''))}"
    )


def _print_eigenvalues(console: Console, name: str, data: dict[str, Any]) -> None:
    kind = "1 − max Re λ" if data["time"] == "continuous" else "1 − max |λ|"
    colour = "green" if data["margin_after"] > 0 else "bold red"
    console.print()
    console.print(
        f"[bold]{escape(name)}[/bold]  margin {kind} {number(data['margin_before'])} → "
        f"[{colour}]{number(data['margin_after'])}[/{colour}]; departure from normality "
        f"{number(data['henrici_before'])} → {number(data['henrici_after'])}; efficiency "
        f"{number(data['efficiency'])} for {len(data['placed'])} modes placed outside the bulk"
    )
    shares = data["shares"]
    moved = np.asarray(data["moved"])
    most = np.argsort(-moved, kind="stable")[:MOST_MODES]
    chosen = [i for i in most if moved[i] > 0] if shares is None else shares["modes"]
    loops = 0 if shares is None else np.shape(shares["shares"])[1]
    columns = ["mode", "before", "after", "moved", *(f"loop {k + 1}" for k in range(loops))]
    console.print(table(columns, [_mode_row(data, shares, i) for i in chosen]))
    _print_doubts(console, data)


def _mode_row(data: dict[str, Any], shares: dict[str, Any] | None, mode: int) -> list[str]:
    source, row = data, mode
    if shares is not None:
        source, row = shares, list(shares["modes"]).index(mode)
    before, after = source["before"][row], source["after"][row]
    cells = [str(mode), _complex(before), _complex(after), number(float(abs(after - before)))]
    if shares is None:
        return cells
    for share, error in zip(shares["shares"][row], shares["standard_error"][row], strict=True):
        cells.append(_complex(share) + (f" ± {number(float(error), 2)}" if error > 0 else ""))
    return cells


def _print_doubts(console: Console, data: dict[str, Any]) -> None:
    meetings = data["meetings"]
    if meetings:
        first = meetings[0]
        modes = " and ".join(map(str, first["modes"]))
        console.print(
            f"[yellow]Ambiguous[/yellow]: modes met {len(meetings)} times on the way, first "
            f"{modes} at {number(100 * first['gate'], 4)} % of the change; which is which from "
            "there on is a convention"
        )
    if data["reason"]:
        console.print(f"[yellow]Paired by distance[/yellow]: {escape(data['reason'])}")


def _complex(value: complex) -> str:
    if abs(value.imag) <= 1e-12 * max(abs(value), 1e-300):
        return f"{value.real:.3g}"
    return f"{value.real:.3g}{value.imag:+.3g}i"


def print_comparison(console: Console, data: dict[str, Any]) -> None:
    columns = ["module", "smallest angle out", "in", "share out", "in", "cosine"]
    rows = [_comparison_row(name, module) for name, module in data["modules"].items()]
    console.print(table(columns, rows))
    for key, name in (("only_first", "first"), ("only_second", "second")):
        if data[key]:
            some = ", ".join(data[key][:3]) + (", …" if len(data[key]) > 3 else "")
            console.print(f"Only in {escape(data[name])}: {escape(some)}")


def _comparison_row(name: str, module: dict[str, Any]) -> list[str]:
    angles = [module["output_angles"], module["input_angles"]]
    degrees = [f"{np.degrees(each[0]):.1f}°" if len(each) else "–" for each in angles]
    keys = ("output_share", "input_share", "cosine")
    return [escape(name), *degrees, *(number(module[key]) for key in keys)]


def print_design(console: Console, data: dict[str, Any]) -> None:
    targets, error = data["placement"]["targets"], data["error"]
    rows = [
        [_complex(target), number(float(off), 2), number(float(kappa))]
        for target, off, kappa in zip(targets, error, data["placement"]["condition"], strict=True)
    ]
    console.print(table(["target", f"error in {data['dtype']}", "condition"], rows))
    kind = "1 − max Re λ" if data["time"] == "continuous" else "1 − max |λ|"
    console.print(
        f"rank {data['rank']}, gain {number(data['gain'])} (least by the gain law "
        f"{number(data['least_gain'])}, efficiency {number(data['efficiency'])}); margin {kind} "
        f"{number(data['margin_before'])} → {number(data['margin_after'])}; largest rounding of an "
        f"entry {number(data['rounding'], 2)}"
    )
    if not data["trusted"]:
        console.print(f"[bold red]Not trusted[/bold red]: {escape(data['reason'])}")
    console.print(f"Written to {escape(data['output'])}")
