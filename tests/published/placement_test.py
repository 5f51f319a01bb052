"""The published failures of one loop (figure S2F of Logiaco, Abbott & Escola 2021), and their cure.

The networks are those of the published notebook: NumPy's legacy generator, seed 0, W ~ N(0, 1/n).
"""

import numpy as np
import pytest

import heddle


def published_network(n: int, shift: float) -> heddle.Network:
    weights = np.random.RandomState(0).randn(n, n) / np.sqrt(n)
    return heddle.make_network(weights + shift * np.eye(n), 0, seed=0)


def critical_line(m: int) -> np.ndarray:
    return 1 + 1j * np.linspace(-1, 1, m)


@pytest.mark.parametrize(
    ("n", "shift", "m", "condition"),
    [
        (500, 0.0, 32, 2.2e8),  # H2
        (500, 0.0, 50, 1.5e14),  # H3
        (500, -0.5, 14, 1.4e8),  # H4
        (500, -0.5, 24, 4.1e14),
    ],
)
def test_the_condition_of_the_published_formula_is_the_published_one(n, shift, m, condition):
    placement = heddle.place_eigenvalues(
        published_network(n, shift), critical_line(m), method="spectral"
    )
    assert placement.solve_condition == pytest.approx(condition, rel=0.05)
    if condition < 1e9:
        assert placement.error.max() < 1e-3
    else:
        assert placement.error.max() > 0.1
        assert not placement.trusted


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_published_formula_places_20_targets_on_the_stability_line(seed):  # H1, figure 1E
    weights = np.random.RandomState(seed).randn(500, 500) / np.sqrt(500)
    network = heddle.make_network(weights, 0, seed=0)
    published = heddle.place_eigenvalues(network, critical_line(20), method="spectral")
    assert published.trusted
    assert published.error.max() < 1e-9  # MATLAB's generator draws the published network: 1e-10.
    least = heddle.place_eigenvalues(network, critical_line(20))
    assert least.error.max() < 0.2 * published.error.max()
    assert least.gain < 0.2 * published.gain


# H6, right panel of figure S2F: slopes in decades per eigenvalue. The network of 100 units is not
# the published one (see below); its slopes differ by 0.01 from draw to draw, and its line bends.
@pytest.mark.parametrize(
    ("n", "shift", "slope", "spread"),
    [(500, 0.0, 0.277, 5e-3), (100, 0.0, 0.393, 0.02), (500, -0.5, 0.634, 5e-3)],
)
def test_the_condition_grows_exponentially_with_the_number_of_targets(n, shift, slope, spread):
    network = published_network(n, shift)
    counts = np.arange(2, 51, 2 if n < 500 else 4)
    decades = np.log10(
        [
            heddle.place_eigenvalues(
                network, critical_line(m), method="spectral", whole_spectrum=False
            ).solve_condition
            for m in counts
        ]
    )
    below = decades < 12
    line = np.polyfit(counts[below], decades[below], 1)
    assert line[0] == pytest.approx(slope, abs=spread)
    assert abs(np.polyval(line, counts[below]) - decades[below]).max() < (0.4 if n == 500 else 0.7)
    assert decades.max() < 17.5  # Doubles can tell no larger condition.
    if np.polyval(line, 50) > 18:
        assert decades.max() > 15.5


# At n = 100 the generator's state depends on what the notebook drew before, which is not known: the
# published condition (3.4e14) is not reproduced digit by digit, the failure and its cure are.
@pytest.mark.parametrize(("n", "shift", "m"), [(500, 0.0, 50), (500, -0.5, 24), (100, 0.0, 34)])
def test_where_one_loop_must_fail_it_is_refused_with_a_reason_and_two_loops_place_every_target(
    n, shift, m
):
    network = published_network(n, shift)
    one = heddle.place_eigenvalues(network, critical_line(m))
    assert not one.trusted
    assert "loops would do" in one.reason
    two = heddle.place_eigenvalues(network, critical_line(m), loops=2)
    assert two.error.max() < 1e-8
    assert two.trusted


def test_the_least_norm_loop_is_weaker_and_misses_by_less_at_32_targets():
    placement = heddle.place_eigenvalues(published_network(500, 0.0), critical_line(32))
    published = heddle.place_eigenvalues(
        published_network(500, 0.0), critical_line(32), method="spectral"
    )
    assert placement.error.max() < 5e-8
    assert placement.error.max() < 0.1 * published.error.max()
    assert placement.gain < 0.2 * published.gain
