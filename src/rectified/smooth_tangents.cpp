#include "rectified/smooth_tangents.hpp"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "core/vectorise.hpp"
#include "flow/dormand_prince.hpp"
#include "heddle/core/parallel.hpp"
#include "linalg/lapack.hpp"
#include "linalg/orthonormalise.hpp"

namespace heddle {
namespace {

/// Rows that are combined at a time, so that they stay in the fastest cache.
constexpr Index rows_at_once = 1024;

HEDDLE_VECTORISE void add_scaled(const double* x, double factor, double* y, Index count) {
    for (Index i = 0; i < count; ++i) y[i] += factor * x[i];
}

HEDDLE_VECTORISE void split_leak(const double* slope, double* y, double* scaled, Index count) {
    for (Index i = 0; i < count; ++i) {
        scaled[i] = slope[i] * y[i];
        y[i] = -y[i];
    }
}

/// y = q + h Σ weights · stages over some rows of a column.
void combine(const std::vector<DormandPrince::Weight>& weights, const std::vector<Matrix>& stages,
             double h, Index first, Index column, Index count, double* y) {
    for (const auto& [stage, weight] : weights)
        add_scaled(stages[static_cast<std::size_t>(stage)].col(column).data() + first, h * weight,
                   y, count);
}

}  // namespace

void respond(const ResponseCurve& response, const VectorView& x, Eigen::Ref<Vector> phi,
             Eigen::Ref<Vector> slope) {
    switch (response.kind()) {
        case Response::Kind::linear:
            phi = x;
            slope.setOnes();
            break;
        case Response::Kind::rectified:
            phi = x.cwiseMax(0.0);
            slope = (x.array() > 0.0).cast<double>();
            break;
        case Response::Kind::tanh:
            phi = x.unaryExpr([](double value) { return std::tanh(value); });
            slope = 1.0 - phi.array().square();
            break;
        case Response::Kind::softplus:
            phi = x.unaryExpr([](double value) {
                return std::max(value, 0.0) + std::log1p(std::exp(-std::abs(value)));
            });
            slope = x.unaryExpr([](double value) { return 1.0 / (1.0 + std::exp(-value)); });
            break;
        case Response::Kind::transfer:
            phi = x.unaryExpr([&](double value) { return response.value(value); });
            slope = x.unaryExpr([&](double value) { return response.slope(value); });
            break;
    }
}

SmoothTangents::SmoothTangents(const Network& network, Vector start, double step, bool fixed,
                               std::size_t threads)
    : network_(network),
      response_(network.response),
      weights_(network.weights),
      diagonal_(weights_.diagonal()),
      x_(std::move(start)),
      velocities_(Matrix::Zero(x_.size(), DormandPrince::stages)),
      slopes_(Matrix::Ones(x_.size(), DormandPrince::stages)),
      step_(step),
      fixed_(fixed),
      threads_(threads) {
    lapack::use_one_blas_thread();
}

void SmoothTangents::advance(Index steps, Matrix& q) {
    for (Index s = 0; s < steps; ++s) {
        step_state();
        if (q.cols() > 0) step_tangents(q);
    }
}

void SmoothTangents::step_state() {
    const DormandPrince& method = dormand_prince();
    const double h = step_ / network_.tau;
    const bool moves = network_.response != Response::linear;
    Vector stage(x_.size()), phi(x_.size());
    for (Index i = 0; moves && i < DormandPrince::stages; ++i) {
        stage = x_;
        for (const auto& [j, weight] : method.earlier[static_cast<std::size_t>(i)])
            stage += h * weight * velocities_.col(j);
        respond(response_, stage, phi, slopes_.col(i));
        velocities_.col(i) = network_.bias - stage;
        weights_.add(phi, velocities_.col(i));
    }
    const auto n = static_cast<double>(x_.size());
    for (const auto& [j, weight] : method.step) {
        if (moves) x_ += h * weight * velocities_.col(j);
        trace_ += h * weight * (diagonal_.dot(slopes_.col(j)) - n);
    }
}

void SmoothTangents::step_tangents(Matrix& q) {
    const Index width = q.size() < 20'000 ? q.cols() : std::min(q.cols(), weights_.width());
    const Index blocks = (q.cols() + width - 1) / width;
    const std::size_t cores = threads_ > 0 ? threads_ : std::thread::hardware_concurrency();
    const std::size_t workers = std::clamp<std::size_t>(cores, 1, static_cast<std::size_t>(blocks));
    workspaces_.resize(std::max(workspaces_.size(), workers));
    parallel_for(workers, workers, [&](std::size_t worker) {
        for (auto b = static_cast<Index>(worker); b < blocks; b += static_cast<Index>(workers))
            step_block(q.middleCols(b * width, std::min(width, q.cols() - b * width)),
                       workspaces_[worker]);
    });
}

void SmoothTangents::step_block(Eigen::Ref<Matrix> q, Workspace& work) const {
    const DormandPrince& method = dormand_prince();
    const double h = step_ / network_.tau;
    const Index n = q.rows();
    work.stages.resize(DormandPrince::stages);
    work.scaled.resize(n, q.cols());
    for (std::size_t i = 0; i < DormandPrince::stages; ++i) {
        Matrix& y = work.stages[i];
        y.resize(n, q.cols());
        for (Index c = 0; c < q.cols(); ++c)
            for (Index first = 0; first < n; first += rows_at_once) {
                const Index count = std::min(rows_at_once, n - first);
                double* const here = y.col(c).data() + first;
                std::copy_n(q.col(c).data() + first, count, here);
                combine(method.earlier[i], work.stages, h, first, c, count, here);
                split_leak(slopes_.col(static_cast<Index>(i)).data() + first, here,
                           work.scaled.col(c).data() + first, count);
            }
        weights_.add(work.scaled, y);
    }
    for (Index c = 0; c < q.cols(); ++c)
        combine(method.step, work.stages, h, 0, c, n, q.col(c).data());
}

Vector SmoothTangents::growth(const Matrix& q, Index steps, double step) {
    const Vector x = x_;
    const double trace = trace_, before = step_;
    Matrix moved = q;
    step_ = step;
    advance(steps, moved);
    x_ = x;
    trace_ = trace;
    step_ = before;
    return orthonormalise(moved).log_diagonal / (step * static_cast<double>(steps));
}

double SmoothTangents::step_error(const Matrix& q) {
    if (q.cols() == 0) return 0.0;
    return (growth(q, 1, step_) - growth(q, 2, step_ / 2)).cwiseAbs().maxCoeff();
}

void SmoothTangents::choose_step(const Matrix& q) {
    const double tau = network_.tau;
    while (!fixed_ && step_ > tau / 16 && !(step_error(q) < 1e-5 / tau)) step_ /= 2;
}

}  // namespace heddle
