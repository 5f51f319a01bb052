#include "measure/dwell_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

Matrix inverse(const Matrix& transform) {
    return solve(transform, Matrix::Identity(transform.rows(), transform.cols()));
}

double condition(const Matrix& transform) {
    const Vector values = singular_values(transform);
    return values(0) / values(values.size() - 1);
}

/// max_i ‖T S_i^t T⁻¹‖ for t = 1 … count, at t − 1.
Vector norms_of_powers(const std::vector<Matrix>& steps, const Matrix& transform, Index count,
                       std::size_t threads) {
    const Matrix back = inverse(transform);
    Matrix norms(count, static_cast<Index>(steps.size()));
    parallel_for(steps.size(), threads, [&](std::size_t i) {
        const Matrix step = transform * steps[i] * back;
        Matrix power = step;
        for (Index t = 0; t < count; ++t) {
            norms(t, static_cast<Index>(i)) = spectral_norm(power);
            power = power * step;
        }
    });
    return norms.rowwise().maxCoeff();
}

/// The least d such that norms at d … 2 d − 1 are below the limit; 0 if none.
Index least_window(const Vector& norms, double limit) {
    const Index count = norms.size();
    Index ended = 0;  // The last t ≤ 2 d − 1 that is not below.
    for (Index d = 1, seen = 0; 2 * d - 1 <= count; ++d) {
        for (; seen < 2 * d - 1; ++seen)
            if (!(norms(seen) < limit)) ended = seen + 1;
        if (ended < d) return d;
    }
    return 0;
}

}  // namespace

double logarithmic_norm(const std::vector<Matrix>& generators, const Matrix& transform) {
    const Matrix back = inverse(transform);
    double largest = -std::numeric_limits<double>::infinity();
    for (const Matrix& a : generators) {
        const Matrix turned = transform * a * back;
        const double rounding = norm_margin * turned.norm();
        largest =
            std::max(largest, spectral_abscissa(eigenvalues(0.5 * (turned + turned.transpose()))) +
                                  rounding);
    }
    return largest;
}

Dwell dwell_in_norm(const DwellProblem& problem, const Matrix& transform, Index most,
                    std::size_t threads) {
    double within = 1.0;
    if (!problem.generators.empty())
        within = std::exp(std::max(logarithmic_norm(problem.generators, transform), 0.0) *
                          problem.resolution);
    const Vector norms = norms_of_powers(problem.steps, transform, 2 * most - 1, threads);
    Dwell found{.constant = 0.0, .transform = transform};
    found.steps = least_window(norms, (1.0 - norm_margin) / within);
    if (found.steps > 0)
        found.constant = condition(transform) * within *
                         std::max(norms.head(2 * found.steps - 1).maxCoeff(), 1.0);
    return found;
}

Dwell shortest_dwell(const DwellProblem& problem, JointRadiusOptions options, Index most,
                     const Progress& progress) {
    options.decide_only = true;
    options.products = 1;
    const Index n = problem.steps.front().rows();
    Dwell best = dwell_in_norm(problem, Matrix::Identity(n, n), most, options.threads);
    for (Index d = 1; d <= most; d *= 2) {
        if (progress) progress(static_cast<std::size_t>(d), static_cast<std::size_t>(most));
        if (best.steps > 0 && best.steps <= d) break;
        std::vector<Matrix> powers;
        for (const Matrix& step : problem.steps) powers.push_back(power(step, d));
        const Matrix transform = joint_spectral_radius(powers, options).transform;
        const Index longest = std::min(2 * d, best.steps > 0 ? best.steps : most);
        Dwell found = dwell_in_norm(problem, transform, longest, options.threads);
        if (found.steps > 0 && (best.steps == 0 || found.steps < best.steps))
            best = std::move(found);
        if (best.steps > 0 && best.steps <= 2 * d) break;
    }
    return best;
}

}  // namespace heddle
