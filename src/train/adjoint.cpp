#include "train/adjoint.hpp"

#include "train/checks.hpp"

namespace heddle {

Adjoint::Adjoint(const Sweep& sweep, const TrainingTask& task, const TrainedParts& parts,
                 const TrainingWorkspace& workspace, TrainingBlock& block)
    : sweep_(sweep), task_(task), parts_(parts), workspace_(workspace), block_(block) {
    block_.costate.setZero();
}

void Adjoint::through(const Chunk& chunk) {
    for (Index t = chunk.first + chunk.count - 1; t >= chunk.first; --t) {
        const Index column = sweep_.column(t, chunk.first);
        const bool steps = t < task_.steps, cut = begins_window(t);
        if (steps) take_step(t, column);
        if (cut) {
            check(chunk, t + 1);
            block_.costate.setZero();
        }
        if (steps && !cut) pull(column);
        add_sample(t, column, steps && !cut ? 1.0 - sweep_.eta() : 1.0);
        // The gains of the state that a window begins with belong to the window, λ does not.
        if (steps && cut && parts_.gains && block_.gains.size() > 0) pull(column);
    }
    check(chunk, chunk.first);
}

/// λ_t is in the costate. What is not finite stays so down to the next cut, so that it is enough to
/// look there and at the ends of chunks; the step where it began is in η λ.
void Adjoint::check(const Chunk& chunk, Index t) const {
    if (block_.costate.allFinite()) return;
    for (Index later = chunk.first + chunk.steps; later > t; --later)
        check_costate(
            block_.adjoint.middleCols(sweep_.column(later - 1, chunk.first), sweep_.trials().count),
            later);
    check_costate(block_.costate, t);
}

/// Does state t begin a window? Then it is data for what comes after.
bool Adjoint::begins_window(Index t) const {
    return parts_.window > 0 && t > 0 && t % parts_.window == 0;
}

/// η λ_{t+1}, and what the loops see of it.
void Adjoint::take_step(Index t, Index column) {
    const Index trials = sweep_.trials().count;
    auto adjoint = block_.adjoint.middleCols(column, trials);
    auto projected = block_.projected.middleCols(column, trials);
    adjoint = sweep_.eta() * block_.costate;
    if (projected.rows() > 0) {
        projected.noalias() = workspace_.u.transpose() * adjoint;
        if (workspace_.gates.size() > 0)
            projected.array() *= sweep_.at(workspace_.gates, t).array();
    }
}

/// ∂ loss / ∂ r_t by way of the step from t.
void Adjoint::pull(Index column) {
    const Index trials = sweep_.trials().count;
    auto drive = block_.drive.middleCols(column, trials);
    drive.noalias() += sweep_.recurrent().transpose() * block_.adjoint.middleCols(column, trials);
    if (workspace_.u.cols() > 0)
        drive.noalias() += workspace_.v * block_.projected.middleCols(column, trials);
}

/// λ_t of λ_{t+1}, of which the share `kept` does not go through the rates, with what the samples
/// of r_t, x_t and the steps to and from it add.
void Adjoint::add_sample(Index t, Index column, double kept) {
    const Index trials = sweep_.trials().count;
    block_.costate =
        kept * block_.costate + block_.slopes.middleCols(column, trials)
                                    .cwiseProduct(block_.drive.middleCols(column, trials));
    if (t < task_.steps && !begins_window(t)) add_velocity(t, -1.0);
    if (t > 0) add_velocity(t - 1, 1.0);
}

void Adjoint::add_velocity(Index t, double sign) {
    if (task_.velocity == 0.0) return;
    block_.costate += sign * sweep_.velocity_slope() *
                      (sweep_.at(workspace_.states, t + 1) - sweep_.at(workspace_.states, t));
}

}  // namespace heddle
