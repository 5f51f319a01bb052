#pragma once

#include <memory>
#include <vector>

#include "heddle/spectrum/eigen_system.hpp"
#include "spectrum/cauchy_link.hpp"

namespace heddle {

/// The decomposition that LAPACK made. The real forms are R Kᴴ and K L (see PairLayout).
struct EigenBase {
    Matrix weights;
    PairLayout layout;
    ComplexVector values;  ///< Half form.
    Matrix right, left;    ///< Real form, shape (n, n).
    double condition;      ///< ‖R‖_F ‖R⁻¹‖_F / n.
    double tolerance;
    Matrix sketch;  ///< S, shape (8, n), entries N(0, 1/8): E ‖S x‖² = ‖x‖².
};

constexpr Index sketch_rows = 8;

/// A base and a chain of loops, with everything that is followed along the chain: rows that meet
/// the right vectors (S R′, S W R′, Vᵀ R′ of open loops, then of loops that wait) and rows that
/// meet the left ones ((L′ Sᵀ)ᵀ, then (L′ u)ᵀ of loops that wait).
struct EigenState {
    std::shared_ptr<const EigenBase> base;
    std::vector<std::shared_ptr<const CauchyLink>> links;
    Matrix u, v;  ///< Of open loops, shape (n, links).
    PairLayout layout;
    ComplexVector values;  ///< Half form.
    LinkRows rows;
    std::vector<Index> canonical;  ///< Index in full form of every eigenvalue in canonical order.
};

/// \throws DomainError if there is no basis of eigenvectors.
[[nodiscard]] std::shared_ptr<const EigenBase> eigen_base(Matrix weights, double tolerance);

[[nodiscard]] EigenState closed_state(std::shared_ptr<const EigenBase> base);
/// Loops that are to open: their coordinates are followed from now on.
void await(EigenState& state, const Loops& loops);
/// Opens the loop that has waited longest, or forgets the `count` that have.
void open_next(EigenState& state, const MatrixView& u, const MatrixView& v);
void forget_next(EigenState& state, Index count);

/// What is known of the eigenvalues.
[[nodiscard]] EigenSystem measured(EigenState state);

/// The vector of one eigenvalue: R′ c or L′ᵀ c for c closed under conjugation, in half form.
[[nodiscard]] Matrix right_of(const EigenState& state, ComplexMatrix c);
[[nodiscard]] Matrix left_of(const EigenState& state, ComplexMatrix c);

}  // namespace heddle
