#include <cmath>
#include <sstream>

#include "carry/performance.hpp"
#include "carry/tubes.hpp"

namespace heddle {
namespace {

constexpr Index most_rounds = 4;
constexpr double room = 1.1;

struct Pair {
    Plan plan;
    Matrix output;  ///< Of j after i, on the plan, (samples, d).
};

Pair pair_of(const CarriedLibrary& carried, std::size_t i, std::size_t j) {
    Pair pair{plan_of(carried, j, {.after = i}), {}};
    Matrix x = pair.plan.states.col(carried.preparation_steps);
    pair.output = perform_carried(carried, j, x).front();
    return pair;
}

/// The largest normalised squared error of outputs within a bound of `output`.
double error_bound(const Matrix& output, const Matrix& target, const Matrix& bound) {
    return normalised_error(target + ((output - target).cwiseAbs() + bound), target);
}

/// Tubes of all pairs from the present balls.
void walk_pairs(const CarriedLibrary& carried, const std::vector<Pair>& pairs, std::size_t threads,
                const Progress& progress, SequenceCertificate& found) {
    const std::size_t count = carried.library.motifs.size();
    const auto body = [&](std::size_t k) {
        const std::size_t i = k / count, j = k % count;
        const auto row = static_cast<Index>(i), column = static_cast<Index>(j);
        const Tube around = tube_around(carried, j, pairs[k].plan, found.ball(row));
        found.reach(row, column) = around.end;
        found.error(row, column) =
            error_bound(pairs[k].output, carried.library.motifs[j].motif.values, around.output);
    };
    parallel_for(pairs.size(), threads, body, progress);
}

std::string statement_of(const CarriedLibrary& carried, const SequenceCertificate& found) {
    std::ostringstream words;
    words.precision(3);
    if (found.proven) {
        words << "in every sequence that begins with the own start of a motif, of any length and "
                 "in any order, each further motif has a normalised squared error of at most "
              << found.error.maxCoeff() << ": proven, up to rounding";
        return words.str();
    }
    Index i = 0, j = 0;
    (found.miss + found.reach).maxCoeff(&i, &j);
    words << "not proven: motif '" << carried.library.motifs[static_cast<std::size_t>(j)].motif.name
          << "' after '" << carried.library.motifs[static_cast<std::size_t>(i)].motif.name
          << "' leaves its ball, as deviations ";
    if (std::isfinite(found.reach(i, j)))
        words << "reach " << found.reach(i, j) << " from " << found.ball(i);
    else
        words << "have no bound from " << found.ball(i);
    words << "; a longer preparation, robust loops or a smaller amplitude would help";
    return words.str();
}

}  // namespace

SequenceCertificate certify_sequences(const CarriedLibrary& carried, std::size_t threads,
                                      const Progress& progress) {
    const std::size_t count = carried.library.motifs.size();
    const auto m = static_cast<Index>(count);
    std::vector<Pair> pairs(count * count);
    const auto body = [&](std::size_t k) { pairs[k] = pair_of(carried, k / count, k % count); };
    parallel_for(pairs.size(), threads, body, progress);
    SequenceCertificate found{false, Vector(m), Matrix(m, m), Matrix(m, m), Matrix(m, m), 0, {}};
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        const std::size_t j = k % count;
        found.miss(static_cast<Index>(k / count), static_cast<Index>(j)) =
            (pairs[k].plan.states.rightCols(1) - end_of(carried, j)).norm() / unit_of(carried);
    }
    found.ball = 2.0 * found.miss.colwise().maxCoeff().transpose();
    while (!found.proven && found.rounds < most_rounds) {
        ++found.rounds;
        walk_pairs(carried, pairs, threads, progress, found);
        const Vector needed = (found.miss + found.reach).colwise().maxCoeff().transpose();
        found.proven = (needed.array() <= found.ball.array()).all();
        if (found.proven || !needed.allFinite() || found.rounds == most_rounds) break;
        found.ball = found.ball.cwiseMax(room * needed);
    }
    found.statement = statement_of(carried, found);
    return found;
}

}  // namespace heddle
