"""What recordings of spiking populations say, with error bars that are right for networks.

Every estimator takes a recording of `heddle.simulate`, or one that `recording_from_spikes` made of
another simulator's spikes, and returns a value that holds the estimate, its standard error, whether
it can be `trusted`, and a `statement` in words.
"""

from __future__ import annotations

from heddle.estimates.distributions import RateDistribution, rate_distributions
from heddle.estimates.intervals import Variability, fano_factors, interval_variability
from heddle.estimates.rates import (
    PopulationRates,
    RateComponents,
    population_rates,
    rate_components,
)
from heddle.estimates.recording import Recording, recording_from_spikes
from heddle.estimates.responses import (
    Autocorrelation,
    StepResponse,
    autocorrelation,
    step_response,
)
from heddle.estimates.series import MeanEstimate, mean_with_error
from heddle.estimates.spectra import (
    Coherence,
    PowerSpectrum,
    coherence,
    power_spectrum,
)
from heddle.estimates.welch import Bands

__all__ = [
    "Autocorrelation",
    "Bands",
    "Coherence",
    "MeanEstimate",
    "PopulationRates",
    "PowerSpectrum",
    "RateComponents",
    "RateDistribution",
    "Recording",
    "StepResponse",
    "Variability",
    "autocorrelation",
    "coherence",
    "fano_factors",
    "interval_variability",
    "mean_with_error",
    "population_rates",
    "power_spectrum",
    "rate_components",
    "rate_distributions",
    "recording_from_spikes",
    "step_response",
]
