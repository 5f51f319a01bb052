"""Which loop of an adapter moved which mode, and adapters that place modes."""

import re

import numpy as np
import pytest
from scipy import linalg

import heddle
from heddle.io.safetensors_file import Tensor, write_safetensors

RNG = np.random.default_rng(8)
TARGETS = np.array([1.1 + 0.8j, 1.1 - 0.8j, 0.95])


def weights(n=40, g=0.5, seed=3):
    return np.random.default_rng(seed).normal(size=(n, n)) * g / np.sqrt(n)


def module_of(n=40, r=3, size=0.5, seed=4):
    rng = np.random.default_rng(seed)
    return heddle.AdapterModule(rng.normal(size=(r, n)), size / n * rng.normal(size=(n, r)))


def change_of(module, w, **options):
    adapter = heddle.Adapter({"cortex": module})
    found = heddle.dissect_adapter(adapter, {"cortex": w}, recurrent=["cortex"], **options)
    return found.modules["cortex"].eigenvalues


# Which loop moved which mode


def test_modes_are_paired_by_where_they_go_and_not_by_what_is_near():
    w = np.diag([0.5, 0.4, -1.0])
    unit = np.eye(3)
    found = change_of(heddle.AdapterModule(unit[:1], -0.3 * unit[:, :1]), w)
    assert found.paired == "paths"
    np.testing.assert_allclose(found.before.real, [0.5, 0.4, -1.0])
    np.testing.assert_allclose(found.after.real, [0.2, 0.4, -1.0], atol=1e-14)
    assert list(found.meetings) == []


def test_derivatives_by_the_gates_of_the_canonical_loops_are_first_order_shifts():
    w, module = weights(), module_of(size=1e-5)
    found = change_of(module, w)
    np.testing.assert_allclose(found.first.sum(axis=1), found.after - found.before, atol=1e-9)
    u, s, vt = linalg.svd(module.delta)
    values, left, right = linalg.eig(w, left=True, right=True)
    for k in range(3):
        direct = s[k] * np.einsum("ji,j->i", left.conj(), u[:, k]) * (vt[k] @ right)
        direct = direct / np.einsum("ji,ji->i", left.conj(), right)
        order = [int(np.argmin(np.abs(values - each))) for each in found.before]
        np.testing.assert_allclose(found.first[:, k], direct[order], atol=1e-12)


def test_progress_is_told_while_shares_are_found():
    told = []
    change_of(module_of(), weights(), shares=2, progress=lambda *step: told.append(step))
    assert told[0] == (0, 1000)
    assert told == sorted(told)
    assert told[-1][0] > 500


def test_the_shares_of_the_modes_that_moved_most_add_up_to_their_shifts():
    w, module = weights(), module_of(size=2.0)
    found = change_of(module, w, shares=5)
    shares = found.shares
    assert shares.exact
    assert len(shares.modes) + len(shares.lost) == 5
    most = set(np.argsort(-found.moved)[:5])
    assert set(shares.modes) <= most
    total = shares.shares.sum(axis=1)
    np.testing.assert_allclose(total, shares.after - shares.before, atol=1e-12)
    clear = [i for i, mode in enumerate(shares.modes) if mode not in shares.ambiguous]
    assert clear
    for i in clear:
        assert abs(shares.after[i] - found.after[shares.modes[i]]) < 1e-9
    assert change_of(module, w).shares is None


def test_a_base_without_a_basis_of_eigenvectors_is_paired_by_distance_and_says_so():
    w = np.diag(np.ones(5), 1)  # one Jordan block
    found = change_of(heddle.AdapterModule(np.eye(6)[:1], 0.1 * np.eye(6)[:, 5:]), w, shares=2)
    assert found.paired == "distance"
    assert found.first is None
    assert found.shares is None
    assert found.reason
    expected = 0.1 ** (1 / 6)
    np.testing.assert_allclose(np.abs(found.after), expected, rtol=1e-10)


def test_modes_of_one_eigenvalue_are_paired_by_distance_and_listed():
    found = change_of(module_of(6, 2, seed=1), 0.5 * np.eye(6))
    assert found.paired == "paths"
    assert len(found.lost) >= 2
    assert "more than once" in found.reason


def test_random_orders_come_with_standard_errors_and_follow_the_seed():
    w, module = weights(20), module_of(20, 10, size=0.5)
    first, again, other = (change_of(module, w, shares=1, seed=s).shares for s in (1, 1, 2))
    assert not first.exact
    assert np.all(first.standard_error > 0)
    np.testing.assert_array_equal(first.shares, again.shares)
    assert np.any(first.shares != other.shares)


@pytest.mark.parametrize("name", ["layers.0.q_proj", "lm_head", "h.0.attn.c_attn"])
def test_names_of_transformers_layers_have_no_eigenvalues(name):
    adapter, base = heddle.Adapter({name: module_of()}), {name: weights()}
    with pytest.raises(heddle.DomainError, match=r"between layers of a transformer.* W_O W_V"):
        heddle.dissect_adapter(adapter, base, recurrent=[name])
    with pytest.raises(heddle.DomainError, match=r"module: .* between layers of a transformer"):
        heddle.design_adapter(weights(), TARGETS, module=name)


def test_shards_are_read_together_and_modules_that_are_missing_come_with_a_hint(tmp_path):
    w, module = weights(), module_of()
    for name in ("a", "b"):
        path = tmp_path / f"{name}.safetensors"
        path.touch()
        write_safetensors(path, {f"model.{name}.weight": Tensor(w, "F32")})
    adapter = heddle.Adapter({"model.a": module, "model.b": module, "model.bb": module})
    shards = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    told = []
    found = heddle.dissect_adapter(adapter, shards, progress=lambda *step: told.append(step))
    assert found.without_base == ("model.bb",)
    assert found.hints["model.bb"] == "; did you mean 'model.b.weight'?"
    assert told == [(0, 3000), (1000, 3000), (2000, 3000)]
    for name in ("model.a", "model.b"):
        expected = linalg.svdvals(w.astype(np.float32) + module.delta)[:10]
        np.testing.assert_allclose(found.modules[name].singular.after, expected, rtol=1e-12)


# Design


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16", "BF16"])
def test_a_design_from_its_file_has_the_targets_as_exactly_as_it_says(tmp_path, dtype):
    w = weights(60)
    made = heddle.design_adapter(w, TARGETS, rank=2, dtype=dtype)
    rounded = heddle.write_adapter(tmp_path / "x", made.adapter)
    assert rounded == 0  # the adapter in the design is the one of the file
    read = heddle.read_adapter(tmp_path / "x").modules["cortex"]
    assert read.dtype == dtype
    values = linalg.eigvals(w + read.delta)
    error = np.abs(values[:, None] - TARGETS).min(axis=0)
    np.testing.assert_allclose(made.error, error, rtol=1e-3, atol=1e-12)
    assert made.margin_after == pytest.approx(1 - values.real.max(), abs=1e-10)
    unit = {"F64": 2.0**-53, "F32": 2.0**-24, "F16": 2.0**-11, "BF16": 2.0**-8}[dtype]
    assert made.rounding <= unit * 1.001
    # First order: κ_i times the norm of what rounding changes, at most 2 u ‖B‖ ‖A‖ and a bit.
    factors = made.adapter.modules["cortex"]
    change = (
        2.1 * unit * linalg.norm(factors.A.astype(float)) * linalg.norm(factors.B.astype(float))
    )
    assert np.all(made.error <= 3 * made.placement.condition * change + 1e-8)
    assert made.trusted == (made.error.max() <= 1e-4)
    assert made.trusted or dtype in made.reason


def test_the_margin_of_a_design_is_that_of_its_kind_of_time():
    w = weights(50)
    discrete = heddle.design_adapter(w, [0.9j, -0.9j], rank=1, time="discrete")
    continuous = heddle.design_adapter(w, [0.9j, -0.9j], rank=1)
    values = linalg.eigvals(w + discrete.adapter.modules["cortex"].delta)
    assert discrete.margin_after == pytest.approx(1 - np.abs(values).max(), abs=1e-10)
    assert discrete.margin_after == pytest.approx(0.1, abs=1e-5)
    assert continuous.margin_after == pytest.approx(1 - values.real.max(), abs=1e-10)


def test_a_design_without_rank_takes_as_many_loops_as_its_dtype_needs():
    w = heddle.gaussian_network(1, n=150, g=0.5, seed=2).weights
    targets = [*(1 + 1j * np.linspace(0.2, 1, 5)), *(1 - 1j * np.linspace(0.2, 1, 5))]
    wide = heddle.design_adapter(w, targets, dtype="F64")
    narrow = heddle.design_adapter(w, targets, dtype="BF16", tolerance=0.05)
    ranks = [each.adapter.modules["cortex"].rank for each in (wide, narrow)]
    assert ranks[0] < ranks[1]
    assert wide.trusted


def test_the_efficiency_is_the_least_gain_of_the_law_over_the_gain():
    w = heddle.gaussian_network(1, n=300, g=0.5, seed=2).weights
    made = heddle.design_adapter(w, [1.5], rank=1, dtype="F64")
    delta = made.adapter.modules["cortex"].delta
    assert made.gain == pytest.approx(linalg.norm(delta), rel=1e-10)
    bulk = heddle.bulk_of(w)
    away = (1.5 - bulk.centre) / bulk.radius
    least = bulk.radius * np.sqrt(away**2 - 1)
    assert made.least_gain == pytest.approx(least, rel=1e-10)
    assert made.efficiency == pytest.approx(least / linalg.norm(delta), rel=1e-10)
    assert 0.8 < made.efficiency < 1.2  # a random u in 300 dimensions


def test_the_efficiency_of_any_adapter_is_that_of_the_modes_it_put_outside_the_bulk():
    w = heddle.gaussian_network(1, n=300, g=0.5, seed=2).weights
    made = heddle.design_adapter(w, [1.5, 0.3 + 1j, 0.3 - 1j], rank=2, dtype="F64")
    found = change_of(made.adapter.modules["cortex"], w)
    targets = found.after[list(found.placed)]
    assert len(targets) == 3
    assert np.abs(targets[:, None] - made.placement.targets).min(axis=0).max() < 1e-8
    assert found.efficiency == pytest.approx(made.efficiency, rel=1e-6)
    rng = np.random.default_rng(1)
    wasteful = heddle.AdapterModule(rng.normal(size=(2, 300)), rng.normal(size=(300, 2)) / 300)
    assert change_of(wasteful, w).efficiency < 0.5 * found.efficiency


def test_a_design_for_a_file_stored_transposed_fits_that_file(tmp_path):
    w = weights(30)
    path = tmp_path / "base.safetensors"
    path.touch()
    write_safetensors(path, {"rnn.weight": Tensor(w.T.copy(), "F64")})
    made = heddle.design_adapter(path, TARGETS, module="rnn", transposed=True, dtype="F64")
    found = heddle.dissect_adapter(made.adapter, path, recurrent=["rnn"]).modules["rnn"]
    assert np.abs(found.eigenvalues.after[:, None] - TARGETS).min(axis=0).max() < 1e-8


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"time": "discret"}, "time is 'discret'; give one of continuous, discrete"),
        ({"dtype": "F8"}, "dtype is 'F8'; give one of F64"),
        ({"tolerance": 0}, "tolerance is 0; give a number above 0"),
        ({"module": ""}, "module is ''; give the name"),
        ({"base": {"cortx": np.eye(4)}}, "base has no 'cortex' and no 'cortex.weight'"),
        ({"base": np.ones((3, 4))}, r"'cortex' has shape \(3, 4\); a map of a state to itself"),
        ({"base": np.full((4, 4), np.nan)}, "'cortex' holds NaN"),
        ({"targets": [1 + 1j]}, "targets"),
    ],
)
def test_what_cannot_be_designed_is_refused_by_argument(options, words):
    given = {"base": weights(), "targets": TARGETS, **options}
    with pytest.raises(heddle.Error) as caught:
        heddle.design_adapter(given.pop("base"), given.pop("targets"), **given)
    assert re.search(words, str(caught.value))
