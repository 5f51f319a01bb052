#pragma once

#include <vector>

#include "heddle/network/network.hpp"
#include "network/response_curve.hpp"
#include "rectified/tangent_flow.hpp"
#include "rectified/weight_product.hpp"

namespace heddle {

/// State and tangent vectors of τ ẋ = −x + W φ(x) + b by Runge–Kutta steps of order 8. The state's
/// stages come first and leave their slopes φ'; blocks of tangent vectors then follow them, each
/// block by itself and on any thread.
class SmoothTangents final : public TangentFlow {
  public:
    /// \param step s. \param fixed whether `choose_step` must not change it.
    SmoothTangents(const Network& network, Vector start, double step, bool fixed,
                   std::size_t threads);

    void advance(Index steps, Matrix& q) override;
    [[nodiscard]] const Vector& state() const override { return x_; }
    [[nodiscard]] double trace_integral() const override { return trace_; }
    [[nodiscard]] double step() const override { return step_; }
    void choose_step(const Matrix& q) override;
    [[nodiscard]] double step_error(const Matrix& q) override;

  private:
    /// The slopes of one block's stages, and the input of W.
    struct Workspace {
        std::vector<Matrix> stages;
        Matrix scaled;
    };

    void step_state();
    void step_block(Eigen::Ref<Matrix> q, Workspace& work) const;
    void step_tangents(Matrix& q);
    /// log R_jj / Δt of `steps` steps from here, which are taken back.
    [[nodiscard]] Vector growth(const Matrix& q, Index steps, double step);

    const Network& network_;
    ResponseCurve response_;
    WeightProduct weights_;
    Vector diagonal_;
    Vector x_;
    Matrix velocities_;  ///< Of the state's stages, in units of 1/τ, shape (n, 12).
    Matrix slopes_;      ///< φ' at them, shape (n, 12).
    double step_;
    bool fixed_;
    std::size_t threads_;
    double trace_ = 0.0;
    std::vector<Workspace> workspaces_;
};

/// φ(x) and φ'(x), elementwise.
void respond(const ResponseCurve& response, const VectorView& x, Eigen::Ref<Vector> phi,
             Eigen::Ref<Vector> slope);

}  // namespace heddle
