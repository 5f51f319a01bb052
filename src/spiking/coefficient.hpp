#pragma once

#include "core/vectorise.hpp"
#include "spiking/step_kernels.hpp"

namespace heddle::kernels {

/// A Column as a loop reads it: from memory, or from a register.
template <bool differ>
class Coefficient final {
  public:
    HEDDLE_INLINE explicit Coefficient(const Column& column) : each_(column.at), all_(*column.at) {}

    HEDDLE_INLINE double operator[](std::size_t i) const {
        if constexpr (differ) return each_[i];
        return all_;
    }

  private:
    const double* each_;
    double all_;
};

template <bool differ>
struct ToCoefficient {
    HEDDLE_INLINE auto operator()(const Column& column) const {
        return Coefficient<differ>(column);
    }
};

/// Calls `loop` with what turns columns of the kind of `column` into coefficients: each kind gets a
/// loop of its own.
template <class Loop>
HEDDLE_INLINE void with_coefficients(const Column& column, Loop loop) {
    if (column.differ)
        loop(ToCoefficient<true>{});
    else
        loop(ToCoefficient<false>{});
}

}  // namespace heddle::kernels
