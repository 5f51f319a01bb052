"""Lines of a PyNEST script that create a population."""

from __future__ import annotations

from heddle._core import EscapeNeuron, ExponentialNeuron, Population
from heddle.interop.laws import drawn
from heddle.interop.nest_neurons import NestNeuron, own_parameters
from heddle.interop.script import Script, literal, mapping

__all__ = ["create"]


def create(script: Script, population: Population, neuron: NestNeuron) -> None:
    values = _values(population)
    if population.quenched:
        laws = {k: drawn(law, population.size) for k, law in population.quenched.items()}
        script.add(f"own = {mapping(laws)}")
    entries = {name: values[name] for name in own_parameters(neuron.model)}
    entries |= neuron.parameters | _conversions(population, neuron, values)
    entries["V_m"] = values.get("V_m", values["E_L"])
    entries |= _adaptation(population, values)
    script.add(
        f'populations["{population.name}"] = nest.Create('
        f'"{neuron.model}", {population.size}, {mapping(entries)})'
    )


def _values(population: Population) -> dict[str, str]:
    """Every parameter of ours, as an expression."""
    law = population.neuron
    values = {name: getattr(law, name) for name in law._fields}
    found = {k: literal(v) for k, v in values.items() if isinstance(v, float)}
    return found | {name: f'own["{name}"]' for name in population.quenched}


def _conversions(
    population: Population, neuron: NestNeuron, values: dict[str, str]
) -> dict[str, str]:
    if isinstance(population.neuron, ExponentialNeuron):
        return _shifted(population, values)
    if neuron.model.startswith("iaf_psc"):
        return {}
    return {"g_L": f"{values['C_m']} / {values['tau_m']}"}


def _shifted(population: Population, values: dict[str, str]) -> dict[str, str]:
    """NEST's w relaxes to a (V − E_L): ours, to a (V − E_w), is that plus a constant. At first it
    is what it relaxes to."""
    law, own = population.neuron, set(population.quenched)
    if law.a == 0 and "a" not in own:
        return {}
    entries = {}
    if "V_m" in own:
        entries["w"] = f"{values['a']} * ({values['V_m']} - {values['E_L']})"
    if law.E_w != law.E_L or {"E_w", "E_L"} & own:
        shift = f"{values['a']} * ({values['E_L']} - {values['E_w']})"
        entries["I_e"] = f"{values['I_e']} - {shift}"
    return entries


def _adaptation(population: Population, values: dict[str, str]) -> dict[str, str]:
    if not isinstance(population.neuron, EscapeNeuron):
        return {}
    entries = {}
    for kind, suffix in (("threshold", "sfa"), ("current", "stc")):
        terms = [term for term in population.adaptation if term.kind == kind]
        for name in ("tau", "q") if terms else ():
            own = [
                values.get(f"{name}_{suffix}[{k}]", literal(getattr(term, name)))
                for k, term in enumerate(terms)
            ]
            entries[f"{name}_{suffix}"] = _lists(own, population.size)
    return entries


def _lists(own: list[str], size: int) -> str:
    if not any(entry.startswith("own") for entry in own):
        return f"[[{', '.join(own)}]] * {size}"
    columns = ", ".join(f"np.full({size}, {entry})" for entry in own)
    return f"np.column_stack([{columns}]).tolist()"
