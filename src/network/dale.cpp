#include "network/dale.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/network/generators.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// Gives row i one connection among the columns first … last − 1, if it has none there.
void ensure_one(Matrix& mask, Index i, Index first, Index last, const Random& random) {
    if (mask.row(i).segment(first, last - first).sum() > 0.0) return;
    Index j = first + static_cast<Index>(random.integer(static_cast<std::uint64_t>(i)) %
                                         static_cast<std::uint64_t>(last - first));
    if (j == i) j = j + 1 < last ? j + 1 : first;
    if (j != i) mask(i, j) = 1.0;
}

/// Mean over rows of the variances within a row that excitatory and inhibitory weights have about
/// their own means, summed over the columns: the squared radius of the bulk. A row of a weights 1
/// and b weights −a / b has a (1 − a / n_E) + a² (1 / b − 1 / n_I).
double squared_radius(const MatrixView& mask, Index excitatory) {
    const auto n_e = static_cast<double>(excitatory);
    const auto n_i = static_cast<double>(mask.cols() - excitatory);
    const Eigen::ArrayXd a = mask.leftCols(excitatory).rowwise().sum();
    const Eigen::ArrayXd b = mask.rightCols(mask.cols() - excitatory).rowwise().sum();
    return (a * (1.0 - a / n_e) + a.square() * (b.inverse() - 1.0 / n_i)).mean();
}

}  // namespace

Index excitatory_units(Index n, double fraction) {
    if (n < 4)
        throw DomainError("n: found " + std::to_string(n) +
                          " units, expected at least 4 for two kinds of them");
    if (!(fraction > 0.0 && fraction < 1.0))
        throw DomainError("excitatory_fraction: found " + number_text(fraction) +
                          ", expected a fraction in (0, 1)");
    const auto count = static_cast<Index>(std::lround(fraction * static_cast<double>(n)));
    return std::clamp<Index>(count, 2, n - 2);
}

Matrix connections(Index n, Index excitatory, double p_excitatory, double p_inhibitory,
                   std::uint64_t seed) {
    const Random present(seed, stream_of("weights/present"));
    const Random spare(seed, stream_of("weights/spare"));
    Matrix mask(n, n);
    for (Index j = 0; j < n; ++j)
        for (Index i = 0; i < n; ++i)
            mask(i, j) = i != j && present.uniform(static_cast<std::uint64_t>(i + n * j)) <
                                       (j < excitatory ? p_excitatory : p_inhibitory);
    for (Index i = 0; i < n; ++i) {
        ensure_one(mask, i, 0, excitatory, spare);
        ensure_one(mask, i, excitatory, n, spare);
    }
    return mask;
}

Matrix dale_weights(Index n, std::uint64_t seed, const DaleOptions& options) {
    const Index excitatory = excitatory_units(n, options.excitatory_fraction);
    check_radius(options.g, "g");
    check_open_probability(options.p, "p");
    Matrix weights = connections(n, excitatory, options.p, options.p, seed);
    weights *= options.g / std::sqrt(squared_radius(weights, excitatory));
    auto inhibition = weights.rightCols(n - excitatory);
    for (Index i = 0; i < n; ++i)
        inhibition.row(i) *= -weights.row(i).head(excitatory).sum() / inhibition.row(i).sum();
    return weights;
}

}  // namespace heddle
