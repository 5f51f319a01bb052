"""What an adapter did, against dense decompositions of W, ΔW and W + ΔW."""

import re

import numpy as np
import pytest
from scipy import linalg

import heddle
from heddle.adapters.bidiagonal import singular_coordinates
from heddle.io.safetensors_file import Tensor, write_safetensors

RNG = np.random.default_rng(3)
SHAPES = [(40, 40), (60, 25), (25, 60)]


def factors(out=40, into=40, r=4, size=1.0):
    scale = size / np.sqrt(out)
    return heddle.AdapterModule(RNG.normal(size=(r, into)), scale * RNG.normal(size=(out, r)), 6)


def adapter(**modules):
    return heddle.Adapter(modules)


def weights(out=40, into=40):
    return RNG.normal(size=(out, into)) / np.sqrt(into)


def dissected(module, base=None, **options):
    given = None if base is None else {"w": base}
    return heddle.dissect_adapter(adapter(w=module), given, **options).modules["w"]


def refusal(error, work):
    with pytest.raises(error) as caught:
        work()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ΔW alone


@pytest.mark.parametrize(("out", "into"), SHAPES)
@pytest.mark.parametrize("r", [1, 4, 30])
def test_rank_norms_and_singular_values_are_those_of_the_product_that_is_not_formed(out, into, r):
    module = factors(out, into, r)
    found = dissected(module)
    dense = linalg.svdvals(module.delta)
    rank = min(out, into, r)
    assert found.rank == rank
    np.testing.assert_allclose(found.singular_values, dense[:rank], rtol=1e-10)
    assert found.frobenius == pytest.approx(linalg.norm(module.delta), rel=1e-12)
    assert found.spectral == pytest.approx(linalg.norm(module.delta, 2), rel=1e-12)


def test_the_dissection_does_not_depend_on_the_gauge_of_the_factors():
    module, gauge = factors(), RNG.normal(size=(4, 4)) + 3 * np.eye(4)
    turned = heddle.AdapterModule(linalg.solve(gauge, module.A), module.B @ gauge, module.alpha)
    np.testing.assert_allclose(
        dissected(turned).singular_values, dissected(module).singular_values, rtol=1e-10
    )


def test_effective_ranks_are_r_for_equal_singular_values_and_one_for_rank_one():
    basis = linalg.qr(RNG.normal(size=(40, 5)), mode="economic")[0]
    equal = dissected(heddle.AdapterModule(basis.T, basis))
    assert equal.entropy_rank == pytest.approx(5, rel=1e-12)
    assert equal.stable_rank == pytest.approx(5, rel=1e-12)
    a, b = RNG.normal(size=(1, 40)), RNG.normal(size=(40, 1))
    repeated = dissected(heddle.AdapterModule(np.tile(a, (3, 1)), np.tile(b, (1, 3))))
    assert (repeated.width, repeated.rank) == (3, 1)
    assert repeated.entropy_rank == pytest.approx(1, rel=1e-12)
    p = np.array([4.0, 2.0, 2.0]) / 8
    unequal = dissected(heddle.AdapterModule(basis[:, :3].T, basis[:, :3] * [4, 2, 2]))
    assert unequal.entropy_rank == pytest.approx(np.exp(-p @ np.log(p)), rel=1e-12)
    assert unequal.stable_rank == pytest.approx(24 / 16, rel=1e-12)


def test_an_untrained_adapter_has_rank_zero_and_moves_nothing():
    module = heddle.AdapterModule(RNG.normal(size=(4, 40)), np.zeros((40, 4)))
    w = weights()
    found = dissected(module, w, recurrent=["w"])
    assert (found.rank, found.spectral, found.entropy_rank, found.stable_rank) == (0, 0, 0, 0)
    np.testing.assert_array_equal(found.singular.after, found.singular.before)
    assert found.singular.intruders == ()
    np.testing.assert_array_equal(found.eigenvalues.moved, 0)


# Singular values moved


@pytest.mark.parametrize(("out", "into"), SHAPES)
@pytest.mark.parametrize("size", [1e-9, 1e-3, 1.0, 1e3])
def test_the_closed_form_gives_every_singular_value_of_the_dense_sum(out, into, size):
    w, module = weights(out, into), factors(out, into, size=size)
    m = min(out, into)
    found = dissected(module, w, leading=m).singular
    u, s, _ = linalg.svd(w + module.delta, full_matrices=False)
    np.testing.assert_allclose(found.before, linalg.svdvals(w), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.after, s, rtol=0, atol=1e-10 * max(1, s[0]))
    x = linalg.svd(w, full_matrices=False)[0]
    np.testing.assert_allclose(found.alignment, np.max(np.abs(x.T @ u), axis=0), atol=1e-8)
    assert np.all(found.after_error < 1e-8 * max(1, s[0]))
    assert found.undecided == ()


def test_values_that_the_adapter_does_not_touch_stay_and_repeated_ones_are_counted():
    w = np.diag([3.0, 2.0, 2.0, 2.0, 1.0, 1.0])
    unit = np.eye(6)
    module = heddle.AdapterModule(unit[:1] + unit[1:2], 0.5 * (unit[:, :1] + unit[:, 1:2]))
    found = dissected(module, w, leading=6).singular
    np.testing.assert_allclose(found.after, linalg.svdvals(w + module.delta), atol=1e-12)


def test_on_a_base_of_zeros_or_of_low_rank_the_values_are_still_those_of_the_sum():
    module = factors(30, 50)
    for w in (np.zeros((30, 50)), weights(30, 2) @ weights(2, 50)):
        found = dissected(module, w, leading=30).singular
        dense = linalg.svdvals(w + module.delta)
        np.testing.assert_allclose(found.after, dense, atol=1e-10 * dense[0])


def test_a_base_in_single_precision_is_taken_as_it_is():
    w, module = weights().astype(np.float32), factors()
    dense = linalg.svdvals(w.astype(float) + module.delta)[:10]
    np.testing.assert_allclose(dissected(module, w).singular.after, dense, rtol=1e-12)


def test_a_new_strong_direction_is_an_intruder_and_a_stronger_old_one_is_not():
    w = weights(200, 200)
    x, _, yt = linalg.svd(w)
    stronger = heddle.AdapterModule(yt[:1], 9 * x[:, :1])
    found = dissected(stronger, w).singular
    assert found.intruders == ()
    assert found.intruder_energy == 0
    assert found.alignment[0] == pytest.approx(1, abs=1e-9)
    into, out = (linalg.norm(RNG.normal(size=200)) for _ in range(2))
    random = heddle.AdapterModule(
        RNG.normal(size=(1, 200)) / into, 9 * RNG.normal(size=(200, 1)) / out
    )
    found = dissected(random, w).singular
    dense = linalg.svdvals(w + random.delta)[:10]
    assert found.intruders == (0,)
    assert found.intruder_energy == pytest.approx(dense[0] ** 2 / np.sum(dense**2), rel=1e-10)


def test_random_subspaces_give_the_leading_values_within_the_residuals_they_report():
    out, into = 120, 80
    x, y = (linalg.qr(RNG.normal(size=(n, 80)), mode="economic")[0] for n in (out, into))
    w, module = (x * 2.0 ** -np.arange(80)) @ y.T, factors(out, into, size=0.3)
    exact = dissected(module, w, leading=6).singular
    found = dissected(module, w, leading=6, exact=False, seed=5).singular
    again = dissected(module, w, leading=6, exact=False, seed=5).singular
    assert exact.exact
    assert not found.exact
    np.testing.assert_array_equal(found.after, again.after)
    assert np.all(np.abs(found.after - exact.after) <= found.after_error + 1e-12)
    assert np.all(np.abs(found.before - exact.before) <= found.before_error + 1e-12)
    assert np.all(found.after_error < 1e-6)
    assert np.all(found.alignment <= exact.alignment + 1e-6)
    assert np.all(exact.alignment <= found.alignment_bound + 1e-6)
    assert set(found.intruders) <= set(exact.intruders)
    assert set(exact.intruders) <= {*found.intruders, *found.undecided}


def test_a_flat_spectrum_leaves_residuals_that_say_so():
    w, module = weights(150, 150), factors(150, 150, size=0.01)
    exact = dissected(module, w).singular
    found = dissected(module, w, exact=False).singular
    apart = np.abs(found.after - exact.after)
    assert np.all(found.after <= exact.after + 1e-12)  # Ritz values lie below
    assert np.max(found.after_error) > 1e-4
    assert np.all(apart <= found.after_error)


def test_bases_stored_transposed_in_files_and_under_names_with_weight_are_the_same(tmp_path):
    module, w = factors(60, 25), weights(60, 25)
    turned = heddle.AdapterModule(module.A, module.B, module.alpha, transposed=True)
    plain = dissected(module, w).singular.after
    np.testing.assert_allclose(dissected(turned, w.T).singular.after, plain, rtol=1e-12)
    path = tmp_path / "base.safetensors"
    path.touch()
    write_safetensors(path, {"w.weight": Tensor(w, "F64"), "v": Tensor(w, "F64")})
    found = heddle.dissect_adapter(adapter(w=module, z=module), path)
    np.testing.assert_array_equal(found.modules["w"].singular.after, plain)
    assert found.modules["z"].singular is None
    assert found.without_base == ("z",)


# Eigenvalues moved


def test_eigenvalues_margins_and_departures_are_those_of_the_dense_matrices():
    w, module = weights(), factors(size=0.4)
    after = w + module.delta
    for time, measure in (("continuous", np.real), ("discrete", np.abs)):
        found = dissected(module, w, recurrent=["w"], time=time).eigenvalues
        for each, matrix in ((found.before, w), (found.after, after)):
            dense = linalg.eigvals(matrix)
            apart = np.abs(each[:, None] - dense)
            assert max(apart.min(axis=0).max(), apart.min(axis=1).max()) < 1e-10
        assert found.margin_before == pytest.approx(1 - np.max(measure(linalg.eigvals(w))))
        assert found.margin_after == pytest.approx(1 - np.max(measure(linalg.eigvals(after))))
        for departure, matrix in ((found.henrici_before, w), (found.henrici_after, after)):
            squared = linalg.norm(matrix) ** 2 - np.sum(np.abs(linalg.eigvals(matrix)) ** 2)
            assert departure == pytest.approx(np.sqrt(squared), rel=1e-10)


def test_a_loop_moves_the_eigenvalue_it_was_made_for_and_no_other():
    w = weights(60, 60) * 0.5
    values, left, right = linalg.eig(w, left=True, right=True)
    i = int(np.argmax(np.where(np.abs(values.imag) < 1e-12, values.real, -np.inf)))
    u, v = right[:, i].real, left[:, i].real
    loop = heddle.AdapterModule(v[None] * 0.3 / (v @ u), u[:, None])
    found = dissected(loop, w, recurrent=["w"]).eigenvalues
    place = int(np.argmin(np.abs(found.before - values[i])))
    assert found.moved[place] == pytest.approx(0.3, abs=1e-10)
    assert np.max(np.delete(found.moved, place)) < 1e-10


def test_loops_that_place_eigenvalues_still_place_them_as_an_adapter_from_a_file(tmp_path):
    network = heddle.gaussian_network(2, n=60, g=0.5, seed=1)
    targets = np.array([1 + 2j, 1 - 2j, 0.9])
    loops = heddle.place_eigenvalues(network, targets, loops=1).loops
    module = heddle.AdapterModule(loops.v.T, loops.u)
    for dtype, tolerance in (("F64", 1e-10), ("F32", 1e-5)):
        heddle.write_adapter(tmp_path / dtype, adapter(cortex=module), dtype=dtype)
        read = heddle.read_adapter(tmp_path / dtype)
        base = {"cortex": network.weights}
        found = heddle.dissect_adapter(read, base, recurrent=["cortex"]).modules["cortex"]
        apart = np.abs(found.eigenvalues.after[:, None] - targets).min(axis=0)
        assert np.max(apart) < tolerance


def test_a_normal_matrix_has_no_departure_from_normality():
    turn = linalg.qr(RNG.normal(size=(30, 30)))[0]
    module = heddle.AdapterModule(turn[:, :2].T, turn[:, :2])
    found = dissected(module, (turn * RNG.normal(size=30)) @ turn.T, recurrent="w").eigenvalues
    assert found.henrici_before < 1e-12
    assert found.henrici_after < 1e-12


# Two adapters


def compared(a, b):
    return heddle.compare_adapters(adapter(w=a), adapter(w=b)).modules["w"]


@pytest.mark.parametrize(("out", "into"), SHAPES)
def test_angles_and_interference_are_those_of_the_dense_products(out, into):
    a, b = factors(out, into, 3), factors(out, into, 5)
    found = compared(a, b)
    da, db = a.delta, b.delta
    norms = linalg.norm(da) * linalg.norm(db)
    assert found.output_interference == pytest.approx(linalg.norm(da.T @ db), rel=1e-10)
    assert found.input_interference == pytest.approx(linalg.norm(da @ db.T), rel=1e-10)
    assert found.output_share == pytest.approx(linalg.norm(da.T @ db) / norms, rel=1e-10)
    assert found.input_share == pytest.approx(linalg.norm(da @ db.T) / norms, rel=1e-10)
    assert found.cosine == pytest.approx(np.sum(da * db) / norms, rel=1e-10)
    for angles, left, right in (
        (found.output_angles, da, db),
        (found.input_angles, da.T, db.T),
    ):
        ranges = (linalg.svd(each)[0][:, :k] for each, k in ((left, 3), (right, 5)))
        cosines = linalg.svdvals(np.matmul(*[e.T if i == 0 else e for i, e in enumerate(ranges)]))
        np.testing.assert_allclose(np.cos(angles), cosines, atol=1e-10)


def test_an_adapter_compared_with_itself_and_with_an_orthogonal_one_are_the_two_limits():
    basis = linalg.qr(RNG.normal(size=(40, 8)), mode="economic")[0]
    a = heddle.AdapterModule(basis[:, :4].T, basis[:, :4])
    b = heddle.AdapterModule(basis[:, 4:].T, basis[:, 4:])
    same, apart = compared(a, a), compared(a, b)
    np.testing.assert_allclose(same.output_angles, 0, atol=1e-12)
    assert same.cosine == pytest.approx(1, rel=1e-12)
    assert same.output_share == pytest.approx(1 / 2, rel=1e-12)  # ‖S²‖ / ‖S‖², S = I₄
    np.testing.assert_allclose(apart.input_angles, np.pi / 2, rtol=1e-12)
    assert apart.output_interference < 1e-14
    nothing = heddle.AdapterModule(np.zeros((2, 40)), np.zeros((40, 2)))
    none = compared(a, nothing)
    assert (none.output_angles.shape, none.output_share, none.cosine) == ((0,), 0, 0)


# Bad input


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"leading": 0}, "leading is 0; give a whole number"),
        ({"threshold": 1.5}, "threshold is 1.5; give a cosine"),
        ({"threshold": np.nan}, "threshold is nan"),
        ({"time": "discret"}, "time is 'discret'; give one of continuous, discrete"),
        ({"recurrent": ["v"]}, "the adapter has no module 'v'"),
        ({"recurrent": ["tall"]}, r"'tall' has shape \(60, 25\)"),
        ({"recurrent": ["w"], "base": None}, "base has no weights of 'w'"),
        ({"base": {"w.weigth": np.eye(40)}}, "no module of the adapter, such as 'w.weight'; did"),
        (
            {"base": {"w": np.eye(41)}},
            r"'w' has shape \(41, 41\); the adapter changes .*\(40, 40\)",
        ),
        ({"base": {"tall": np.eye(25, 60)}}, r"shape \(60, 25\); its transpose fits"),
        ({"base": {"w": np.full((40, 40), np.nan)}}, "'w' holds NaN"),
        ({"base": {"w": np.eye(40) * 1j}}, "'w' is of type complex128"),
        ({"base": "nowhere.safetensors"}, "nowhere.safetensors cannot be read"),
    ],
)
def test_what_cannot_be_dissected_is_refused_by_argument(options, words):
    given = adapter(w=factors(), tall=factors(60, 25))
    options = {"base": {"w": np.eye(40)}, **options}
    base = options.pop("base")
    message = refusal(heddle.Error, lambda: heddle.dissect_adapter(given, base, **options))
    assert re.search(words, message)


def test_adapters_that_have_nothing_in_common_are_not_compared():
    a, b = adapter(w=factors()), adapter(v=factors())
    message = refusal(heddle.DomainError, lambda: heddle.compare_adapters(a, b))
    assert "a changes w and b changes v" in message
    wide = adapter(w=factors(40, 41))
    message = refusal(heddle.ShapeError, lambda: heddle.compare_adapters(a, wide))
    assert "'w' has shape (40, 40) in a and (40, 41) in b" in message
    both = adapter(w=factors(), v=factors())
    found = heddle.compare_adapters(a, both)
    assert (list(found.modules), found.only_a, found.only_b) == (["w"], (), ("v",))


# The basis of W


@pytest.mark.parametrize(("out", "into"), [(40, 40), (60, 50), (90, 25), (25, 90), (50, 60)])
def test_vectors_in_the_singular_basis_are_those_of_the_basis_that_is_not_formed(out, into):
    w, p, q = weights(out, into), RNG.normal(size=(out, 3)), RNG.normal(size=(into, 3))
    found = singular_coordinates(w, p, q)
    x, s, yt = linalg.svd(w, full_matrices=False)
    np.testing.assert_allclose(found.s, s, atol=1e-13)
    signs = np.sign(np.sum(found.p * (x.T @ p), axis=1))[:, None]  # of each pair of vectors
    np.testing.assert_allclose(found.p, signs * (x.T @ p), atol=1e-10)
    np.testing.assert_allclose(found.q, signs * (yt @ q), atol=1e-10)
