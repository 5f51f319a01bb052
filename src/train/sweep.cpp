#include "train/sweep.hpp"

#include <algorithm>

#include "train/checks.hpp"
#include "train/unit_values.hpp"

namespace heddle {
namespace {

/// Columns of a chunk: enough for the products of matrices over time to run at full speed, few
/// enough for memory beside the states not to count.
constexpr Index chunk_columns = 1024;

Index rank(const std::vector<Loops>& loops) {
    Index sum = 0;
    for (const Loops& group : loops) sum += group.u.cols();
    return sum;
}

/// Loops side by side, so that all of them are one product; gates are spread over their columns.
void gather_loops(const TrainableNetwork& network, const TrainingTask& task,
                  TrainingWorkspace& workspace) {
    const Index n = size(network.network), r = rank(network.loops);
    workspace.u.resize(n, r);
    workspace.v.resize(n, r);
    const bool gated = !task.gates.empty();
    workspace.gates.resize(gated ? r : 0, gated ? task.steps * task.trials : 0);
    Index at = 0;
    for (std::size_t l = 0; l < network.loops.size(); ++l) {
        const Index k = network.loops[l].u.cols();
        workspace.u.middleCols(at, k) = network.loops[l].u;
        workspace.v.middleCols(at, k) = network.loops[l].v;
        for (Index t = 0; gated && t < task.steps; ++t)
            workspace.gates.block(at, t * task.trials, k, task.trials) =
                task.gates[l].row(t).replicate(k, 1);
        at += k;
    }
}

}  // namespace

Sweep::Sweep(const TrainableNetwork& network, const TrainingTask& task,
             TrainingWorkspace& workspace)
    : network_(network),
      task_(task),
      workspace_(workspace),
      recurrent_(std::get<Matrix>(network.network.weights)),
      curve_(network.network.response),
      eta_(task.h / network.network.tau),
      chunk_states_(std::clamp<Index>(chunk_columns / task.trials, 1, task.steps + 1)) {
    const auto samples = static_cast<double>(size(network.network) * task.trials);
    activity_scale_ = 1.0 / (samples * static_cast<double>(task.steps + 1));
    velocity_scale_ = 1.0 / (samples * static_cast<double>(task.steps) * task.h * task.h);
    if (task.targets.size() > 0)
        error_scale_ = 1.0 / (static_cast<double>(task.targets.rows()) * task.weights.sum());
    prepare();
}

void Sweep::prepare() {
    gather_loops(network_, task_, workspace_);
    const Index n = size(network_.network), columns = chunk_states_ * task_.trials;
    workspace_.states.resize(n, (task_.steps + 1) * task_.trials);
    workspace_.rates.resize(n, columns);
    workspace_.slopes.resize(n, columns);
    workspace_.drive.resize(n, columns);
    workspace_.adjoint.resize(n, columns);
    workspace_.errors.resize(task_.targets.rows(), columns);
    workspace_.thalamus.resize(workspace_.u.cols(), columns);
    workspace_.projected.resize(workspace_.u.cols(), columns);
    workspace_.costate.resize(n, task_.trials);
}

void Sweep::run() {
    auto start = workspace_.states.leftCols(task_.trials);
    if (network_.initial.cols() == 1)
        start.colwise() = network_.initial.col(0);
    else
        start = network_.initial;
    for (Index t = 0; t < task_.steps; ++t) {
        step(t);
        check_states(workspace_.states.middleCols(column(t + 1), task_.trials), t + 1, task_);
    }
}

void Sweep::step(Index t) {
    const auto x = workspace_.states.middleCols(column(t), task_.trials);
    auto next = workspace_.states.middleCols(column(t + 1), task_.trials);
    auto rates = workspace_.rates.leftCols(task_.trials);
    fill_rates(curve_, x.data(), x.size(), rates.data());
    next = ((1.0 - eta_) * x).colwise() + eta_ * network_.network.bias;
    next.noalias() += eta_ * recurrent_ * rates;
    if (network_.input.cols() > 0)
        next.noalias() += eta_ * network_.input * task_.inputs.middleCols(column(t), task_.trials);
    if (workspace_.u.cols() == 0) return;
    auto carried = workspace_.thalamus.leftCols(task_.trials);
    carried.noalias() = workspace_.v.transpose() * rates;
    if (workspace_.gates.size() > 0)
        carried.array() *= workspace_.gates.middleCols(column(t), task_.trials).array();
    next.noalias() += eta_ * workspace_.u * carried;
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

void Sweep::sample(const Chunk& chunk, TrainingLoss& loss) {
    const Index columns = column(chunk.count);
    const auto x = workspace_.states.middleCols(column(chunk.first), columns);
    auto rates = workspace_.rates.leftCols(columns);
    fill_rates(curve_, x.data(), x.size(), rates.data());
    workspace_.drive.leftCols(columns) = (2.0 * task_.activity * activity_scale_) * rates;
    loss.activity += activity_scale_ * rates.squaredNorm();
    if (error_scale_ > 0.0) compare(chunk, loss);
    add_velocity(chunk, loss);
}

/// errors = 2 m (y − y*) / (d Σ m), and Cᵀ times that onto the drive.
void Sweep::compare(const Chunk& chunk, TrainingLoss& loss) {
    const Index columns = column(chunk.count), from = column(chunk.first);
    const Matrix& readout = network_.network.readout;
    auto errors = workspace_.errors.leftCols(columns);
    errors = -task_.targets.middleCols(from, columns);
    errors.noalias() += readout * workspace_.rates.leftCols(columns);
    for (Index t = 0; t < chunk.count; ++t)
        for (Index i = 0; i < task_.trials; ++i) {
            auto error = errors.col(column(t) + i);
            const double weight = error_scale_ * task_.weights(chunk.first + t, i);
            if (weight > 0.0) loss.output_error += weight * error.squaredNorm();
            error *= 2.0 * weight;
        }
    workspace_.drive.leftCols(columns).noalias() += readout.transpose() * errors;
}

void Sweep::add_velocity(const Chunk& chunk, TrainingLoss& loss) const {
    const Index columns = column(chunk.steps), from = column(chunk.first);
    loss.velocity += velocity_scale_ * (workspace_.states.middleCols(from + task_.trials, columns) -
                                        workspace_.states.middleCols(from, columns))
                                           .squaredNorm();
}

void Sweep::linearise(const Chunk& chunk) {
    const Index columns = column(chunk.count), steps = column(chunk.steps);
    const double* x = workspace_.states.col(column(chunk.first)).data();
    fill_slopes(curve_, x, workspace_.rates.data(), workspace_.rates.rows() * columns,
                workspace_.slopes.data());
    if (workspace_.u.cols() == 0) return;
    auto carried = workspace_.thalamus.leftCols(steps);
    carried.noalias() = workspace_.v.transpose() * workspace_.rates.leftCols(steps);
    if (workspace_.gates.size() > 0)
        carried.array() *= workspace_.gates.middleCols(column(chunk.first), steps).array();
}

void Sweep::finish(TrainingLoss& loss) const {
    loss.value =
        loss.output_error + task_.activity * loss.activity + task_.velocity * loss.velocity;
    check_loss(loss);
}

}  // namespace heddle
