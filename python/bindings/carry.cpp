#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include <sstream>

#include "heddle/carry/attraction.hpp"
#include "heddle/carry/margin.hpp"
#include "heddle/carry/survival.hpp"
#include "heddle/core/error.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

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

void bind_carried(nb::module_& module) {
    Value<CarriedLibrary>(module, "CarriedLibrary",
                          "A library of motifs in a non-linear network; see carry_over.",
                          [](const CarriedLibrary& carried) {
                              std::ostringstream text;
                              text << "CarriedLibrary(" << carried.library.motifs.size()
                                   << " motifs, " << size(carried.network) << " units of "
                                   << name_of(carried.network.response) << ", amplitude "
                                   << carried.amplitude << ")";
                              return text.str();
                          })
        .required("library", &CarriedLibrary::library,
                  "The linear Library, its loops placed for steps of h.")
        .required("network", &CarriedLibrary::network, "The Network: W, τ, φ, b, C.")
        .required("loops", &CarriedLibrary::loops,
                  "Loops of every motif, then of the preparation, a list of M + 1.")
        .required("input", &CarriedLibrary::input,
                  "B: tonic inputs of every motif, then of the preparation of each, (n, 2 M).")
        .required("starts", &CarriedLibrary::starts, "x at the start of each motif, (n, M).")
        .required("operating_point", &CarriedLibrary::operating_point, "x̄, (n,).")
        .required("gain", &CarriedLibrary::gain, "φ'(x̄), (n,).")
        .required("offset", &CarriedLibrary::offset, "y_0 = C φ(x̄), taken from outputs, (d,).")
        .required("h", &CarriedLibrary::h, "Step, s.")
        .required("scale", &CarriedLibrary::scale,
                  "x − x̄ per unit of the linear network's activity.")
        .required("amplitude", &CarriedLibrary::amplitude,
                  "a: root mean square of x − x̄ in the motif that has most.")
        .required("preparation_steps", &CarriedLibrary::preparation_steps,
                  "Steps of a preparation.")
        .required("motif_steps", &CarriedLibrary::motif_steps, "Steps of each motif.")
        .required("sample_steps", &CarriedLibrary::sample_steps,
                  "Steps from one sample of each motif to the next.")
        .required("trusted", &CarriedLibrary::trusted,
                  "Loops place their modes and the preparation is stable, in steps of h.")
        .required("reason", &CarriedLibrary::reason, "Why not, and what would help.")
        .done();
}

void bind_survival(nb::module_& module) {
    Value<SpectrumAlong>(module, "SpectrumAlong",
                         "Where a motif's eigenvalues are along its trajectory; see survival.",
                         [](const SpectrumAlong& s) {
                             std::ostringstream text;
                             text << "SpectrumAlong(" << s.times.size() << " states, " << s.lost
                                  << " of " << s.placed.size() << " eigenvalues lost)";
                             return text.str();
                         })
        .required("times", &SpectrumAlong::times, "Of the states, s from the motif's start, (P,).")
        .required("placed", &SpectrumAlong::placed, "λ' of the design, upper half plane, (q,).")
        .required("found", &SpectrumAlong::found, "The eigenvalues paired with them, (q, P).")
        .required("distance", &SpectrumAlong::distance, "|found − placed|, (q, P).")
        .required("abscissa", &SpectrumAlong::abscissa,
                  "Largest real part of all; above 1 some direction grows there.")
        .required("least_gain", &SpectrumAlong::least_gain, "Smallest φ'(x) / φ'(x̄).")
        .required("most_gain", &SpectrumAlong::most_gain, "Largest φ'(x) / φ'(x̄).")
        .required("lost", &SpectrumAlong::lost, "How many are lost somewhere.")
        .done();
    Value<Survival>(module, "Survival", "What a non-linear network keeps of its linear design.",
                    [](const Survival& s) {
                        std::ostringstream text;
                        text << "Survival(worst error " << s.error.maxCoeff() << ", " << s.failed
                             << " of " << s.transitions.size() << " transitions fail)";
                        return text.str();
                    })
        .required("error", &Survival::error, "Normalised squared error of each motif, (M,).")
        .required("design_error", &Survival::design_error, "The same of the linear design, (M,).")
        .required("deviation", &Survival::deviation,
                  "Root of Σ |y − y_linear|² / Σ |target − mean|², (M,).")
        .required("order", &Survival::order, "p of deviation → κ aᵖ as a → 0; 0: no such law.")
        .required("law", &Survival::law, "κ, from the equations' leading order, (M,).")
        .required("transitions", &Survival::transitions,
                  "[i, j]: normalised squared error of j after i, (M, M).")
        .required("state_error", &Survival::state_error,
                  "|x − x_j(0)| / (a √n) at the start of j after i, (M, M).")
        .required("spectra", &Survival::spectra, "A SpectrumAlong for every motif.")
        .required("failed", &Survival::failed, "Transitions with an error above `failure`.")
        .required("survives", &Survival::survives, "No motif and no transition fails.")
        .required("statement", &Survival::statement, "What fails and what would help.")
        .done();
}

void bind_tubes(nb::module_& module) {
    Value<Tube>(module, "Tube", "A tube that no start within a ball leaves; see tube.",
                [](const Tube& t) {
                    std::ostringstream text;
                    text << "Tube(from " << t.start << ", largest " << t.largest << ", end " << t.end
                         << ")";
                    return text.str();
                })
        .required("start", &Tube::start, "Radius of the ball of starts, relative to a √n.")
        .required("radius", &Tube::radius, "Of the tube at every step, (T + 1,).")
        .required("largest", &Tube::largest, "During the motif.")
        .required("end", &Tube::end, "At its end.")
        .required("output", &Tube::output, "Bound of |y − y_planned| at the samples, (samples, d).")
        .required("linear", &Tube::linear, "What an infinitesimal deviation grows or shrinks to.")
        .required("certified", &Tube::certified, "The bound is finite at every step.")
        .required("statement", &Tube::statement, "In a sentence.")
        .done();
    Value<SequenceCertificate>(module, "SequenceCertificate",
                               "What is proven about every sequence of motifs of a carried library.",
                               [](const SequenceCertificate& c) {
                                   return std::string("SequenceCertificate(") +
                                          (c.proven ? "proven" : "not proven") + ")";
                               })
        .required("proven", &SequenceCertificate::proven, "Whether every ball is mapped into one.")
        .required("ball", &SequenceCertificate::ball, "Radius around the end of each motif, (M,).")
        .required("miss", &SequenceCertificate::miss,
                  "Distance of the end of j after i from that of j alone, (M, M).")
        .required("reach", &SequenceCertificate::reach, "End of the tube around j after i, (M, M).")
        .required("error", &SequenceCertificate::error,
                  "Bound of the normalised squared error of j after i, (M, M).")
        .required("rounds", &SequenceCertificate::rounds, "In which balls grew.")
        .required("statement", &SequenceCertificate::statement, "In a sentence.")
        .done();
    Value<TrajectoryContraction>(module, "TrajectoryContraction",
                                 "How fast trajectories approach each other along a stretch.",
                                 [](const TrajectoryContraction& c) {
                                     std::ostringstream text;
                                     text << "TrajectoryContraction(" << c.norm << ", " << c.where
                                          << ", margin " << c.margin << " 1/s)";
                                     return text.str();
                                 })
        .required("norm", &TrajectoryContraction::norm, "l1, linf, l2 or ellipsoid.")
        .required("where", &TrajectoryContraction::where, "preparation or motif.")
        .required("rate", &TrajectoryContraction::rate, "(1 − ‖J_t‖) / h, 1/s, (T,).")
        .required("margin", &TrajectoryContraction::margin, "The least of these, 1/s.")
        .required("growth", &TrajectoryContraction::growth, "Π ‖J_t‖.")
        .required("limit", &TrajectoryContraction::limit, "The most any norm allows, 1/s.")
        .required("weights", &TrajectoryContraction::weights, "η of l1 and linf, (n,).")
        .required("metric", &TrajectoryContraction::metric, "P of the ellipsoid, (n, n).")
        .required("statement", &TrajectoryContraction::statement, "In a sentence.")
        .done();
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

void bind_measures(nb::module_& module) {
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
    module.def(
        "attraction_trials",
        [](const CarriedLibrary& carried, const std::string& motif, double radius, bool ball,
           Index starts, const After& after, bool preparation, std::uint64_t seed,
           std::size_t threads, nb::handle progress) {
            const AttractionOptions options{radius, ball, starts, seed};
            const Arrival arrival = arrival_of(carried, after, preparation);
            AttractionTrials found = long_call(
                progress, [carried, at = named(carried, motif), options, arrival,
                           threads](LongCall& call) {
                    return attraction_trials(carried, at, options, arrival, threads,
                                             call.progress());
                });
            return nb::make_tuple(to_numpy(std::move(found.distance)),
                                  to_numpy(std::move(found.error)));
        },
        "carried"_a, "motif"_a, "radius"_a, "ball"_a, "starts"_a, "after"_a.none(), "preparation"_a,
        "seed"_a, "threads"_a, "progress"_a.none(), "(distance, error); see heddle.region_of_attraction.");
}

void bind_certificates_along(nb::module_& module) {
    module.def(
        "tube",
        [](const CarriedLibrary& carried, const std::string& motif, const std::optional<double>& start,
           const std::optional<double>& most, const After& after, bool preparation) {
            const Arrival arrival = arrival_of(carried, after, preparation);
            if (start.has_value() == most.has_value())
                throw DomainError(start ? "start: found beside most, expected one of the two"
                                        : "start: found none, expected start or most");
            return long_call(nb::none(), [carried, at = named(carried, motif), start, most,
                                          arrival](LongCall&) {
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
    bind_carried(module);
    bind_survival(module);
    bind_tubes(module);
    bind_carry_over(module);
    bind_measures(module);
    bind_certificates_along(module);
}

}  // namespace heddle::python
