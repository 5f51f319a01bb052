"""`heddle.validity_map`: where over two parameters a reduction holds."""

from __future__ import annotations

import hashlib
import itertools
import pickle
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from heddle._core import Circuit, DomainError, Error, did_you_mean
from heddle.executors import finished
from heddle.files import PathLike
from heddle.progress import Progress
from heddle.validation.levels import Level
from heddle.validation.map_values import ValidityMap, empty_map
from heddle.validation.modulation import Modulation, require_modulation
from heddle.validation.observables import KINDS, SEGMENT, bands_of
from heddle.validation.points import MODULATED, Make, Task, circuit_at, computed, modulation_at, put
from heddle.validation.responses import changes_of

Axis = tuple[str, Sequence[float]]
BIN = 1.0  # ms, that of `validate`


def validity_map(
    make: Make,
    x: Axis,
    y: Axis,
    *,
    level: Level = "auto",
    observable: str = "rate",
    duration: float = 2000.0,
    transient: float = 500.0,
    step: float = 0.25,
    networks: int = 3,
    seed: int = 0,
    tolerance: float = 0.05,
    band: tuple[float, float] | None = None,
    modulation: Modulation | None = None,
    store: PathLike | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ValidityMap:
    """The errors of a reduction over a grid of two parameters: `heddle.validate` at every point.

    make        a circuit, in which x and y are places (`heddle.validation.with_value`), or a
                function make(x, y) that returns one, with the same populations everywhere
    x, y        (name, values): "populations.E.neuron.I_e", "projections.E->I.weight", "scale",
                "modulation.frequency", "modulation.amplitude", …, or any names if `make` is a
                function
    level       as for `heddle.validate`; where it cannot describe a point, the reason is kept
    observable  "rate", "deviation", "power" (of which `band` says which octave), "response" (where
                currents change), "gain" or "phase" (of a `modulation`)
    duration, transient, step, networks
                of every point, as for `heddle.validate`
    seed        point k, row by row, has the seeds from seed + 1000 k
    tolerance   relative, of log powers, or of phases in radians: with it points count as valid
    band        Hz, an octave of `heddle.validate`: (2, 4), (4, 8), …, (128, 256)
    modulation  as for `heddle.validate`; what an axis varies may be anything
    store       an HDF5 file, replaced as a whole whenever a point is finished: what was computed
                survives anything. If it is there, only the points that it lacks are computed
    executor    any of concurrent.futures, whose workers take points; None: one after the other.
                With processes `make` and `level` must be picklable
    progress    progress(points done, points)

    For stationary observables currents that change are held at their last values. A point
    depends on its seeds only: the same bits in any order, with any executor, interrupted or
    not. Raises DomainError for names and settings, among them those of a store that differ. A
    point costs what `validate` does. `heddle.plot.validity` draws it.
    """
    _require_observable(observable, band, modulation)
    for name, axis in (("x", x), ("y", y)):
        values = np.asarray(axis[1], float)
        if values.size == 0 or not (np.isfinite(values).all() and (np.diff(values) > 0).all()):
            raise DomainError(f"{name} needs finite values that rise; found {values.tolist()}")
    if observable == "power":
        _require_band(band, duration)
    _require_modulations(modulation, x, y, duration)
    how = {"duration": duration, "transient": transient, "step": step, "networks": networks}
    settings = {**how, "seed": seed, "level": _name(level), "circuit": _digest(make)}
    settings |= _more_settings(band, modulation)
    first = _first_circuit(make, x, y)
    if observable == "response" and not changes_of(first):
        raise DomainError("observable is 'response', but no current of the circuit changes")
    names = [population.name for population in first.populations]
    found = empty_map(x, y, observable, names, tolerance, settings)
    if store is not None and Path(store).exists():
        found = _continued(store, found)
    tasks = [
        Task(
            make,
            (x[0], y[0]),
            (float(x[1][i]), float(y[1][j])),
            level,
            observable,
            band,
            modulation,
            seed,
            how,
            k,
        )
        for k, (j, i) in enumerate(np.ndindex(found.done.shape))
        if not found.done[j, i]
    ]
    for point in finished(computed, tasks, executor):
        put(found, point)
        if store is not None:
            _save(store, found)
        if progress is not None:
            progress(int(found.done.sum()), found.done.size)
    return found


def _require_observable(
    observable: str, band: tuple[float, float] | None, modulation: Modulation | None
) -> None:
    if observable not in KINDS:
        raise DomainError(f"observable is {observable!r}{did_you_mean(observable, KINDS)}")
    if (observable == "power") != (band is not None):
        raise DomainError(
            f"observable is {observable!r} and band {band}; a band, such as (8, 16) Hz, belongs to "
            "'power'"
        )
    if (observable in ("gain", "phase")) != (modulation is not None):
        raise DomainError(
            f"observable is {observable!r} and modulation {modulation}; a modulation belongs to "
            "'gain' and 'phase'"
        )


def _require_band(band: tuple[float, float] | None, duration: float) -> None:
    if not bands_of(duration):
        raise DomainError(
            f"duration is {duration:g} ms; powers are those of recordings of {8 * SEGMENT:g} ms "
            "or more"
        )
    if band not in bands_of(duration):
        known = ", ".join(f"({low:g}, {high:g})" for low, high in bands_of(duration))
        raise DomainError(f"band is {band}; expected one of {known} Hz")


def _require_modulations(modulation: Modulation | None, x: Axis, y: Axis, duration: float) -> None:
    """Raises DomainError, before anything is computed, for a frequency that a point cannot tell."""
    varied = [axis[0] for axis in (x, y) if axis[0] in MODULATED]
    if modulation is None and varied:
        raise DomainError(f"{varied[0]} is an axis, but there is no modulation; give one")
    for values in itertools.product(x[1], y[1]):
        at = modulation_at(modulation, (x[0], y[0]), values)
        if at is not None:
            require_modulation(at, duration, BIN)


def _more_settings(
    band: tuple[float, float] | None, modulation: Modulation | None
) -> dict[str, Any]:
    found: dict[str, Any] = {} if band is None else {"band": f"{band[0]:g} to {band[1]:g} Hz"}
    if modulation is not None:
        found |= {"frequency": modulation.frequency, "amplitude": modulation.amplitude}
        found["modulated"] = ", ".join(modulation.populations) or "all"
    return found


def _first_circuit(make: Make, x: Axis, y: Axis) -> Circuit:
    """Of the first corner of the grid at which there is one; raises if there is none."""
    first: Error | None = None
    for i, j in ((0, 0), (-1, 0), (0, -1), (-1, -1)):
        try:
            return circuit_at(make, (x[0], y[0]), (float(x[1][i]), float(y[1][j])))
        except Error as error:
            first = first or error
    assert first is not None
    raise first


def _name(level: Level) -> str:
    return (
        level if isinstance(level, str) else str(getattr(level, "__name__", type(level).__name__))
    )


def _digest(make: Make) -> str:
    """What tells a stored map from that of another circuit."""
    if not isinstance(make, Circuit):
        return getattr(make, "__name__", type(make).__name__)
    return hashlib.sha256(pickle.dumps(make)).hexdigest()[:16]


def _continued(store: PathLike, fresh: ValidityMap) -> ValidityMap:
    """The map in the file. Raises DomainError if it is another one."""
    from heddle.store import load_validity_map

    found = load_validity_map(store)
    for field in ("x_name", "y_name", "observable", "populations"):
        _require_same(store, field, getattr(found, field), getattr(fresh, field))
    for field in ("x", "y"):
        old, new = getattr(found, field), getattr(fresh, field)
        if not np.array_equal(old, new):
            _require_same(store, f"values of {field}", old.tolist(), new.tolist())
    for key, value in fresh.settings.items():
        _require_same(store, key, found.settings.get(key), value)
    return replace(found, tolerance=fresh.tolerance)


def _require_same(store: PathLike, name: str, old: Any, new: Any) -> None:
    if old != new:
        raise DomainError(
            f"{store} holds a map with {name} {old}; expected {new}: give another file"
        )


def _save(store: PathLike, found: ValidityMap) -> None:
    from heddle.store import save_validity_map

    save_validity_map(store, found)
