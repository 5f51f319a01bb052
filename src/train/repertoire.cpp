#include "heddle/train/repertoire.hpp"

#include <algorithm>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check_targets(const Repertoire& repertoire) {
    if (repertoire.targets.empty())
        throw DomainError("targets: found none, expected an array for each motif");
    const Index channels = repertoire.targets.front().cols();
    for (std::size_t motif = 0; motif < repertoire.targets.size(); ++motif) {
        const Matrix& target = repertoire.targets[motif];
        const std::string name = "targets[" + std::to_string(motif) + "]";
        if (channels < 1 || target.rows() != repertoire.steps + 1 || target.cols() != channels)
            throw ShapeError(name,
                             shape_text(repertoire.steps + 1, std::max<Index>(1, channels)) +
                                 ", a row for each of steps + 1 samples",
                             shape_text(target.rows(), target.cols()));
        check_finite(target, name.c_str());
    }
}

/// What the two phases are given: columns for all motifs, and the same rows, or nothing in both.
void check_phases(const Repertoire& repertoire, const Matrix& performing, const char* name,
                  const Matrix& preparing, const char* other) {
    const auto motifs = static_cast<Index>(repertoire.targets.size());
    if (performing.size() > 0 && performing.cols() != motifs)
        throw ShapeError(name, std::to_string(motifs) + " columns, one for each motif",
                         shape_text(performing.rows(), performing.cols()));
    check_finite(performing, name);
    const bool expected = performing.size() > 0 && repertoire.preparation > 0;
    const Index rows = expected ? performing.rows() : 0, columns = expected ? motifs : 0;
    if (expected ? preparing.rows() != rows || preparing.cols() != columns : preparing.size() > 0)
        throw ShapeError(other,
                         expected
                             ? "the shape of " + std::string(name) + ", " +
                                   shape_text(performing.rows(), performing.cols())
                             : "nothing, as there is no preparation or no " + std::string(name),
                         shape_text(preparing.rows(), preparing.cols()));
    check_finite(preparing, other);
}

void require_motif(Index motif, std::size_t motifs) {
    if (motif < 0 || static_cast<std::size_t>(motif) >= motifs)
        throw DomainError("motifs: found " + std::to_string(motif) + ", expected 0 to " +
                          std::to_string(motifs - 1));
}

/// A column for each step and trial: that of the trial's motif, first in one array, then in
/// another.
Matrix spread(const Repertoire& repertoire, const Matrix& preparing, const Matrix& performing,
              const std::vector<Index>& motifs, Index samples) {
    const auto trials = static_cast<Index>(motifs.size());
    Matrix columns(performing.rows(), performing.size() > 0 ? samples * trials : 0);
    if (performing.size() == 0) return columns;
    for (Index t = 0; t < samples; ++t)
        for (Index i = 0; i < trials; ++i)
            columns.col(t * trials + i) = (t < repertoire.preparation ? preparing : performing)
                                              .col(motifs[static_cast<std::size_t>(i)]);
    return columns;
}

void add_gates(const Repertoire& repertoire, const std::vector<Index>& motifs, TrainingTask& task) {
    for (Index l = 0; l < repertoire.gates.rows(); ++l) {
        Matrix gate(task.steps, task.trials);
        for (Index i = 0; i < task.trials; ++i) {
            const Index motif = motifs[static_cast<std::size_t>(i)];
            gate.col(i).setConstant(repertoire.gates(l, motif));
            if (repertoire.preparation > 0)
                gate.col(i)
                    .head(repertoire.preparation)
                    .setConstant(repertoire.preparatory_gates(l, motif));
        }
        task.gates.push_back(std::move(gate));
    }
}

void add_targets(const Repertoire& repertoire, const std::vector<Index>& motifs,
                 TrainingTask& task) {
    const Index channels = repertoire.targets.front().cols(), from = repertoire.preparation;
    task.targets = Matrix::Zero(channels, (task.steps + 1) * task.trials);
    task.weights = Matrix::Zero(task.steps + 1, task.trials);
    task.weights.bottomRows(repertoire.steps + 1).setOnes();
    for (Index t = from; t <= task.steps; ++t)
        for (Index i = 0; i < task.trials; ++i)
            task.targets.col(t * task.trials + i) =
                repertoire.targets[static_cast<std::size_t>(motifs[static_cast<std::size_t>(i)])]
                    .row(t - from)
                    .transpose();
}

}  // namespace

void validate(const Repertoire& repertoire) {
    if (repertoire.steps < 1)
        throw DomainError("steps: found " + std::to_string(repertoire.steps) +
                          ", expected at least 1");
    if (repertoire.preparation < 0)
        throw DomainError("preparation: found " + std::to_string(repertoire.preparation) +
                          " steps, expected 0 or more");
    check_targets(repertoire);
    check_phases(repertoire, repertoire.inputs, "inputs", repertoire.cues, "cues");
    check_phases(repertoire, repertoire.gates, "gates", repertoire.preparatory_gates,
                 "preparatory_gates");
    const auto motifs = static_cast<Index>(repertoire.targets.size());
    if (repertoire.gain_weights.size() > 0 && repertoire.gain_weights.cols() != motifs)
        throw ShapeError(
            "gain_weights", std::to_string(motifs) + " columns, one for each motif",
            shape_text(repertoire.gain_weights.rows(), repertoire.gain_weights.cols()));
    check_finite(repertoire.gain_weights, "gain_weights");
}

TrainingTask motif_task(const Repertoire& repertoire, const std::vector<Index>& motifs,
                        Matrix start) {
    validate(repertoire);
    for (const Index motif : motifs) require_motif(motif, repertoire.targets.size());
    TrainingTask task;
    task.h = repertoire.h;
    task.steps = repertoire.preparation + repertoire.steps;
    task.trials = static_cast<Index>(motifs.size());
    task.start = std::move(start);
    task.inputs = spread(repertoire, repertoire.cues, repertoire.inputs, motifs, task.steps);
    const Matrix& gains = repertoire.gain_weights;
    task.gain_weights = spread(repertoire, gains, gains, motifs, task.steps + 1);
    add_gates(repertoire, motifs, task);
    add_targets(repertoire, motifs, task);
    return task;
}

}  // namespace heddle
