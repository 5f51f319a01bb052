"""The simulations that a validation compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from heddle._core import (
    AllToAll,
    Circuit,
    DomainError,
    Edges,
    OneToOne,
    QuadraticNeuron,
    SpikeRecording,
)
from heddle.progress import Progress, Stages
from heddle.validation.harmonics import Harmonics
from heddle.validation.levels import (
    Level,
    Reduction,
    StoppedError,
    Times,
    described,
    halves,
    run_ages,
    run_mesoscopic,
    run_neurons,
)
from heddle.validation.observables import Measured
from heddle.validation.scaling import scaled
from heddle.validation.stationary import Stationary


@dataclass(frozen=True)
class Levels:
    """Every level, measured; None for one that cannot describe the circuit."""

    neurons: Measured
    step: Measured  # neurons: step − step / 2, of the same networks
    mesoscopic: Measured | None
    ages: Measured | None
    ages_step: Measured | None  # step − step / 2
    larger: Measured | None  # neurons of twice as many, where there are no ages
    reduction: Measured | None
    found: Reduction | None
    refused: dict[str, str]
    doubts: list[str]


@dataclass(frozen=True)
class Runs:
    """How simulations of one circuit are run."""

    circuit: Circuit
    times: Times
    networks: int
    seed: int
    threads: int
    estimates: Stationary | Harmonics
    still: Circuit  # without what changes in time

    def all(self, level: Level, progress: Progress | None) -> Levels:
        """Runs everything. Raises StoppedError where neurons run away."""
        stages = Stages(progress, [4] * self.networks + [8] * self.networks + [8] * self.networks)
        found, refused = described(self.circuit, level, self.times, self.still)
        coarse = self._neurons(self.circuit, self.times, self.seed, stages)
        fine = self._neurons(self.circuit, self._half(), self.seed, stages)
        middle, ages, ages_step = self._equations(refused, stages)
        larger = None
        if middle is None:
            larger = self._larger(refused, stages)
        return Levels(
            neurons=self.estimates.pooled(coarse, is_quenched(self.circuit)),
            step=self.estimates.differences(coarse, fine),
            mesoscopic=middle,
            ages=ages,
            ages_step=ages_step,
            larger=larger,
            reduction=None if found is None else self._measured(found, middle, ages),
            found=found,
            refused=refused,
            doubts=self.estimates.doubts(coarse + fine)
            + list(() if found is None else found.doubts),
        )

    def _half(self) -> Times:
        return replace(self.times, step=self.times.step / 2)

    def _neurons(
        self, circuit: Circuit, times: Times, seed: int, stages: Stages
    ) -> list[SpikeRecording]:
        how = {"threads": self.threads}
        return [
            run_neurons(circuit, times, seed=seed + k, progress=stages.stage(), **how)
            for k in range(self.networks)
        ]

    def _equations(
        self, refused: dict[str, str], stages: Stages
    ) -> tuple[Measured | None, Measured | None, Measured | None]:
        """Of finite N, of N → ∞, and what the step is worth there."""
        try:
            coarse = run_ages(self.circuit, self.times).activity
        except DomainError as error:
            refused["mesoscopic"] = str(error)
            return None, None, None
        fine = run_ages(self.circuit, self._half()).activity
        runs = []
        for k in range(self.networks):
            seed = self.seed + self.networks + k
            one = run_mesoscopic(
                self.circuit, self.times, seed=seed, finite_size=True, progress=stages.stage()
            )
            runs.append(one)
        both = [self.estimates.certain(part, halves(part)) for part in (coarse, fine)]
        return self.estimates.pooled(runs, False), both[0], both[0] - both[1]

    def _larger(self, refused: dict[str, str], stages: Stages) -> Measured | None:
        """Twice the neurons, and synapses where equations are those of many: quadratic."""
        neurons = [population.neuron for population in self.circuit.populations]
        many = all(isinstance(neuron, QuadraticNeuron) for neuron in neurons)
        try:
            circuit = scaled(self.circuit, 2, keep="probability" if many else "indegree")
            found = self._neurons(circuit, self.times, self.seed + 2 * self.networks, stages)
        except (DomainError, StoppedError) as error:
            refused["finite size"] = str(error)
            return None
        return self.estimates.pooled(found, is_quenched(circuit))

    def _measured(
        self, found: Reduction, middle: Measured | None, ages: Measured | None
    ) -> Measured:
        known = {"ages": ages, "mesoscopic": middle}.get(found.name)
        if known is not None:
            return known
        if found.name == "linear":
            return self.estimates.linear(self.still)
        if found.recording is not None:
            return self.estimates.pooled([found.recording], False)
        return self.estimates.certain(found.activity, found.error)


def is_quenched(circuit: Circuit) -> bool:
    """Do networks that are drawn from different seeds differ in more than their noise?"""
    certain = (AllToAll, OneToOne, Edges)
    drawn = any(
        not isinstance(p.rule, certain) or p.weight.kind != "constant" or p.delay.kind != "constant"
        for p in circuit.projections
    )
    spread: list[Any] = [set(p.quenched) - {"V_m"} for p in circuit.populations]
    return drawn or any(spread)
