"""A population as equations of Brian2."""

from __future__ import annotations

from dataclasses import dataclass, field

from heddle._core import (
    EscapeNeuron,
    ExponentialNeuron,
    LeakyNeuron,
    Population,
    QuadraticNeuron,
    Synapse,
)
from heddle.interop.ports import Ports

__all__ = ["DIMENSION", "BrianNeuron", "begun", "complete"]

UNITS = {"C_m": "pF", "g_L": "nS", "a": "nS", "b": "pA", "I_e": "pA", "q_stc": "pA"}
UNITS |= {"lambda_0": "Hz", "lambda_floor": "Hz"}
DIMENSION = {"mV": "volt", "ms": "second", "pF": "farad", "nS": "siemens", "pA": "amp"}
DIMENSION |= {"Hz": "Hz", "1": "1"}
HAZARD = {
    "exponential": "lambda_0 * exp((V - threshold) / Delta_V)",
    "softplus": "lambda_0 * log1p(exp((V - threshold) / Delta_V))",
    "sigmoid": "lambda_0 / (1 + exp((threshold - V) / Delta_V))",
    "rectified": "lambda_0 * clip((V - threshold) / Delta_V, 0, 1e300) + lambda_floor",
}


@dataclass
class BrianNeuron:
    """What makes a NeuronGroup; numbers of `constants` have units, those of `initial` too."""

    dimensionless: bool = False  # all but times: the quadratic neuron
    equations: list[str] = field(default_factory=list)
    threshold: str = "V >= V_th"
    reset: list[str] = field(default_factory=lambda: ["V = V_reset"])
    refractory: bool = True
    method: str = "exact"
    constants: dict[str, float] = field(default_factory=dict)  # name: number, in unit_of
    currents: list[str] = field(default_factory=list)  # terms of I
    regular: list[str] = field(default_factory=list)  # at the start of every step
    initial: dict[str, str] = field(default_factory=dict)

    def unit_of(self, name: str) -> str:
        """Of a parameter, by its name."""
        plain = name.split("[")[0]
        if plain.startswith(("t_", "tau_")):
            return "ms"
        return "1" if self.dimensionless else UNITS.get(plain, "mV")


def begun(population: Population, ports: Ports) -> BrianNeuron:
    """All but the membrane, whose equation has the terms of inputs too."""
    law = population.neuron
    neuron = BrianNeuron(dimensionless=isinstance(law, QuadraticNeuron))
    for name in law._fields:
        if isinstance(getattr(law, name), float):
            neuron.constants[name] = getattr(law, name)
    for k, synapse in enumerate(ports.synapses):
        _add_port(neuron, k, synapse)
    _add_adaptation(neuron, population)
    _add_noise(neuron, population)
    return neuron


def complete(neuron: BrianNeuron, population: Population, ports: Ports) -> None:
    """Adds the membrane."""
    law = population.neuron
    build = {
        LeakyNeuron: _leaky,
        EscapeNeuron: _escape,
        ExponentialNeuron: _exponential,
        QuadraticNeuron: _quadratic,
    }[type(law)]
    build(neuron, population)
    _choose_method(neuron, population, ports)


def _add_port(neuron: BrianNeuron, k: int, synapse: Synapse) -> None:
    if synapse.kind == "delta":
        return
    own = f"{'g' if synapse.conductance else 'I'}_{k}"
    unit = "siemens" if synapse.conductance else "1" if neuron.dimensionless else "amp"
    neuron.constants[f"tau_syn_{k}"] = synapse.tau_syn
    if synapse.kind == "alpha":
        neuron.equations.append(f"d{own}/dt = (rise_{k} - {own}) / tau_syn_{k} : {unit}")
        neuron.equations.append(f"drise_{k}/dt = -rise_{k} / tau_syn_{k} : {unit}")
    else:
        neuron.equations.append(f"d{own}/dt = -{own} / tau_syn_{k} : {unit}")
    if synapse.conductance:
        neuron.constants[f"E_rev_{k}"] = synapse.E_rev
    neuron.currents.append(f"g_{k} * (E_rev_{k} - V)" if synapse.conductance else own)


def _add_adaptation(neuron: BrianNeuron, population: Population) -> None:
    thresholds = []
    current = "1" if neuron.dimensionless else "amp"
    for kind, suffix, unit in (("threshold", "sfa", "volt"), ("current", "stc", current)):
        terms = [term for term in population.adaptation if term.kind == kind]
        for k, term in enumerate(terms):
            own = f"{suffix}_{k}"
            neuron.constants |= {f"tau_{suffix}[{k}]": term.tau, f"q_{suffix}[{k}]": term.q}
            neuron.equations.append(f"d{own}/dt = -{own} / tau_{own} : {unit}")
            neuron.reset.append(f"{own} += q_{own}")
            (thresholds if kind == "threshold" else neuron.currents).append(
                own if kind == "threshold" else f"(-{own})"
            )
    if isinstance(population.neuron, EscapeNeuron):
        neuron.equations.append(f"threshold = {' + '.join(['V_T_star', *thresholds])} : volt")


def _noisy(population: Population) -> bool:
    return population.noise.sigma > 0 or "sigma" in population.quenched


def _add_noise(neuron: BrianNeuron, population: Population) -> None:
    """A term x of the membrane that is constant over a step: exact on the grid if it is linear."""
    noise = population.noise
    if not _noisy(population):
        return
    membrane = "(C_m / g_L)" if isinstance(population.neuron, ExponentialNeuron) else "tau_m"
    neuron.constants["sigma"] = noise.sigma
    neuron.equations.append(f"x : {'1' if neuron.dimensionless else 'volt'}")
    if noise.tau:
        neuron.constants["tau_x"] = noise.tau
        spread = f"sigma * sqrt({membrane} / (2 * tau_x))"
        neuron.initial["x"] = f"{spread} * randn()"
        neuron.regular.append(
            f"x = x * exp(-dt / tau_x) + {spread} * sqrt(-expm1(-2 * dt / tau_x)) * randn()"
        )
    elif neuron.dimensionless:
        neuron.regular.append("x = sigma * sqrt(tau_m / dt) * randn()")
    else:
        neuron.regular.append(f"x = sigma * sqrt(0.5 / tanh(0.5 * dt / {membrane})) * randn()")


def _total(neuron: BrianNeuron, law: object) -> str:
    return " + ".join((["I_e"] if hasattr(law, "I_e") else []) + neuron.currents)


def _leaky(neuron: BrianNeuron, population: Population) -> None:
    noise = " + x" if _noisy(population) else ""
    current = _total(neuron, population.neuron)
    held = " (unless refractory)" if getattr(population.neuron, "reset", True) else ""
    neuron.equations.insert(
        0, f"dV/dt = (E_L - V + tau_m / C_m * ({current}){noise}) / tau_m : volt{held}"
    )
    neuron.initial["V"] = "E_L"


def _escape(neuron: BrianNeuron, population: Population) -> None:
    _leaky(neuron, population)
    law = population.neuron
    neuron.equations.append(f"hazard = {HAZARD[law.hazard]} : Hz")
    neuron.threshold = "rand() < -expm1(-dt * hazard)"
    if not law.reset:
        neuron.reset.remove("V = V_reset")


def _exponential(neuron: BrianNeuron, population: Population) -> None:
    noise = " + g_L * x" if _noisy(population) else ""
    current = _total(neuron, population.neuron)
    upstroke = "exp(clip((V - V_th) / Delta_T, -1e3, (V_peak - V_th) / Delta_T))"
    neuron.equations[:0] = [
        f"dV/dt = (g_L * (E_L - V) + g_L * Delta_T * {upstroke} - w + {current}{noise}) / C_m"
        " : volt (unless refractory)",
        "dw/dt = (a * (V - E_w) - w) / tau_w : amp",
    ]
    neuron.threshold = "V >= V_peak"
    neuron.reset.append("w += b")
    neuron.initial |= {"V": "E_L", "w": "a * (V - E_w)"}


def _quadratic(neuron: BrianNeuron, population: Population) -> None:
    """V = tan(θ / 2): no cut-off."""
    terms = [*neuron.currents, *(["x"] if _noisy(population) else [])]
    drive = " + ".join(["eta", *terms])
    neuron.equations.insert(
        0, f"dtheta/dt = (1 - cos(theta) + (1 + cos(theta)) * ({drive})) / tau_m : 1"
    )
    neuron.threshold, neuron.refractory = "theta > pi", False
    neuron.reset[0] = "theta -= 2 * pi"
    neuron.initial["theta"] = "0"


def _choose_method(neuron: BrianNeuron, population: Population, ports: Ports) -> None:
    law = population.neuron
    if isinstance(law, QuadraticNeuron):
        neuron.method = "rk4"
    elif isinstance(law, ExponentialNeuron):
        neuron.method = "euler"  # others step over the upstroke, and carry w along
    elif any(synapse.conductance for synapse in ports.synapses):
        neuron.method = "rk4"
    elif any(s.tau_syn == law.tau_m and s.kind != "delta" for s in ports.synapses):
        neuron.method = "rk4"  # where the exact propagator of Brian2 divides by 0
