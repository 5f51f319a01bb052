#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/rectified/smooth_fixed_points.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const FixedPointCertificate& proof) {
    std::ostringstream text;
    text << "FixedPointCertificate(";
    if (proof.certified)
        text << "one fixed point within " << proof.radius << ", no other within "
             << proof.uniqueness_radius;
    else
        text << "nothing is proven";
    text << ")";
    return text.str();
}

std::string describe(const SmoothFixedPoint& point) {
    std::ostringstream text;
    text << "SmoothFixedPoint(" << point.stability << ", abscissa " << point.abscissa << ", "
         << (point.certified ? "certified" : "not certified") << ", from " << point.found_from
         << ")";
    return text.str();
}

std::string describe(const SlowPoint& point) {
    std::ostringstream text;
    text << "SlowPoint(speed " << point.speed << " 1/s, from " << point.found_from << ")";
    return text.str();
}

std::string describe(const SmoothFixedPoints& found) {
    return "SmoothFixedPoints(" + found.statement + ")";
}

void bind_proof(nb::module_& module) {
    Value<FixedPointCertificate>(module, "FixedPointCertificate",
                                 "What is proven about fixed points around a state.",
                                 [](const FixedPointCertificate& p) { return describe(p); })
        .required("certified", &FixedPointCertificate::certified,
                  "Exactly one fixed point lies within `uniqueness_radius` of the state, in every "
                  "coordinate, and it lies within `radius`.")
        .required("radius", &FixedPointCertificate::radius, "Infinite unless certified.")
        .required("uniqueness_radius", &FixedPointCertificate::uniqueness_radius,
                  "0 unless certified.")
        .required("step", &FixedPointCertificate::step, "Y, a bound of |R F(x̄)|.")
        .required("defect", &FixedPointCertificate::defect, "Z₁, a bound of ‖1 − R F'(x̄)‖.")
        .required("curvature", &FixedPointCertificate::curvature,
                  "Z₂, a bound of ‖R (F'(x) − F'(x̄))‖ / |x − x̄|.")
        .done();
}

void bind_points(nb::module_& module) {
    Value<SmoothFixedPoint>(module, "SmoothFixedPoint",
                            "A state at which Newton's method converged, and what is proven.",
                            [](const SmoothFixedPoint& point) { return describe(point); })
        .required("state", &SmoothFixedPoint::state, "x̄, shape (n,).")
        .required("residual", &SmoothFixedPoint::residual, "|F(x̄)|₂ as computed.")
        .required("radius", &SmoothFixedPoint::radius,
                  "A fixed point lies so near, in every coordinate …")
        .required("uniqueness_radius", &SmoothFixedPoint::uniqueness_radius,
                  "… and no other one so near.")
        .required("certified", &SmoothFixedPoint::certified, "Whether that is proven.")
        .required("eigenvalues", &SmoothFixedPoint::eigenvalues,
                  "Of −1 + W diag φ'(x̄); rates are these over τ.")
        .required("abscissa", &SmoothFixedPoint::abscissa, "max Re of the eigenvalues.")
        .required("eigenvalue_error", &SmoothFixedPoint::eigenvalue_error,
                  "Those at the fixed point itself lie so near, proven; infinite where nothing is.")
        .required("unstable", &SmoothFixedPoint::unstable,
                  "Eigenvalues right of the imaginary axis; −1 if undecided.")
        .required("stability", &SmoothFixedPoint::stability,
                  "'stable', 'unstable' or 'undecided', proven.")
        .required("found_from", &SmoothFixedPoint::found_from, "Which search found it.")
        .done();
    Value<SlowPoint>(module, "SlowPoint",
                     "A local minimum of |F|² where F is not zero: no fixed point.",
                     [](const SlowPoint& point) { return describe(point); })
        .required("state", &SlowPoint::state, "Shape (n,).")
        .required("speed", &SlowPoint::speed, "|ẋ|₂ = |F|₂ / τ, 1/s.")
        .required("gradient", &SlowPoint::gradient, "|∇ |F|² / 2|₂ as computed.")
        .required("least_curvature", &SlowPoint::least_curvature,
                  "Least eigenvalue of the Hessian of |F|² / 2, above 0.")
        .required("found_from", &SlowPoint::found_from, "Which search found it.")
        .done();
    Value<SmoothFixedPoints>(module, "SmoothFixedPoints",
                             "Fixed points of a smooth network, each with what is proven about it.",
                             [](const SmoothFixedPoints& found) { return describe(found); })
        .required("points", &SmoothFixedPoints::points,
                  "SmoothFixedPoints, those with most unstable directions first.")
        .required("slow_points", &SmoothFixedPoints::slow_points, "By rising speed.")
        .required("starts", &SmoothFixedPoints::starts, "As many as asked for.")
        .required("failed", &SmoothFixedPoints::failed,
                  "Starts from which no search found a fixed point.")
        .required("certified", &SmoothFixedPoints::certified, "How many points are proven.")
        .required("factorisations", &SmoothFixedPoints::factorisations,
                  "LU factorisations of the searches.")
        .required("statement", &SmoothFixedPoints::statement, "What was found, in a sentence.")
        .done();
}

void bind_search(nb::module_& module) {
    module.def(
        "certify_fixed_point",
        [](const Network& network, nb::handle state) {
            return certify_fixed_point(network, to_eigen<Vector>(state, "state"));
        },
        "network"_a, "state"_a,
        R"(What is proven about zeros of F(x) = −x + W φ(x) + b around a state, shape (n,).

With R ≈ F'(x̄)⁻¹, the map x − R F(x) contracts a ball around x̄ in the ∞-norm; all rounding is
bounded. A state that is near no fixed point is never certified.

Returns a FixedPointCertificate. Raises ShapeError, or DomainError for a response with a kink.
Cost: 5 n³ flops. Rump (2010), Acta Numerica 19, ch. 13.)");
    module.def(
        "smooth_fixed_points",
        [](const Network& network, Index starts, Index deflations, Index most_steps,
           bool slow_points, std::uint64_t seed, std::size_t threads, nb::handle progress) {
            const SmoothFixedPointOptions options{starts,      deflations, most_steps,
                                                  slow_points, seed,       threads};
            return long_call(progress, [network, options](LongCall& call) {
                return smooth_fixed_points(network, options, call.progress());
            });
        },
        "network"_a, nb::kw_only(), "starts"_a = 64, "deflations"_a = 1, "most_steps"_a = 60,
        "slow_points"_a = true, "seed"_a = 0, "threads"_a = 0, "progress"_a = nb::none(),
        R"(Fixed points of τ ẋ = −x + W φ(x) + b with φ smooth, each with a proof that it exists.

Newton's method, damped by natural monotonicity, runs from every start, and again with the points
found so far divided out of F (Farrell et al. 2015). Each point comes with the radius of a ball that
holds exactly one fixed point, and with its stability, proven. A tanh network without bias is odd:
with x it has −x.

starts       states to search from: half random, half from the network's own activity
deflations   searches with all known points divided out
most_steps   of Newton's method, for each start and search
slow_points  whether every start descends to a local minimum of |F|² too
threads      0: one per core; any number gives the same bits

Returns SmoothFixedPoints; the list may miss some. Raises DomainError for a response with a kink.
Cost: 2/3 n³ flops a step and start; 35 n³ a point found.)");
}

}  // namespace

void bind_smooth_points(nb::module_& module) {
    bind_proof(module);
    bind_points(module);
    bind_search(module);
}

}  // namespace heddle::python
