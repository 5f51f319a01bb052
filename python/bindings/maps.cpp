#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/rectified/discrete_cycles.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const ThresholdMap& map) {
    std::ostringstream text;
    text << "ThresholdMap(" << map.states() << " states, " << map.units() << " rectified units)";
    return text.str();
}

std::string describe(const MapCycle& cycle) {
    std::ostringstream text;
    text << "MapCycle(period " << cycle.states.cols() << ", " << (cycle.stable ? "" : "un")
         << "stable, largest multiplier " << cycle.spectral_radius << ")";
    return text.str();
}

std::string describe(const MapCycles& found) {
    std::ostringstream text;
    text << "MapCycles(" << found.cycles.size() << " of period " << found.period
         << (found.complete ? ", complete)" : ", perhaps more)");
    return text.str();
}

/// Without a bias or a drive there is none.
void complete(ThresholdMap& map) {
    if (map.bias.size() == 0) map.bias = Vector::Zero(map.units());
    if (map.drive.size() == 0) map.drive = Vector::Zero(map.states());
    validate(map);
}

void bind_map(nb::module_& module) {
    Value<ThresholdMap>(module, "ThresholdMap",
                        R"(A piecewise-linear map of n state variables with m rectified units.

    z' = A z + P [Q z + c]₊ + h

`plrnn`, `shallow_plrnn` and `relu_rnn` make one from the weights of an RNN, `read_rnn` from a file.

    linear   A, shape (n, n)
    outputs  P, what each rectified unit sends, shape (n, m)
    inputs   Q, what each rectified unit receives, shape (m, n)
    bias     c, shape (m,); zero
    drive    h, shape (n,); zero

Raises ShapeError or DomainError, naming the field.)",
                        [](const ThresholdMap& map) { return describe(map); })
        .required("linear", &ThresholdMap::linear, "A, shape (n, n).")
        .required("outputs", &ThresholdMap::outputs, "P, shape (n, m).")
        .required("inputs", &ThresholdMap::inputs, "Q, shape (m, n).")
        .optional("bias", &ThresholdMap::bias, "c, shape (m,).")
        .optional("drive", &ThresholdMap::drive, "h, shape (n,).")
        .check(&complete)
        .done()
        .def_prop_ro("states", &ThresholdMap::states, "Number of state variables n.")
        .def_prop_ro("units", &ThresholdMap::units, "Number of rectified units m.");
}

void bind_forms(nb::module_& module) {
    module.def(
        "plrnn",
        [](nb::handle a, nb::handle w, nb::handle h, nb::handle rectified) {
            const Matrix linear = to_eigen<Matrix>(a, "a"), weights = to_eigen<Matrix>(w, "w");
            const Vector drive = to_eigen<Vector>(h, "h");
            if (rectified.is_none()) return plrnn(linear, weights, drive);
            return plrnn(linear, weights, drive, from_python<Support>(rectified, "rectified"));
        },
        "a"_a, "w"_a, "h"_a, "rectified"_a = nb::none(),
        R"(The ThresholdMap z' = A z + W φ(z) + h of a piecewise-linear RNN.

`a` and `w` have shape (n, n), `h` shape (n,). `rectified` lists the units with φ(z) = max(z, 0), by
rising index; the others are linear (an almost-linear RNN). None: all are rectified.)");
    module.def(
        "shallow_plrnn",
        [](nb::handle a, nb::handle w1, nb::handle w2, nb::handle h1, nb::handle h2, bool clipped) {
            return shallow_plrnn(to_eigen<Matrix>(a, "a"), to_eigen<Matrix>(w1, "w1"),
                                 to_eigen<Matrix>(w2, "w2"), to_eigen<Vector>(h1, "h1"),
                                 to_eigen<Vector>(h2, "h2"), clipped);
        },
        "a"_a, "w1"_a, "w2"_a, "h1"_a, "h2"_a, "clipped"_a = false,
        R"(The ThresholdMap z' = A z + W₁ [W₂ z + h₂]₊ + h₁ of a shallow PLRNN.

`a` has shape (n, n), `w1` (n, m), `w2` (m, n), `h1` (n,), `h2` (m,). With clipped, [W₂ z + h₂]₊ −
[W₂ z]₊ takes the place of [W₂ z + h₂]₊.)");
    module.def(
        "relu_rnn",
        [](nb::handle w, nb::handle h) {
            return relu_rnn(to_eigen<Matrix>(w, "w"), to_eigen<Vector>(h, "h"));
        },
        "w"_a, "h"_a, "The ThresholdMap z' = [W z + h]₊; w has shape (n, n), h shape (n,).");
    module.def(
        "iterate",
        [](const ThresholdMap& map, nb::handle initial, Index steps) {
            return to_numpy(iterate(map, to_eigen<Vector>(initial, "initial"), steps));
        },
        "map"_a, "initial"_a, "steps"_a, "z(0) and the states that follow, shape (n, steps + 1).");
    module.def("unrolled", &unrolled, "map"_a, "k"_a,
               "The ThresholdMap of k successive states (n k variables, block-cyclic), whose fixed "
               "points are the orbits with a period that divides k.");
    module.def("with_fixed_points_of", &with_fixed_points_of, "map"_a,
               "The ThresholdLinear τ ẋ = (A − 1) x + P [Q x + c]₊ + h, which has the map's fixed "
               "points, though not its stability; τ = 1 s.");
}

void bind_results(nb::module_& module) {
    Value<MapCycle>(module, "MapCycle", "An orbit of period k of a ThresholdMap.",
                    [](const MapCycle& cycle) { return describe(cycle); })
        .required("states", &MapCycle::states, "z_1, …, z_k, shape (n, k).")
        .required("itinerary", &MapCycle::itinerary, "The active units at each.")
        .required("multipliers", &MapCycle::multipliers, "Eigenvalues of J_k ⋯ J_1, shape (n,).")
        .required("spectral_radius", &MapCycle::spectral_radius, "Largest |multiplier|.")
        .required("stable", &MapCycle::stable, "Whether that is below 1.")
        .required("residual", &MapCycle::residual, "max |f(z_t) − z_{t+1}|, relative.")
        .required("margin", &MapCycle::margin,
                  "Least |Q z + c| of a unit, relative to the largest; 0 on a border.")
        .required("on_border", &MapCycle::on_border, "Whether the margin is rounding alone.")
        .required("condition", &MapCycle::condition, "κ₁(1 − J_k ⋯ J_1), estimated.")
        .done();
    Value<DegenerateWord>(module, "DegenerateWord",
                          "A word of regions whose 1 − J_k ⋯ J_1 is singular, with a continuum of "
                          "cycles or undecided.",
                          [](const DegenerateWord& word) {
                              return std::string("DegenerateWord(") +
                                     (word.continuum ? "continuum)" : "undecided)");
                          })
        .required("itinerary", &DegenerateWord::itinerary, "The active units at each step.")
        .required("reciprocal_condition", &DegenerateWord::reciprocal_condition, "1 / κ₁.")
        .required("continuum", &DegenerateWord::continuum, "Whether one was found.")
        .required("states", &DegenerateWord::states, "A cycle amid it, shape (n, k), or empty.")
        .done();
    Value<MapCycles>(module, "MapCycles", "What was found, and whether anything can be missing.",
                     [](const MapCycles& found) { return describe(found); })
        .required("period", &MapCycles::period, "k.")
        .required("cycles", &MapCycles::cycles, "MapCycle, of this very period, stable first.")
        .required("degenerate", &MapCycles::degenerate, "DegenerateWord.")
        .required("exhaustive", &MapCycles::exhaustive, "Whether every word was looked at.")
        .required("words", &MapCycles::words, "That were looked at.")
        .required("searches", &MapCycles::searches, "0 if exhaustive.")
        .required("without_news", &MapCycles::without_news,
                  "How many of the last searches found nothing new.")
        .required("complete", &MapCycles::complete, "Exhaustive, and no word is degenerate.")
        .required("statement", &MapCycles::statement, "The same in words.")
        .done();
}

MapCycles found_by(const ThresholdMap& map, Index period, const MapCycleOptions& options,
                   nb::handle progress) {
    return long_call(progress, [map, period, options](LongCall& call) {
        return cycles_of_map(map, period, options, call.progress());
    });
}

void bind_cycles(nb::module_& module) {
    module.def(
        "cycles_of_map",
        [](const ThresholdMap& map, Index period, Index most_words, Index patience,
           Index iterations, double tolerance, std::uint64_t seed, std::size_t threads,
           nb::handle progress) {
            return found_by(map, period,
                            {most_words, patience, iterations, tolerance, seed, threads}, progress);
        },
        "map"_a, "period"_a, nb::kw_only(), "most_words"_a = 1 << 20, "patience"_a = 500,
        "iterations"_a = 200, "tolerance"_a = 1e-8, "seed"_a = 0, "threads"_a = 0,
        "progress"_a = nb::none(),
        R"(The orbits of period k of a ThresholdMap: all of them, or what a search finds.

    z_1 = (1 − J_k ⋯ J_1)⁻¹ (b_k + J_k b_{k−1} + …) ,   J_t = A + P_σt Q_σt ,

for words σ_1 … σ_k of regions, accepted if every z_t lies in its region. Up to `most_words` words
are all looked at, cyclic shifts once. Where there are more, a search: from a word drawn at random
or read off a trajectory to the word that its virtual orbit visits, and so on, until it is its own.

most_words  above this many words, 2^(m k) / k, the search takes over
patience    searches in a row that find nothing new before it gives up
iterations  most words that one search looks at
tolerance   relative distance within which two cycles are the same
seed        of the search
threads     0: one per core; any number gives the same bits
progress    progress(done, total)

Returns a MapCycles, which says whether any can be missing. Raises DomainError, naming the argument.
A word costs 2 n³ flops and the solution of n equations. After SCYFI, arXiv:2310.17561.)");
    module.def(
        "fixed_points_of_map",
        [](const ThresholdMap& map, Index most_words, Index patience, std::uint64_t seed,
           std::size_t threads, nb::handle progress) {
            MapCycleOptions options;
            options.most_words = most_words;
            options.patience = patience;
            options.seed = seed;
            options.threads = threads;
            return found_by(map, 1, options, progress);
        },
        "map"_a, nb::kw_only(), "most_words"_a = 1 << 20, "patience"_a = 500, "seed"_a = 0,
        "threads"_a = 0, "progress"_a = nb::none(),
        "The fixed points of a ThresholdMap, its cycles of period 1; see `cycles_of_map`.");
}

}  // namespace

void bind_maps(nb::module_& module) {
    bind_map(module);
    bind_forms(module);
    bind_results(module);
    bind_cycles(module);
}

}  // namespace heddle::python
