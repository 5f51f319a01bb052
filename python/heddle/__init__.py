"""Heddle: structured neural networks as values; gated loops that make a network perform motifs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from heddle._core import (
    Bulk,
    DesignOptions,
    DomainError,
    Error,
    FitOptions,
    FormatError,
    Library,
    Loops,
    ModeFit,
    Motif,
    MotifLoopOptions,
    MotifLoops,
    Network,
    NotConverged,
    PerformedMotif,
    Placement,
    Preparation,
    ShapeError,
    Transitions,
    __version__,
    bulk_of,
    closed_spectra,
    closed_spectrum,
    dale_weights,
    design_motif_loops,
    eigenvalues,
    expected_placement,
    fit_modes,
    gaussian_weights,
    isolated_states,
    loop_gain,
    loops_needed,
    low_rank_weights,
    make_network,
    normalised_error,
    place_eigenvalues,
    sparse_weights,
    stability_optimised_weights,
    transitions,
    weight_noise_shift,
)
from heddle.api import design, extend, gaussian_network, perform, spread_units
from heddle.performance import MotifSummary, Performance

# Loaded when they are first asked for: they bring SciPy, h5py and Matplotlib along.
_LATER = {
    "build_network": "heddle.io.networks",
    "font_motifs": "heddle.io",
    "font_names": "heddle.io",
    "glyph_advances": "heddle.io",
    "read_motifs": "heddle.io",
    "read_unipen": "heddle.io",
    "read_weights": "heddle.io.networks",
    "load": "heddle.store",
    "load_advances": "heddle.store",
    "load_library": "heddle.store",
    "load_performance": "heddle.store",
    "save_library": "heddle.store",
    "save_performance": "heddle.store",
    "write_report": "heddle.report",
}

__all__ = [
    "Bulk",
    "DesignOptions",
    "DomainError",
    "Error",
    "ExpectedPlacement",
    "FitOptions",
    "FormatError",
    "Library",
    "Loops",
    "ModeFit",
    "Motif",
    "MotifLoopOptions",
    "MotifLoops",
    "MotifSummary",
    "Network",
    "NotConverged",
    "Performance",
    "PerformedMotif",
    "Placement",
    "Preparation",
    "ShapeError",
    "Transitions",
    "__version__",
    "build_network",
    "bulk_of",
    "closed_spectra",
    "closed_spectrum",
    "dale_weights",
    "design",
    "design_motif_loops",
    "eigenvalues",
    "expected_placement",
    "extend",
    "fit_modes",
    "font_motifs",
    "font_names",
    "gaussian_network",
    "gaussian_weights",
    "glyph_advances",
    "isolated_states",
    "load",
    "load_advances",
    "load_library",
    "load_performance",
    "loop_gain",
    "loops_needed",
    "low_rank_weights",
    "make_network",
    "normalised_error",
    "perform",
    "place_eigenvalues",
    "read_motifs",
    "read_unipen",
    "read_weights",
    "save_library",
    "save_performance",
    "sparse_weights",
    "spread_units",
    "stability_optimised_weights",
    "transitions",
    "weight_noise_shift",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'heddle' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATER])
