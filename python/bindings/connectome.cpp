#include "heddle/spiking/connectome.hpp"

#include <nanobind/nanobind.h>

#include <memory>
#include <sstream>

#include "circuit_values.hpp"
#include "long_call.hpp"
#include "modules.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr const char* what_connect_does = R"(Draws the synapses of a circuit.

Every synapse is a function of the seed, the projection and its source neuron (its target neuron,
for FixedIndegree), so any number of threads gives the same.

step        time step, ms: delays are rounded to it
threads     0: one per core
memory      bytes that may be used; 0: no limit
regenerate  store no synapses: `simulate` draws those of a neuron again whenever it fires
progress    progress(done, total)

Returns a Connectome, for `simulate`. Raises DomainError for what `Circuit.validate` finds, for
more memory needed than there is, with both numbers, before anything is allocated, and where
`regenerate` meets a fixed in-degree, whose targets draw their sources. 2 to 6 bytes a synapse.)";

void bind_value(nb::module_& module) {
    nb::class_<Connectome>(module, "Connectome",
                           "The synapses of a circuit, as `connect` drew them from a seed.")
        .def_ro("step", &Connectome::step, "ms: delays are counted in it.")
        .def_ro("seed", &Connectome::seed, "What synapses are drawn from.")
        .def_ro("synapses", &Connectome::synapses, "How many; if regenerated, as expected.")
        .def_ro("bytes", &Connectome::bytes, "Of memory that they take.")
        .def_ro("regenerated", &Connectome::regenerated, "Are synapses drawn at every spike?")
        .def_ro("least_delay", &Connectome::least_delay, "Steps.")
        .def_ro("most_delay", &Connectome::most_delay, "Steps.")
        .def("__repr__", [](const Connectome& connectome) {
            std::ostringstream text;
            text << "Connectome(" << connectome.synapses << " synapses, ";
            if (connectome.regenerated)
                text << "regenerated, ";
            else
                text << connectome.bytes << " bytes, ";
            text << "delays of " << connectome.least_delay << " to " << connectome.most_delay
                 << " steps of " << connectome.step << " ms)";
            return text.str();
        });
}

std::size_t projection_of(const Circuit& circuit, std::size_t position) {
    if (position >= circuit.projections.size())
        throw nb::index_error(("projection is " + std::to_string(position) + "; there are " +
                               std::to_string(circuit.projections.size()))
                                  .c_str());
    return position;
}

void bind_functions(nb::module_& module) {
    module.def(
        "connect",
        [](const Circuit& circuit, double step, std::uint64_t seed, std::size_t threads,
           std::int64_t memory, bool regenerate, nb::handle progress) {
            const ConnectOptions options{step, seed, threads, memory, regenerate};
            return long_call(progress, [circuit, options](LongCall& call) {
                return connect(circuit, options, call.progress());
            });
        },
        "circuit"_a, nb::kw_only(), "step"_a = 0.1, "seed"_a = 0, "threads"_a = 1, "memory"_a = 0,
        "regenerate"_a = false, "progress"_a = nb::none(), what_connect_does);
    module.def(
        "memory_needed",
        [](const Circuit& circuit, double step, std::size_t threads, bool regenerate) {
            return memory_needed(circuit, {step, 0, threads, 0, regenerate});
        },
        "circuit"_a, nb::kw_only(), "step"_a = 0.1, "threads"_a = 1, "regenerate"_a = false,
        R"(Bytes that `connect` will need at its peak, estimated before anything is drawn.

With `regenerate`, bytes that `simulate` will: for the synapses of spikes in flight, at 20 Hz a
neuron.)");
    module.def(
        "edges_of",
        [](const Circuit& circuit, std::size_t projection, double step, std::uint64_t seed) {
            const ConnectOptions options{step, seed, 1, 0};
            const std::size_t position = projection_of(circuit, projection);
            return long_call(nb::none(), [circuit, options, position](LongCall&) {
                return edges_of(circuit, options, position);
            });
        },
        "circuit"_a, "projection"_a, nb::kw_only(), "step"_a = 0.1, "seed"_a = 0,
        R"(All synapses of one projection, by its position: Edges sorted by target, then source.

Weights as stored (single precision), delays on the grid, ms. The same that `connect` draws from the
seed.)");
}

}  // namespace

void bind_connectome(nb::module_& module) {
    bind_value(module);
    bind_functions(module);
}

}  // namespace heddle::python
