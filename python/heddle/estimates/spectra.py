"""Power spectra of population activity and coherence between populations, by Welch's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.estimates.series import mean_with_error
from heddle.estimates.welch import Bands, averaged, effective_samples, prepare

Array = NDArray[np.float64]
LEAST_SEGMENTS = 8


@dataclass(frozen=True, repr=False)
class PowerSpectrum:
    """Spectra of population activities; `density` and errors have shape (populations, f).

    Two-sided: S → r / N at high frequencies, and the variance of A is 2 ∫₀^∞ S df.
    """

    names: list[str]
    bands: Bands
    density: Array  # Hz (that is Hz² / Hz)
    standard_error: Array  # Hz
    degrees: Array  # of freedom of the standard error, shape (f,); see `power_spectrum`
    deviation: Array  # standard deviation of the binned A, Hz, (populations,)
    deviation_error: Array  # Hz, (populations,)
    trusted: bool
    statement: str

    @property
    def frequency(self) -> Array:
        return self.bands.frequency

    def __repr__(self) -> str:
        each = ", ".join(
            f"{name}: largest at {self.frequency[row.argmax()]:.3g} Hz"
            for name, row in zip(self.names, self.density, strict=True)
        )
        return f"PowerSpectrum({each}; {self.statement})"


@dataclass(frozen=True, repr=False)
class Coherence:
    """Cross-spectrum and coherence of two populations; arrays have shape (f,)."""

    names: tuple[str, str]
    bands: Bands
    cross: NDArray[np.complex128]  # S_ab = ⟨a b*⟩, Hz, two-sided: its phase is that of a minus b's
    coherence: Array  # |S_ab|² / (S_aa S_bb) less its bias; scatters around 0 where there is none
    standard_error: Array
    phase: Array  # of S_ab, rad
    phase_error: Array  # rad; infinity where the coherence is not above zero
    trusted: bool
    statement: str

    @property
    def frequency(self) -> Array:
        return self.bands.frequency

    def __repr__(self) -> str:
        top = int(self.coherence.argmax())
        largest = f"{self.coherence[top]:.3g} at {self.frequency[top]:.3g} Hz"
        return f"Coherence({' and '.join(self.names)}: largest {largest}; {self.statement})"


def power_spectrum(
    recording: Any, *, segment: float = 1000.0, per_octave: float = 12.0, highest: float = 0.0
) -> PowerSpectrum:
    """S_AA(f) = ∫ C_AA(t) e^{−2πi f t} dt of every population's activity, Hz.

    Welch's method: Hann windows that overlap by half, neighbouring frequencies averaged in bands.
    The standard error of a single frequency is S / √n, n the segments less what they share, which
    the window fixes; `degrees` are 2 n. In a band of several the powers of neighbours rise and fall
    together where a network is not linear, so that the error is that of the scatter between
    segments, with n − 1 degrees of freedom. A is what was binned: where f comes near 1 / bin,
    sinc²(f bin) has been multiplied and higher frequencies folded back.

    recording   of `heddle.simulate` or `heddle.recording_from_spikes`
    segment     ms; 1 / segment is the resolution
    per_octave  bands in a factor of two of frequency; 0: every frequency on its own
    highest     Hz; half the sampling frequency if 0

    Raises DomainError where the recording is shorter than two segments. Costs O(bins log segment).
    Not trusted with fewer than eight segments.
    See Welch (1967), IEEE Trans Audio Electroacoust 15:70.
    """
    activity, parts, bands, scale = prepare(recording, segment, per_octave, highest)
    power = np.abs(parts) ** 2 * scale
    density = averaged(power.mean(axis=1), bands)
    relative, degrees = _relative_errors(power, density, bands)
    deviation, error = _deviations(activity)
    trusted, statement = _trust(bands)
    return PowerSpectrum(
        names=list(recording.names),
        bands=bands,
        density=density,
        standard_error=density * relative,
        degrees=degrees,
        deviation=deviation,
        deviation_error=error,
        trusted=trusted,
        statement=statement,
    )


def coherence(
    recording: Any,
    first: str,
    second: str,
    *,
    segment: float = 1000.0,
    per_octave: float = 12.0,
    highest: float = 0.0,
) -> Coherence:
    """Cross-spectrum, coherence and phase of two populations' activities.

        C = |S_ab|² / (S_aa S_bb) ,   estimate (Ĉ − 1 / n) / (1 − 1 / n) ,
        SE = √(2 C (1 − C)² / n + 1 / n²) ,   SE of the phase √((1 − C) / (2 n C))

    n is the effective number of averages: Ĉ of independent signals is 1 / n on average. Arguments,
    errors and cost as for `heddle.power_spectrum`.

    See Bendat & Piersol (2010), Random Data, ch. 9.
    """
    _, parts, bands, scale = prepare(recording, segment, per_octave, highest)
    names = list(recording.names)
    for name in (first, second):
        if name not in names:
            raise DomainError(f"there is no population {name!r}; expected one of {names}")
    a, b = parts[names.index(first)], parts[names.index(second)]
    cross = averaged(np.mean(a * b.conj(), axis=0)[None] * scale, bands)[0]
    powers = [averaged(np.mean(np.abs(x) ** 2, axis=0)[None], bands)[0] * scale for x in (a, b)]
    n = bands.effective_samples
    raw = np.abs(cross) ** 2 / np.maximum(powers[0] * powers[1], 1e-300)
    found = (raw - 1 / n) / (1 - 1 / n)
    c = np.clip(found, 0, 1)
    safe = np.where(found > 1 / n, c, 1.0)
    trusted, statement = _trust(bands)
    return Coherence(
        names=(first, second),
        bands=bands,
        cross=cross,
        coherence=found,
        standard_error=np.sqrt(2 * c * (1 - c) ** 2 / n + 1 / n**2),
        phase=np.angle(cross),
        phase_error=np.where(found > 1 / n, np.sqrt((1 - safe) / (2 * n * safe)), np.inf),
        trusted=trusted,
        statement=statement,
    )


def _relative_errors(power: Array, density: Array, bands: Bands) -> tuple[Array, Array]:
    """SE / S, shape (populations, f), and degrees of freedom, shape (f,)."""
    single = np.diff(bands.starts) == 1
    one = effective_samples(np.ones(1, np.int64), power.shape[2] * 2 - 2, bands.segments)[0]
    pieces = np.add.reduceat(power[:, :, : bands.starts[-1]], bands.starts[:-1], axis=2)
    pieces = pieces / np.diff(bands.starts)
    overlap = bands.segments / one  # variance of a mean of segments over that of independent ones
    scatter = pieces.var(axis=1, ddof=1) * overlap / bands.segments
    relative = np.sqrt(scatter) / np.maximum(density, 1e-300)
    return np.where(single, 1 / np.sqrt(one), relative), np.where(single, 2 * one, one - 1)


def _deviations(activity: Array) -> tuple[Array, Array]:
    """Standard deviations of binned activities; errors from the means of squared deviations."""
    squares = [mean_with_error((row - row.mean()) ** 2) for row in activity]
    deviation = np.sqrt([one.estimate for one in squares])
    errors = np.array([one.standard_error for one in squares])
    return deviation, errors / np.maximum(2 * deviation, 1e-300)


def _trust(bands: Bands) -> tuple[bool, str]:
    how = f"{bands.segments} half overlapping Hann windows of {bands.segment:g} ms"
    if bands.segments >= LEAST_SEGMENTS:
        return True, how
    return False, f"not trusted: {how}, fewer than {LEAST_SEGMENTS}"
