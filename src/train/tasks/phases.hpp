#pragma once

#include <vector>

#include "heddle/train/tasks/motif_production.hpp"

/// Motifs in time: what single motifs and sequences of them share.
namespace heddle {

/// The motifs of a trial, in order.
using MotifOrder = std::vector<Index>;

/// One motif of a trial: its preparation takes the steps begin … start − 1, the motif itself
/// start … end − 1, and its samples are those of the states start … end.
struct MotifPhase {
    Index motif;
    Index begin;
    Index start;
    Index end;
};

void check(const MotifProduction& production, const TaskBatch& batch);

/// Motifs of the order one after the other from step 0.
[[nodiscard]] std::vector<MotifPhase> phases_of(const MotifProduction& production,
                                                const MotifOrder& order);

/// The task of one order a trial.
[[nodiscard]] TrainingTask task_of(const MotifProduction& production, const TaskBatch& batch,
                                   const std::vector<MotifOrder>& orders);

/// The order of `length` motifs that a trial's cues ask for.
[[nodiscard]] MotifOrder read_order(const MotifProduction& production, const TrainingTask& task,
                                    Index trial, Index length);

/// nRMSE of each of `length` motifs, shape (trials, length), as parts of a score.
[[nodiscard]] TaskScore score_of(const MotifProduction& production, const TrainingTask& task,
                                 const MatrixView& outputs, Index length);

}  // namespace heddle
