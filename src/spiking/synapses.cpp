#include "spiking/synapses.hpp"

#include <algorithm>
#include <numbers>

namespace heddle {
namespace {

/// In NEST's convention spikes arrive at the end of the step.
SynapsePropagator at_the_end(const Synapse& synapse, SynapsePropagator p) {
    const bool alpha = synapse.kind == Synapse::Kind::alpha;
    p.on_v_arrival = 0.0;
    p.arrival = alpha ? 0.0 : 1.0;
    p.rise_arrival = alpha ? std::numbers::e / synapse.tau_syn : 0.0;
    return p;
}

SynapsePropagator of_step(const Synapse& synapse, const Individual& individual, InputRule rule,
                          double step, bool grid) {
    const bool delta = synapse.kind == Synapse::Kind::delta;
    if (delta && grid) return {.on_v_arrival = 1.0};
    if (delta && rule == InputRule::mean)
        return {.on_v_arrival = capacity_of(individual.neuron) / step};
    SynapsePropagator p = propagator(synapse, membrane_of(individual, rule, step), step);
    if (grid) return at_the_end(synapse, p);
    p.arrival /= step;
    p.rise_arrival /= step;
    p.on_v_arrival /= step;
    return p;
}

}  // namespace

Synapses::Synapses(const Circuit& circuit, const Slice& slice, const Individuals& individuals,
                   const InputRule& rule, double step, bool grid) {
    const auto count = static_cast<std::size_t>(slice.count);
    for (const Synapse& synapse : ports_of(circuit, slice.population)) {
        Port port{synapse, slice.cell + ports_.size() * count, {}, {}, {}};
        port.columns = Columns(7, individuals, [&](const Individual& individual, double* row) {
            const SynapsePropagator p = of_step(synapse, individual, rule, step, grid);
            const std::array all{p.keep, p.rise,      p.arrival,     p.rise_arrival,
                                 p.on_v, p.on_v_rise, p.on_v_arrival};
            std::ranges::copy(all, row);
        });
        if (synapse.kind != Synapse::Kind::delta)
            port.s.resize(count);
        else
            jump_ = grid && rule == InputRule::mean;
        if (synapse.kind == Synapse::Kind::alpha) port.x.resize(count);
        ports_.push_back(std::move(port));
    }
}

void Synapses::take(Port& port, std::size_t position, std::size_t first, std::size_t n,
                    float* cells, Scratch& scratch, double* drive) {
    const auto column = [&](std::size_t c) { return port.columns.at(c, first); };
    const kernels::SynapseColumns columns{column(0), column(1), column(2), column(3),
                                          column(4), column(5), column(6)};
    float* cell = cells + port.cell + first;
    double* arrived = scratch.arrived[position].data();
    double* before = scratch.before[position].data();
    switch (port.synapse.kind) {
        case Synapse::Kind::delta:
            return kernels::delta(n, columns, cell, arrived, drive);
        case Synapse::Kind::exponential:
            return kernels::exponential(n, columns, cell, port.s.data() + first, before, arrived,
                                        drive);
        case Synapse::Kind::alpha:
            return kernels::alpha(n, columns, cell, port.s.data() + first, port.x.data() + first,
                                  before, scratch.x_before[position].data(), arrived, drive);
    }
}

void Synapses::collect(std::size_t first, std::size_t n, float* cells, Scratch& scratch) {
    for (std::size_t p = 0; p < ports_.size(); ++p) {
        Port& port = ports_[p];
        if (!port.synapse.conductance) {
            const bool jumps = jump_ && port.synapse.kind == Synapse::Kind::delta;
            take(port, p, first, n, cells, scratch, (jumps ? scratch.jump : scratch.drive).data());
            continue;
        }
        std::fill_n(scratch.mean.begin(), n, 0.0);
        take(port, p, first, n, cells, scratch, scratch.mean.data());
        kernels::conduct(n, scratch.mean.data(), port.synapse.E_rev, scratch.conductance.data(),
                         scratch.reversal.data());
    }
}

void Synapses::name_variables(std::vector<std::string>& names) const {
    for (std::size_t p = 0; p < ports_.size(); ++p)
        if (!ports_[p].s.empty()) names.push_back("I_syn[" + std::to_string(p) + "]");
}

std::optional<double> Synapses::value(const std::string& variable, std::size_t neuron) const {
    for (std::size_t p = 0; p < ports_.size(); ++p)
        if (variable == "I_syn[" + std::to_string(p) + "]" && !ports_[p].s.empty())
            return ports_[p].s[neuron];
    return std::nullopt;
}

}  // namespace heddle
