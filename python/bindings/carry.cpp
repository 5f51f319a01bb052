#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include "carry_values.hpp"
#include "convert.hpp"
#include "heddle/carry/attraction.hpp"
#include "heddle/carry/margin.hpp"
#include "heddle/carry/survival.hpp"
#include "heddle/core/error.hpp"
#include "long_call.hpp"
#include "modules.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;
using After = std::optional<std::string>;

std::size_t named(const CarriedLibrary& carried, const std::string& name) {
    return find_motif(carried.library, name);
}

Arrival arrival_of(const CarriedLibrary& carried, const After& after, bool preparation) {
    Arrival arrival{.preparation = preparation};
    if (after) arrival.after = named(carried, *after);
    return arrival;
}

void bind_carry_over(nb::module_& module) {
    module.def(
        "carry_over",
        [](const Library& library, nb::handle response, double amplitude,
           nb::handle operating_point, nb::handle h, std::size_t threads, nb::handle progress) {
            CarryOptions options{.response = to_response(response, "response"),
                                 .amplitude = amplitude};
            if (!operating_point.is_none())
                options.operating_point = to_eigen<Vector>(operating_point, "operating_point");
            if (!h.is_none()) options.h = from_python<double>(h, "h");
            return long_call(progress, [library, options, threads](LongCall& call) {
                return carry_over(library, options, threads, call.progress());
            });
        },
        "library"_a, "response"_a, "amplitude"_a, "operating_point"_a.none(), "h"_a.none(),
        "threads"_a, "progress"_a.none(), "See heddle.carry_over.");
    module.def(
        "with_loops",
        [](const CarriedLibrary& carried, const std::string& motif, const Loops& loops) {
            return with_loops(carried, named(carried, motif), loops);
        },
        "carried"_a, "motif"_a, "loops"_a, "See heddle.carrying.repair.");
}

void bind_measure_of_survival(nb::module_& module) {
    module.def(
        "survival",
        [](const CarriedLibrary& carried, Index points, double lost, double failure,
           std::size_t threads, nb::handle progress) {
            const SurvivalOptions options{points, lost, failure};
            return long_call(progress, [carried, options, threads](LongCall& call) {
                return survival(carried, options, threads, call.progress());
            });
        },
        "carried"_a, nb::kw_only(), "points"_a = 5, "lost"_a = 0.05, "failure"_a = 0.05,
        "threads"_a = 0, "progress"_a = nb::none(),
        R"(What a non-linear network keeps of its linear design, at its amplitude.

Every motif from its own start, all ordered pairs, the eigenvalues of the Jacobian along the
trajectories beside the places they were designed for, and the law by which deviations grow,

    deviation → κ aᵖ :  δ_{t+1} = (1 − η) δ_t + η M (δ_t + q(x_t) − q(x*)) ,  δy = C (δ + q) ,

q(x) = φ'' / (2 φ') x² (p = 1) or φ''' / (6 φ') x³ (p = 2) along the linear network's x.

    points   states of each motif at which eigenvalues are computed
    lost     distance beyond which an eigenvalue counts as lost
    failure  normalised squared error above which a motif has failed
    threads  0: one per core; any number gives the same bits

Returns a Survival. Raises DomainError for options out of range and states that are not finite.
4 n² flops a step and trial of M² + 3 M trials, 10 n³ for each state looked at.)");
}

void bind_attraction(nb::module_& module) {
    module.def(
        "attraction_trials",
        [](const CarriedLibrary& carried, const std::string& motif, double radius, bool ball,
           Index starts, const After& after, bool preparation, std::uint64_t seed,
           std::size_t threads, nb::handle progress) {
            const AttractionOptions options{radius, ball, starts, seed};
            const Arrival arrival = arrival_of(carried, after, preparation);
            AttractionTrials found = long_call(progress, [carried, at = named(carried, motif),
                                                          options, arrival,
                                                          threads](LongCall& call) {
                return attraction_trials(carried, at, options, arrival, threads, call.progress());
            });
            return nb::make_tuple(to_numpy(std::move(found.distance)),
                                  to_numpy(std::move(found.error)));
        },
        "carried"_a, "motif"_a, "radius"_a, "ball"_a, "starts"_a, "after"_a.none(), "preparation"_a,
        "seed"_a, "threads"_a, "progress"_a.none(),
        "(distance, error); see heddle.region_of_attraction.");
}

void bind_tube(nb::module_& module) {
    module.def(
        "tube",
        [](const CarriedLibrary& carried, const std::string& motif,
           const std::optional<double>& start, const std::optional<double>& most,
           const After& after, bool preparation) {
            const Arrival arrival = arrival_of(carried, after, preparation);
            if (start.has_value() == most.has_value())
                throw DomainError(start ? "start: found beside most, expected one of the two"
                                        : "start: found none, expected start or most");
            return long_call(
                nb::none(), [carried, at = named(carried, motif), start, most, arrival](LongCall&) {
                    return start ? tube(carried, at, *start, arrival)
                                 : largest_tube(carried, at, *most, arrival);
                });
        },
        "carried"_a, "motif"_a, nb::kw_only(), "start"_a = nb::none(), "most"_a = nb::none(),
        "after"_a = nb::none(), "preparation"_a = true,
        R"(A tube around the passage of a motif that no start within a ball leaves: a certificate.

Ellipsoids {δ : δᵀ Q_t⁻¹ δ ≤ 1} go along with the trajectory. With J the Jacobian of a step,

    δ_{t+1} = J δ + η M r ,   |r_i| ≤ ½ sup |φ''| δ_i² ,
    Q_{t+1} = (1 + β/α) J Q Jᵀ + (1 + α/β) b² η² M Mᵀ ,   b² = λ_max(F Q F) ,

F = diag(½ sup |φ''| √Q_ii), α², β² the traces of the two terms. Small balls go as the linear flow
takes them, exactly. Radii are root mean squares over units, relative to the amplitude.

    motif        its name
    start        radius of the ball of starts; or
    most         of the tube during the motif: then the largest ball, to 5 %, is looked for
    after        name of the motif before; left out, its own start, which its preparation holds
    preparation  whether the passage begins with the preparation

Returns a Tube. Raises DomainError naming the argument. 6 n³ flops a step. Doubles, whose rounding
is not bounded. Kurzhanski & Vályi (1997), Ellipsoidal Calculus, for the sum of ellipsoids.)");
}

void bind_sequences(nb::module_& module) {
    module.def(
        "certify_sequences",
        [](const CarriedLibrary& carried, std::size_t threads, nb::handle progress) {
            return long_call(progress, [carried, threads](LongCall& call) {
                return certify_sequences(carried, threads, call.progress());
            });
        },
        "carried"_a, nb::kw_only(), "threads"_a = 0, "progress"_a = nb::none(),
        R"(What is proven about every sequence of motifs of a non-linear network, of any length.

Around the end of every motif j there is a ball of radius s_j. If for every pair the tube from the
ball of i, through the preparation and motif j, ends within the ball of j,

    miss_ij + reach_ij ≤ s_j ,

no sequence that begins with the own start of a motif ever leaves the balls, and the tubes bound
every output. Balls begin at twice the largest miss and grow to what is needed.

Returns a SequenceCertificate. M² tubes a round, each 6 n³ flops a step.)");
}

void bind_contraction_along(nb::module_& module) {
    module.def(
        "trajectory_contraction",
        [](const CarriedLibrary& carried, const std::string& motif, const std::string& norm,
           const std::string& where, const After& after) {
            if (where != "motif" && where != "preparation")
                throw DomainError("where: found '" + where + "', expected motif or preparation");
            const Arrival arrival = arrival_of(carried, after, true);
            return long_call(nb::none(), [carried, at = named(carried, motif), norm, where,
                                          arrival](LongCall&) {
                return trajectory_contraction(carried, at, norm, where == "preparation", arrival);
            });
        },
        "carried"_a, "motif"_a, nb::kw_only(), "norm"_a = "ellipsoid", "where"_a = "motif",
        "after"_a = nb::none(),
        R"(How fast neighbouring trajectories approach each other along a motif or its preparation.

The rate of step t is (1 − ‖J_t‖) / h; as h → 0 it is −μ(A), μ the matrix measure of the Jacobian
A = (−1 + M diag(φ'(x))) / τ. The norm is one for the whole stretch:

    l1, linf   weighted by the Perron vector of |M| diag(max φ')
    l2         plain
    ellipsoid  √(xᵀ P x), (A − σ)ᵀ P + P (A − σ) = −1 at the mean slopes, σ the best of a few

    where      "motif" or "preparation"
    after      name of the motif before; left out, the preparation holds the motif's start

Returns a TrajectoryContraction. Raises DomainError naming the argument. 6 n³ flops a step in l2 and
ellipsoid, 3 n² in the others. Davydov, Proskurnikov & Bullo (2022), arXiv 2110.08298.)");
}

}  // namespace

void bind_carry(nb::module_& module) {
    bind_carry_values(module);
    bind_carry_over(module);
    bind_measure_of_survival(module);
    bind_attraction(module);
    bind_tube(module);
    bind_sequences(module);
    bind_contraction_along(module);
}

}  // namespace heddle::python
