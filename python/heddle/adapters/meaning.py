"""Where eigenvalues of a weight matrix mean something."""

from __future__ import annotations

from heddle._core import DomainError, ShapeError

# Maps between different spaces, whatever their shapes, by the last part of their names.
NAMES = """
    q_proj k_proj v_proj o_proj out_proj in_proj x_proj dt_proj qkv_proj up_proj down_proj gate_proj
    gate_up_proj query key value query_key_value dense dense_h_to_4h dense_4h_to_h c_attn c_fc
    c_proj fc1 fc2 fc_in fc_out w1 w2 w3 wq wk wv wo lm_head embed_tokens wte wpe embed_positions
    word_embeddings classifier score
"""
BETWEEN_LAYERS = frozenset(NAMES.split())
MEANING = (
    "eigenvalues mean something for weights that map a state to itself: recurrent weights, "
    "state-space maps, and products that map the residual stream to itself, such as W_O W_V"
)


def require_state_map(argument: str, name: str, shape: tuple[int, int]) -> None:
    """DomainError or ShapeError for a module whose eigenvalues mean nothing."""
    if name.rsplit(".", 1)[-1] in BETWEEN_LAYERS:
        raise DomainError(
            f"{argument}: {name!r} is a map between layers of a transformer, square or not; "
            f"{MEANING}; give a product as a module with a name of its own"
        )
    if shape[0] != shape[1]:
        raise ShapeError(
            f"{argument}: {name!r} has shape {shape}; a map of a state to itself is square"
        )
