#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr double unbounded = std::numeric_limits<double>::infinity();

std::string text_of(const Distribution& law) {
    std::ostringstream text;
    switch (law.kind) {
        case Distribution::Kind::constant:
            text << law.location;
            return text.str();
        case Distribution::Kind::uniform:
            text << "uniform on (" << law.low << ", " << law.high << ")";
            return text.str();
        case Distribution::Kind::normal:
        case Distribution::Kind::lognormal:
            text << name_of(law.kind) << ", mean " << law.location << ", sd " << law.scale;
            break;
        case Distribution::Kind::lorentzian:
            text << "lorentzian, median " << law.location << ", half width " << law.scale;
    }
    if (law.low > -unbounded || law.high < unbounded)
        text << ", in [" << law.low << ", " << law.high << "]";
    return text.str();
}

Distribution law(Distribution::Kind kind, double location, double scale, double low, double high) {
    return {kind, location, scale, low, high};
}

template <Distribution::Kind kind>
Distribution made(double location, double scale, double low, double high) {
    return law(kind, location, scale, low, high);
}

void bind_distribution(nb::module_& module) {
    using enum Distribution::Kind;
    Value<Distribution>(
        module, "Distribution",
        R"(The law of a number that differs between neurons or synapses and stays as drawn.

    constant    x = location
    normal      mean `location`, standard deviation `scale`
    lognormal   mean `location` (its sign is the sign of every x), standard deviation `scale`
    lorentzian  median `location`, half width at half maximum `scale`; has no mean
    uniform     on (low, high)

What falls outside [low, high] is drawn again. `Distribution.normal(15, 1, low=0)` and its like make
one; a plain number stands for a constant wherever a Distribution is expected.)",
        [](const Distribution& distribution) {
            return "Distribution(" + text_of(distribution) + ")";
        })
        .required("kind", &Distribution::kind, "Which law.")
        .optional("location", &Distribution::location, "Mean, median, or the constant.")
        .optional("scale", &Distribution::scale, "Standard deviation or half width.")
        .optional("low", &Distribution::low, "Smallest x.")
        .optional("high", &Distribution::high, "Largest x.")
        .done()
        .def("__eq__", [](const Distribution& a, const Distribution& b) { return a == b; })
        .def_static("normal", &made<normal>, "mean"_a, "sd"_a, nb::kw_only(), "low"_a = -unbounded,
                    "high"_a = unbounded, "Normal, cut to [low, high].")
        .def_static("lognormal", &made<lognormal>, "mean"_a, "sd"_a, nb::kw_only(),
                    "low"_a = -unbounded, "high"_a = unbounded,
                    "Lognormal with this mean (of either sign) and standard deviation.")
        .def_static("lorentzian", &made<lorentzian>, "median"_a, "half_width"_a, nb::kw_only(),
                    "low"_a = -unbounded, "high"_a = unbounded, "Lorentzian (Cauchy).")
        .def_static(
            "uniform",
            [](double low, double high) {
                return law(uniform, 0.5 * (low + high), 0.0, low, high);
            },
            "low"_a, "high"_a, "Uniform on (low, high).");
}

void bind_degrees(nb::module_& module) {
    Value<OneToOne>(module, "OneToOne",
                    "Every neuron of the source connects to the neuron of the same position.",
                    [](const OneToOne&) { return std::string("OneToOne()"); })
        .done();
    Value<AllToAll>(module, "AllToAll", "Every pair connects.", [](const AllToAll&) {
        return std::string("AllToAll()");
    }).done();
    Value<FixedIndegree>(
        module, "FixedIndegree",
        R"(Every target neuron draws its number of sources, then its sources.

    indegree   a number or a Distribution (rounded)
    multapses  may a pair connect more than once? False)",
        [](const FixedIndegree& rule) { return "FixedIndegree(" + text_of(rule.indegree) + ")"; })
        .required("indegree", &FixedIndegree::indegree, "Sources of each target neuron.")
        .optional("multapses", &FixedIndegree::multapses, "May a pair connect more than once?")
        .done();
    Value<FixedOutdegree>(module, "FixedOutdegree",
                          R"(Every source neuron draws its number of targets, then its targets.

    outdegree  a number or a Distribution (rounded)
    multapses  may a pair connect more than once? False)",
                          [](const FixedOutdegree& rule) {
                              return "FixedOutdegree(" + text_of(rule.outdegree) + ")";
                          })
        .required("outdegree", &FixedOutdegree::outdegree, "Targets of each source neuron.")
        .optional("multapses", &FixedOutdegree::multapses, "May a pair connect more than once?")
        .done();
}

void bind_pairs(nb::module_& module) {
    Value<FixedTotal>(module, "FixedTotal",
                      "Exactly `synapses` pairs, each drawn from all pairs (with multapses).",
                      [](const FixedTotal& rule) {
                          return "FixedTotal(" + std::to_string(rule.synapses) + " synapses)";
                      })
        .required("synapses", &FixedTotal::synapses, "How many.")
        .done();
    Value<Bernoulli>(module, "Bernoulli", "Erdős–Rényi: each pair with probability p.",
                     [](const Bernoulli& rule) {
                         std::ostringstream text;
                         text << "Bernoulli(p " << rule.p << ")";
                         return text.str();
                     })
        .required("p", &Bernoulli::p, "Of each pair.")
        .done();
    Value<CorrelatedDegrees>(
        module, "CorrelatedDegrees", R"(Each pair (i, j) with probability min(1, p a_i b_j).

a_i, b_j are lognormal with mean 1 and the given coefficients of variation; within a population
log a_i and log b_i have the given correlation.

    p            mean probability
    in_cv        coefficient of variation of a_i; 0
    out_cv       of b_j; 0
    correlation  of log a_i and log b_i; 0)",
        [](const CorrelatedDegrees& rule) {
            std::ostringstream text;
            text << "CorrelatedDegrees(p " << rule.p << ", in_cv " << rule.in_cv << ", out_cv "
                 << rule.out_cv << ", correlation " << rule.correlation << ")";
            return text.str();
        })
        .required("p", &CorrelatedDegrees::p, "Mean probability.")
        .optional("in_cv", &CorrelatedDegrees::in_cv, "Of in-degrees.")
        .optional("out_cv", &CorrelatedDegrees::out_cv, "Of out-degrees.")
        .optional("correlation", &CorrelatedDegrees::correlation, "Of log a_i and log b_i.")
        .done();
}

void bind_edges(nb::module_& module) {
    Value<Edges>(module, "Edges", R"(Given connections.

    source  neuron of the source population, from 0, shape (synapses,)
    target  neuron of the target population, from 0, shape (synapses,)
    weight  of each, in the unit of the synapse; empty: the projection's
    delay   of each, ms; empty: the projection's)",
                 [](const Edges& edges) {
                     return "Edges(" + std::to_string(edges.source.size()) + " synapses)";
                 })
        .required("source", &Edges::source, "Shape (synapses,).")
        .required("target", &Edges::target, "Shape (synapses,).")
        .optional("weight", &Edges::weight, "Shape (synapses,) or empty.")
        .optional("delay", &Edges::delay, "ms, shape (synapses,) or empty.")
        .done();
}

std::string describe(const CurrentInput& input) {
    return "CurrentInput(" + std::to_string(input.values.cols()) + " steps for " +
           (input.values.rows() == 1 ? std::string("all")
                                     : std::to_string(input.values.rows()) + " neurons") +
           ")";
}

std::string describe(const PoissonInput& input) {
    std::ostringstream text;
    text << "PoissonInput(" << input.rate << " Hz, weight " << input.weight << ")";
    return text.str();
}

std::string describe(const OrnsteinUhlenbeckInput& input) {
    std::ostringstream text;
    text << "OrnsteinUhlenbeckInput(mean " << input.mean << " pA, sigma " << input.sigma
         << " pA, tau " << input.tau << " ms" << (input.shared ? ", shared" : "") << ")";
    return text.str();
}

void bind_inputs(nb::module_& module) {
    Value<CurrentInput>(module, "CurrentInput", R"(Steps of current, or an array:

    I(t) = values[:, k] for times[k] ≤ t < times[k + 1], 0 before times[0]

    times   ms, increasing, shape (k,)
    values  pA, shape (1, k) for the whole population or (N, k), a row for each neuron)",
                        [](const CurrentInput& input) { return describe(input); })
        .required("times", &CurrentInput::times, "ms, increasing.")
        .required("values", &CurrentInput::values, "pA, shape (1 or N, k).")
        .done();
    Value<PoissonInput>(module, "PoissonInput", R"(Independent Poisson spikes to each neuron.

    rate     of each neuron's input, Hz
    weight   in the unit of the synapse (mV, pA or nS)
    synapse  a Synapse, or its kind; exponential with 2 ms
    start    ms; 0
    stop     ms; never)",
                        [](const PoissonInput& input) { return describe(input); })
        .required("rate", &PoissonInput::rate, "Of each neuron's input, Hz.")
        .required("weight", &PoissonInput::weight, "In the unit of the synapse.")
        .optional("synapse", &PoissonInput::synapse, "What a spike does to its target.")
        .optional("start", &PoissonInput::start, "ms.")
        .optional("stop", &PoissonInput::stop, "ms.")
        .done();
    Value<OrnsteinUhlenbeckInput>(
        module, "OrnsteinUhlenbeckInput",
        R"(A current that obeys tau İ = mean − I + √(2 tau) sigma ξ.

    mean    pA; 0
    sigma   stationary standard deviation, pA
    tau     ms; 10
    shared  one for all neurons, or one for each? False)",
        [](const OrnsteinUhlenbeckInput& input) { return describe(input); })
        .optional("mean", &OrnsteinUhlenbeckInput::mean, "pA.")
        .optional("sigma", &OrnsteinUhlenbeckInput::sigma, "Standard deviation, pA.")
        .optional("tau", &OrnsteinUhlenbeckInput::tau, "ms.")
        .optional("shared", &OrnsteinUhlenbeckInput::shared, "One for all neurons?")
        .done();
}

}  // namespace

void bind_circuit_laws(nb::module_& module) {
    bind_distribution(module);
    bind_degrees(module);
    bind_pairs(module);
    bind_edges(module);
    bind_inputs(module);
}

}  // namespace heddle::python
