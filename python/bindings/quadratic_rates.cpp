#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "heddle/population/quadratic.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const RateFilter& filter) {
    std::ostringstream text;
    text << "RateFilter(" << name_of(filter.synapse.kind) << " of population " << filter.source
         << ", delay " << filter.delay << " ms)";
    return text.str();
}

std::string describe(const RateCoupling& coupling) {
    std::ostringstream text;
    text << "RateCoupling(filter " << coupling.filter << " onto population " << coupling.target
         << ", gain " << coupling.gain << " / Hz, width " << coupling.width << " / Hz)";
    return text.str();
}

std::string describe(const RateAdaptation& adaptation) {
    std::ostringstream text;
    text << "RateAdaptation(population " << adaptation.population << ", tau " << adaptation.tau
         << " ms, gain " << adaptation.gain << " / Hz)";
    return text.str();
}

std::string describe(const SharedCurrent& current) {
    std::ostringstream text;
    text << "SharedCurrent(to population " << current.population << ", " << current.times.size()
         << " steps)";
    return text.str();
}

std::string describe(const QuadraticRates& equations) {
    std::string text = "QuadraticRates(";
    for (std::size_t i = 0; i < equations.state_names.size(); ++i)
        text += (i ? ", " : "") + equations.state_names[i];
    return text + ")";
}

void bind_parts(nb::module_& module) {
    Value<RateFilter>(module, "RateFilter",
                      "A filtered rate of a population, Hz, as its targets see it a delay later.",
                      [](const RateFilter& filter) { return describe(filter); })
        .required("source", &RateFilter::source, "Position of a population.")
        .required("synapse", &RateFilter::synapse, "Which filter.")
        .required("delay", &RateFilter::delay, "ms.")
        .done();
    Value<RateCoupling>(module, "RateCoupling",
                        "What a filtered rate s does to a population: I += gain s, D += width |s|.",
                        [](const RateCoupling& coupling) { return describe(coupling); })
        .required("target", &RateCoupling::target, "Position of a population.")
        .required("filter", &RateCoupling::filter, "Position of a filter.")
        .required("gain", &RateCoupling::gain, "J, 1/Hz.")
        .required("width", &RateCoupling::width, "Γ, 1/Hz; above 0 for Lorentzian weights.")
        .done();
    Value<RateAdaptation>(module, "RateAdaptation", "tau ȧ = −a + gain r, I −= a.",
                          [](const RateAdaptation& adaptation) { return describe(adaptation); })
        .required("population", &RateAdaptation::population, "Position of a population.")
        .required("tau", &RateAdaptation::tau, "ms.")
        .required("gain", &RateAdaptation::gain, "1/Hz.")
        .done();
    Value<SharedCurrent>(module, "SharedCurrent",
                         "A current that all neurons of a population get: values[k] for times[k] ≤ "
                         "t < times[k + 1].",
                         [](const SharedCurrent& current) { return describe(current); })
        .required("population", &SharedCurrent::population, "Position of a population.")
        .required("times", &SharedCurrent::times, "ms, increasing.")
        .required("values", &SharedCurrent::values, "Dimensionless, as eta.")
        .done();
}

Vector right_hand_side(const QuadraticRates& equations, nb::handle state, double time,
                       nb::handle delayed) {
    const auto at = to_eigen<Vector>(state, "state");
    RateDrive drive = steady_drive(equations, at, time);
    if (!delayed.is_none()) drive.delayed = to_eigen<Vector>(delayed, "delayed");
    return velocity(equations, at, drive);
}

constexpr const char* how_it_solves = R"(Solves the equations in time.

The classical Runge–Kutta method, with rates before t = 0 those of the initial state; delayed rates
are interpolated with the cubic through values and slopes, and a step sees the mean of a shared
current. Fourth order if delays and the times of currents are multiples of the inner step. That is
halved, from step / 2 to step / 256, until the solution agrees with that of twice the step.

duration   ms
step       ms between samples; at most the least delay
tolerance  how well the two agree: of each state, over its largest absolute value
initial    state at t = 0, shape (n,); where the circuit starts if None

Returns a RateTrajectory with the measured difference, which exceeds the error of the method. Raises
ShapeError or DomainError; NotConverged if step / 256 does not do. 8 right-hand sides an inner
step.)";

constexpr const char* where_it_rests = R"(The fixed points, with their stability.

All between 0 and 1000 Hz, with a proof that none is missing: see `RateEquations.fixed_points`. For
one population they are the positive roots of a quartic in π τ r.

time    ms at which shared currents are held
starts  of Newton's method, where the proof does not end
seed    of these

Returns RateFixedPoints. Eigenvalues take delays into account (Breda, Maset & Vermiglio 2005, SIAM J
Sci Comput 27:482). Raises DomainError for options out of range.)";

void add_methods(nb::class_<QuadraticRates>& type) {
    type.def("__str__", [](const QuadraticRates& self) { return equation_text(self); })
        .def(
            "latex", [](const QuadraticRates& self) { return equation_latex(self); },
            "The equations as an `aligned` environment for LaTeX.")
        .def("equations", &rate_equations,
             "The same as RateEquations: formulas to follow over a parameter, or to export.")
        .def(
            "rhs",
            [](const QuadraticRates& self, nb::handle state, double time, nb::handle delayed) {
                return to_numpy(right_hand_side(self, state, time, delayed));
            },
            "state"_a, nb::kw_only(), "time"_a = 0.0, "delayed"_a = nb::none(),
            "Change of the state per ms, shape (n,). `delayed`: rate of each filter's source one "
            "delay ago, Hz; that of the state if None. Raises ShapeError.")
        .def(
            "solve",
            [](const QuadraticRates& self, double duration, double step, double tolerance,
               nb::handle initial) {
                const Vector start =
                    initial.is_none() ? Vector() : to_eigen<Vector>(initial, "initial");
                return long_call(
                    nb::none(),
                    [self, options = RateSolveOptions{duration, step, tolerance, start, false}](
                        LongCall&) { return solve(self, options); });
            },
            nb::kw_only(), "duration"_a = 1000.0, "step"_a = 0.1, "tolerance"_a = 1e-6,
            "initial"_a = nb::none(), how_it_solves)
        .def(
            "fixed_points",
            [](const QuadraticRates& self, double time, Index starts, std::uint64_t seed) {
                return fixed_points(
                    self, RateFixedPointOptions{.time = time, .starts = starts, .seed = seed});
            },
            nb::kw_only(), "time"_a = 0.0, "starts"_a = 256, "seed"_a = 0, where_it_rests);
}

void bind_quadratic_equations(nb::module_& module) {
    auto type =
        Value<QuadraticRates>(module, "QuadraticRates",
                              R"(The firing-rate equations of quadratic neurons.

    τ ṙ = D / (π τ) + 2 r v                D = Δ + Σ width |s|
    τ v̇ = v² + η + I − (π τ r)²            I = Σ gain s − Σ a + shared currents

`str()` writes them with their numbers, `latex()` for a paper. A state holds r (Hz) and v of each
population, then filtered rates s (Hz; alpha: x, s), then adaptations a: `state_names`.)",
                              [](const QuadraticRates& equations) { return describe(equations); })
            .required("names", &QuadraticRates::names, "Of populations.")
            .required("tau", &QuadraticRates::tau, "ms, shape (P,).")
            .required("eta", &QuadraticRates::eta, "Median of the excitabilities, shape (P,).")
            .required("delta", &QuadraticRates::delta, "Δ, their half width, shape (P,).")
            .required("filters", &QuadraticRates::filters, "List of RateFilter.")
            .required("couplings", &QuadraticRates::couplings, "List of RateCoupling.")
            .required("adaptations", &QuadraticRates::adaptations, "List of RateAdaptation.")
            .required("currents", &QuadraticRates::currents, "List of SharedCurrent.")
            .required("initial", &QuadraticRates::initial,
                      "State that the circuit starts in, shape (n,).")
            .required("state_names", &QuadraticRates::state_names, "Shape (n,).")
            .required("units", &QuadraticRates::units, "\"Hz\" or \"\", shape (n,).")
            .required("assumptions", &QuadraticRates::assumptions,
                      "What separates the circuit from the equations, in sentences.")
            .check([](QuadraticRates& equations) { validate(equations); })
            .done();
    add_methods(type);
}

void bind_derivation(nb::module_& module) {
    module.def("quadratic_rates", &quadratic_rates, "circuit"_a,
               R"(The firing-rate equations of a circuit of quadratic neurons.

    τ ṙ = D / (π τ) + 2 r v                D = Δ + Σ width |s|
    τ v̇ = v² + η + I − (π τ r)²            I = Σ gain s − Σ a + shared currents

With Lorentzian excitabilities (median η, half width Δ) the potentials of a population stay
Lorentzian, with median v and half width π τ r: the equations are exact as the numbers of neurons
and of synapses per neuron go to infinity. Lorentzian weights add their half width to Δ, exactly.
With K synapses a neuron of median weight w and half width γ, gain = K w q and width = K γ q, where
q = tau_m (delta), tau_syn (exponential) or e tau_syn (alpha). Adaptation is by the population's
rate, an approximation that `assumptions` names.

circuit  Circuit of QuadraticNeuron populations with quenched eta = Distribution.lorentzian(…)

Returns QuadraticRates. Raises DomainError naming the population, projection or input that the
equations do not describe, and what would do. Montbrió, Pazó & Roxin (2015), Phys Rev X 5:021028.)");
}

}  // namespace

void bind_quadratic_rates(nb::module_& module) {
    bind_parts(module);
    bind_quadratic_equations(module);
    bind_derivation(module);
}

}  // namespace heddle::python
