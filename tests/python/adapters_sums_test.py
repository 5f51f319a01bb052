"""Adapters added up, and adapters that take over from each other."""

import re

import numpy as np
import pytest
from scipy import linalg

import heddle


def module_of(out=20, into=20, r=2, seed=1, **options):
    rng = np.random.default_rng(seed)
    return heddle.AdapterModule(rng.normal(size=(r, into)), rng.normal(size=(out, r)), **options)


def adapter(**modules):
    return heddle.Adapter(modules)


# Sums


def test_a_sum_is_the_weighted_sum_of_the_products_and_its_rank_is_the_sum_of_ranks():
    a, b = module_of(30, 20, 2, alpha=3), module_of(30, 20, 3, seed=2, alpha=2, rslora=True)
    found = heddle.add_adapters([adapter(w=a), adapter(w=b)], [0.5, -2.0])
    module = found.adapter.modules["w"]
    np.testing.assert_allclose(module.delta, 0.5 * a.delta - 2.0 * b.delta, atol=1e-12)
    assert module.rank == 5
    assert module.scale == 1
    assert found.error["w"] == 0


def test_a_sum_of_lower_rank_is_the_nearest_one_and_its_error_is_measured():
    a, b = module_of(), module_of(seed=2)
    whole = a.delta + b.delta
    found = heddle.add_adapters([adapter(w=a), adapter(w=b)], rank=3)
    s = linalg.svdvals(whole)
    apart = linalg.norm(found.adapter.modules["w"].delta - whole)
    assert apart == pytest.approx(s[3], rel=1e-8)  # Eckart and Young
    assert found.error["w"] == pytest.approx(s[3] / linalg.norm(whole), rel=1e-8)


def test_adapters_that_cancel_leave_a_rank_one_of_zeros():
    a = module_of()
    found = heddle.add_adapters([adapter(w=a), adapter(w=a)], [1, -1])
    assert found.error["w"] == 0
    np.testing.assert_array_equal(found.adapter.modules["w"].delta, 0)


def test_modules_of_one_adapter_alone_are_kept_with_its_weight(tmp_path):
    a, b = module_of(), module_of(seed=2)
    found = heddle.add_adapters([adapter(v=a), adapter(w=b)], [2, 3])
    np.testing.assert_allclose(found.adapter.modules["v"].delta, 2 * a.delta, atol=1e-12)
    np.testing.assert_allclose(found.adapter.modules["w"].delta, 3 * b.delta, atol=1e-12)
    heddle.write_adapter(tmp_path / "sum", found.adapter)
    read = heddle.read_adapter(tmp_path / "sum")
    np.testing.assert_array_equal(read.modules["w"].delta, found.adapter.modules["w"].delta)


@pytest.mark.parametrize(
    ("adapters", "options", "words"),
    [
        ([], {}, "adapters is empty"),
        ([adapter(w=module_of())], {"weights": [1, 2]}, r"weights has shape \(2,\); expected \(1,"),
        ([adapter(w=module_of())], {"weights": [np.inf]}, "weights holds NaN or infinity"),
        ([adapter(w=module_of())], {"rank": 0}, "rank is 0; give a whole number"),
        (
            [adapter(w=module_of()), adapter(w=module_of(21))],
            {},
            r"'w' has shape \(20, 20\) in one adapter and \(21, 20\)",
        ),
        (
            [adapter(w=module_of()), adapter(w=module_of(transposed=True))],
            {},
            "'w' is stored transposed in one adapter",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_by_name(adapters, options, words):
    with pytest.raises(heddle.Error) as caught:
        heddle.add_adapters(adapters, **options)
    assert re.search(words, str(caught.value))


# Switching


def sheared(size, upper):
    """On a base of 1/2 in two dimensions: a shear that decays alone, and grows with its mirror."""
    a, b = np.eye(2)[:1], np.eye(2)[:, 1:]
    return adapter(
        cortex=heddle.AdapterModule(b.T, size * a.T) if upper else heddle.AdapterModule(a, size * b)
    )


def test_a_certificate_names_the_adapters_and_is_that_of_the_maps():
    base = np.eye(2) / 2
    adapters = {"rest": None, "up": sheared(2, True), "down": sheared(2, False)}
    found = heddle.certify_adapters(base, adapters, time="discrete")
    shear = np.array([[0, 2], [0, 0]])
    maps = [base, base + shear, base + shear.T]
    twin = heddle.certify_switching(maps, time="discrete")
    assert found.names == ("rest", "up", "down")
    assert found.verdict == twin.verdict == "dwell"
    assert found.certificate.dwell == twin.dwell
    assert found.certificate.grows
    assert set(re.findall(r"in the order (.*)", found.statement)[0].split(", ")) == {"up", "down"}


def test_weak_adapters_may_switch_in_any_way_in_both_kinds_of_time():
    adapters = {"up": sheared(0.3, True), "down": sheared(0.3, False)}
    for time in ("continuous", "discrete"):
        found = heddle.certify_adapters(np.eye(2) / 2, adapters, time=time)
        assert found.verdict == "any"
        assert found.certificate.rate > 0


def test_an_adapter_that_is_not_stable_by_itself_is_named():
    strong = adapter(cortex=heddle.AdapterModule(np.eye(2), np.eye(2)))
    found = heddle.certify_adapters(np.eye(2) / 2, {"rest": None, "strong": strong})
    assert found.verdict == "unstable"
    assert found.statement.startswith("'strong' is not stable by itself, max Re λ = 1.5")


@pytest.mark.parametrize(
    ("adapters", "options", "words"),
    [
        ({}, {}, "adapters is empty"),
        ({"a": None}, {"time": "now"}, "time is 'now'; give one of"),
        ({"a": adapter(cortx=module_of(2, 2))}, {}, "'a' has no module 'cortex'; did you mean"),
        ({"a": adapter(cortex=module_of(3, 3))}, {}, r"shape \(3, 3\) in 'a' and \(2, 2\) in base"),
        ({"a": None}, {"most_dwell": 0}, "most_dwell: found 0"),
    ],
)
def test_what_cannot_be_certified_is_refused_by_name(adapters, options, words):
    with pytest.raises(heddle.Error) as caught:
        heddle.certify_adapters(np.eye(2) / 2, adapters, **options)
    assert re.search(words, str(caught.value))
