"""Low-rank weights and correlated degrees: moments of what is drawn, and the currents it carries.

Every statistical check compares the mean of independent numbers with a closed form, to four of its
standard errors: equal laws fail it once in 16,000 seeds (6e-5). Seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

import heddle

ERRORS = 4.0


def agree(samples, expected: float) -> None:
    """Is the mean of independent samples what is expected?"""
    samples = np.asarray(samples, float)
    error = samples.std(ddof=1) / np.sqrt(samples.size)
    assert abs(samples.mean() - expected) < ERRORS * error, (samples.mean(), expected, error)


def recurrent(size: int, rule, **fields) -> heddle.Circuit:
    projection = heddle.Projection("A", "A", rule, fields.pop("weight", 1.0), 1.0, **fields)
    return heddle.Circuit(
        [heddle.Population("A", size, heddle.LeakyNeuron())], projections=[projection]
    )


def loadings(targets: int, sources: int, rank: int = 2):
    rng = np.random.default_rng(3)
    left, right = rng.normal(1.0, 1.0, (targets, rank)), rng.normal(0.5, 2.0, (sources, rank))
    return 20.0 * left, right


# --- low rank ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        heddle.Distribution.normal(-3.0, 0.5),
        heddle.Distribution.lognormal(2.0, 1.5),
    ],
    ids=["normal", "lognormal"],
)
def test_a_low_rank_weight_is_its_law_about_the_product_of_loadings(law):
    """J_ij − (1 / N) Σ_m F_im G_jm are independent numbers χ of the law: their mean and variance,
    and no correlation with what the loadings give."""
    left, right = loadings(400, 400)
    rule = heddle.Bernoulli(0.3)
    edges = heddle.edges_of(recurrent(400, rule, weight=law, left=left, right=right), 0, seed=5)
    structured = np.einsum("em,em->e", left[edges.target], right[edges.source]) / 400
    chi = np.asarray(edges.weight) - structured
    assert structured.std() > 0.1
    agree(chi, law.location)
    agree((chi - law.location) ** 2, law.scale**2)
    agree((chi - law.location) * (structured - structured.mean()), 0.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_overlap_of_a_sparse_connectome_with_its_loadings_is_that_of_the_definition(seed):
    """Given the loadings, synapses are independent, so that κ_mn = Σ_ij F_im J_ij G_jn has

    mean p Σ_ij F_im G_jn L_ij ,   variance Σ_ij (F_im G_jn)² p (s² + (1 − p) L_ij²) ,

    L = χ + F Gᵀ / N, χ of mean χ and standard deviation s, without autapses.
    """
    p, mean, sd, n = 0.2, 0.4, 0.3, 300
    left, right = loadings(n, n)
    law = heddle.Distribution.normal(mean, sd)
    rule = heddle.Bernoulli(p)
    edges = heddle.edges_of(recurrent(n, rule, weight=law, left=left, right=right), 0, seed=seed)
    J = np.zeros((n, n))
    np.add.at(J, (edges.target, edges.source), edges.weight)
    L = mean + left @ right.T / n
    L[np.diag_indices(n)] = 0.0
    spread = (sd**2 + (1 - p) * L**2) * (L != 0)
    expected = p * left.T @ L @ right
    error = np.sqrt(p * (left**2).T @ spread @ right**2)
    assert (np.abs(left.T @ J @ right - expected) < ERRORS * error).all()
    assert (np.abs(expected) > 10 * error).any()  # there is something to see


# --- what they carry ------------------------------------------------------------------------


class Regular:
    """Quadratic neurons with currents I of their own, of rates √I / (π τ), onto listeners."""

    sources, targets, window = 300, 40, 10_000.0
    tau, tau_syn, resistance = 10.0, 5.0, 0.04  # ms, ms, mV / pA

    def __init__(self) -> None:
        self.drive = np.linspace(0.5, 4.0, self.sources) ** 2
        self.rates = np.sqrt(self.drive) / (np.pi * self.tau)  # 1/ms

    def currents(self, rule, **fields) -> np.ndarray:
        """The mean current of each target, pA, from its potential."""
        source = heddle.QuadraticNeuron(tau_m=self.tau, eta=0.0)
        target = heddle.LeakyNeuron(tau_m=10.0, C_m=250.0, E_L=0.0, V_th=1e6, V_reset=0.0)
        synapse = heddle.Synapse(tau_syn=self.tau_syn)
        circuit = heddle.Circuit(
            [
                heddle.Population("S", self.sources, source),
                heddle.Population("A", self.targets, target),
            ],
            projections=[heddle.Projection("S", "A", rule, 0.0, 1.0, synapse=synapse, **fields)],
            inputs=[heddle.Input("S", heddle.CurrentInput([0.0], self.drive[:, None]))],
        )
        found = heddle.simulate(
            circuit,
            duration=self.window,
            transient=100.0,
            step=0.25,
            bin=0.5,
            seed=6,
            probes=[heddle.Probe("A", np.arange(self.targets))],
        )
        return found.traces[0].mean(axis=1) / self.resistance


def test_low_rank_synapses_carry_the_current_of_the_latent_variables():
    """All to all, I_i = Σ_m F_im κ_m with κ_m = (τ_syn / N) Σ_j G_jm r_j, without chance. A window
    of T sees r T spikes of a regular train to one more or less, which carries |J_ij| τ_syn: an
    error below Σ_j |J_ij| τ_syn / T."""
    feed = Regular()
    left, right = loadings(feed.targets, feed.sources)
    found = feed.currents(heddle.AllToAll(), left=left, right=right)
    latent = feed.tau_syn / feed.sources * right.T @ feed.rates
    bound = np.abs(left @ right.T / feed.sources).sum(axis=1) * feed.tau_syn / feed.window
    assert (np.abs(found - left @ latent) < bound).all()
    assert np.std(left @ latent) > 50 * bound.max()


def test_sparse_low_rank_synapses_scatter_the_current_about_p_times_that():
    """I_i has the mean p Σ_m F_im κ_m and, given the loadings, the variance p (1 − p) Σ_j (L_ij
    τ_syn r_j)²; neurons are independent, so the squares of what is left are 1 on average."""
    p, feed = 0.3, Regular()
    left, right = loadings(feed.targets, feed.sources)
    found = feed.currents(heddle.Bernoulli(p), left=left, right=right)
    charges = left @ right.T / feed.sources * feed.tau_syn * feed.rates
    score = (found - p * charges.sum(axis=1)) / np.sqrt(p * (1 - p) * (charges**2).sum(axis=1))
    agree(score, 0.0)
    agree(score**2, 1.0)


# --- correlated degrees ---------------------------------------------------------------------


@pytest.fixture(scope="module", params=[-0.6, 0.0, 0.8])
def networks(request):
    """200 networks: in- and out-degrees, pairs connected both ways; and the law's parameters."""
    n, p, in_cv, out_cv, rho = 200, 0.02, 0.5, 0.8, request.param
    rule = heddle.CorrelatedDegrees(p=p, in_cv=in_cv, out_cv=out_cv, correlation=rho)
    inward, outward, mutual = [], [], []
    for seed in range(200):
        edges = heddle.edges_of(recurrent(n, rule), 0, seed=seed)
        adjacent = np.zeros((n, n))
        adjacent[edges.target, edges.source] = 1
        inward.append(adjacent.sum(axis=1))
        outward.append(adjacent.sum(axis=0))
        mutual.append((adjacent * adjacent.T).sum())
    logs = np.log1p(in_cv**2), np.log1p(out_cv**2)
    both = np.exp(rho * np.sqrt(logs[0] * logs[1]))  # ⟨a_i b_i⟩
    return np.array(inward), np.array(outward), np.array(mutual), (n, p, in_cv, out_cv, both)


def test_correlated_degrees_have_the_mean_of_the_definition(networks):
    """⟨K⟩ = p (N − 1), since a_i and b_j of two neurons are independent with mean 1."""
    inward, _, _, (n, p, *_) = networks
    agree(inward.mean(axis=1), p * (n - 1))


def test_correlated_degrees_have_the_second_moments_of_the_definition(networks):
    """K_i = Σ_j B_ij, ⟨B_ij⟩ = p, ⟨B_ij B_ik⟩ = p² ⟨a²⟩, ⟨B_ij B_ki⟩ = p² ⟨a b⟩ for j ≠ k, and
    p² ⟨a b⟩² for j = k:

    ⟨K²⟩ = (N − 1) p + (N − 1) (N − 2) p² (1 + cv²) ,
    ⟨K_in K_out⟩ = (N − 1) (N − 2) p² ⟨a b⟩ + (N − 1) p² ⟨a b⟩²      (pairs both ways: the second)
    """
    inward, outward, mutual, (n, p, in_cv, out_cv, both) = networks
    pairs = (n - 1) * (n - 2) * p**2
    agree((inward**2).mean(axis=1), (n - 1) * p + pairs * (1 + in_cv**2))
    agree((outward**2).mean(axis=1), (n - 1) * p + pairs * (1 + out_cv**2))
    agree((inward * outward).mean(axis=1), pairs * both + (n - 1) * p**2 * both**2)
    agree(mutual / n, (n - 1) * p**2 * both**2)
