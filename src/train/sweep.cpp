#include "train/sweep.hpp"

#include <algorithm>

#include "train/checks.hpp"
#include "train/unit_values.hpp"

namespace heddle {
namespace {

/// Columns of a chunk: enough for the products of matrices over time to run at full speed, few
/// enough for what is done unit by unit to find them in the cache.
constexpr Index chunk_columns = 256;

}  // namespace

Sweep::Sweep(const TrainableNetwork& network, const TrainingTask& task, const Trials& trials,
             TrainingWorkspace& workspace, TrainingBlock& block)
    : network_(network),
      task_(task),
      trials_(trials),
      workspace_(workspace),
      block_(block),
      recurrent_(std::get<Matrix>(network.network.weights)),
      curve_(network.network.response),
      eta_(task.h / network.network.tau),
      chunk_states_(std::clamp<Index>(chunk_columns / trials.count, 1, task.steps + 1)) {
    const auto samples = static_cast<double>(size(network.network) * task.trials);
    activity_scale_ = 1.0 / (samples * static_cast<double>(task.steps + 1));
    velocity_scale_ = 1.0 / (samples * static_cast<double>(task.steps) * task.h * task.h);
    if (task.targets.size() > 0)
        error_scale_ = 1.0 / (static_cast<double>(task.targets.rows()) * task.weights.sum());
    prepare();
}

void Sweep::prepare() {
    const Index n = size(network_.network), columns = chunk_states_ * trials_.count;
    const Index gained = network_.gains.size() > 0 ? n : 0;
    block_.responses.resize(gained, columns);
    block_.gains.resize(gained, columns);
    block_.gain_weights.resize(network_.gains.cols(), columns);
    block_.rates.resize(n, columns);
    block_.slopes.resize(n, columns);
    block_.drive.resize(n, columns);
    block_.adjoint.resize(n, columns);
    block_.inputs.resize(network_.input.cols(), columns);
    block_.errors.resize(task_.targets.rows(), columns);
    block_.thalamus.resize(workspace_.u.cols(), columns);
    block_.projected.resize(workspace_.u.cols(), columns);
    block_.costate.resize(n, trials_.count);
}

void Sweep::start() {
    auto x = at(workspace_.states, 0);
    if (network_.initial.size() == 0)
        x.setZero();
    else if (network_.initial.cols() == 1)
        x.colwise() = network_.initial.col(0);
    else
        x = network_.initial.middleCols(trials_.first, trials_.count);
    if (task_.start.size() > 0) x += task_.start.middleCols(trials_.first, trials_.count);
}

void Sweep::run() {
    start();
    for (Index t = 0; t < task_.steps; ++t) step(t);
    // (1 − η) x is not finite where x is not, so that it is enough to look at the last state.
    if (at(workspace_.states, task_.steps).allFinite()) return;
    for (Index t = 0; t <= task_.steps; ++t)
        check_states(at(workspace_.states, t), t, trials_.first, task_);
}

void Sweep::step(Index t) {
    const auto x = at(workspace_.states, t);
    auto next = at(workspace_.states, t + 1);
    respond(t, 0);
    const auto rates = block_.rates.leftCols(trials_.count);
    next = ((1.0 - eta_) * x).colwise() + eta_ * network_.network.bias;
    next.noalias() += eta_ * recurrent_ * rates;
    if (network_.input.cols() > 0) next.noalias() += eta_ * network_.input * at(task_.inputs, t);
    if (workspace_.u.cols() == 0) return;
    auto carried = block_.thalamus.leftCols(trials_.count);
    carried.noalias() = workspace_.v.transpose() * rates;
    if (workspace_.gates.size() > 0) carried.array() *= at(workspace_.gates, t).array();
    next.noalias() += eta_ * workspace_.u * carried;
}

void Sweep::respond(Index t, Index column) {
    const auto x = at(workspace_.states, t);
    auto rates = block_.rates.middleCols(column, trials_.count);
    if (network_.gains.size() == 0) return fill_rates(curve_, x.data(), x.size(), rates.data());
    auto responses = block_.responses.middleCols(column, trials_.count);
    auto gains = block_.gains.middleCols(column, trials_.count);
    fill_rates(curve_, x.data(), x.size(), responses.data());
    gains.noalias() = network_.gains * at(task_.gain_weights, t);
    rates = gains.cwiseProduct(responses);
}

Chunk Sweep::ending_at(Index end) const {
    const Index first = std::max<Index>(0, end - chunk_states_);
    return {first, end - first, std::min(end, task_.steps) - first};
}

Chunk Sweep::last_chunk() const {
    return ending_at(task_.steps + 1);
}

Chunk Sweep::before(const Chunk& chunk) const {
    return ending_at(chunk.first);
}

void Sweep::respond(const Chunk& chunk) {
    for (Index t = 0; t < chunk.count; ++t) respond(chunk.first + t, column(t));
}

void Sweep::gather(const Matrix& array, const Chunk& chunk, Matrix& out) const {
    for (Index t = 0; t < chunk.count; ++t)
        out.middleCols(column(t), trials_.count) = at(array, chunk.first + t);
}

void Sweep::sample(const Chunk& chunk, TrainingLoss& loss) {
    const Index columns = column(chunk.count);
    respond(chunk);
    const auto rates = block_.rates.leftCols(columns);
    auto drive = block_.drive.leftCols(columns);
    if (task_.activity > 0.0)
        drive = (2.0 * task_.activity * activity_scale_) * rates;
    else
        drive.setZero();
    loss.activity += activity_scale_ * rates.squaredNorm();
    if (error_scale_ > 0.0) compare(chunk, loss);
    add_velocity(chunk, loss);
}

/// errors = 2 m (y − y*) / (d Σ m), and Cᵀ times that onto the drive.
void Sweep::compare(const Chunk& chunk, TrainingLoss& loss) {
    const Index columns = column(chunk.count);
    const Matrix& readout = network_.network.readout;
    auto errors = block_.errors.leftCols(columns);
    errors.noalias() = readout * block_.rates.leftCols(columns);
    for (Index t = 0; t < chunk.count; ++t) {
        errors.middleCols(column(t), trials_.count) -= at(task_.targets, chunk.first + t);
        for (Index i = 0; i < trials_.count; ++i) {
            auto error = errors.col(column(t) + i);
            const double weight = error_scale_ * task_.weights(chunk.first + t, trials_.first + i);
            if (weight > 0.0) loss.output_error += weight * error.squaredNorm();
            error *= 2.0 * weight;
        }
    }
    block_.drive.leftCols(columns).noalias() += readout.transpose() * errors;
}

void Sweep::add_velocity(const Chunk& chunk, TrainingLoss& loss) const {
    for (Index t = chunk.first; t < chunk.first + chunk.steps; ++t)
        loss.velocity += velocity_scale_ *
                         (at(workspace_.states, t + 1) - at(workspace_.states, t)).squaredNorm();
}

void Sweep::linearise(const Chunk& chunk) {
    const Index steps = column(chunk.steps), columns = column(chunk.count);
    const bool gained = network_.gains.size() > 0;
    const Matrix& responses = gained ? block_.responses : block_.rates;
    for (Index t = 0; t < chunk.count; ++t) {
        const auto x = at(workspace_.states, chunk.first + t);
        fill_slopes(curve_, x.data(), responses.col(column(t)).data(), x.size(),
                    block_.slopes.col(column(t)).data());
    }
    if (gained) block_.slopes.leftCols(columns).array() *= block_.gains.leftCols(columns).array();
    if (workspace_.u.cols() == 0) return;
    block_.thalamus.leftCols(steps).noalias() =
        workspace_.v.transpose() * block_.rates.leftCols(steps);
    if (workspace_.gates.size() == 0) return;
    for (Index t = 0; t < chunk.steps; ++t)
        block_.thalamus.middleCols(column(t), trials_.count).array() *=
            at(workspace_.gates, chunk.first + t).array();
}

}  // namespace heddle
