"""Noisy quadratic neurons, AdEx mean field and local inhibition, from Python."""

import numpy as np
import pytest
from scipy.special import airy

import heddle


def quadratic(sigma: float = 0.0, q: float = 0.0) -> heddle.Circuit:
    return heddle.Circuit(
        [
            heddle.Population(
                "E",
                1000,
                heddle.QuadraticNeuron(tau_m=10.0),
                noise=heddle.Noise(sigma),
                adaptation=[heddle.Adaptation("current", 100.0, q)] if q else [],
                quenched={"eta": heddle.Distribution.lorentzian(-1.0, 1.0)},
            )
        ]
    )


def test_quadratic_rate_is_a_ratio_of_scipys_airy_functions() -> None:
    eta = np.array([-2.0, 0.0, 1.5])[:, None]
    sigma = np.array([0.5, 1.0, 2.0])
    c = (sigma**2 / 2) ** (1 / 3) * np.exp(1j * np.pi / 6)
    value, slope, _, _ = airy((eta + 0.4j) / c**2)
    exact = -(c * slope / value).real / (np.pi * 8.0) * 1e3
    np.testing.assert_allclose(heddle.quadratic_rate(eta, 0.4, sigma, tau_m=8.0), exact, rtol=1e-10)
    with pytest.raises(heddle.DomainError, match="delta is -1"):
        heddle.quadratic_rate(0.0, -1.0, 0.3)


def test_quadratic_equations_rest_where_the_exact_rate_is() -> None:
    equations = heddle.quadratic_equations(quadratic(sigma=0.5))
    rate = equations.solve(duration=400.0).rates[0, -1]
    assert rate == pytest.approx(float(heddle.quadratic_rate(-1.0, 1.0, 0.5)), rel=0.002)
    assert rate > 1.02 * heddle.quadratic_rate(-1.0, 1.0, 0.0)
    assert any("second pseudo-cumulant" in line for line in equations.assumptions)


def test_slices_have_states_of_their_own_and_one_rate() -> None:
    equations = heddle.quadratic_equations(quadratic(q=0.5), slices=4)
    assert len(equations.state_names) == 12
    assert equations.rates == ["r_E"]
    with pytest.raises(heddle.DomainError, match="slices is 0"):
        heddle.quadratic_equations(quadratic(), slices=0)


def unit(tau_m: float) -> heddle.EscapeNeuron:
    return heddle.EscapeNeuron(
        tau_m=tau_m,
        V_T_star=0.0,
        t_ref=0.0,
        Delta_V=1.0,
        lambda_0=10.0,
        hazard="softplus",
        reset=False,
    )


def with_pool() -> heddle.Circuit:
    rule = heddle.FixedIndegree(200)
    return heddle.Circuit(
        [heddle.Population("E", 4000, unit(20.0)), heddle.Population("I", 1000, unit(2.0))],
        [
            heddle.Projection("E", "I", rule, 0.375, 0.5, synapse="delta"),
            heddle.Projection("I", "E", rule, -0.0375, 0.5, synapse="delta"),
        ],
        [heddle.Input("E", heddle.CurrentInput([0.0], [[75.0]]))],
    )


def test_local_inhibition_is_where_the_equations_rest() -> None:
    circuit = with_pool()
    found = heddle.local_inhibition(circuit, "E", "I", [6.0])
    equations = heddle.local_inhibition_equations(circuit, ["I"], closure="mean")
    rates = equations.solve(duration=600.0, step=0.5).rates[:, -1]
    np.testing.assert_allclose(rates, [found.rate[0], found.pool_rate[0]], rtol=1e-5)
    np.testing.assert_allclose(found.effective_gain, found.gain / (1 + found.strength))
    assert "stable" in repr(found)
    with pytest.raises(heddle.DomainError, match="wrong sign"):
        heddle.local_inhibition(circuit, "I", "E", [0.0])


CELL = heddle.ExponentialNeuron(
    C_m=200.0,
    g_L=10.0,
    E_L=-65.0,
    V_th=-50.0,
    Delta_T=0.5,
    V_peak=-40.0,
    V_reset=-65.0,
    t_ref=5.0,
    a=0.0,
    b=0.0,
    E_w=-65.0,
)
EXCITATORY = heddle.Synapse("exponential", tau_syn=5.0, conductance=True, E_rev=0.0)
INHIBITORY = heddle.Synapse("exponential", tau_syn=5.0, conductance=True, E_rev=-80.0)


def test_a_population_without_coupling_fires_as_its_cell_was_measured() -> None:
    transfer = heddle.fit_adex_transfer(
        CELL,
        heddle.PoissonInput(0.0, 1.5, synapse=EXCITATORY),
        heddle.PoissonInput(0.0, 5.0, synapse=INHIBITORY),
        currents=(0.0,),
        neurons=10,
        duration=2000.0,
        transient=200.0,
    )
    assert transfer.coefficients.shape == (10,)
    assert transfer.error < 0.8
    circuit = heddle.Circuit(
        [heddle.Population("E", 400, CELL)],
        [],
        [
            heddle.Input("E", heddle.PoissonInput(3000.0, 1.5, synapse=EXCITATORY)),
            heddle.Input("E", heddle.PoissonInput(800.0, 5.0, synapse=INHIBITORY)),
        ],
    )
    simulated = heddle.simulate(circuit, duration=2000.0, transient=200.0, seed=1).activity.mean()
    equations = heddle.adex_mean_field(circuit, {"E": transfer}, order=1)
    # 400 neurons for 2 s: 1 % or less. The fit is the rest.
    rate = equations.solve(duration=400.0, step=1.0).rates[0, -1]
    assert rate == pytest.approx(simulated, rel=0.1, abs=0.5)
    with pytest.raises(heddle.DomainError, match="none for population 'E'"):
        heddle.adex_mean_field(circuit, {})
