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
