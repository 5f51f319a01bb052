#include "heddle/rectified/gated_fixed_points.hpp"

#include <algorithm>

#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "linalg/checks.hpp"
#include "rectified/damped_newton.hpp"
#include "rectified/least_squares_descent.hpp"

namespace heddle {
namespace {

constexpr double same_point = 1e-6;
constexpr Index steps_of_trajectory = 100;

/// h' − h under a constant input.
struct GatedMap {
    const GatedUnits& layer;
    Vector input;
};

Vector residual_of(const GatedMap& map, const Vector& h) {
    return iterate(map.layer, h, map.input).col(1) - h;
}

Matrix jacobian_of(const GatedMap& map, const Vector& h) {
    Matrix jacobian = linearise(map.layer, h, map.input).jacobian;
    jacobian.diagonal().array() -= 1.0;
    return jacobian;
}

struct Start {
    Vector h;
    std::string name;
};

Start start_of(const GatedMap& map, std::uint64_t seed, Index i) {
    const Random random(seed, stream_of("gated start") + static_cast<std::uint64_t>(i));
    Vector h(map.layer.units());
    for (Index j = 0; j < h.size(); ++j)
        h[j] = 2.0 * random.uniform(static_cast<std::uint64_t>(j)) - 1.0;
    const std::string name = "start " + std::to_string(i);
    if (i % 2 == 0) return {std::move(h), name + " (random)"};
    const Matrix held = map.input.replicate(1, steps_of_trajectory);
    return {iterate(map.layer, h, held).rightCols(1), name + " (trajectory)"};
}

void require_options(const GatedSearchOptions& options) {
    const auto require = [](Index value, Index least, const char* name) {
        if (value >= least && value <= 10'000'000) return;
        throw DomainError(std::string(name) + ": found " + std::to_string(value) +
                          ", expected from " + std::to_string(least) + " to 10000000");
    };
    require(options.starts, 1, "starts");
    require(options.deflations, 0, "deflations");
    require(options.most_steps, 1, "most_steps");
}

bool is_known(const std::vector<GatedFixedPoint>& points, const Vector& h) {
    return std::ranges::any_of(points, [&](const GatedFixedPoint& point) {
        return (point.state - h).cwiseAbs().maxCoeff() < same_point;
    });
}

GatedFixedPoint point_at(const GatedMap& map, Vector h, std::string found_from) {
    const GatedLinearisation around = linearise(map.layer, h, map.input);
    ComplexVector multipliers = eigenvalues(around.jacobian);
    const double radius = spectral_radius(multipliers);
    const double residual = (around.next - h).norm();
    return {std::move(h), residual,     std::move(multipliers),
            radius,       radius < 1.0, std::move(found_from)};
}

Index unstable(const GatedFixedPoint& point) {
    return (point.multipliers.array().abs() >= 1.0).count();
}

/// What the searches share and find.
struct Hunt {
    const GatedMap& map;
    const GatedSearchOptions& options;
    std::vector<Start> starts{};
    std::vector<char> reached{};  ///< Whether some search from this start converged.
    std::vector<GatedFixedPoint> points{};
};

void add(Hunt& hunt, std::vector<Search> searches, const char* how) {
    for (std::size_t i = 0; i < searches.size(); ++i) {
        if (!searches[i].converged) continue;
        hunt.reached[i] = 1;
        if (!is_known(hunt.points, searches[i].x))
            hunt.points.push_back(
                point_at(hunt.map, std::move(searches[i].x), hunt.starts[i].name + how));
    }
}

/// One search from every start; `deflated`, with the points known so far divided out.
void search(Hunt& hunt, bool deflated) {
    std::vector<Vector> known;
    if (deflated)
        for (const GatedFixedPoint& point : hunt.points) known.push_back(point.state);
    std::vector<Search> searches(hunt.starts.size());
    parallel_for(searches.size(), hunt.options.threads, [&](std::size_t i) {
        searches[i] = damped_newton(hunt.map, hunt.starts[i].h, known, hunt.options.most_steps);
    });
    add(hunt, std::move(searches), deflated ? ", deflated" : "");
}

/// From the starts whose search failed |F|² descends, and Newton's method runs from there.
void descend(Hunt& hunt) {
    std::vector<Search> searches(hunt.starts.size(), Search{{}, false, 0});
    parallel_for(searches.size(), hunt.options.threads, [&](std::size_t i) {
        if (hunt.reached[i] != 0) return;
        const Index most = hunt.options.most_steps;
        Vector low = least_squares_descent(hunt.map, hunt.starts[i].h, 2 * most);
        searches[i] = damped_newton(hunt.map, std::move(low), {}, most);
    });
    add(hunt, std::move(searches), ", descended");
}

}  // namespace

GatedFixedPoints gated_fixed_points(const GatedUnits& layer, const VectorView& input,
                                    const GatedSearchOptions& options, const Progress& progress) {
    validate(layer);
    require_shape(input, layer.inputs(), 1, "input");
    require_finite(input, "input");
    require_options(options);
    const GatedMap map{layer, input};
    Hunt hunt{map, options};
    hunt.starts.resize(static_cast<std::size_t>(options.starts));
    hunt.reached.assign(hunt.starts.size(), 0);
    parallel_for(hunt.starts.size(), options.threads, [&](std::size_t i) {
        hunt.starts[i] = start_of(map, options.seed, static_cast<Index>(i));
    });
    const auto rounds = static_cast<std::size_t>(options.deflations) + 2;
    for (std::size_t round = 0; round < rounds; ++round) {
        if (round == 1)
            descend(hunt);
        else
            search(hunt, round > 1);
        if (progress) progress(round + 1, rounds);
    }
    std::ranges::stable_sort(hunt.points, std::ranges::greater{}, unstable);
    return {std::move(hunt.points), options.starts, std::ranges::count(hunt.reached, 0)};
}

}  // namespace heddle
