#include "carry/checks.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "network/response_curve.hpp"

namespace heddle {
namespace {

/// Slopes below this cannot be matched: weights would grow by its inverse.
constexpr double least_slope = 1e-3;
constexpr double longest_step = 0.2;  ///< Of τ, where no step is asked for.

bool divides(double h, double dt) {
    const double parts = dt / h;
    return std::abs(parts - std::round(parts)) < 1e-6 && std::round(parts) >= 1.0;
}

}  // namespace

void check_carried(const Library& library, const CarryOptions& options) {
    if (library.motifs.empty())
        throw DomainError("library: found no motif, expected at least one to carry over");
    if (!std::holds_alternative<Matrix>(library.network.weights))
        throw DomainError("library: found sparse or structured weights, expected a dense matrix");
    for (const MotifLoops& design : library.motifs)
        if (design.loops.thalamic_tau != 0.0 || design.loops.delay != 0.0)
            throw DomainError("library: found thalamic units with a time constant or a delay in '" +
                              design.motif.name +
                              "', expected instantaneous ones (thalamic_tau = 0)");
    check_positive(options.amplitude, "amplitude");
}

double step_of(const Library& library, double h) {
    const double tau = library.network.tau;
    double dt = library.motifs.front().motif.dt;
    for (const MotifLoops& design : library.motifs) dt = std::min(dt, design.motif.dt);
    if (std::isnan(h)) h = dt / std::ceil(dt / (longest_step * tau) - 1e-9);
    if (!(h > 0.0 && h <= tau * (1.0 + 1e-12)))
        throw DomainError("h: found " + number_text(h) + " s, expected a step above 0 and at" +
                          " most tau = " + number_text(tau) + " s");
    for (const MotifLoops& design : library.motifs)
        if (!divides(h, design.motif.dt))
            throw DomainError("h: found " + number_text(h) +
                              " s, expected a whole part of dt = " + number_text(design.motif.dt) +
                              " s of motif '" + design.motif.name + "'");
    return h;
}

Vector operating_point_of(const CarryOptions& options, Index n) {
    const Vector& given = options.operating_point;
    if (given.size() > 1 && given.size() != n)
        throw ShapeError("operating_point",
                         "one number, or one for each of " + std::to_string(n) + " units",
                         std::to_string(given.size()));
    const Vector point =
        given.size() == n ? given : Vector::Constant(n, given.size() == 1 ? given(0) : 0.0);
    check_finite(point, "operating_point");
    const ResponseCurve curve(options.response);
    for (Index i = 0; i < n; ++i)
        if (!(curve.slope(point(i)) >= least_slope))
            throw DomainError(
                "operating_point: found " + number_text(point(i)) + " for unit " +
                std::to_string(i) + ", where the slope of '" + name_of(options.response) + "' is " +
                number_text(curve.slope(point(i))) + "; expected a state where it is at least " +
                number_text(least_slope));
    return point;
}

void check_motif(const CarriedLibrary& carried, std::size_t motif) {
    const std::size_t count = carried.library.motifs.size();
    if (motif >= count)
        throw DomainError("motif: found number " + std::to_string(motif) + ", expected one of " +
                          std::to_string(count) + " motifs, counted from 0");
}

}  // namespace heddle
