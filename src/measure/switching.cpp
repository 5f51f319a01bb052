#include "heddle/measure/switching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "measure/dwell_time.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

void check(const std::vector<Matrix>& maps, const SwitchingOptions& options) {
    if (maps.empty()) throw DomainError("maps: found none, expected at least one");
    const Index n = maps.front().rows();
    for (std::size_t i = 0; i < maps.size(); ++i) {
        const std::string name = "maps[" + std::to_string(i) + "]";
        if (maps[i].rows() != n || maps[i].cols() != n || n == 0)
            throw ShapeError(name, "a square matrix, the shape of all maps",
                             shape_text(maps[i].rows(), maps[i].cols()));
        check_finite(maps[i], name.c_str());
    }
    check_positive(options.resolution, "resolution");
    if (options.most_dwell < 1)
        throw DomainError("most_dwell: found " + std::to_string(options.most_dwell) +
                          ", expected 1 or more");
}

Vector margins_of(const std::vector<Matrix>& maps, MapTime time, std::size_t threads) {
    Vector margins(static_cast<Index>(maps.size()));
    parallel_for(maps.size(), threads, [&](std::size_t i) {
        const ComplexVector values = eigenvalues(maps[i]);
        margins(static_cast<Index>(i)) =
            1.0 -
            (time == MapTime::continuous ? spectral_abscissa(values) : spectral_radius(values));
    });
    return margins;
}

DwellProblem problem_of(const std::vector<Matrix>& maps, const SwitchingOptions& options) {
    if (options.time == MapTime::discrete) return {maps, {}, 1.0};
    DwellProblem problem{{}, maps, options.resolution};
    for (Matrix& a : problem.generators) {
        a.diagonal().array() -= 1.0;
        problem.steps.push_back(exponential(a * options.resolution));
    }
    return problem;
}

/// The ellipsoid of (1 + h A_i)(1 − h A_i)⁻¹, 1 / h the largest |λ(A_i)|.
Matrix common_ellipsoid(const std::vector<Matrix>& generators, JointRadiusOptions options) {
    double largest = 0.0;
    for (const Matrix& a : generators) largest = std::max(largest, spectral_radius(eigenvalues(a)));
    std::vector<Matrix> transforms;
    for (const Matrix& a : generators) {
        const Matrix one = Matrix::Identity(a.rows(), a.cols());
        transforms.push_back(solve(one - a / largest, one + a / largest));
    }
    options.decide_only = true;
    options.products = 1;
    options.compression = 0.0;
    return joint_spectral_radius(transforms, options).transform;
}

void conclude_any(SwitchingCertificate& result, double rate, double constant) {
    result.verdict = "any";
    result.rate = rate;
    result.constant = constant;
    result.dwell = 0.0;
}

void try_any_continuous(SwitchingCertificate& result, const DwellProblem& problem,
                        const JointRadiusOptions& options) {
    const Index n = problem.steps.front().rows();
    for (const Matrix& transform :
         {Matrix(Matrix::Identity(n, n)), common_ellipsoid(problem.generators, options)}) {
        const double slope = logarithmic_norm(problem.generators, transform);
        if (!(slope < 0.0)) continue;
        const Vector values = singular_values(transform);
        conclude_any(result, -slope, values(0) / values(n - 1));
        result.transform = transform;
        return;
    }
}

void find_dwell(SwitchingCertificate& result, const DwellProblem& problem,
                const SwitchingOptions& options, const Progress& progress) {
    const Dwell found = shortest_dwell(problem, options.radius, options.most_dwell, progress);
    if (found.steps == 0) return;
    result.verdict = "dwell";
    result.dwell = static_cast<double>(found.steps) * problem.resolution;
    result.constant = found.constant;
    result.transform = found.transform;
}

std::string unstable_text(const SwitchingCertificate& result, bool continuous) {
    Index worst = 0;
    const double margin = result.margin.minCoeff(&worst);
    std::ostringstream text;
    text.precision(6);
    text << "map " << worst << " is not stable by itself, " << (continuous ? "max Re λ" : "max |λ|")
         << " = " << 1.0 - margin
         << ": no order and no dwell time makes up for it; place its modes further inside, or give"
         << " its adapter less weight";
    return text.str();
}

std::string statement_of(const SwitchingCertificate& result, const SwitchingOptions& options) {
    const bool continuous = options.time == MapTime::continuous;
    if (result.verdict == "unstable") return unstable_text(result, continuous);
    const char* unit = continuous ? " τ" : " steps";
    std::ostringstream text;
    text.precision(4);
    if (result.verdict == "any")
        text << "any switching is stable: the state decays as e^(−" << result.rate << " t), t in"
             << unit;
    else if (result.verdict == "dwell")
        text << "switching is stable if every map stays for " << result.dwell << unit
             << " at least";
    else
        text << "nothing is proven, up to a dwell time of "
             << static_cast<double>(options.most_dwell) * (continuous ? options.resolution : 1.0)
             << unit << "; larger margins, adapters of less gain or a larger most_dwell would help";
    if (result.grows && result.verdict != "any") {
        text << "; faster switching can grow, by " << result.radius.lower
             << (continuous ? " each resolution" : " a step") << " in the order";
        for (const std::size_t i : result.radius.word) text << " " << i;
    }
    return text.str();
}

}  // namespace

SwitchingCertificate certify_switching(const std::vector<Matrix>& maps,
                                       const SwitchingOptions& options, const Progress& progress) {
    check(maps, options);
    SwitchingCertificate result{};
    result.verdict = "undecided";
    result.dwell = infinite;
    result.margin = margins_of(maps, options.time, options.threads);
    const DwellProblem problem = problem_of(maps, options);
    JointRadiusOptions radius = options.radius;
    radius.threshold = 1.0;
    radius.threads = options.threads;
    result.radius = joint_spectral_radius(problem.steps, radius, progress);
    result.grows = result.radius.lower - result.radius.lower_error > 1.0;
    if (!(result.margin.minCoeff() > 0.0)) {
        result.verdict = "unstable";
    } else if (options.time == MapTime::continuous) {
        try_any_continuous(result, problem, radius);
    } else if (result.radius.upper < 1.0) {
        conclude_any(result, -std::log(result.radius.upper), result.radius.constant);
        result.transform = result.radius.transform;
    }
    SwitchingOptions same = options;
    same.radius = radius;
    if (result.verdict == "undecided") find_dwell(result, problem, same, progress);
    result.statement = statement_of(result, options);
    return result;
}

}  // namespace heddle
