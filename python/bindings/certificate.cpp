#include "heddle/measure/certificate.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <sstream>

#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const JointRadius& radius) {
    std::ostringstream text;
    text << "JointRadius(from " << radius.lower << " to " << radius.upper << " by " << radius.proof
         << "; 2-norm " << radius.norm << ")";
    return text.str();
}

std::string describe(const Certificate& certificate) {
    return "Certificate(" + certificate.verdict + ": " + certificate.statement + ")";
}

void bind_joint_radius(nb::module_& module) {
    Value<JointRadius>(module, "JointRadius",
                       "Bounds on the joint spectral radius, the fastest growth of any product.",
                       [](const JointRadius& radius) { return describe(radius); })
        .required("lower", &JointRadius::lower,
                  "ρ(A_w)^{1/|w|} of `word`: a lower bound up to `lower_error`.")
        .required("lower_error", &JointRadius::lower_error,
                  "To first order, what truncation and rounding may have added to `lower`.")
        .required("word", &JointRadius::word,
                  "The word that attains it, positions of matrices, first letter first.")
        .required("upper", &JointRadius::upper,
                  "Upper bound, the least of `norm`, `ellipsoid` and `products`.")
        .required("norm", &JointRadius::norm, "max ‖A_i‖₂.")
        .required("ellipsoid", &JointRadius::ellipsoid,
                  "q with ‖T A_i T⁻¹‖₂ ≤ q for every i: A_iᵀ P A_i ≤ q² P with P = TᵀT.")
        .required("products", &JointRadius::products,
                  "q such that every long word splits into words w, none longer than `longest`, "
                  "with ‖T A_w T⁻¹‖₂ ≤ q^{|w|}.")
        .required("proof", &JointRadius::proof, "'2-norm', 'ellipsoid' or 'products'.")
        .required("longest", &JointRadius::longest, "Letters of the longest of those words.")
        .required("growth", &JointRadius::growth,
                  "C with ‖T A_w T⁻¹‖₂ ≤ C products^{|w|} for every word w.")
        .required("constant", &JointRadius::constant,
                  "K with ‖A_w‖₂ ≤ K upper^{|w|} for every word w.")
        .required("condition", &JointRadius::condition, "κ₂(T).")
        .required("truncation", &JointRadius::truncation,
                  "What compression and rounding margins have added to `upper`.")
        .required("rank", &JointRadius::rank, "Dimensions of the subspace in which T was sought.")
        .required("examined", &JointRadius::examined, "Products looked at.")
        .required("transform", &JointRadius::transform, "T, shape (n, n), with ‖T⁻¹‖₂ = 1.")
        .done();
}

void bind_certificate(nb::module_& module) {
    Value<Certificate>(module, "Certificate",
                       "What is proven about every sequence of motifs, of any length and order.",
                       [](const Certificate& certificate) { return describe(certificate); })
        .required("verdict", &Certificate::verdict, "'stable', 'unstable' or 'undecided'.")
        .required("proven", &Certificate::proven, "Whether the verdict is one of the first two.")
        .required("statement", &Certificate::statement,
                  "What was proven, or what would help, in a sentence.")
        .required("radius", &Certificate::radius,
                  "JointRadius of {E M_i}: |δ_k| ≤ constant · upper^k |δ_0| + `bound`.")
        .required("worst_word", &Certificate::worst_word,
                  "The word of the lower bound, names of motifs.")
        .required("contraction", &Certificate::contraction, "‖E M_i‖₂, shape (m,).")
        .required("breaking", &Certificate::breaking, "Motifs with ‖E M_i‖₂ ≥ 1, the worst first.")
        .required("step", &Certificate::step,
                  "h = max |E (M_i x_i − x_j)|, what a single transition adds to a deviation.")
        .required("bound", &Certificate::bound,
                  "The largest |δ| a sequence can reach from δ_0 = 0; infinite unless stable.")
        .required("preparation", &Certificate::preparation, "t_p the certificate is about, s.")
        .required("safe_time", &Certificate::safe_time,
                  "A preparation for which 'stable' was proven, at most 5 % longer than one for "
                  "which it was tried in vain, s; NaN if none was found.")
        .done();
}

void bind_joint_spectral_radius(nb::module_& module) {
    module.def(
        "joint_spectral_radius",
        [](nb::handle matrices, double gap, double threshold, bool decide_only, Index steps,
           std::size_t products, double compression, std::size_t threads, nb::handle progress) {
            JointRadiusOptions options{gap, threshold, decide_only};
            options.steps = steps;
            options.products = products;
            options.compression = compression;
            options.threads = threads;
            return long_call(progress,
                             [set = from_python<std::vector<Matrix>>(matrices, "matrices"),
                              options](LongCall& call) {
                                 return joint_spectral_radius(set, options, call.progress());
                             });
        },
        "matrices"_a, nb::kw_only(), "gap"_a = 0.01, "threshold"_a = 1.0, "decide_only"_a = false,
        "steps"_a = 200, "products"_a = 2000, "compression"_a = 5e-3, "threads"_a = 0,
        "progress"_a = nb::none(),
        R"(Bounds the joint spectral radius of matrices of shape (n, n) from both sides:

    lim_k  max_{|w| = k} ‖A_w‖^{1/k} ,   A_w = A_{w_k} ⋯ A_{w_1} .

Every product of every order decays iff it is below 1. The upper bound is the least of the 2-norm,
an ellipsoidal norm that all matrices share, and a search over products; the lower bound is the
largest spectral radius of a product of that search.

gap          enough when upper ≤ (1 + gap) lower …
threshold    … and this does not lie between them
decide_only  enough when it is decided on which side of the threshold the radius lies
steps        most descent steps towards the ellipsoidal norm
products     most products that the search looks at
compression  part of √Σ‖A_i‖_F² that may lie outside the subspace worked in; accounted for in all
             bounds
threads      0: one per core; any number gives the same bits

Returns a JointRadius. Raises ShapeError or DomainError for no matrix, other shapes, NaN.
Gripenberg (1996), Lin. Alg. Appl. 234; Blondel, Nesterov & Theys (2005), Lin. Alg. Appl. 394.)");
}

void bind_certify(nb::module_& module) {
    module.def(
        "certify",
        [](const std::shared_ptr<Library>& library, nb::handle preparation, bool safe_time,
           double gap, Index steps, std::size_t products, std::size_t threads,
           nb::handle progress) {
            CertificateOptions options;
            options.radius.gap = gap;
            options.radius.steps = steps;
            options.radius.products = products;
            options.safe_time = safe_time;
            if (!preparation.is_none())
                options.preparation = from_python<double>(preparation, "preparation");
            return long_call(progress, [library, options, threads](LongCall& call) {
                return certify(*library, options, threads, call.progress());
            });
        },
        "library"_a, nb::kw_only(), "preparation"_a = nb::none(), "safe_time"_a = true,
        "gap"_a = 0.02, "steps"_a = 200, "products"_a = 1000, "threads"_a = 0,
        "progress"_a = nb::none(),
        R"(What is proven about every sequence of motifs of a library, of any length and in any order.

E = e^{A_p t_p} is the preparation, M_i = e^{A_i T_i} motif i, x_i its initial state; deviations
from the planned state at the starts of motifs obey δ' = E M_i δ + E (M_i x_i − x_j). They stay
bounded for all sequences iff the joint spectral radius of {E M_i} is below 1, which `transitions`
can tell only where every ‖E M_i‖₂ is. With T and q of the ellipsoidal norm,

    |δ| ≤ max_ij |T E (M_i x_i − x_j)| / (1 − q) .

preparation  t_p, s; None for the library's
safe_time    whether to look for the shortest preparation that can be proven
gap, steps, products  of `joint_spectral_radius`
threads      0: one per core; any number gives the same bits

Returns a Certificate. Raises DomainError for a library without motifs.)");
}

}  // namespace

void bind_certificates(nb::module_& module) {
    bind_joint_radius(module);
    bind_certificate(module);
    bind_joint_spectral_radius(module);
    bind_certify(module);
}

}  // namespace heddle::python
