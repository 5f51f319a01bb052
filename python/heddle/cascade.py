"""Low-dimensional rate models of leaky and exponential populations, and their tables on disk."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heddle import _core
from heddle._core import (
    CascadeRecording,
    CascadeTables,
    Circuit,
    DomainError,
    ExponentialNeuron,
    LeakyNeuron,
)
from heddle.files import replacing

__all__ = ["cascade_rates", "cascade_tables"]

Progress = Callable[[int, int], Any]
LAYOUT = 1  # Of stored tables and of how they are computed; raise it when either changes.
# What tables depend on: adaptation and constant currents only move mu.
MEMBRANE = {
    "LeakyNeuron": ("tau_m", "V_th", "V_reset", "t_ref"),
    "ExponentialNeuron": ("C_m", "g_L", "V_th", "Delta_T", "V_peak", "V_reset", "t_ref"),
}


def cascade_tables(
    neuron: LeakyNeuron | ExponentialNeuron,
    *,
    mu: ArrayLike | None = None,
    sigma: ArrayLike | None = None,
    f: ArrayLike | None = None,
    cache: bool | str | os.PathLike[str] = True,
    threads: int = 0,
    progress: Progress | None = None,
) -> CascadeTables:
    """What low-dimensional rate models need of a neuron, over the mean and noise of its input.

    r_∞ and V_∞ (`heddle.diffusion_response`), λ_1, λ_2 and their couplings
    (`heddle.diffusion_modes`), and filters fitted to c(f) = χ(f) / χ(0):

        tau_mu, tau_sigma:  least ∫ |1 / (1 + 2πi f τ) − c(f)|² df
        tau, omega:         least Σ_f |(1 + u²)(1 + s) / ((1 + s)² + u²) − c(f)|² ,
                            s = 2πi f tau ,  u = omega tau

    tau_sigma is 0 where a rising σ lowers the rate; silent neurons have τ_m. With
    d = V_th − E_L (V_th − V_reset where that is not positive) the default is

    mu        E_L − 3 d … E_L + 20/3 d at 291 values, mV; equally spaced
    sigma     0.15 d … 1.5 d at 46 values, mV; equally spaced, > 0
    f         0.25 … 1000 Hz at 40 values of equal ratio; increasing, > 0
    cache     True: in the cache folder of the platform ($HEDDLE_CACHE if that is set); a folder;
              False: not on disk. The name of a file is a hash of the membrane, of mu, sigma, f and
              of Heddle's version; a file that cannot be read is computed again.
    threads   0: one per core; any number gives the same bits
    progress  progress(done, total) in pairs (mu, sigma); may raise to stop, and nothing is written

    Returns CascadeTables. Raises DomainError or ShapeError, naming the argument. About a
    millisecond a pair, 10 to 20 s of one core for the default. Augustin, Ladenbauer, Baumann &
    Obermayer (2017), PLoS Comput Biol 13:e1005545.
    """
    neuron = _core.Population("", 1, neuron).neuron  # "lif" is one too.
    grid = _core.cascade_grid(neuron, mu, sigma, f)
    path = _path(neuron, grid, cache)
    found = None if path is None else _read(path, neuron)
    if found is None:
        found = _core.cascade_tables(neuron, *grid, threads, progress)
        if path is not None:
            _write(path, found)
    return found


def cascade_rates(
    circuit: Circuit,
    *,
    model: str = "lnexp",
    tables: Mapping[str, CascadeTables] | None = None,
    duration: float = 1000.0,
    transient: float = 0.0,
    step: float = 0.1,
    bin: float = 1.0,
    smoothing: float = 1.0,
    progress: Progress | None = None,
) -> CascadeRecording:
    """Rates of leaky and exponential populations by two to four numbers each.

    In place of the density of `heddle.fokker_planck`, whose input, delays and mean adaptation they
    share. Tables are of (μ − ⟨w⟩ / g_L, σ), with the filtered μ_f, σ_f in their place for the first
    two, and u = omega tau:

        lnexp          tau_mu μ_f' = μ − μ_f ,  tau_sigma σ_f' = σ − σ_f ,
                       r = r_∞(μ_f − w / g_L, σ_f)
        lndos          μ_f' = (μ − μ_f)(1 + u²) / tau − omega y ,  σ_f and r as above
                       y' = (μ_f − μ)(1 + u²) omega + y (u² − 1) / tau
        spec1          r' = Re λ_1 (r − r_∞) − Im λ_1 s ,  s' = Im λ_1 (r − r_∞) + Re λ_1 s
        spec2_reduced  r'' = λ_1 λ_2 (r_∞ − r) + (λ_1 + λ_2) r'
        two_modes      y' = z + (Σ f c)_μ (μ − ⟨w⟩ / g_L)' + (Σ f c)_σ σ' ,  r = r_∞ + y
                       z' = (λ_1 + λ_2) z − λ_1 λ_2 y + (Σ λ f c)_μ (μ − ⟨w⟩ / g_L)'
                            + (Σ λ f c)_σ σ' ,  sums over both modes
        spec2          D r'' − T r' + r = r_∞ + Σ [D M x'' + (D F − T M) x'] ,
                       x = μ − ⟨w⟩ / g_L and σ² ,  D = 1 / λ_1 λ_2 ,  T = 1 / λ_1 + 1 / λ_2 ,
                       M_x = ∂r_∞/∂x + (Σ f c)_x ,  F_x = (Σ λ f c)_x

        tau_w ⟨w⟩' = a (V_∞ − E_w) − ⟨w⟩ + b tau_w r ,   r ≥ 0

    circuit    lif or adex neurons; delta or exponential currents with one delay each; own noise,
               Poisson spikes, shared currents, private Ornstein–Uhlenbeck currents
    model      as above; docs/explanation/fokker-planck.md compares them, and lndos wins there
    tables     by the names of populations; those missing are those of `heddle.cascade_tables`
    duration   ms recorded
    transient  ms before; inputs count from its start
    step       ms; delays are rounded to it, and are at least one; time constants below it count as
               it
    bin        ms; a multiple of the step
    smoothing  ms, > 0; spec2 needs input with derivatives, so μ and σ² make up for what they jump
               by with e^{−t / smoothing}
    progress   of tables that have to be computed first

    Returns a CascadeRecording: activity (Hz), effective mu, sigma and adaptation, the error of the
    step and what was assumed. Raises DomainError, naming what the theory does not describe and what
    does, or where input leaves the tables. Some 10 ms for a second of one population. Augustin,
    Ladenbauer, Baumann & Obermayer (2017), PLoS Comput Biol 13:e1005545; Mattia & Del Giudice
    (2002), Phys Rev E 66:051917; Schaffer, Ostojic & Abbott (2013), PLoS Comput Biol 9:e1003301.
    """
    given = dict(tables or {})
    names = [population.name for population in circuit.populations]
    for name in given:
        if name not in names:
            raise DomainError(f"tables has '{name}'; populations are {', '.join(names)}")
    _core.check_cascade(circuit, model, duration, transient, step, bin, smoothing)
    for population in circuit.populations:
        if population.name not in given:
            given[population.name] = cascade_tables(population.neuron, progress=progress)
    return _core.cascade_rates(
        circuit, [given[name] for name in names], model, duration, transient, step, bin, smoothing
    )


# Tables on disk


def _path(neuron: Any, grid: tuple[Any, ...], cache: bool | str | os.PathLike[str]) -> Path | None:
    if cache is False:
        return None
    folder = _cache_folder() if cache is True else Path(cache)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if cache is True:  # No one asked for this folder.
            return None
        raise DomainError(f"cache is {folder}, which cannot be made: {error.strerror}") from error
    kind = type(neuron).__name__
    text = [str(LAYOUT), _core.__version__, kind]
    text += [float(getattr(neuron, name)).hex() for name in MEMBRANE[kind]]
    digest = hashlib.sha256(" ".join(text).encode())
    for axis in grid:
        digest.update(np.int64(axis.size).tobytes() + np.ascontiguousarray(axis).tobytes())
    return folder / f"cascade-{digest.hexdigest()[:32]}.npz"


def _cache_folder() -> Path:
    if given := os.environ.get("HEDDLE_CACHE"):
        return Path(given)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "heddle" / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "heddle"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "heddle"


def _write(path: Path, tables: CascadeTables) -> None:
    fields = {name: getattr(tables, name) for name in CascadeTables._fields if name != "neuron"}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **fields)


def _read(path: Path, neuron: Any) -> CascadeTables | None:
    """The tables of a file; None if there is none, or one that cannot be read."""
    names = [name for name in CascadeTables._fields if name != "neuron"]
    try:
        with np.load(path) as stored:
            fields = {name: stored[name] for name in names}
        plain = {k: v.item() if v.ndim == 0 else v for k, v in fields.items()}
        return CascadeTables(neuron=neuron, **plain)
    except Exception:  # Whatever a damaged file brings up: it is computed again.
        return None
