"""How wrong a reduction of a circuit is, and why: at one circuit, and over two parameters."""

from __future__ import annotations

from heddle.validation.map_values import ValidityMap
from heddle.validation.maps import validity_map
from heddle.validation.modulation import Modulation
from heddle.validation.observables import Observable
from heddle.validation.paths import with_value
from heddle.validation.protocol import validate
from heddle.validation.scaling import scaled
from heddle.validation.values import ErrorTerm, ObservableErrors, Validation

__all__ = [
    "ErrorTerm",
    "Modulation",
    "Observable",
    "ObservableErrors",
    "Validation",
    "ValidityMap",
    "scaled",
    "validate",
    "validity_map",
    "with_value",
]
