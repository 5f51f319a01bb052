#include "heddle/spectrum/loop_shares.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "spectrum/mode_path.hpp"

namespace heddle {
namespace {

using Set = std::uint64_t;  // Bit k: loop k is open.
using Order = std::vector<std::size_t>;

constexpr Index most_loops = 64, largest_exact = 16;
constexpr double step_distance = 0.01;  // Stricter than where all ends can be checked.

void check(const EigenSystem& system, const Loops& loops, const LoopSharesOptions& options) {
    const Index n = system.eigenvalues.size(), k = loops.u.cols();
    if (k < 1 || k > most_loops)
        throw DomainError("loops: found " + std::to_string(k) + ", expected 1 to 64");
    for (const Index i : options.modes)
        if (i < 0 || i >= n)
            throw DomainError("modes: found " + std::to_string(i) +
                              ", expected positions of eigenvalues, 0 to " + std::to_string(n - 1));
    if (options.most_exact < 0 || options.most_exact > largest_exact)
        throw DomainError("most_exact: found " + std::to_string(options.most_exact) +
                          ", expected 0 to 16");
    if (k > options.most_exact && options.orders < 2)
        throw DomainError("orders: found " + std::to_string(options.orders) +
                          ", expected 2 or more");
}

std::vector<Index> members(Set set) {
    std::vector<Index> found;
    for (Index k = 0; k < most_loops; ++k)
        if ((set >> k) & 1U) found.push_back(k);
    return found;
}

/// λ_i(S) for modes in rows and sets in columns, and what was met on the way.
struct Values {
    std::vector<Set> sets;  // Rising.
    ComplexMatrix values;
    std::vector<std::vector<char>> met, lost;  // By set, then mode.

    [[nodiscard]] auto of(Set set) const {
        const auto at = std::lower_bound(sets.begin(), sets.end(), set) - sets.begin();
        return values.col(static_cast<Index>(at));
    }
};

Values values_of(const ModeCoordinates& system, const std::vector<Index>& modes,
                 std::vector<Set> sets, std::size_t threads, const Progress& progress) {
    const std::size_t m = modes.size();
    Values found{std::move(sets), {}, {}, {}};
    found.values.resize(static_cast<Index>(m), static_cast<Index>(found.sets.size()));
    found.met.assign(found.sets.size(), std::vector<char>(m, 0));
    found.lost = found.met;
    const auto body = [&](std::size_t s) {
        ModeEquation equation(system, members(found.sets[s]));
        for (std::size_t i = 0; i < m; ++i) {
            Complex& value = found.values(static_cast<Index>(i), static_cast<Index>(s));
            value = system.poles(modes[i]);
            if (found.sets[s] == 0) continue;
            const ModePath path = follow_mode(equation, modes[i], step_distance);
            found.met[s][i] = !path.meetings.empty();
            found.lost[s][i] = !path.found;
            if (path.found) value = path.end.value;
        }
    };
    parallel_for(found.sets.size(), threads, body, progress);
    return found;
}

/// |S|! (K − |S| − 1)! / K!
double shapley_weight(int size, Index loops) {
    double weight = 1.0 / static_cast<double>(loops);
    for (int i = 1; i <= size; ++i)
        weight *= static_cast<double>(i) / static_cast<double>(loops - i);
    return weight;
}

void weigh_all(LoopShares& result, const Values& values, Index loops) {
    for (const Set set : values.sets)
        for (Index k = 0; k < loops; ++k) {
            const Set bit = Set{1} << k;
            if (set & bit) continue;
            result.shares.col(k) +=
                shapley_weight(std::popcount(set), loops) * (values.of(set | bit) - values.of(set));
        }
}

std::vector<Order> random_orders(const LoopSharesOptions& options, Index loops) {
    std::vector<Order> orders(static_cast<std::size_t>(options.orders));
    const auto k = static_cast<std::size_t>(loops);
    for (std::size_t o = 0; o < orders.size(); ++o) {
        const Random random(options.seed, o);
        orders[o].resize(k);
        std::iota(orders[o].begin(), orders[o].end(), std::size_t{0});
        for (std::size_t i = k - 1; i > 0; --i) {
            const double drawn = random.uniform(i) * static_cast<double>(i + 1);
            std::swap(orders[o][i], orders[o][static_cast<std::size_t>(drawn)]);
        }
    }
    return orders;
}

std::vector<Set> prefixes(const std::vector<Order>& orders) {
    std::vector<Set> sets{0};
    for (const Order& order : orders) {
        Set open = 0;
        for (const std::size_t k : order) sets.push_back(open |= Set{1} << k);
    }
    std::sort(sets.begin(), sets.end());
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    return sets;
}

std::vector<Set> subsets(Index loops) {
    std::vector<Set> sets(std::size_t{1} << loops);
    std::iota(sets.begin(), sets.end(), Set{0});
    return sets;
}

/// The mean of what each loop adds, and its standard error.
void weigh_orders(LoopShares& result, const Values& values, const std::vector<Order>& orders) {
    Matrix squares = Matrix::Zero(result.shares.rows(), result.shares.cols());
    double count = 0.0;
    for (const Order& order : orders) {
        Set open = 0;
        count += 1.0;
        for (const std::size_t loop : order) {
            const auto k = static_cast<Index>(loop);
            const Set next = open | Set{1} << loop;
            const ComplexVector added = values.of(next) - values.of(open);
            const ComplexVector off = added - result.shares.col(k);
            result.shares.col(k) += off / count;
            squares.col(k) +=
                (off.array() * (added - result.shares.col(k)).array().conjugate()).real().matrix();
            open = next;
        }
    }
    result.standard_error = (squares / (count * (count - 1.0))).cwiseSqrt();
}

bool any(const std::vector<std::vector<char>>& flags, std::size_t mode) {
    return std::any_of(flags.begin(), flags.end(), [&](const auto& set) { return set[mode] != 0; });
}

/// Only the modes that were followed through every set.
void keep_followed(LoopShares& result, const Values& values) {
    std::vector<Index> rows;
    const std::vector<Index> asked = std::move(result.modes);
    result.modes.clear();
    for (std::size_t i = 0; i < asked.size(); ++i) {
        if (any(values.lost, i)) {
            result.lost.push_back(asked[i]);
            continue;
        }
        if (any(values.met, i)) result.ambiguous.push_back(asked[i]);
        result.modes.push_back(asked[i]);
        rows.push_back(static_cast<Index>(i));
    }
    result.before = result.before(rows).eval();
    result.after = result.after(rows).eval();
    result.shares = result.shares(rows, Eigen::all).eval();
    result.standard_error = result.standard_error(rows, Eigen::all).eval();
}

std::vector<Index> wanted(const std::vector<Index>& modes, const ModeCoordinates& system,
                          std::vector<Index>& lost) {
    std::vector<Index> found;
    const auto take = [&](Index i) {
        (system.repeated[static_cast<std::size_t>(i)] ? lost : found).push_back(i);
    };
    if (modes.empty())
        for (Index i = 0; i < system.poles.size(); ++i) take(i);
    for (const Index i : modes) take(i);
    return found;
}

}  // namespace

LoopShares loop_shares(const EigenSystem& system, const Loops& loops,
                       const LoopSharesOptions& options, const Progress& progress) {
    check(system, loops, options);
    const ModeCoordinates coordinates = mode_coordinates(system, loops);
    const Index k = loops.u.cols();
    LoopShares result{};
    result.exact = k <= options.most_exact;
    result.modes = wanted(options.modes, coordinates, result.lost);
    const auto m = static_cast<Index>(result.modes.size());
    const std::vector<Order> orders =
        result.exact ? std::vector<Order>{} : random_orders(options, k);
    const Values values =
        values_of(coordinates, result.modes, result.exact ? subsets(k) : prefixes(orders),
                  options.threads, progress);
    result.sets = static_cast<Index>(values.sets.size());
    result.before = values.of(0);
    result.after = values.values.rightCols(1);
    result.shares = ComplexMatrix::Zero(m, k);
    result.standard_error = Matrix::Zero(m, k);
    result.exact ? weigh_all(result, values, k) : weigh_orders(result, values, orders);
    keep_followed(result, values);
    return result;
}

}  // namespace heddle
