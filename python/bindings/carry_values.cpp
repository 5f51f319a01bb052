#include "carry_values.hpp"

#include <sstream>

#include "heddle/carry/margin.hpp"
#include "heddle/carry/survival.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

void bind_carried(nb::module_& module) {
    Value<CarriedLibrary>(
        module, "CarriedLibrary", "A library of motifs in a non-linear network; see carry_over.",
        [](const CarriedLibrary& carried) {
            std::ostringstream text;
            text << "CarriedLibrary(" << carried.library.motifs.size() << " motifs, "
                 << size(carried.network) << " units of " << name_of(carried.network.response)
                 << ", amplitude " << carried.amplitude << ")";
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

void bind_spectrum_along(nb::module_& module) {
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
}

void bind_survival(nb::module_& module) {
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

void bind_tube(nb::module_& module) {
    Value<Tube>(module, "Tube", "A tube that no start within a ball leaves; see tube.",
                [](const Tube& t) {
                    std::ostringstream text;
                    text << "Tube(from " << t.start << ", largest " << t.largest << ", end "
                         << t.end << ")";
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
}

void bind_certificates(nb::module_& module) {
    Value<SequenceCertificate>(
        module, "SequenceCertificate",
        "What is proven about every sequence of motifs of a carried library.",
        [](const SequenceCertificate& c) {
            return std::string("SequenceCertificate(") + (c.proven ? "proven" : "not proven") + ")";
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

}  // namespace

void bind_carry_values(nb::module_& module) {
    bind_carried(module);
    bind_spectrum_along(module);
    bind_survival(module);
    bind_tube(module);
    bind_certificates(module);
}

}  // namespace heddle::python
