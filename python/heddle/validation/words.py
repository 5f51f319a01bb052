"""What a validation means, and what would help."""

from __future__ import annotations

import math

from heddle.validation.values import ErrorTerm, ObservableErrors, Validation

NAMES = {
    "discretisation": "discretisation",
    "finite_size": "finite size",
    "closure": "closure",
    "transfer": "transfer",
}


def statement_of(found: Validation, doubts: list[str]) -> str:
    """In sentences: is the reduction good enough, what is the worst, what would make it better."""
    said = _judged(found)
    if found.joined and found.level != "none":
        said.append(
            "closure and transfer are one number, since no population equation of finite size "
            f"describes the circuit ({found.refused['mesoscopic']})"
        )
    said += _responses(found)
    said += _nothing_to_judge(found)
    if found.quenched and found.networks == 1:
        said.append("one network says nothing of others; take three or more")
    if doubts and found.level != "none":
        said.append(f"not to be trusted: {doubts[0]}")
    level = f"{found.level}: " if said and not _rates(found) and found.level != "none" else ""
    return level + "; ".join(said)


def _nothing_to_judge(found: Validation) -> list[str]:
    """Where none of the observables that were asked for is one of the level."""
    if found.level == "none" or not found.rows or any(row.total for row in found.rows):
        return []
    kinds = list(dict.fromkeys(row.observable.kind for row in found.rows))
    other = (
        "'linear' and 'mesoscopic' have" if "power" in kinds else "'ages' has, if it describes it"
    )
    return [f"this level has no {' and no '.join(kinds)}; {other}"]


def _responses(found: Validation) -> list[str]:
    rows = [row for row in found.rows if row.observable.kind == "response" and row.total]
    if not rows:
        return _harmonics(found)
    worst = max(rows, key=lambda row: row.total.estimate if row.total else 0.0)
    assert worst.total is not None
    return [
        f"the response of {worst.observable.population} is {worst.verdict}: off by "
        f"{worst.total.estimate:.1%} ({worst.total.low:.1%} to {worst.total.high:.1%})",
        *_harmonics(found),
    ]


def _harmonics(found: Validation) -> list[str]:
    """The worst gain and the worst phase."""
    if found.modulation is None:
        return []
    said = []
    for kind in ("gain", "phase"):
        rows = [row for row in found.rows if row.observable.kind == kind and row.total]
        if rows:
            worst = max(rows, key=_relative if kind == "gain" else _size)
            share = _share(worst, worst.total) if kind == "gain" else f"{worst.total}°"
            said.append(
                f"the {kind} of {worst.observable.population} at {found.modulation.frequency:g} Hz "
                f"is {worst.verdict}: {share}"
            )
    return said


def _size(row: ObservableErrors) -> float:
    return 0.0 if row.total is None else abs(row.total.estimate)


def _judged(found: Validation) -> list[str]:
    if found.level == "none":
        return [f"no reduction: {next(iter(found.refused.values()))}"]
    rates = _rates(found)
    for verdict in ("outside", "undecided"):
        bad = [row for row in rates if row.verdict == verdict]
        if bad:
            return [_worst(found, max(bad, key=_relative), verdict)]
    if not rates:
        return []
    worst = max(rates, key=_relative)
    return [
        f"{found.level}: all rates within {found.tolerance:.3g}; "
        f"the worst is {worst.observable.population}, {_share(worst, worst.total)}"
    ]


def _rates(found: Validation) -> list[ObservableErrors]:
    return [row for row in found.rows if row.observable.kind == "rate"]


def _worst(found: Validation, row: ObservableErrors, verdict: str) -> str:
    name = row.observable.population
    if verdict == "undecided":
        longer = _longer(found, row)
        return (
            f"{found.level}: undecided at {found.tolerance:.3g} for the rate of {name}, "
            f"{_share(row, row.total)}; {longer}"
        )
    largest = row.largest or "closure"
    return (
        f"{found.level}: the rate of {name} is off by {_share(row, row.total)}, most of it "
        f"{NAMES[largest]} ({_share(row, getattr(row, largest))}); {_help(found, row, largest)}"
    )


def _share(row: ObservableErrors, term: ErrorTerm | None) -> str:
    if term is None or row.neurons == 0:
        return "–"
    rate = abs(row.neurons)
    return f"{term.estimate / rate:+.2%} ± {(term.high - term.low) / 2 / rate:.2%}"


def _relative(row: ObservableErrors) -> float:
    return 0.0 if row.total is None else abs(row.total.estimate) / max(abs(row.neurons), 1e-12)


def _longer(found: Validation, row: ObservableErrors) -> str:
    """Errors fall with the root of the time: how much would do."""
    assert row.total is not None
    room = abs(found.tolerance * abs(row.neurons) - abs(row.total.estimate))
    reach = (row.total.high - row.total.low) / 2
    times = (reach / max(room, 0.05 * reach)) ** 2
    what = "networks" if found.quenched else "time"
    return (
        f"about {max(2, math.ceil(times))} times as many networks would tell"
        if (what == "networks")
        else f"about {max(2, math.ceil(times))} times the duration would tell"
    )


def _help(found: Validation, row: ObservableErrors, largest: str) -> str:
    if largest == "discretisation":
        return f"a step of {found.step / 2:g} ms would help"
    if largest == "finite_size":
        assert row.finite_size is not None
        size = abs(row.finite_size.estimate) / (found.tolerance * max(abs(row.neurons), 1e-12))
        return f"it falls as 1 / N: about {max(2, math.ceil(size))} times as many neurons would do"
    if largest == "transfer":
        return 'level "ages" has none of it'
    if found.joined:
        return "another level, or neurons, would"
    return "what connections and adaptation do to single neurons is lost in means: simulate them"
