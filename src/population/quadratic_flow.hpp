#pragma once

#include "heddle/population/quadratic.hpp"

namespace heddle {

/// Where in a state things lie.
class RateLayout final {
  public:
    explicit RateLayout(const QuadraticRates& equations);

    [[nodiscard]] static Index rate(Index population) { return 2 * population; }
    [[nodiscard]] static Index potential(Index population) { return 2 * population + 1; }
    /// Of s; −1 for a delta synapse, which has none. Alpha's x lies before it.
    [[nodiscard]] Index filter(Index k) const { return filters_[static_cast<std::size_t>(k)]; }
    [[nodiscard]] Index adaptation(Index k) const { return adaptations_ + k; }
    [[nodiscard]] Index size() const { return size_; }

  private:
    std::vector<Index> filters_;
    Index adaptations_;
    Index size_;
};

/// "E", or "E,2" for the second filter of E.
[[nodiscard]] std::string filter_label(const QuadraticRates& equations, std::size_t filter);
/// The same of adaptations.
[[nodiscard]] std::string adaptation_label(const QuadraticRates& equations, std::size_t k);

/// The right-hand side, ready to be evaluated many times.
class QuadraticFlow final {
  public:
    explicit QuadraticFlow(const QuadraticRates& equations);

    [[nodiscard]] const RateLayout& layout() const { return layout_; }

    /// Writes the change per ms. No allocation.
    void velocity(const double* state, const double* delayed, const double* current,
                  double* change) const;
    [[nodiscard]] RateJacobian jacobian(const VectorView& state) const;

  private:
    /// I and D of each population into the places of v and r.
    void inputs(const double* state, const double* delayed, const double* current,
                double* change) const;

    const QuadraticRates& equations_;
    RateLayout layout_;
};

}  // namespace heddle
