"""Weights from files, networks from descriptions: values kept, what cannot be named."""

import h5py
import numpy as np
import pytest
import scipy.io
import scipy.sparse
from heddle._core import DomainError, FormatError

import heddle
from heddle.io.networks import build_network, parse_network_spec, read_weights

WEIGHTS = np.random.default_rng(1).normal(size=(7, 7))
SPARSE = scipy.sparse.random(9, 9, density=0.3, random_state=2, format="csr")


def write_matlab_73(path, arrays, sparse=()):
    """As MATLAB lays them out: arrays transposed, sparse ones as groups, a 512-byte header."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in arrays.items():
            file.create_dataset(name, data=value.T).attrs["MATLAB_class"] = np.bytes_("double")
        for name, value in sparse:
            columns = value.tocsc()
            group = file.create_group(name)
            group.attrs["MATLAB_sparse"] = np.uint64(value.shape[0])
            group["jc"] = columns.indptr.astype(np.uint64)
            if columns.nnz:
                group["ir"] = columns.indices.astype(np.uint64)
                group["data"] = columns.data
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")


def saved(path, values):
    """The same matrix in a file of any kind."""
    kind = path.suffix
    if kind == ".npy":
        np.save(path, values)
    elif kind == ".npz":
        np.savez(path, W=values)
    elif kind == ".mat":
        scipy.io.savemat(path, {"W": values})
    elif kind in (".h5", ".hdf5"):
        with h5py.File(path, "w") as file:
            file["cortex/W"] = values
    else:
        separator = {".csv": ",", ".tsv": "\t", ".txt": " "}[kind]
        rows = (separator.join(map(repr, map(float, row))) for row in values)
        path.write_text("# a comment\n" + "\n".join(rows) + "\n")
    return path


KINDS = [".npy", ".npz", ".mat", ".h5", ".hdf5", ".csv", ".tsv", ".txt"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_keeps_every_weight_to_the_last_bit(tmp_path, kind):
    read = read_weights(saved(tmp_path / f"net{kind}", WEIGHTS))
    assert read.dtype == np.float64
    np.testing.assert_array_equal(read, WEIGHTS)


def test_a_table_may_have_semicolons_a_byte_order_mark_and_windows_line_ends(tmp_path):
    path = tmp_path / "net.csv"
    path.write_bytes("\ufeff1;2\r\n3;4e-1\r\n\r\n".encode())
    np.testing.assert_array_equal(read_weights(path), [[1, 2], [3, 0.4]])


def test_matlab_7_3_arrays_come_back_the_right_way_round(tmp_path):
    write_matlab_73(tmp_path / "net.mat", {"A": WEIGHTS})
    np.testing.assert_array_equal(read_weights(tmp_path / "net.mat"), WEIGHTS)


def test_sparse_weights_stay_sparse(tmp_path):
    scipy.sparse.save_npz(tmp_path / "a.npz", SPARSE.tocsc())
    scipy.io.savemat(tmp_path / "b.mat", {"W": SPARSE})
    write_matlab_73(tmp_path / "c.mat", {}, [("W", SPARSE)])
    for name in ("a.npz", "b.mat", "c.mat"):
        read = read_weights(tmp_path / name)
        assert scipy.sparse.issparse(read)
        assert read.format == "csr"
        np.testing.assert_array_equal(read.toarray(), SPARSE.toarray())


def test_a_sparse_matlab_7_3_matrix_without_entries_is_zero(tmp_path):
    write_matlab_73(tmp_path / "net.mat", {}, [("W", scipy.sparse.csr_matrix((3, 3)))])
    np.testing.assert_array_equal(read_weights(tmp_path / "net.mat").toarray(), np.zeros((3, 3)))


def test_whole_numbers_and_logicals_become_floats(tmp_path):
    np.save(tmp_path / "net.npy", np.eye(3, dtype=bool))
    np.testing.assert_array_equal(read_weights(tmp_path / "net.npy"), np.eye(3))


def test_a_key_chooses_among_arrays_and_without_one_the_only_square_one_is_taken(tmp_path):
    path = tmp_path / "nets.npz"
    np.savez(path, A=WEIGHTS, B=2 * WEIGHTS, readout=np.zeros((2, 7)))
    np.testing.assert_array_equal(read_weights(path, key="B"), 2 * WEIGHTS)
    np.savez(path, A=WEIGHTS, readout=np.zeros((2, 7)), dt=np.array([[0.1]]))
    np.testing.assert_array_equal(read_weights(path), WEIGHTS)
    np.savez(path, A=2 * WEIGHTS, W=WEIGHTS)
    np.testing.assert_array_equal(read_weights(path), WEIGHTS)


def test_a_dataset_within_groups_is_named_by_its_path(tmp_path):
    path = tmp_path / "nets.h5"
    with h5py.File(path, "w") as file:
        file["a/weights"] = WEIGHTS
        file["b/weights"] = 2 * WEIGHTS
    np.testing.assert_array_equal(read_weights(path, key="b/weights"), 2 * WEIGHTS)
    with pytest.raises(FormatError, match=r"a/weights \(7 × 7\), b/weights \(7 × 7\); name one"):
        read_weights(path)


def refused(path, message, key=None, error=FormatError):
    """The one sentence that reading the file ends in."""
    with pytest.raises(error) as caught:
        read_weights(path, key=key)
    text = str(caught.value)
    assert str(path) in text
    assert "\n" not in text
    assert message in text


def test_a_file_that_is_not_there_or_not_one_is_refused(tmp_path):
    refused(tmp_path / "net.npy", "does not exist; give a file: .npy, .npz")
    refused(tmp_path, "is a directory; give a file of weights in it")
    (tmp_path / "net.docx").write_bytes(b"x")
    refused(tmp_path / "net.docx", "is of unknown kind '.docx'; give one of .npy")


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_file_is_refused(tmp_path, kind):
    (tmp_path / f"net{kind}").touch()
    refused(tmp_path / f"net{kind}", "is empty; expected an n × n matrix")


@pytest.mark.parametrize("kind", [".npy", ".npz", ".mat", ".h5"])
def test_a_file_cut_short_is_refused(tmp_path, kind):
    path = saved(tmp_path / f"net{kind}", WEIGHTS)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, f"cannot be read as {kind} (")


@pytest.mark.parametrize("kind", KINDS)
def test_a_matrix_that_is_not_square_is_refused(tmp_path, kind):
    refused(saved(tmp_path / f"net{kind}", WEIGHTS[:3]), "shape 3 × 7; expected n × n")


@pytest.mark.parametrize("kind", KINDS)
def test_a_weight_that_is_no_number_is_refused_and_counted(tmp_path, kind):
    bad = WEIGHTS.copy()
    bad[0, 1], bad[3, 3] = np.nan, np.inf
    path = saved(tmp_path / f"net{kind}", bad)
    refused(path, "NaN or infinity at 2 of its weights; expected finite numbers")


def test_arrays_of_another_kind_are_refused(tmp_path):
    path = tmp_path / "net.npy"
    np.save(path, WEIGHTS * 1j)
    refused(path, "weights of type complex128; expected real numbers")
    np.save(path, np.array([["a", "b"], ["c", "d"]]))
    refused(path, "expected real numbers")
    np.save(path, np.zeros(5))
    refused(path, "weights of shape 5; expected n × n")
    np.save(path, np.zeros((0, 0)))
    refused(path, "an empty matrix; expected at least one unit")
    np.save(path, np.array([[1, None]], dtype=object), allow_pickle=True)
    refused(path, "cannot be read as .npy (")


def test_several_arrays_without_a_key_are_listed(tmp_path):
    path = tmp_path / "nets.npz"
    np.savez(path, A=WEIGHTS, B=SPARSE.toarray())
    refused(path, "holds several square arrays: A (7 × 7), B (9 × 9); name one by key")
    np.savez(path, A=WEIGHTS[:2], B=WEIGHTS[0])
    refused(path, "holds no square array: A (2 × 7), B (7); expected an n × n matrix")
    np.savez(path)
    refused(path, "holds no array")


def test_a_key_that_is_not_there_is_met_with_the_nearest(tmp_path):
    path = tmp_path / "nets.npz"
    np.savez(path, cortex=WEIGHTS, thalamus=WEIGHTS)
    refused(path, "holds no array 'cortx'; did you mean 'cortex'?", "cortx", DomainError)
    single = saved(tmp_path / "net.npy", WEIGHTS)
    refused(single, "holds a single array; leave key out", "W", DomainError)


def test_a_bad_line_of_a_table_is_named(tmp_path):
    path = tmp_path / "net.csv"
    path.write_text("# weights\n1,2\n3,x4\n")
    refused(path, "line 3 holds 'x4'; expected numbers only")
    path.write_text("1,2\n\n3\n")
    refused(path, "line 3 has 1 numbers; expected 2, as before")
    path.write_text("# nothing\n")
    refused(path, "holds comments only")
    path.write_bytes(b"\xff\xfe1,2\n")
    refused(path, "cannot be read as .csv (")


def test_an_archive_under_a_wrong_name_is_told_its_own(tmp_path):
    np.savez(tmp_path / "a.npz", W=WEIGHTS)
    (tmp_path / "a.npz").rename(tmp_path / "a.npy")
    refused(tmp_path / "a.npy", "is an archive of arrays; rename it to a.npz")
    np.save(tmp_path / "b.npy", WEIGHTS)
    (tmp_path / "b.npy").rename(tmp_path / "b.npz")
    refused(tmp_path / "b.npz", "is no archive of arrays; rename it to b.npy")


# Networks from descriptions


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("gaussian", {"kind": "gaussian"}),
        ("gaussian:n=500,g=0.9", {"kind": "gaussian", "n": "500", "g": "0.9"}),
        ("low_rank: outliers=1.4+0.8 ,", {"kind": "low_rank", "outliers": "1.4+0.8"}),
        ("dir/net.npy", {"kind": "file", "path": "dir/net.npy"}),
        ("net.npz:key=W2", {"kind": "file", "path": "net.npz", "key": "W2"}),
        ("./gaussian", {"kind": "file", "path": "./gaussian"}),
    ],
)
def test_a_line_of_text_is_a_kind_or_a_file_and_its_parameters(text, parameters):
    assert parse_network_spec(text) == parameters


@pytest.mark.parametrize(
    ("spec", "weights"),
    [
        ("gaussian:n=20,g=0.5", lambda: heddle.gaussian_weights(20, 0.5, seed=3)),
        ("dale:n=20,p=0.5", lambda: heddle.dale_weights(20, p=0.5, seed=3)),
        (
            "low_rank:n=20,g=0.5,outliers=1.4+-0.8",
            lambda: heddle.low_rank_weights(20, 0.5, [1.4, -0.8], seed=3),
        ),
        (
            "stability_optimised:n=30,abscissa=0.95",
            lambda: heddle.stability_optimised_weights(30, abscissa=0.95, seed=3),
        ),
    ],
)
def test_a_kind_is_the_generator_of_that_name(spec, weights):
    network = build_network(spec, channels=2, seed=3)
    np.testing.assert_array_equal(network.weights, weights())
    assert network.readout.shape == (2, network.weights.shape[0])


def test_a_sparse_network_stays_sparse():
    network = build_network("sparse:n=40,p=0.2", channels=1, seed=5)
    expected = heddle.sparse_weights(40, 0.2, 0.9, seed=5)
    assert scipy.sparse.issparse(network.weights)
    np.testing.assert_array_equal(network.weights.toarray(), expected.toarray())


def test_text_mapping_and_keywords_say_the_same():
    text = build_network("gaussian:n=12,g=0.7,channels=3,seed=4,tau=0.02,response=tanh")
    given = {"n": 12, "g": 0.7, "channels": 3, "seed": 4, "tau": 0.02, "response": "tanh"}
    for network in (
        build_network({"kind": "gaussian", **given}),
        build_network({"kind": "gaussian"}, **given),
        build_network("gaussian", **given),
    ):
        np.testing.assert_array_equal(network.weights, text.weights)
        np.testing.assert_array_equal(network.readout, text.readout)
        assert (network.tau, network.response) == (text.tau, text.response) == (0.02, "tanh")


def test_a_file_is_a_network_by_its_path_or_with_a_key(tmp_path):
    np.savez(tmp_path / "nets.npz", A=0.1 * WEIGHTS, B=0.2 * WEIGHTS)
    for spec in (
        f"{tmp_path}/nets.npz:key=B",
        {"kind": "file", "path": tmp_path / "nets.npz", "key": "B"},
    ):
        np.testing.assert_array_equal(build_network(spec, channels=1).weights, 0.2 * WEIGHTS)
    single = saved(tmp_path / "net.npy", WEIGHTS)
    np.testing.assert_array_equal(build_network(single, channels=1).weights, WEIGHTS)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gausian:n=5", "is neither a kind nor a file; did you mean 'gaussian'?"),
        ("relu", "is neither a kind nor a file; known are gaussian, sparse, dale"),
        ("gaussian:n", "found 'n', expected name=value"),
        ("gaussian:=5", "found '=5', expected name=value"),
        ("gaussian:n=5,n=6", "gives n twice; drop one"),
        ("stability_optimised:abcissa=1", "has no parameter 'abcissa'; did you mean 'abscissa'?"),
        ("gaussian:p=0.1", "kind 'gaussian' has no parameter 'p'; known are channels, seed"),
        ("gaussian:n=5.5", "n: found '5.5', expected a whole number"),
        ("gaussian:g=big", "g: found 'big', expected a number"),
        ("gaussian:seed=-1", "seed: found '-1', expected a whole number from 0 to 2^63 - 1"),
        ("low_rank:outliers=1;2", "outliers: found '1;2', expected numbers, as in 1.4+0.8"),
        ("low_rank", "outliers is missing; give eigenvalues"),
        ("gaussian:n=0", "n: found 0 units, expected at least 1"),
        ("gaussian:response=relu", "expected linear, rectified, tanh or softplus"),
        ({"n": 5}, "kind: found None; known are gaussian"),
        ({"kind": "file"}, "path is missing; give a file of weights"),
        ({"kind": "gaussian", "n": True}, "n: found True, expected a whole number"),
        ({"kind": "gaussian", "response": 3}, "response: found 3, expected a name"),
    ],
)
def test_a_description_that_cannot_be_is_refused_in_one_sentence(spec, message):
    with pytest.raises(DomainError) as caught:
        build_network(spec, channels=1)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_values_for_one_parameter_are_refused_and_so_is_none_for_channels():
    with pytest.raises(DomainError, match="n is given twice, as 5 and 6; drop one"):
        build_network("gaussian:n=5", n=6, channels=1)
    with pytest.raises(DomainError, match="channels is missing; give the number of readouts"):
        build_network("gaussian:n=5")
