#include "heddle/rectified/permitted.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/linalg/eigenvalues.hpp"
#include "linalg/checks.hpp"

namespace heddle {
namespace {

/// Grows permitted sets unit by unit; rows of the Cholesky factor of 1 − W_σσ grow with them.
class Growth {
  public:
    Growth(const MatrixView& weights, const PermittedSetsOptions& options)
        : weights_(weights),
          options_(options),
          factor_(Matrix::Zero(weights.rows(), weights.cols())) {}

    /// All sets that extend the present one by units from `first` on.
    void extend(Index first) {
        if (++found_.sets > options_.most_sets) {
            found_.complete = false;
            return;
        }
        bool maximal = true;
        for (Index unit = 0; unit < weights_.rows() && found_.complete; ++unit) {
            if (contains(unit) || !can_add(unit)) continue;
            maximal = false;
            if (unit >= first) add_and_extend(unit);  // the row that can_add wrote is in place
        }
        if (maximal && found_.complete) found_.maximal.push_back(set_);
    }

    [[nodiscard]] PermittedSets take() { return std::move(found_); }
    [[nodiscard]] bool was_cut() const { return cut_; }

  private:
    [[nodiscard]] bool contains(Index unit) const { return std::ranges::binary_search(set_, unit); }

    /// Writes the row that the unit would add to the factor.
    bool can_add(Index unit) {
        const auto k = static_cast<Index>(set_.size());
        double rest = 1.0 - weights_(unit, unit);
        for (Index i = 0; i < k; ++i) {
            const double entry = -weights_(unit, set_[static_cast<std::size_t>(i)]);
            factor_(k, i) =
                (entry - factor_.row(i).head(i).dot(factor_.row(k).head(i))) / factor_(i, i);
            rest -= factor_(k, i) * factor_(k, i);
        }
        if (!(rest > 0.0)) return false;
        factor_(k, k) = std::sqrt(rest);
        return true;
    }

    void add_and_extend(Index unit) {
        if (options_.most_units > 0 && static_cast<Index>(set_.size()) >= options_.most_units) {
            cut_ = true;
            return;
        }
        set_.push_back(unit);
        extend(unit + 1);
        set_.pop_back();
    }

    const MatrixView& weights_;
    const PermittedSetsOptions& options_;
    Matrix factor_;
    Support set_;
    PermittedSets found_{.complete = true, .sets = 0};
    bool cut_ = false;
};

}  // namespace

Permission permission(const ThresholdLinear& system, const Support& support) {
    validate(system);
    validate(support, system);
    const double abscissa = spectral_abscissa(eigenvalues(region_matrix(system, support)));
    return {abscissa < 0.0, abscissa};
}

PermittedSets maximal_permitted_sets(const MatrixView& weights,
                                     const PermittedSetsOptions& options) {
    require_symmetric(weights, "weights");
    require_finite(weights, "weights");
    if (options.most_units < 0)
        throw DomainError("most_units: found " + std::to_string(options.most_units) +
                          ", expected at least 0");
    if (options.most_sets < 1)
        throw DomainError("most_sets: found " + std::to_string(options.most_sets) +
                          ", expected at least 1");
    Growth growth(weights, options);
    growth.extend(0);
    PermittedSets found = growth.take();
    const std::string count = std::to_string(found.maximal.size()) + " maximal permitted sets";
    if (!found.complete)
        found.statement = count + "; the budget of " + std::to_string(options.most_sets) +
                          " permitted sets ended the search.";
    else if (growth.was_cut())
        found.statement = count + " of up to " + std::to_string(options.most_units) +
                          " units; there are larger permitted sets.";
    else
        found.statement = count + "; there are no others.";
    found.complete = found.complete && !growth.was_cut();
    return found;
}

}  // namespace heddle
