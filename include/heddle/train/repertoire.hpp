#pragma once

#include <cstddef>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/train/task.hpp"

namespace heddle {

/// What a network is given while it prepares, and while it performs, each of M motifs: constants in
/// either phase. A word is a sequence of motifs; before each of them, if `preparation` > 0, the
/// network is prepared for it.
struct Repertoire {
    double h = 0.001;             ///< Step, s.
    Index steps = 0;              ///< Of every motif, at least 1.
    Index preparation = 0;        ///< Steps before each motif; 0: motifs follow without a pause.
    std::vector<Matrix> targets;  ///< y* of each motif, at steps 0 to `steps`: (steps + 1, d).
    Matrix inputs;  ///< s while a motif is performed, shape (k, M); empty without inputs.
    Matrix cues;    ///< s while it is prepared, shape (k, M); empty if that never is.
    Matrix gates;   ///< g while a motif is performed, shape (loops, M); empty: all open.
    Matrix preparatory_gates;  ///< g while it is prepared, shape (loops, M).
    Matrix gain_weights;       ///< a in both phases, shape (m, M); empty without gains.
};

/// \throws ShapeError, DomainError naming the field: no motifs, targets of other shapes or not
///         finite, not a column for each motif, phases of which one has inputs (or gates) and the
///         other has none, counts of steps out of range.
void validate(const Repertoire& repertoire);

/// Trials that prepare one motif and perform it. Targets count equally while a motif is performed
/// and not at all while it is prepared.
/// \param motifs of each trial, counted from 0. \param start  added to x_0, (n, trials); empty: 0.
/// \throws what validate throws, and DomainError for a motif that is not there.
[[nodiscard]] TrainingTask motif_task(const Repertoire& repertoire,
                                      const std::vector<Index>& motifs, Matrix start = {});

/// How well a network performs words: the error of motif p of word w,
///
///     ε_pw = √( Σ ‖y − y*‖² / Σ ‖y* − mean y*‖² ) ,
///
/// sums and mean over the samples of the motif. Every word goes on from the state in which its last
/// motif ended. A word whose state exceeds 1e30 in any unit at the end of a motif is lost: the
/// errors of what follows are infinite.
///
/// \param words  of one length, motifs counted from 0; \param start  added to x_0, (n, words).
/// \param threads  0: one per core; any number gives the same bits.
/// \param progress  told the position in the words out of their length.
/// \returns shape (length, words).
/// \throws what motif_task and training_outputs throw, before anything is computed where the
///         arguments are at fault.
/// \cost   2 n² flops a step and word; memory for the states of a motif in 32 words a thread.
[[nodiscard]] Matrix word_errors(const TrainableNetwork& network, const Repertoire& repertoire,
                                 const std::vector<std::vector<Index>>& words,
                                 const Matrix& start = {}, std::size_t threads = 0,
                                 const Progress& progress = {});

}  // namespace heddle
