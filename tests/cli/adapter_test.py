"""heddle adapter: inspect, compare and design say what the functions return, and refuse clearly."""

import json

import numpy as np
import pytest

import heddle
from heddle.io.safetensors_file import Tensor, write_safetensors

N = 30


@pytest.fixture
def model(tmp_path):
    """Two shards of a model, an adapter of two of its modules, and one of other ones."""
    rng = np.random.default_rng(2)
    names = {"rnn": (N, N), "out.weight": (5, N)}
    for key, shape in names.items():
        path = tmp_path / f"{key.split('.')[0]}.safetensors"
        path.touch()
        values = rng.normal(size=shape) * 0.5 / np.sqrt(N)
        write_safetensors(path, {key: Tensor(values, "F32")})
    modules = {
        "rnn": heddle.AdapterModule(rng.normal(size=(2, N)), rng.normal(size=(N, 2)) / N),
        "out": heddle.AdapterModule(rng.normal(size=(2, N)), rng.normal(size=(5, 2)) / N),
    }
    heddle.write_adapter(tmp_path / "lora", heddle.Adapter(modules))
    other = {"rnn": modules["rnn"], "head": modules["out"]}
    heddle.write_adapter(tmp_path / "other", heddle.Adapter(other))
    return tmp_path


def shards(model):
    return "--base", model / "rnn.safetensors", "--base", model / "out.safetensors"


def data_of(command, *words):
    result = command("adapter", *words, "--json")
    assert result.code == 0, result.err
    assert result.err == ""
    assert result.out.count("\n") == 1
    return json.loads(result.out)


def refusal(command, *words):
    result = command("adapter", *words)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("heddle: ")
    assert result.err.count("\n") == 1
    return result.err


def test_inspect_with_shards_holds_the_numbers_of_the_dissection(command, model):
    words = (*shards(model), "--recurrent", "rnn", "--shares", "3", "--time", "discrete")
    data = data_of(command, "inspect", model / "lora", *words)
    found = heddle.dissect_adapter(
        heddle.read_adapter(model / "lora"),
        [model / "rnn.safetensors", model / "out.safetensors"],
        recurrent=["rnn"],
        shares=3,
        time="discrete",
    )
    rnn, change = data["modules"]["rnn"], found.modules["rnn"].eigenvalues
    assert rnn["frobenius"] == found.modules["rnn"].frobenius
    assert rnn["singular"]["after"] == found.modules["rnn"].singular.after.tolist()
    assert rnn["eigenvalues"]["margin_after"] == change.margin_after
    assert rnn["eigenvalues"]["shares"]["modes"] == list(change.shares.modes)
    read = np.array(rnn["eigenvalues"]["shares"]["shares"])
    np.testing.assert_array_equal(read[..., 0] + 1j * read[..., 1], change.shares.shares)
    assert data["modules"]["out"]["eigenvalues"] is None
    assert data["without_base"] == []


def test_the_table_has_a_row_for_every_module_and_one_for_every_mode_that_is_shared(command, model):
    words = (*shards(model), "--recurrent", "rnn", "--shares", "3")
    result = command("adapter", "inspect", model / "lora", *words)
    assert result.code == 0, result.err
    lines = [line.split() for line in result.out.splitlines() if line.strip()]
    assert [line[0] for line in lines[1:3]] == ["out", "rnn"]
    assert "loop 2" in result.out
    start = next(k for k, line in enumerate(lines) if line[0] == "mode")
    assert all(line[0].isdigit() for line in lines[start + 1 : start + 4])


def test_without_a_base_there_is_one_line_a_module_and_randomised_ones_say_they_are(command, model):
    result = command("adapter", "inspect", model / "lora")
    assert result.code == 0
    assert "σ₁" not in result.out
    data = data_of(command, "inspect", model / "lora", *shards(model), "--randomised")
    assert data["modules"]["rnn"]["singular"]["exact"] is False


def test_modules_that_the_base_lacks_are_named(command, model):
    words = ("inspect", model / "lora", "--base", model / "rnn.safetensors")
    assert data_of(command, *words)["without_base"] == ["out"]
    assert "Not in the base: 1 of 2 modules, such as out" in command("adapter", *words).out


def test_compare_holds_the_numbers_of_the_comparison_and_names_what_is_in_one_only(command, model):
    data = data_of(command, "compare", model / "lora", model / "other")
    assert data["modules"]["rnn"]["cosine"] == pytest.approx(1, rel=1e-12)
    assert (data["only_first"], data["only_second"]) == (["out"], ["head"])
    text = command("adapter", "compare", model / "lora", model / "other").out
    assert text.splitlines()[1].split()[0] == "rnn"
    assert "head" in text


def test_a_design_is_written_as_an_adapter_that_places_the_modes(command, model):
    words = ("--targets", "1.05+0.4i", "-o", model / "loops", "--rank", "1")
    base = ("--base", model / "rnn.safetensors", "--module", "rnn")
    data = data_of(command, "design", *base, *words)
    read = heddle.read_adapter(model / "loops")
    found = heddle.dissect_adapter(read, model / "rnn.safetensors", recurrent=["rnn"])
    after = found.modules["rnn"].eigenvalues.after
    assert np.abs(after - (1.05 + 0.4j)).min() == pytest.approx(data["error"][0], abs=1e-10)
    assert data["trusted"] is True
    assert data["placement"]["targets"] == [[1.05, 0.4], [1.05, -0.4]]
    assert data["rank"] == 1


def test_a_design_on_random_weights_is_printed_with_errors_and_efficiency(command, tmp_path):
    words = ("--base", "gaussian:n=80,g=0.5", "--targets", "0.9i", "--time", "discrete")
    result = command("adapter", "design", *words, "-o", tmp_path / "x", "--dtype", "F64")
    assert result.code == 0, result.err
    text = " ".join(result.out.split())
    assert "efficiency" in text
    assert "margin 1 − max |λ|" in text
    assert f"Written to {tmp_path / 'x'}" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("inspect", "nowhere"), "nowhere/adapter_config.json cannot be read"),
        (("inspect", "lora", "--base", "nowhere.safetensors"), "cannot be read"),
        (("inspect", "lora", "--base", "rnn.safetensors", "--recurrent", "r"), "it has out, rnn"),
        (("inspect", "lora", "--base", "rnn.safetensors", "--recurrent", "out"), "is square"),
        (("inspect", "lora", "--base", "rnn.safetensors", "--time", "now"), "time is 'now'"),
        (("inspect", "lora", "--shares", "-1"), "See: heddle adapter inspect --help"),
        (("inspect", "other", "--base", "out.safetensors"), "no module of the adapter"),
        (("compare", "lora"), "See: heddle adapter compare --help"),
        (("compar", "lora"), "See: heddle adapter --help"),
        (
            ("design", "--base", "rnn.safetensors", "--targets", "1", "-o", "x"),
            "base has no 'cortex'",
        ),
        (("design", "--base", "gaussian:n=9", "--targets", "one", "-o", "x"), "found 'one'"),
        (
            ("design", "--base", "gaussian:n=9", "--targets", "1", "-o", "x", "--module", "q_proj"),
            "between layers of a transformer",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(command, model, monkeypatch, words, message):
    monkeypatch.chdir(model)
    assert message in refusal(command, *words)


def test_a_base_of_another_shape_is_refused_by_name(command, model):
    path = model / "wrong.safetensors"
    path.touch()
    write_safetensors(path, {"rnn": Tensor(np.eye(4), "F32")})
    message = refusal(command, "inspect", model / "lora", "--base", path)
    assert "'rnn' has shape (4, 4); the adapter changes one of shape (30, 30)" in message
