#include "heddle/spectrum/mode_paths.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/complex.h>

#include <sstream>

#include "heddle/spectrum/loop_shares.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_meeting(nb::module_& module) {
    Value<ModeMeeting>(
        module, "ModeMeeting", "Modes that have one eigenvalue at one strength of the loops.",
        [](const ModeMeeting& meeting) {
            std::ostringstream text;
            text << "ModeMeeting(" << meeting.value << " at g = " << meeting.gate << ")";
            return text.str();
        })
        .required("gate", &ModeMeeting::gate, "g, from 0 to 1.")
        .required("value", &ModeMeeting::value, "Their eigenvalue, approximately.")
        .required("modes", &ModeMeeting::modes,
                  "Two positions in `before`; one, if the other was not seen.")
        .done();
}

void bind_paths(nb::module_& module) {
    Value<ModePaths>(module, "ModePaths", "Where every eigenvalue goes while loops open slowly.",
                     [](const ModePaths& paths) {
                         std::ostringstream text;
                         text << "ModePaths(" << paths.before.size() << " modes, "
                              << paths.meetings.size() << " meetings, "
                              << (paths.trusted ? "trusted)" : "not trusted)");
                         return text.str();
                     })
        .required("before", &ModePaths::before, "Eigenvalues of W, in canonical order, shape (n,).")
        .required("after", &ModePaths::after, "Those of W + U Vᵀ, each by where it comes from.")
        .required("first", &ModePaths::first, "∂λ_i/∂g_k at g = 0, shape (n, k).")
        .required("last", &ModePaths::last, "∂λ_i/∂g_k at g = 1; 0 for lost modes.")
        .required("meetings", &ModePaths::meetings, "Each ModeMeeting, by rising g.")
        .required("lost", &ModePaths::lost,
                  "Modes not followed; they have what the others left, the nearest first.")
        .required("evaluations", &ModePaths::evaluations, "Of the small equation.")
        .required("mismatch", &ModePaths::mismatch,
                  "Largest distance of an end from an eigenvalue that LAPACK finds.")
        .required("trusted", &ModePaths::trusted, "Whether all modes were followed.")
        .required("reason", &ModePaths::reason, "Why not, and what would help; '' if trusted.")
        .done();
    module.def(
        "follow_modes",
        [](const EigenSystem& system, const Loops& loops, std::size_t threads,
           nb::handle progress) {
            return long_call(progress, [system, loops, threads](LongCall& call) {
                return follow_modes(system, loops, threads, call.progress());
            });
        },
        "system"_a, "loops"_a, nb::kw_only(), "threads"_a = 0, "progress"_a = nb::none(),
        R"(Follows each eigenvalue of W + g U Vᵀ from g = 0 to g = 1: the ModePaths.

    z = λ_p + g ũ_pᵀ (1 − g M(z))⁻¹ ṽ_p ,   M(z) = Σ_{j≠p} ṽ_j ũ_jᵀ / (z − λ_j)

for the mode that comes from λ_p, with Ũ = L U and Ṽ = Rᵀ V in the eigenbasis of W. `system` is
`eigen_system(network)`. Steps are so short that the vectors of a mode before and after resemble
each other. Where two modes meet, the path goes round the meeting through Im g > 0: which of them
is which from there on is a convention, and the meeting is listed. Ends are compared with the
eigenvalues of W + U Vᵀ, one for one. Nearly independent modes that cross within a stretch of g far
shorter than a step keep their vectors, and nothing is listed. With a gate for each loop, W + Σ_k g_k u_k v_kᵀ,

    ∂λ_i/∂g_k = l_iᵀ u_k v_kᵀ r_i / l_iᵀ r_i .

Raises ShapeError or DomainError for loops that do not fit or a system with loops open. Some 20 to
150 evaluations of 8 n k² flops a mode, and 10 n³ for the check. Kato (1995), Perturbation Theory for
Linear Operators; Allgower & Georg (2003), Introduction to Numerical Continuation Methods.)");
}

void bind_shares(nb::module_& module) {
    Value<LoopShares>(module, "LoopShares", "Which loop moved which mode.",
                      [](const LoopShares& shares) {
                          std::ostringstream text;
                          text << "LoopShares(" << shares.modes.size() << " modes, "
                               << shares.shares.cols() << " loops, "
                               << (shares.exact ? "exact)" : "from random orders)");
                          return text.str();
                      })
        .required("modes", &LoopShares::modes, "Those asked for and followed, m of them.")
        .required("before", &LoopShares::before, "λ_i of W, shape (m,).")
        .required("after", &LoopShares::after, "Where all loops together take them.")
        .required("shares", &LoopShares::shares,
                  "φ_ik, shape (m, k): Σ_k φ_ik = after_i − before_i.")
        .required("standard_error", &LoopShares::standard_error, "Shape (m, k); 0 if exact.")
        .required("exact", &LoopShares::exact, "Whether every order of the loops was weighed.")
        .required("sets", &LoopShares::sets, "Sets of loops that were opened.")
        .required("ambiguous", &LoopShares::ambiguous,
                  "Modes that met another one in one of the sets.")
        .required("lost", &LoopShares::lost, "Modes that could not be followed in one of them.")
        .done();
    module.def(
        "loop_shares",
        [](const EigenSystem& system, const Loops& loops, const std::vector<Index>& modes,
           Index most_exact, Index orders, std::uint64_t seed, std::size_t threads,
           nb::handle progress) {
            const LoopSharesOptions options{modes, most_exact, orders, seed, threads};
            return long_call(progress, [system, loops, options](LongCall& call) {
                return loop_shares(system, loops, options, call.progress());
            });
        },
        "system"_a, "loops"_a, "modes"_a = std::vector<Index>{}, nb::kw_only(), "most_exact"_a = 8,
        "orders"_a = 200, "seed"_a = 0, "threads"_a = 0, "progress"_a = nb::none(),
        R"(The Shapley values of loops for the shifts of modes: the LoopShares.

    φ_ik = Σ_{S ∌ k} |S|! (K − |S| − 1)! / K!  ( λ_i(S ∪ k) − λ_i(S) )

with λ_i(S) where `follow_modes` takes the mode when the loops of S open together: the mean over all
orders of what loop k adds. Shares of a mode add up to its shift.

system      `eigen_system(network)`
modes       positions of eigenvalues; none for all
most_exact  up to so many loops every set is opened; beyond, those of random orders; at most 16
orders      random orders, 2 or more

Raises ShapeError or DomainError for loops that do not fit, more than 64 of them, modes that are
none. Costs the paths of m modes through 2^k sets, or at most k · orders. Shapley (1953), A value
for n-person games; Castro, Gómez & Tejada (2009), Computers & Operations Research 36(5).)");
}

}  // namespace

void bind_mode_paths(nb::module_& module) {
    bind_meeting(module);
    bind_paths(module);
    bind_shares(module);
}

}  // namespace heddle::python
