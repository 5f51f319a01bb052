#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A layer of n gated recurrent units with k inputs, in the order of PyTorch: rows 0 to n − 1 of
/// every array belong to the reset gate ρ, the next n to the update gate z, the last n to the
/// candidate c. With σ the logistic function and ∘ the product unit by unit,
///
///     ρ = σ(W_ρ h + b_ρ + B_ρ s + a_ρ) ,   z = σ(W_z h + b_z + B_z s + a_z) ,
///     c = tanh(B_c s + a_c + ρ ∘ (W_c h + b_c)) ,   h' = (1 − z) ∘ c + z ∘ h .
///
/// The state h is what the layer puts out. From |h| ≤ 1 it stays there, and no fixed point lies
/// elsewhere.
/// \see Cho et al. (2014), EMNLP, for the units; ρ is inside the product W_c h in theirs.
struct GatedUnits {
    Matrix recurrent;       ///< W, shape (3 n, n).
    Matrix input;           ///< B, shape (3 n, k); k may be 0.
    Vector recurrent_bias;  ///< b, shape (3 n,).
    Vector input_bias;      ///< a, shape (3 n,).

    [[nodiscard]] Index units() const noexcept { return recurrent.cols(); }
    [[nodiscard]] Index inputs() const noexcept { return input.cols(); }
};

/// \throws ShapeError, DomainError  naming the field.
void validate(const GatedUnits& layer);

/// h(0) = `initial` and the states that follow, shape (n, T + 1).
/// \param inputs  s, shape (k, T), a column for each step.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost 6 n (n + k) flops a step.
[[nodiscard]] Matrix iterate(const GatedUnits& layer, const VectorView& initial,
                             const MatrixView& inputs);

/// h' around one state and one input, to first order: h' + J δh + L δs.
struct GatedLinearisation {
    Vector next;      ///< h', shape (n,).
    Matrix jacobian;  ///< J = ∂h'/∂h, shape (n, n).
    Matrix input;     ///< L = ∂h'/∂s, shape (n, k).
};

/// With q = W_c h + b_c and D_x the diagonal matrix of x,
///
///     J = D_z + D_{(1 − z)(1 − c²)} (D_ρ W_c + D_{q ρ (1 − ρ)} W_ρ) + D_{(h − c) z (1 − z)} W_z ,
///
/// and L the same with B for W, without D_z and with 1 for ρ before B_c.
/// \throws ShapeError, DomainError  naming the argument. \cost 5 n (n + k) flops.
[[nodiscard]] GatedLinearisation linearise(const GatedUnits& layer, const VectorView& state,
                                           const VectorView& input);

}  // namespace heddle
