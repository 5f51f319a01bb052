"""The extension: what goes in, what comes out, how it fails, and that it can be interrupted."""

import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest
import scipy.sparse

import heddle

TIME = np.linspace(0, 1, 61)
N = 60


def wave(name, frequency=1.0):
    values = np.column_stack([np.sin(2 * np.pi * frequency * TIME), np.cos(5 * TIME)])
    return heddle.Motif(name, values, TIME[1], ["x", "y"])


def noise_like(name):
    """A motif that takes a fit its time."""
    values = np.random.default_rng(len(name)).standard_normal((200, 3)).cumsum(axis=0)
    return heddle.Motif(name, values, 0.005)


@pytest.fixture(scope="module")
def library():
    return heddle.design([wave("a"), wave("b", 1.5)], n=N, pairs=4, threads=1)


@pytest.fixture(scope="module")
def performance(library):
    return heddle.perform(library, "aba", noise=0.01, trials=3, units=[0, 5], threads=1)


@pytest.fixture
def _interruptible():
    """Ctrl-C raises KeyboardInterrupt even where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def same(one, other):
    """Whether two values hold the same bits."""
    if hasattr(type(one), "_fields"):
        return type(one) is type(other) and all(
            same(getattr(one, name), getattr(other, name)) for name in one._fields
        )
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if scipy.sparse.issparse(one):
        return scipy.sparse.issparse(other) and all(
            same(getattr(one, part), getattr(other, part)) for part in ("data", "indices", "indptr")
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return np.float64(one).tobytes() == np.float64(other).tobytes()
    return type(one) is type(other) and one == other


def values_of(library, performance):
    design = library["a"]
    placement = heddle.place_eigenvalues(library.network, [0.95 + 0.3j, 0.95 - 0.3j], loops=2)
    everything = [library, library.network, library.preparation, library.options, design]
    everything += [library.options.fit, library.options.motif_loops, placement]
    everything += [design.motif, design.fit, design.loops, heddle.bulk_of(library.network)]
    return [*everything, performance.items[0], performance.transitions]


# Arrays


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(lambda w: w.tolist(), id="lists"),
        pytest.param(np.asfortranarray, id="column-major"),
        pytest.param(np.ascontiguousarray, id="row-major"),
        pytest.param(lambda w: np.repeat(w, 2, axis=0)[::2], id="with strides"),
        pytest.param(lambda w: w.astype(np.float32), id="single precision"),
        pytest.param(lambda w: w.astype(int), id="integers"),
    ],
)
def test_any_array_like_gives_the_same_network(given):
    weights = np.arange(9.0).reshape(3, 3)
    network = heddle.Network(given(weights), readout=[[1, 2, 3]])
    np.testing.assert_array_equal(network.weights, weights)
    assert network.weights.dtype == np.float64
    assert network.readout.shape == (1, 3)


def test_what_comes_out_is_read_only_and_outlives_its_owner():
    network = heddle.Network(np.eye(50))
    weights = network.weights
    del network
    churn = [np.full((50, 50), 7.0) for _ in range(20)]
    np.testing.assert_array_equal(weights, np.eye(50))
    assert len(churn) == 20
    with pytest.raises(ValueError, match="read-only"):
        weights[0, 0] = 2


def test_nested_values_outlive_the_library():
    motifs = heddle.design([wave("a")], n=N, pairs=3).motifs
    expected = motifs[0].motif.values.copy()
    values = motifs[0].motif.values
    del motifs
    np.testing.assert_array_equal(values, expected)
    np.testing.assert_array_equal(expected, wave("a").values)


def test_sparse_weights_stay_sparse_and_duplicates_are_summed():
    rows, columns, entries = [0, 2, 2, 1], [1, 0, 0, 2], [1.0, 2.0, 3.0, 4.0]
    given = scipy.sparse.coo_matrix((entries, (rows, columns)), shape=(3, 3))
    network = heddle.Network(given)
    assert scipy.sparse.issparse(network.weights)
    np.testing.assert_array_equal(network.weights.toarray(), [[0, 1, 0], [0, 0, 4], [5, 0, 0]])
    assert given.nnz == 4, "the caller's matrix must stay as it was"


def test_a_network_without_bias_and_readout_has_none():
    network = heddle.Network(np.zeros((4, 4)), tau=0.02, response="tanh")
    assert network.response == "tanh"
    assert network.tau == 0.02
    assert network.size == 4
    np.testing.assert_array_equal(network.bias, np.zeros(4))
    assert network.readout.shape == (0, 4)


# Values


def test_every_value_comes_back_from_a_pickle_bit_for_bit(library, performance):
    for value in values_of(library, performance):
        assert same(value, pickle.loads(pickle.dumps(value))), type(value)


def test_every_value_can_be_built_from_its_fields_by_keyword(library, performance):
    for value in values_of(library, performance):
        fields = {name: getattr(value, name) for name in value._fields}
        assert same(value, type(value)(**fields)), type(value)


def test_every_value_has_a_one_line_repr_that_begins_with_its_type(library, performance):
    for value in [*values_of(library, performance), performance]:
        assert repr(value).startswith(type(value).__name__ + "(")
        assert "\n" not in repr(value)
        assert len(repr(value)) < 160


def test_no_field_can_be_set(library, performance):
    for value in values_of(library, performance):
        for name in value._fields:
            with pytest.raises(AttributeError):
                setattr(value, name, getattr(value, name))


def test_a_library_knows_its_motifs_by_name(library):
    assert library.names == ["a", "b"]
    assert len(library) == 2
    assert library["b"].motif.name == "b"
    assert "a" in library
    assert "c" not in library
    with pytest.raises(heddle.DomainError, match="'c'"):
        library["c"]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: heddle.Network(weight=np.eye(2)), "no field 'weight'.*did you mean 'weights'"),
        (lambda: heddle.Network(), "needs the field 'weights'"),
        (lambda: heddle.Motif("a", [[0], [1]], "fast"), "dt is 'fast' .*expected a number"),
        (lambda: heddle.Loops([[1]], [[1]], 0, 0, 0), "4 fields; found 5"),
        (lambda: heddle.FitOptions(pairs=2.5), "pairs is 2.5 .*expected an integer"),
        (lambda: heddle.fit_modes(wave("a"), pears=3), "'pears'.*did you mean 'pairs'"),
    ],
)
def test_a_wrong_keyword_or_type_is_named(build, message):
    with pytest.raises(TypeError, match=message):
        build()


# Errors


@pytest.mark.parametrize(
    ("error", "bases"),
    [
        (heddle.DomainError, (heddle.Error, ValueError)),
        (heddle.ShapeError, (heddle.Error, ValueError)),
        (heddle.FormatError, (heddle.Error, ValueError)),
        (heddle.NotConverged, (heddle.Error, RuntimeError)),
    ],
)
def test_errors_are_heddles_and_pythons(error, bases):
    assert all(issubclass(error, base) for base in bases)
    assert type(pickle.loads(pickle.dumps(error("found this")))) is error


def test_a_shape_error_carries_its_argument():
    with pytest.raises(heddle.ShapeError) as caught:
        heddle.Network(np.zeros(4))
    assert "weights" in caught.value.argument
    assert caught.value.actual == "(4,)"
    assert caught.value.expected == "two dimensions"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0, 1], [2]], "values"),
        ([["a"], ["b"]], "values holds values of type"),
        ([[1j], [2]], "values holds complex numbers; expected real numbers"),
        ([[0.0], [np.nan]], "'m'"),
        ([[0.0]], "'m'"),
    ],
)
def test_bad_values_of_a_motif_are_refused_by_name(values, message):
    with pytest.raises(heddle.Error, match=message):
        heddle.Motif("m", values, 0.1)


def test_an_iteration_that_does_not_end_is_not_converged():
    with pytest.raises(heddle.NotConverged, match="iteration"):
        heddle.stability_optimised_weights(40, abscissa=0.1, most_iterations=1)


# What the core computes, seen from Python


@pytest.mark.parametrize(
    ("method", "loops"), [("least_gain", 1), ("least_gain", 3), ("spectral", 1)]
)
def test_placed_targets_are_eigenvalues_of_the_closed_network(method, loops):
    network = heddle.gaussian_network(1, n=40, seed=3)
    targets = np.array([0.97, 0.9 + 0.4j, 0.9 - 0.4j, 0.8 + 0.9j, 0.8 - 0.9j])
    placed = heddle.place_eigenvalues(network, targets, method=method, loops=loops)
    closed = network.weights + placed.loops.u @ placed.loops.v.T
    found = np.linalg.eigvals(closed)
    assert np.abs(found[:, None] - targets).min(axis=0).max() < 1e-8
    assert placed.error.max() < 1e-8


def test_closed_spectra_are_numpys(library):
    spectra = heddle.closed_spectra(library, ["b", "a"])
    assert list(spectra) == ["b", "a"]
    for name, found in spectra.items():
        loops = library[name].loops
        expected = np.linalg.eigvals(library.network.weights + loops.u @ loops.v.T)
        distance = np.abs(found[:, None] - expected).min(axis=1)
        assert distance.max() < 1e-8


def test_a_fit_evaluates_to_the_error_it_states():
    motif = wave("a", 1.3)
    fit = heddle.fit_modes(motif, pairs=4)
    written = fit(0.01, motif.dt, len(motif.values))
    assert heddle.normalised_error(written, motif.values) == pytest.approx(fit.error, rel=1e-6)


def test_a_performed_motif_starts_where_the_network_is(library, performance):
    item = performance.items[0]
    np.testing.assert_allclose(item.preparation[0], 0, atol=1e-12)  # from rest
    np.testing.assert_allclose(item.preparation[-1], item.output[0], atol=1e-9)
    np.testing.assert_allclose(item.output[0], library["a"].motif.values[0], atol=0.2)


def test_what_is_recorded_changes_nothing_else(library, performance):
    bare = heddle.perform(library, "aba", noise=0.01, trials=3, threads=1)
    for one, other in zip(bare.items, performance.items, strict=True):
        np.testing.assert_allclose(one.output, other.output, atol=1e-12)
        assert one.mean_error == pytest.approx(other.mean_error, rel=1e-9)
        assert one.predicted_error == pytest.approx(other.predicted_error, rel=1e-9)


def test_extending_changes_no_bit_and_company_changes_no_bit(library):
    extended = heddle.extend(library, [wave("c", 2.0)])
    for design in library.motifs:
        assert same(design, extended[design.motif.name])
    assert same(library.preparation, extended.preparation)
    assert same(library.options, extended.options)
    together = heddle.design([wave("c", 2.0), wave("a"), wave("b", 1.5)], n=N, pairs=4, threads=1)
    for name in "abc":
        assert same(together[name], extended[name])


def test_any_number_of_threads_gives_the_same_bits(library, performance):
    again = heddle.design([wave("a"), wave("b", 1.5)], n=N, pairs=4, threads=2)
    for name in "ab":
        assert same(library[name], again[name])
    performed = heddle.perform(library, "aba", noise=0.01, trials=3, units=[0, 5], threads=2)
    assert all(map(same, performed.items, performance.items))


# Progress and interruption


def test_progress_counts_up_to_the_end_on_the_calling_thread():
    seen = []
    heddle.design(
        [wave(name) for name in "abcd"],
        n=N,
        pairs=3,
        progress=lambda done, total: seen.append((done, total, threading.get_ident())),
    )
    counts = [done for done, _, _ in seen]
    assert counts == sorted(counts)
    assert seen[-1][:2] == (4, 4)
    assert {thread for _, _, thread in seen} == {threading.get_ident()}


def test_progress_of_a_performance_reaches_its_total(library):
    seen = []
    heddle.perform(library, "abab", progress=lambda done, total: seen.append((done, total)))
    counts = [done for done, _ in seen]
    assert counts == sorted(counts)
    assert len({total for _, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1]


def test_what_progress_raises_stops_the_work_and_comes_out():
    def tell(done, total):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        heddle.design([wave(name) for name in "abcdef"], n=N, pairs=3, progress=tell)


def test_items_are_handed_over_in_order_on_the_calling_thread(library, performance):
    seen = []
    rest = heddle.perform(
        library,
        "aba",
        noise=0.01,
        trials=3,
        units=[0, 5],
        on_item=lambda item: seen.append((item, threading.get_ident())),
    )
    assert rest.items == []
    assert {thread for _, thread in seen} == {threading.get_ident()}
    assert all(same(item, kept) for (item, _), kept in zip(seen, performance.items, strict=True))


def test_what_a_receiver_of_items_raises_stops_the_performance(library):
    seen = []

    def receive(item):
        seen.append(item)
        if len(seen) == 2:
            raise LookupError("two are enough")

    with pytest.raises(LookupError, match="two are enough"):
        heddle.perform(library, "ababab", on_item=receive)
    assert len(seen) == 2


def test_other_threads_run_during_a_long_call():
    """Python's lock is free: a second thread counts while the first computes."""
    counted, over = [0], threading.Event()

    def count():
        while not over.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    heddle.eigenvalues(heddle.gaussian_weights(600, 1.0))
    over.set()
    thread.join()
    assert counted[0] > 5


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize(
    "work",
    [
        pytest.param(
            lambda: heddle.eigenvalues(heddle.gaussian_weights(2000, 1.0)), id="one long step"
        ),
        pytest.param(
            lambda: heddle.design([noise_like(f"m{k}") for k in range(300)], n=300, error=1e-12),
            id="many steps",
        ),
    ],
)
def test_ctrl_c_ends_a_long_call_at_once(work):
    sent = []

    def interrupt():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.5, interrupt)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
        waited = time.monotonic() - sent[0]
    finally:
        timer.cancel()
    # 0.05 s by design; the rest is for a machine that is busy with other things.
    assert waited < 1.0
