"""Lines of a Brian2 script that make a population."""

from __future__ import annotations

from heddle._core import Circuit, PoissonInput, Population
from heddle.interop.brian_inputs import add_current, poisson_statement
from heddle.interop.brian_neurons import DIMENSION, BrianNeuron, begun, complete
from heddle.interop.laws import drawn
from heddle.interop.ports import Ports, ports_of
from heddle.interop.script import Script, literal, mapping

__all__ = ["create"]


def create(
    script: Script, circuit: Circuit, population: Population, step: float, until: float
) -> None:
    ports = ports_of(circuit, population)
    neuron = begun(population, ports)
    inputs = [(k, x) for k, x in enumerate(circuit.inputs) if x.target == population.name]
    for k, given in inputs:
        add_current(script, k, given, population, neuron, step, until)
    complete(neuron, population, ports)
    _group(script, population, neuron)
    _regular(script, neuron, [x.drive for _, x in inputs], ports, population)
    script.add(f'network.add(group)\npopulations["{population.name}"] = group')


def _plain(name: str) -> str:
    """q_sfa[0] is q_sfa_0 there."""
    return name.replace("[", "_").replace("]", "")


def _times(expression: str, unit: str) -> str:
    return expression if unit == "1" else f"{expression} * {unit}"


def _group(script: Script, population: Population, neuron: BrianNeuron) -> None:
    own = {k: law for k, law in population.quenched.items() if k != "V_m"}
    shared = {k: v for k, v in neuron.constants.items() if k not in own}
    equations = [
        *neuron.equations,
        *(f"{_plain(name)} : {DIMENSION[neuron.unit_of(name)]} (constant)" for name in own),
    ]
    namespace = {_plain(k): _times(literal(v), neuron.unit_of(k)) for k, v in shared.items()}
    lines = [
        f"group = NeuronGroup(\n    {population.size},",
        '    """\n' + "\n".join(f"    {line}" for line in equations) + '\n    """,',
        f'    threshold="{neuron.threshold}",',
        *([f'    reset="{"; ".join(neuron.reset)}",'] if neuron.reset else []),
        *(['    refractory="t_ref + dt",'] if neuron.refractory else []),
        f'    method="{neuron.method}",',
        f"    namespace={mapping(namespace).replace(chr(10), chr(10) + '    ')},",
        ")",
    ]
    script.add("")
    script.add("\n".join(lines))
    for name, law in own.items():
        script.add(
            f"group.{_plain(name)} = {_times(drawn(law, population.size), neuron.unit_of(name))}"
        )
    _initial(script, population, neuron)


def _initial(script: Script, population: Population, neuron: BrianNeuron) -> None:
    start = dict(neuron.initial)
    law = population.quenched.get("V_m")
    if law is not None:
        values = drawn(law, population.size)
        if neuron.dimensionless:
            start.pop("theta")
            script.add(f"group.theta = 2 * np.arctan({values})")
        else:
            start.pop("V")
            script.add(f"group.V = {values} * mV")
    for name, expression in start.items():
        script.add(f'group.{name} = "{expression}"')


def _regular(
    script: Script, neuron: BrianNeuron, drives: list, ports: Ports, population: Population
) -> None:
    for statement in neuron.regular:
        script.add(f'group.run_regularly("{statement}", when="start")')
    for drive in drives:
        if isinstance(drive, PoissonInput):
            statement = poisson_statement(drive, ports, population)
            when = "before_thresholds" if drive.synapse.kind == "delta" else "synapses"
            script.add(f'group.run_regularly("{statement}", when="{when}")')
