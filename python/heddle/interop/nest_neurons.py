"""Which of NEST's neurons is a population's, and with which parameters."""

from __future__ import annotations

from dataclasses import dataclass

from heddle._core import (
    DomainError,
    EscapeNeuron,
    ExponentialNeuron,
    LeakyNeuron,
    Population,
    QuadraticNeuron,
)
from heddle.interop.ports import Ports, kind_of

__all__ = ["NestNeuron", "nest_neuron"]

LEAKY = {
    ("delta", False): "iaf_psc_delta",
    ("exponential", False): "iaf_psc_exp",
    ("alpha", False): "iaf_psc_alpha",
    ("exponential", True): "iaf_cond_exp",
    ("alpha", True): "iaf_cond_alpha",
}
ESCAPE = {("exponential", False): "gif_psc_exp", ("exponential", True): "gif_cond_exp"}
EXPONENTIAL = {
    ("delta", False): "aeif_psc_delta",
    ("exponential", False): "aeif_psc_exp",
    ("alpha", False): "aeif_psc_alpha",
    ("exponential", True): "aeif_cond_exp",
    ("alpha", True): "aeif_cond_alpha",
}
# Those with any number of receptors.
MANY = ("iaf_psc_exp", "iaf_psc_alpha", "gif_psc_exp", "gif_cond_exp", "aeif_cond_alpha")
COMMON = ("C_m", "E_L", "V_reset", "t_ref", "I_e")
OWN = {
    "iaf_psc": (*COMMON, "tau_m", "V_th"),
    "iaf_cond": (*COMMON, "V_th"),
    "gif": (*COMMON, "V_T_star", "Delta_V", "lambda_0"),
    "aeif": (*COMMON, "g_L", "V_th", "Delta_T", "V_peak", "a", "b", "tau_w"),
}


@dataclass(frozen=True)
class NestNeuron:
    """A model, its parameters as they are named there, and where each port's synapses go."""

    model: str
    parameters: dict[str, str]  # expressions in the script
    receptors: list[int]  # of each port; 0: by the sign of the weight
    signs: list[int]  # what NEST multiplies each port's weights by
    quenched: frozenset[str]  # parameters of ours that differ between neurons


def nest_neuron(population: Population, ports: Ports) -> NestNeuron:
    """Raises DomainError that names what NEST's neurons do not have."""
    model = _model(population, kind_of(ports, population))
    two = _two_receptors(ports, model)
    if two is None and model not in MANY:
        raise DomainError(_too_many(population, ports, model))
    family = f"{model}_multisynapse" if two is None else model
    given = _receptors(ports, model, population.size) if two is None else two
    receptors = list(range(1, len(ports.synapses) + 1)) if two is None else [0] * len(ports.signs)
    negative = two is not None and "cond" in model
    signs = [-1 if negative and not _excites(ports, k) else 1 for k in range(len(receptors))]
    return NestNeuron(family, given, receptors, signs, frozenset(population.quenched))


def own_parameters(model: str) -> tuple[str, ...]:
    """Those that have the same name and meaning on both sides."""
    return OWN["_".join(model.split("_")[:2]) if model.startswith("iaf") else model.split("_")[0]]


def _model(population: Population, kind: tuple[str, bool]) -> str:
    neuron = population.neuron
    _refuse(population)
    table = {LeakyNeuron: LEAKY, EscapeNeuron: ESCAPE, ExponentialNeuron: EXPONENTIAL}[type(neuron)]
    if kind not in table:
        raise DomainError(
            f"population {population.name!r}: NEST has no such neuron with {kind[0]}"
            f"{' conductance' * kind[1]} synapses (it has "
            f"{', '.join(k + ' conductance' * g for k, g in table)}); export_brian2 writes it"
        )
    return table[kind]


def _refuse(population: Population) -> None:
    neuron, name = population.neuron, population.name
    missing = None
    if isinstance(neuron, QuadraticNeuron):
        missing = "quadratic integrate-and-fire neurons"
    elif isinstance(neuron, EscapeNeuron) and neuron.hazard != "exponential":
        missing = f"a {neuron.hazard} hazard"
    elif isinstance(neuron, EscapeNeuron) and not neuron.reset:
        missing = "neurons whose spikes leave the potential alone (reset = False)"
    elif population.adaptation and not isinstance(neuron, EscapeNeuron):
        missing = "lists of adaptation for neurons without escape noise"
    elif population.noise.sigma and population.noise.tau:
        missing = "coloured noise"
    elif population.noise.sigma and isinstance(neuron, ExponentialNeuron):
        missing = "white noise into adaptive exponential neurons"
    elif "sigma" in population.quenched:
        missing = "a strength of noise that differs between neurons"
    if missing:
        raise DomainError(f"population {name!r}: NEST lacks {missing}; export_brian2 writes it")


def _excites(ports: Ports, port: int) -> bool:
    """Conductances: the highest reversal potential is that of the excitatory receptor."""
    return ports.synapses[port].E_rev == max(synapse.E_rev for synapse in ports.synapses)


def _two_receptors(ports: Ports, model: str) -> dict[str, str] | None:
    """Parameters of a model with an excitatory and an inhibitory receptor, if that suffices."""
    found: dict[str, str] = {}
    if "delta" in model:
        return found
    for k, synapse in enumerate(ports.synapses):
        signs = ({1} if _excites(ports, k) else {-1}) if synapse.conductance else ports.signs[k]
        for side in ("ex" if sign > 0 else "in" for sign in signs):
            if found.setdefault(f"tau_syn_{side}", repr(synapse.tau_syn)) != repr(synapse.tau_syn):
                return None
            reversal = repr(synapse.E_rev)
            if synapse.conductance and found.setdefault(f"E_{side}", reversal) != reversal:
                return None
    return found


def _receptors(ports: Ports, model: str, size: int) -> dict[str, str]:
    names = ("tau_syn", "E_rev") if "cond" in model else ("tau_syn",)
    lists = {name: [getattr(synapse, name) for synapse in ports.synapses] for name in names}
    return {name: f"[{values}] * {size}" for name, values in lists.items()}


def _too_many(population: Population, ports: Ports, model: str) -> str:
    return (
        f"population {population.name!r} receives {len(ports.synapses)} kinds of synapse; "
        f"NEST's {model} has one time constant for each sign, and no twin with more; "
        "export_brian2 writes it"
    )
