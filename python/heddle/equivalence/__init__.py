"""Do two recordings come from the same model? Tests whose false-alarm rates are stated, and true.

Either sample is a recording of `heddle.simulate`, a recording of another simulator's spikes
(`heddle.recording_from_spikes`), or a sequence of recordings of independently drawn networks.
"""

from __future__ import annotations

from heddle.equivalence.calibration import (
    NullCalibration,
    compare_recordings,
    null_calibration,
)
from heddle.equivalence.distributions import distribution_difference
from heddle.equivalence.rates import (
    cv_difference,
    cv_equivalence,
    rate_difference,
    rate_equivalence,
)
from heddle.equivalence.spectra import fluctuation_difference, spectral_difference
from heddle.equivalence.values import EquivalenceTest, RecordingComparison

__all__ = [
    "EquivalenceTest",
    "NullCalibration",
    "RecordingComparison",
    "compare_recordings",
    "cv_difference",
    "cv_equivalence",
    "distribution_difference",
    "fluctuation_difference",
    "null_calibration",
    "rate_difference",
    "rate_equivalence",
    "spectral_difference",
]
