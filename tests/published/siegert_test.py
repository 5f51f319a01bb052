"""Rates and susceptibility of leaky neurons in noise: Schuecker, Diesmann & Helias (2015) (H3).

The four points of their figure 4, with the numbers that the toolbox NNMT tests itself by; τ_m is
20 ms, V_th 20 mV, V_reset 15 mV. All are reproduced to the digits that are printed.
"""

import numpy as np
import pytest

import heddle

POINTS = {"mu": [18.94, 20.96, 16.42, 19.66], "sigma": [1.5, 1.5, 4.0, 4.0]}
NEURON = {"tau_m": 20.0, "V_th": 20.0, "V_reset": 15.0}


@pytest.mark.parametrize(
    ("noise", "published"),
    [
        ({}, [12.27983, 32.50074, 13.40674, 35.10388]),
        ({"tau_s": 0.5}, [10.09769, 29.97960, 10.20942, 30.10715]),
        ({"tau_s": 0.5, "order": "taylor"}, [10.03654, 29.97869, 9.97448, 29.98825]),
    ],
    ids=["white", "shifted", "expanded"],
)
def test_rates_are_those_of_schuecker_2015_figure_4(noise, published):
    np.testing.assert_allclose(heddle.siegert(**POINTS, **NEURON, **noise), published, atol=5.1e-6)


def test_slopes_of_the_expanded_rate_are_their_susceptibility_without_frequency():
    slopes, _ = heddle.siegert_slopes(**POINTS, **NEURON, tau_s=0.5, order="taylor")
    np.testing.assert_allclose(slopes, [8.70945, 10.29370, 4.55452, 7.48975], atol=5.1e-6)


def test_the_susceptibility_is_theirs_at_two_frequencies():
    """The frequencies are printed with five digits, so that is what its values have."""
    chi = heddle.siegert_susceptibility([10.065, 100.09], 16.42, 4.0, tau_s=0.5, **NEURON)
    np.testing.assert_allclose(np.abs(chi), [3.71834, 1.17915], rtol=5e-5)
    np.testing.assert_allclose(np.angle(chi, deg=True), [-26.3306, -47.7230], rtol=5e-5)
