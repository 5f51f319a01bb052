#include "heddle/loops/preparation_cost.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/lyapunov.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The equation's matrices in the basis of A's Schur form.
struct Rotated {
    Matrix u, v;     ///< Qᵀ U, Qᵀ V.
    Matrix readout;  ///< Qᵀ Cᵀ.
    Matrix speed;    ///< Qᵀ Aᵀ Cᵀ.
    Matrix weight;   ///< Qᵀ S Q / n.
};

Matrix rotated_weight(const Matrix& weight, const Matrix& q) {
    const auto n = static_cast<double>(q.rows());
    if (weight.size() == 0) return Matrix::Identity(q.rows(), q.rows()) / n;
    const Matrix half = weight * q;
    return q.transpose() * half / n;
}

Rotated rotate(const Schur& schur, const Network& network, const Loops& loops,
               const Matrix& weight) {
    const Matrix& q = schur.q;
    Rotated in{q.transpose() * loops.u,
               q.transpose() * loops.v,
               q.transpose() * network.readout.transpose(),
               {},
               rotated_weight(weight, q)};
    in.speed = schur.t.transpose() * in.readout;
    return in;
}

/// Whether the Gramians exist to working precision.
bool is_stable(const Schur& schur, double abscissa) {
    return abscissa < -std::numeric_limits<double>::epsilon() * schur.t.norm();
}

void set_gradients(PreparationCost& cost, const Schur& schur, const Rotated& in, const Matrix& x,
                   const Matrix& y, double beta) {
    const Matrix moved = x * in.speed;
    const Matrix xv = x * in.v, yu = y * in.u;
    Matrix u = 2.0 * (y * xv), v = 2.0 * (x * yu);
    u.noalias() += 2.0 * beta * in.readout * (moved.transpose() * in.v);
    v.noalias() += 2.0 * beta * moved * (in.readout.transpose() * in.u);
    cost.gradient_u = schur.q * u;
    cost.gradient_v = schur.q * v;
}

}  // namespace

void validate(const PreparationAim& aim, const Network& network) {
    validate(network);
    if (network.response != Response::linear)
        throw DomainError(
            std::string("network: preparation is defined for the response 'linear', found '") +
            name_of(network.response) + "'.");
    if (!(aim.beta >= 0.0) || !std::isfinite(aim.beta))
        throw DomainError("beta is " + std::to_string(aim.beta) +
                          "; a finite number from 0 on would work.");
    if (aim.weight.size() == 0) return;
    const Index n = size(network);
    if (aim.weight.rows() != n || aim.weight.cols() != n)
        throw ShapeError("weight", shape_text(n, n),
                         shape_text(aim.weight.rows(), aim.weight.cols()));
    if (!((aim.weight - aim.weight.transpose()).norm() <= 1e-10 * aim.weight.norm()))
        throw DomainError("weight is not symmetric; (S + Sᵀ) / 2 would work.");
}

PreparationCost preparation_cost(const Network& network, const Loops& loops,
                                 const PreparationAim& aim) {
    validate(aim, network);
    validate(loops, size(network));
    Matrix a = dense_weights(network);
    a.diagonal().array() -= 1.0;
    a.noalias() += loops.u * loops.v.transpose();
    const Schur schur = real_schur(a);
    const double rightmost = spectral_abscissa(schur.eigenvalues);
    PreparationCost cost{infinity, infinity, infinity, {}, {}, rightmost + 1.0, false};
    if (!is_stable(schur, rightmost)) return cost;

    const Rotated in = rotate(schur, network, loops, aim.weight);
    const Matrix x = solve_schur_lyapunov(schur.t, Matrix::Identity(a.rows(), a.cols()));
    const Matrix source = in.weight + aim.beta * (in.speed * in.speed.transpose());
    const Matrix y = solve_adjoint_schur_lyapunov(schur.t, source);
    cost.stable = true;
    cost.decay = in.weight.cwiseProduct(x).sum();
    cost.readout = in.speed.cwiseProduct(x * in.speed).sum();
    cost.value = cost.decay + aim.beta * cost.readout;
    set_gradients(cost, schur, in, x, y, aim.beta);
    return cost;
}

}  // namespace heddle
