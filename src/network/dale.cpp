#include "network/dale.hpp"

#include <algorithm>
#include <cmath>

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

}  // namespace

Index excitatory_units(Index n, double fraction) {
    check_size(n);
    if (n < 4) throw DomainError("n: found " + std::to_string(n) + " units, expected at least 4 for two kinds of them");
    if (!(fraction > 0.0 && fraction < 1.0))
        throw DomainError("excitatory_fraction: found " + std::to_string(fraction) + ", expected a fraction in (0, 1)");
    const auto count = static_cast<Index>(std::lround(fraction * static_cast<double>(n)));
    return std::clamp<Index>(count, 2, n - 2);
}

Matrix connections(Index n, Index excitatory, double p_excitatory, double p_inhibitory, std::uint64_t seed) {
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
    if (!(options.p > 0.0 && options.p < 1.0))
        throw DomainError("p: found " + std::to_string(options.p) + ", expected a probability in (0, 1)");
    const double f = static_cast<double>(excitatory) / static_cast<double>(n);
    const double variance = static_cast<double>(n) * options.p * (1.0 - options.p) * f / (1.0 - f);
    Matrix weights = options.g / std::sqrt(variance) * connections(n, excitatory, options.p, options.p, seed);
    auto inhibition = weights.rightCols(n - excitatory);
    for (Index i = 0; i < n; ++i)
        inhibition.row(i) *= -weights.row(i).head(excitatory).sum() / inhibition.row(i).sum();
    return weights;
}

}  // namespace heddle
