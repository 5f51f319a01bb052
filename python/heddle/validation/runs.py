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
from heddle.validation.levels import (
    Level,
    Reduction,
    StoppedError,
    Times,
    halves,
    reduction_of,
    run_ages,
    run_mesoscopic,
    run_neurons,
)
from heddle.validation.observables import (
    Measured,
    doubts_of,
    measure,
    paired,
    pooled,
    without_chance,
)
from heddle.validation.scaling import scaled


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

    def all(self, level: Level, progress: Progress | None) -> Levels:
        """Runs everything. Raises StoppedError where neurons run away."""
        stages = Stages(progress, [4] * self.networks + [8] * self.networks + [8] * self.networks)
        found, refused = self._reduction(level)
        coarse = self._neurons(self.circuit, self.times, self.seed, stages)
        fine = self._neurons(self.circuit, self._half(), self.seed, stages)
        plain = [measure(one) for one in coarse]
        count = len(plain[0].estimate)
        middle, ages, ages_step = self._equations(count, refused, stages)
        larger = None
        if middle is None:
            larger = self._larger(refused, stages)
        return Levels(
            neurons=pooled(plain, is_quenched(self.circuit)),
            step=pooled([paired(a, b) for a, b in zip(coarse, fine, strict=True)], False),
            mesoscopic=middle,
            ages=ages,
            ages_step=ages_step,
            larger=larger,
            reduction=None if found is None else self._measured(found, count, ages),
            found=found,
            refused=refused,
            doubts=[said for one in coarse + fine for said in doubts_of(one)],
        )

    def _half(self) -> Times:
        return replace(self.times, step=self.times.step / 2)

    def _reduction(self, level: Level) -> tuple[Reduction | None, dict[str, str]]:
        """What was asked for by name must work; what is chosen may be nothing."""
        try:
            return reduction_of(self.circuit, level, self.times), {}
        except DomainError as error:
            if level != "auto":
                raise
            return None, {"reduction": str(error)}

    def _neurons(
        self, circuit: Circuit, times: Times, seed: int, stages: Stages
    ) -> list[SpikeRecording]:
        how = {"threads": self.threads}
        return [
            run_neurons(circuit, times, seed=seed + k, progress=stages.stage(), **how)
            for k in range(self.networks)
        ]

    def _equations(
        self, count: int, refused: dict[str, str], stages: Stages
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
            runs.append(measure(one))
        names = len(coarse)
        both = [without_chance(part, names, count, halves(part)) for part in (coarse, fine)]
        return pooled(runs, False), both[0], both[0] - both[1]

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
        return pooled([measure(one) for one in found], is_quenched(circuit))

    def _measured(self, found: Reduction, count: int, ages: Measured | None) -> Measured:
        if found.name == "ages" and ages is not None:
            return ages
        if found.recording is not None:
            return measure(found.recording)
        return without_chance(found.activity, len(found.activity), count, found.error)


def is_quenched(circuit: Circuit) -> bool:
    """Do networks that are drawn from different seeds differ in more than their noise?"""
    certain = (AllToAll, OneToOne, Edges)
    drawn = any(
        not isinstance(p.rule, certain) or p.weight.kind != "constant" or p.delay.kind != "constant"
        for p in circuit.projections
    )
    spread: list[Any] = [set(p.quenched) - {"V_m"} for p in circuit.populations]
    return drawn or any(spread)
