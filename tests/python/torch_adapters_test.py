"""PEFT loads the adapters that we write, and we read those that it saves. Nothing is downloaded."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import numpy as np
import pytest
from torch_here import torch
from trainable_examples import ours

import heddle
from heddle.training import TrainableNetwork, TrainingTask

os.environ.setdefault("HF_HUB_OFFLINE", "1")
peft = pytest.importorskip("peft", reason="PEFT is not installed here")
transformers = pytest.importorskip("transformers")

DRAW = np.random.default_rng(3)


def plain_model(*names: str) -> torch.nn.Module:
    """Linear maps below one another, (6 → 6) each, added up; with modules named at any depth."""

    class Sum(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name in names:
                place = self
                *above, last = name.split(".")
                for part in above:
                    if not hasattr(place, part):
                        place.add_module(part, torch.nn.Module())
                    place = getattr(place, part)
                place.add_module(last, torch.nn.Linear(6, 6))

        def forward(self, x):
            modules = dict(self.named_modules())
            return sum(modules[name](x) for name in names)

    torch.manual_seed(0)
    return Sum()


def gpt2() -> torch.nn.Module:
    torch.manual_seed(0)
    sizes = {"vocab_size": 40, "n_positions": 16, "n_embd": 16, "n_layer": 2, "n_head": 2}
    config = transformers.GPT2Config(
        **sizes, bos_token_id=0, eos_token_id=0, tie_word_embeddings=False
    )
    return transformers.GPT2LMHeadModel(config).eval()


def module(out: int, inside: int, r: int, **fields) -> heddle.AdapterModule:
    a, b = DRAW.normal(size=(r, inside)), DRAW.normal(size=(out, r))
    return heddle.AdapterModule(a.astype(np.float32), (0.3 * b).astype(np.float32), **fields)


def delta_of(change: heddle.AdapterModule) -> np.ndarray:
    """s B A as the base stores its map, from the numbers of the file, in double precision."""
    delta = change.scale * change.B.astype(float) @ change.A.astype(float)
    return delta.T if change.transposed else delta


def merged(model: torch.nn.Module, adapter: heddle.Adapter) -> torch.nn.Module:
    """The same model with W + s B A in place of W, put there by hand, in double precision."""
    model = copy.deepcopy(model).double()
    for name, change in adapter.modules.items():
        weight = model.get_submodule(name).weight
        delta = torch.tensor(delta_of(change))
        with torch.no_grad():
            weight += delta
    return model


def outputs(model: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        found = model(x)
    return getattr(found, "logits", found)


def agree(one: torch.Tensor, other: torch.Tensor) -> bool:
    return bool((one - other).abs().max() < 1e-11 * other.abs().max())


def loaded(model: torch.nn.Module, folder: Path) -> torch.nn.Module:
    """The model with the adapter, in double precision: what is left is no rounding of ours."""
    return peft.PeftModel.from_pretrained(model, folder).double().eval()


@pytest.mark.parametrize("rslora", [False, True])
@pytest.mark.parametrize("dtype", ["F32", "F64"])
def test_peft_adds_our_products_whatever_rank_and_alpha_each_module_has(rslora, dtype, tmp_path):
    ranks = {"q": 4, "h.1.q": 2, "h.11.q": 2, "h.1.sub.q": 3, "odd+name.q": 2}
    adapter = heddle.Adapter(
        {
            name: module(6, 6, r, alpha=2.0 + i % 2, rslora=rslora)
            for i, (name, r) in enumerate(ranks.items())
        }
    )
    heddle.write_adapter(tmp_path / "adapter", adapter, dtype=dtype)
    model, x = plain_model(*ranks, "not.adapted"), torch.tensor(DRAW.normal(size=(5, 6)))
    expected = outputs(merged(model, adapter), x)
    assert not agree(outputs(model.double(), x), expected)
    assert agree(outputs(loaded(model, tmp_path / "adapter"), x), expected)


def test_peft_adds_our_products_to_a_transformer_that_stores_its_maps_transposed(tmp_path):
    model = gpt2()
    adapter = heddle.Adapter(
        {
            f"transformer.h.{i}.{name}": module(out, inside, r, transposed=True)
            for i in range(2)
            for name, out, inside, r in (("attn.c_attn", 48, 16, 2), ("mlp.c_proj", 16, 64, 4))
        }
    )
    heddle.write_adapter(tmp_path / "adapter", adapter)
    tokens = torch.tensor(DRAW.integers(0, 40, (3, 10)))
    expected = outputs(merged(model, adapter), tokens)
    assert not agree(outputs(model.double(), tokens), expected)
    assert agree(outputs(loaded(model, tmp_path / "adapter"), tokens), expected)


def settings(**fields):
    return peft.LoraConfig(init_lora_weights=False, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"target_modules": ["c_attn", "c_proj"], "fan_in_fan_out": True},
        {
            "target_modules": ["c_attn", "c_fc"],
            "fan_in_fan_out": True,
            "use_rslora": True,
            "rank_pattern": {"c_fc": 3, "h.1.attn.c_attn": 5},
            "alpha_pattern": {"c_attn": 7},
        },
        {"target_modules": ["lm_head"]},
        {"target_modules": ["wte"]},
    ],
    ids=["transposed", "patterns", "linear", "embedding"],
)
def test_what_peft_saves_we_read_as_the_change_that_it_merges_and_write_bit_for_bit(
    fields, tmp_path
):
    torch.manual_seed(4)
    base = gpt2()
    before = {name: weight.double() for name, weight in base.state_dict().items()}
    wrapped = peft.get_peft_model(base, settings(r=2, lora_alpha=5, **fields))
    wrapped.save_pretrained(tmp_path / "theirs", save_embedding_layers=False)
    adapter = heddle.read_adapter(tmp_path / "theirs")
    after = wrapped.double().merge_and_unload()
    assert adapter.modules
    for name, change in adapter.modules.items():
        delta = (after.get_submodule(name).weight - before[f"{name}.weight"]).detach().numpy()
        assert np.abs(delta_of(change) - delta).max() < 1e-12 * np.abs(delta).max()
    heddle.write_adapter(tmp_path / "ours", adapter)
    name = "adapter_model.safetensors"
    assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes()
    tokens = torch.tensor(DRAW.integers(0, 40, (2, 8)))
    assert agree(outputs(loaded(gpt2(), tmp_path / "ours"), tokens), outputs(after, tokens))


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"use_dora": True, "target_modules": ["q"]}, "DoRA's magnitudes"),
        ({"modules_to_save": ["k"], "target_modules": ["q"]}, "weights of a whole module"),
        ({"bias": "all", "target_modules": ["q"]}, "a bias"),
    ],
)
def test_what_peft_saves_beside_the_factors_is_refused_by_name(fields, word, tmp_path):
    wrapped = peft.get_peft_model(plain_model("q", "k"), settings(r=2, **fields))
    wrapped.save_pretrained(tmp_path / "theirs")
    with pytest.raises(heddle.FormatError, match=word):
        heddle.read_adapter(tmp_path / "theirs")


def test_loops_of_a_network_are_an_adapter_of_its_recurrent_map_in_peft(tmp_path):
    """A cortex written in torch, with the loops loaded by PEFT, does what the network with loops
    does."""
    n, steps = 12, 20
    network = heddle.gaussian_network(2, n=n, g=0.5, seed=1)
    placed = heddle.place_eigenvalues(network, [0.8 + 0.5j, 0.8 - 0.5j], loops=2)
    adapter = heddle.Adapter({"cortex": heddle.AdapterModule(A=placed.loops.v.T, B=placed.loops.u)})
    heddle.write_adapter(tmp_path / "loops", adapter, dtype="F64")

    class Recurrent(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cortex = torch.nn.Linear(n, n, bias=False).double()
            self.cortex.weight.data = torch.tensor(network.weights)

        def forward(self, x):
            for _ in range(steps):
                x = 0.9 * x + 0.1 * self.cortex(x)
            return x

    start = DRAW.normal(size=(3, n))
    model = loaded(Recurrent(), tmp_path / "loops")
    whole = TrainableNetwork(network, loops=(placed.loops,), initial=start)
    _, states = ours(whole, TrainingTask(h=0.1 * network.tau, steps=steps, trials=3))
    found = outputs(model, torch.tensor(start)).numpy()
    assert np.abs(found - states[-1]).max() < 1e-12 * np.abs(states[-1]).max()
