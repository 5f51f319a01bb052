"""A rate network as an ONNX model: one step, or a whole run as a Scan."""

from __future__ import annotations

from typing import Any

import numpy as np

from heddle._core import DomainError, Network
from heddle.files import PathLike, replacing
from heddle.interop.network_parts import NetworkParts, parts_of
from heddle.interop.onnx_graph import Graph
from heddle.training import TrainableNetwork

__all__ = ["export_onnx"]

OPSET, IR_VERSION = 17, 8
DTYPES = ("float32", "float64")
KINDS = ("run", "step")
OPERATORS = {"tanh": "Tanh", "rectified": "Relu", "linear": "Identity"}


def export_onnx(
    network: Network | TrainableNetwork,
    path: PathLike,
    *,
    h: float | None = None,
    kind: str = "run",
    gated: bool = False,
    dtype: str = "float32",
) -> None:
    """Writes a network as an ONNX model, which onnxruntime and others run without Heddle.

    With η = h / τ and rates r_t = (G a_t) ∘ φ(x_t),

        x_{t+1} = (1 − η) x_t + η (W r_t + Σ_l g_l(t) U_l V_lᵀ r_t + b + B s_t) ,   y_t = C r_t .

    network  a TrainableNetwork or a Network; dense, linear, rectified, tanh or softplus, loops
             without thalamic lag and delay. Its own x_0 is not part of the model
    path     of the model, ending in .onnx
    h        step, s, in (0, τ]; τ if left out
    kind     "run", a whole run as a Scan, or "step"
    gated    whether the gates of the loops are an input; otherwise all are open
    dtype    "float32" or "float64", of all arrays

    Inputs of a run: "x0" (trials, n), and where the network has what they drive "inputs"
    (T, trials, k), "gates" (T, trials, loops), "gain_weights" (T + 1, trials, m); "steps", int64
    [T], where there is none of these. Outputs: "states" (T + 1, trials, n) and, with a
    readout, "outputs" (T + 1, trials, d), the initial ones first. A step has "x" (trials, n),
    "inputs", "gates" and "gain_weights" without their first axis, and gives "x_next" and "outputs",
    those of x. The metadata of the model say h, tau and response. Opset 17.

    Raises DomainError or ShapeError naming the argument, ImportError without the package onnx. The
    file has 4 or 8 bytes for each number of W, U, V, B, C, G.
    """
    try:
        import onnx
    except ImportError as error:
        raise ImportError(
            "export_onnx needs the package onnx; pip install onnx, or heddle[onnx]"
        ) from error
    for name, value, known in (("kind", kind, KINDS), ("dtype", dtype, DTYPES)):
        if value not in known:
            raise DomainError(f"{name}: found {value!r}, expected one of {', '.join(known)}")
    inner = getattr(network, "network", network)
    parts = parts_of(network, getattr(inner, "tau", 1.0) if h is None else h)
    if gated and not parts.loops:
        raise DomainError("gated: found True, but the network has no loops")
    graph = (_run if kind == "run" else _step)(parts, gated, np.dtype(dtype))
    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    described = {"h": repr(parts.h), "tau": repr(parts.tau), "response": parts.response}
    onnx.helper.set_model_props(model, described)
    onnx.checker.check_model(model, full_check=True)
    with replacing(path) as place:
        onnx.save(model, str(place))


def _series(parts: NetworkParts, gated: bool) -> dict[str, int]:
    """What comes in step by step, with the length of its last axis."""
    found = {}
    if parts.input is not None:
        found["inputs"] = parts.input.shape[1]
    if gated:
        found["gates"] = len(parts.loops)
    if parts.gains is not None:
        found["gain_weights"] = parts.gains.shape[1]
    return found


def _step(parts: NetworkParts, gated: bool, dtype: np.dtype[Any]) -> Any:
    graph = Graph(dtype)
    n = len(parts.weights)
    x = graph.input("x", ("trials", n))
    given = {
        name: graph.input(name, ("trials", size)) for name, size in _series(parts, gated).items()
    }
    if "inputs" in given:
        given["inputs"] = _driven(graph, parts, given["inputs"])
    if "gain_weights" in given:
        given["gain_weights"] = graph.product(given["gain_weights"], parts.gains.T)
    rates, following = _advance(graph, parts, x, given)
    graph.output("x_next", following, ("trials", n))
    if len(parts.readout):
        outputs = graph.product(rates, parts.readout.T)
        graph.output("outputs", outputs, ("trials", len(parts.readout)))
    return graph.finished("step")


def _run(parts: NetworkParts, gated: bool, dtype: np.dtype[Any]) -> Any:
    graph = Graph(dtype)
    n = len(parts.weights)
    x0 = graph.input("x0", ("trials", n))
    given = {}
    for name, size in _series(parts, gated).items():
        time = "states" if name == "gain_weights" else "steps"
        given[name] = graph.input(name, (time, "trials", size))
    gain = None
    if "inputs" in given:
        given["inputs"] = _driven(graph, parts, given["inputs"])
    if "gain_weights" in given:
        gain = graph.product(given["gain_weights"], parts.gains.T)
        given["gain_weights"] = graph.without_last(gain)
    later = _scanned(graph, parts, x0, given)
    states = graph.node("Concat", graph.node("Unsqueeze", x0, graph.whole([0])), later, axis=0)
    graph.output("states", states, ("states", "trials", n))
    if len(parts.readout):
        outputs = graph.product(_rates(graph, parts, states, gain), parts.readout.T)
        graph.output("outputs", outputs, ("states", "trials", len(parts.readout)))
    return graph.finished("run")


def _scanned(graph: Graph, parts: NetworkParts, x0: str, given: dict[str, str]) -> str:
    """x_1 to x_T, (T, trials, n): a Scan over what comes in step by step."""
    n = len(parts.weights)
    body = graph.inner()
    x = body.input("x", ("trials", n))
    if given:
        sizes = {"inputs": n, "gates": len(parts.loops), "gain_weights": n}
        each = {name: body.input(f"{name}_now", ("trials", sizes[name])) for name in given}
        series = list(given.values())
    else:
        series = [graph.node("ConstantOfShape", graph.count("steps"))]
        body.input("tick", (), np.float32)
        each = {}
    _, following = _advance(body, parts, x, each)
    body.output("x_next", following, ("trials", n))
    body.output("x_kept", body.node("Identity", following), ("trials", n))
    _, states = graph.nodes(
        "Scan", [x0, *series], 2, body=body.finished("one_step"), num_scan_inputs=len(series)
    )
    return states


def _driven(graph: Graph, parts: NetworkParts, inputs: str) -> str:
    """b + B s."""
    return graph.node("Add", graph.product(inputs, parts.input.T), graph.constant(parts.bias))


def _rates(graph: Graph, parts: NetworkParts, x: str, gain: str | None) -> str:
    if parts.response == "softplus":
        rates = _softplus(graph, x)
    else:
        rates = graph.node(OPERATORS[parts.response], x)
    return rates if gain is None else graph.node("Mul", gain, rates)


def _softplus(graph: Graph, x: str) -> str:
    """max(x, 0) + ln(1 + e^{−|x|}): onnxruntime has no Softplus in double precision."""
    tail = graph.node("Exp", graph.node("Neg", graph.node("Abs", x)))
    tail = graph.node("Log", graph.node("Add", tail, graph.constant(np.array(1.0))))
    return graph.node("Add", graph.node("Relu", x), tail)


def _advance(graph: Graph, parts: NetworkParts, x: str, given: dict[str, str]) -> tuple[str, str]:
    """r and the next x, from b + B s, the gates and G a at this step."""
    rates = _rates(graph, parts, x, given.get("gain_weights"))
    drive = given["inputs"] if "inputs" in given else graph.constant(parts.bias)
    sent = graph.node("Add", graph.product(rates, parts.weights.T), drive)
    for i, (u, v) in enumerate(parts.loops):
        thalamus = graph.product(rates, v)
        if "gates" in given:
            gate = graph.node("Gather", given["gates"], graph.whole([i]), axis=-1)
            thalamus = graph.node("Mul", thalamus, gate)
        sent = graph.node("Add", sent, graph.product(thalamus, u.T))
    eta = parts.h / parts.tau
    kept = graph.node("Mul", x, graph.constant(np.array(1 - eta)))
    return rates, graph.node("Add", kept, graph.node("Mul", sent, graph.constant(np.array(eta))))
