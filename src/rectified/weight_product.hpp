#pragma once

#include "heddle/network/network.hpp"

namespace heddle {

/// Y ← Y + W X for blocks of columns, without temporaries where the weights allow.
class WeightProduct final {
  public:
    explicit WeightProduct(const Weights& weights) : weights_(weights) {}

    void add(const MatrixView& x, Eigen::Ref<Matrix> y) const;

    /// Columns that a product takes at a time: few where their traffic counts, many where W's does.
    [[nodiscard]] Index width() const;

    /// W_ii, shape (n,).
    [[nodiscard]] Vector diagonal() const;

  private:
    const Weights& weights_;
};

}  // namespace heddle
