#pragma once

#include <vector>

#include "heddle/motif/motif.hpp"
#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// How a network is told which of M motifs to perform.
enum class MotifCue {
    input,  ///< Input k is 1 while motif k lasts.
    gate,   ///< Gate k is 1 while motif k lasts, all others 0: one loop for each motif.
    gain    ///< Gain weight k is 1 while motif k lasts: one column of gains for each motif.
};

/// Motifs, one a trial: trial i performs motif i mod M, from the network's own initial state or,
/// with a spread, from x(0) displaced by N(0, spread² 1). An optional preparation comes before,
/// in which nothing is asked.
///
///     y*(preparation + t) = motif(t) ,   0 ≤ t ≤ its duration.
///
/// Motifs whose step is not h are read between their samples on a straight line. Short motifs
/// wait for the longest, their cue on; nothing counts then.
///
/// Inputs: with cue `input` M of them; with a preparation M more, the motif to come while it is
/// being prepared. Gates and gain weights, with those cues: M, and one more, the last, for the
/// preparation of all motifs. What is not on is 0.
///
/// Conditions: motif (index).
/// Measure: √(Σ ‖y − y*‖² / Σ ‖y* − mean y*‖²) over the samples that count (nRMSE). Correct: at
/// most `failure`. A silent network has 1 or more.
///
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, for loops that perform motifs
///      and one preparation for all; Logiaco & Escola (2020), arXiv 2006.13332, for random
///      initial states. How motifs are cued in training, and the threshold, are ours.
struct MotifProduction {
    std::vector<Motif> motifs;      ///< At least one; all with the same number of channels.
    double h = 0.001;               ///< Step, s; at most the duration of each motif.
    MotifCue cue = MotifCue::gate;  ///< How the network is told.
    double preparation = 0.0;       ///< Before each motif, s.
    double grace = 0.0;             ///< At the beginning of a motif, s: nothing counts.
    double spread = 0.0;            ///< Of the initial states, in their units.
    Index units = 0;                ///< n, the network's size; needed with a spread.
    double failure = 0.5;           ///< nRMSE above which a motif has failed.
};

/// \throws DomainError, ShapeError naming the option: no motifs, motifs of different channels or
///         shorter than a step, times that are not finite or below 0, a grace that leaves nothing
///         of a motif, a spread below 0 or without units, a failure not above 0.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask make_task(const MotifProduction& production, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const MotifProduction& production,
                                               const TaskBatch& batch);

/// Which motif a trial performs is read from the task's cues.
///
/// \param outputs  y, shape (channels, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs, or a task, of another shape; DomainError for outputs that are
///         not finite, and cues that name no motif.
[[nodiscard]] TaskScore task_score(const MotifProduction& production, const TrainingTask& task,
                                   const MatrixView& outputs);

/// Motifs one after the other within a trial, each with its preparation, cued as MotifProduction
/// says. The order of each trial is drawn, or given by `orders`: trial i has order i mod their
/// number. Without a preparation the last sample of a motif takes the place of the first of the
/// next.
///
/// Conditions: motif0, motif1, …, the order.
/// Parts: the nRMSE of each motif, shape (trials, length). Measure: their mean. Correct: each is
/// at most `failure`.
struct SequenceProduction {
    MotifProduction motifs;                  ///< Which motifs, and how they are cued.
    Index length = 3;                        ///< Motifs in a trial; without `orders`.
    bool repeats = true;                     ///< Whether a motif may follow itself, where drawn.
    std::vector<std::vector<Index>> orders;  ///< All of the same length; empty: drawn.
};

/// \throws what MotifProduction throws; DomainError for a length below 1, orders of different
///         lengths or with motifs that are not there, and a single motif that may not repeat.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask make_task(const SequenceProduction& production, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const SequenceProduction& production,
                                               const TaskBatch& batch);
[[nodiscard]] TaskScore task_score(const SequenceProduction& production, const TrainingTask& task,
                                   const MatrixView& outputs);

}  // namespace heddle
