#include "heddle/measure/safe_design.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <sstream>

#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const SafeDesignStep& step) {
    std::ostringstream text;
    text << "SafeDesignStep(" << step.block << ": norm " << step.norm_before << " to "
         << step.norm_after << ", safe after " << step.safe_time << " s"
         << (step.kept ? ")" : ", undone)");
    return text.str();
}

std::string describe(const SafeDesign& design) {
    std::ostringstream text;
    text << "SafeDesign(safe after " << design.after << " s instead of " << design.before << " s"
         << (design.trusted ? ", trusted)" : ", not trusted)");
    return text.str();
}

void bind_values(nb::module_& module) {
    Value<SafeDesignStep>(module, "SafeDesignStep",
                          "One descent of a safe design, and what it was worth.",
                          [](const SafeDesignStep& step) { return describe(step); })
        .required("block", &SafeDesignStep::block, "'preparation' or 'motifs'.")
        .required("time", &SafeDesignStep::time, "t at which the norms are taken, s.")
        .required("norm_before", &SafeDesignStep::norm_before,
                  "e^φ, not below max ‖T E M_i T⁻¹‖₂ over the motifs changed.")
        .required("norm_after", &SafeDesignStep::norm_after, "The same at the end.")
        .required("safe_time", &SafeDesignStep::safe_time,
                  "Proven with what the library then holds, s.")
        .required("evaluations", &SafeDesignStep::evaluations, "Of φ and its gradient.")
        .required("motifs", &SafeDesignStep::motifs, "Motifs whose maps were looked at.")
        .required("kept", &SafeDesignStep::kept, "Whether the safe time fell; else undone.")
        .done();
    Value<SafeDesign>(module, "SafeDesign",
                      "A library whose shortest safe preparation is shorter, with the evidence.",
                      [](const SafeDesign& design) { return describe(design); })
        .required("library", &SafeDesign::library, "Its preparation lasts as long as before.")
        .required("before", &SafeDesign::before,
                  "Safe time of the library given, s; NaN if none was found.")
        .required("after", &SafeDesign::after, "Proven safe time of `library`, s.")
        .required("step_before", &SafeDesign::step_before,
                  "h = max |E (M_i x_i − x_j)| at the library's duration, as given.")
        .required("step_after", &SafeDesign::step_after, "The same of `library`.")
        .required("steps", &SafeDesign::steps, "One SafeDesignStep for every descent.")
        .required("evaluations", &SafeDesign::evaluations, "All together.")
        .required("converged", &SafeDesign::converged,
                  "The last round gained less than `least_gain`.")
        .required("trusted", &SafeDesign::trusted,
                  "`after` is proven, the library is safe at its own duration, and its motifs are "
                  "trusted.")
        .required("reason", &SafeDesign::reason, "Why not, and what would help; empty if trusted.")
        .done();
}

}  // namespace

void bind_safe_design(nb::module_& module) {
    bind_values(module);
    module.def(
        "optimise_safe_time",
        [](const std::shared_ptr<Library>& library, bool preparation, bool motifs, int most_rounds,
           int preparation_evaluations, int motif_evaluations, double least_gain,
           std::size_t threads, nb::handle progress) {
            const SafeDesignOptions options{preparation,       motifs,
                                            most_rounds,       preparation_evaluations,
                                            motif_evaluations, least_gain};
            return long_call(progress, [library, options, threads](LongCall& call) {
                return optimise_safe_time(*library, options, threads, call.progress());
            });
        },
        "library"_a, nb::kw_only(), "preparation"_a = true, "motifs"_a = true, "most_rounds"_a = 6,
        "preparation_evaluations"_a = 40, "motif_evaluations"_a = 12, "least_gain"_a = 0.03,
        "threads"_a = 0, "progress"_a = nb::none(),
        R"(Preparatory loops and motif loops designed together for the shortest safe preparation.

    E = e^{(W + U_p V_pᵀ − 1) t / τ} ,   M_i = e^{(W + U_i V_iᵀ − 1) T_i / τ}
    minimise  (Σ_i ‖T E M_i T⁻¹‖_16^16)^{1/16}

T is the ellipsoid with which `certify` proves that sequences of every length stay bounded, t the
shortest time for which it does, ‖X‖_16 = (tr (XᵀX)⁸)^{1/16}. Rounds of exact-gradient descent
change the preparatory loops, whose Frobenius norms stay, and then of the motifs that matter the
loop outputs and the directions that their output leaves free: what an undisturbed motif performs
stays its fit. After each, t becomes the new safe time; what did not shorten it is undone.

library                  a Library with τ_T = 0; not changed
preparation, motifs      which loops may change
most_rounds              each a preparation, then the motifs
preparation_evaluations  most evaluations for the preparation a round
motif_evaluations        most evaluations for a motif a round
least_gain               a round that shortens the safe time by less is the last
threads                  0: one per core; any number gives the same bits
progress                 progress(done, most) after evaluations

Returns a SafeDesign, never with a longer safe time. Raises DomainError, naming the argument.
An evaluation takes about 40 to 60 products of 2 n³ flops; n = 500, 26 motifs: two rounds take more than seven minutes on two busy cores.)");
}

}  // namespace heddle::python
