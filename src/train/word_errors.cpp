#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/train/gradient.hpp"
#include "heddle/train/repertoire.hpp"

namespace heddle {
namespace {

/// Words that are run together: enough for products of matrices, and so few that memory is small.
constexpr Index block_words = 32;
/// A state beyond this is on its way out of the range of numbers.
constexpr double lost_state = 1e30;

using Words = std::vector<std::vector<Index>>;

void check_words(const Words& words, std::size_t motifs, const Matrix& start, Index n) {
    if (words.empty() || words.front().empty())
        throw DomainError("words: found none, expected at least one motif in at least one word");
    for (const std::vector<Index>& word : words) {
        if (word.size() != words.front().size())
            throw ShapeError("words",
                             "words of one length, " + std::to_string(words.front().size()),
                             "one of length " + std::to_string(word.size()));
        for (const Index motif : word)
            if (motif < 0 || static_cast<std::size_t>(motif) >= motifs)
                throw DomainError("words: found motif " + std::to_string(motif) +
                                  ", expected 0 to " + std::to_string(motifs - 1));
    }
    const auto count = static_cast<Index>(words.size());
    if (start.size() > 0 && (start.rows() != n || start.cols() != count))
        throw ShapeError("start", shape_text(n, count) + ", a column for each word",
                         shape_text(start.rows(), start.cols()));
}

/// Σ ‖y* − mean y*‖² of each motif, which an error is measured against; as in `normalised_error`,
/// Σ ‖y*‖² or 1 for a target that never moves.
Vector scales(const Repertoire& repertoire) {
    Vector found(static_cast<Index>(repertoire.targets.size()));
    for (Index motif = 0; motif < found.size(); ++motif) {
        const Matrix& target = repertoire.targets[static_cast<std::size_t>(motif)];
        found[motif] = (target.rowwise() - target.colwise().mean()).squaredNorm();
        if (found[motif] == 0.0) found[motif] = target.squaredNorm();
        if (found[motif] == 0.0) found[motif] = 1.0;
    }
    return found;
}

/// Some of the words, position by position: what one thread does.
class Block final {
  public:
    Block(const TrainableNetwork& network, const Repertoire& repertoire, const Words& words,
          const Vector& scale, Index first, Matrix start)
        : network_(network),
          repertoire_(repertoire),
          words_(words),
          scale_(scale),
          first_(first),
          count_(std::min(block_words, static_cast<Index>(words.size()) - first)),
          start_(std::move(start)),
          lost_(static_cast<std::size_t>(count_), false) {}

    void perform(std::size_t position, Matrix& errors) {
        std::vector<Index> motifs(static_cast<std::size_t>(count_));
        for (Index w = 0; w < count_; ++w)
            motifs[static_cast<std::size_t>(w)] =
                words_[static_cast<std::size_t>(first_ + w)][position];
        const TrainingTask task = motif_task(repertoire_, motifs, start_);
        const Matrix outputs = training_outputs(network_, task, workspace_, 1);
        for (Index w = 0; w < count_; ++w)
            errors(static_cast<Index>(position), first_ + w) = error_of(w, motifs, task, outputs);
        go_on(task);
    }

  private:
    [[nodiscard]] double error_of(Index w, const std::vector<Index>& motifs,
                                  const TrainingTask& task, const Matrix& outputs) const {
        if (lost_[static_cast<std::size_t>(w)]) return std::numeric_limits<double>::infinity();
        double sum = 0.0;
        for (Index t = repertoire_.preparation; t <= task.steps; ++t) {
            const Index column = t * count_ + w;
            sum += (outputs.col(column) - task.targets.col(column)).squaredNorm();
        }
        return std::sqrt(sum / scale_[motifs[static_cast<std::size_t>(w)]]);
    }

    /// From here on the words start where they are; x_0 was added once.
    void go_on(const TrainingTask& task) {
        start_ = workspace_.states.middleCols(task.steps * count_, count_);
        for (Index w = 0; w < count_; ++w) {
            if (start_.col(w).cwiseAbs().maxCoeff() <= lost_state) continue;
            lost_[static_cast<std::size_t>(w)] = true;
            start_.col(w).setZero();
        }
        network_.initial.resize(0, 0);
    }

    TrainableNetwork network_;
    const Repertoire& repertoire_;
    const Words& words_;
    const Vector& scale_;
    Index first_;
    Index count_;
    Matrix start_;
    std::vector<bool> lost_;
    TrainingWorkspace workspace_;
};

}  // namespace

Matrix word_errors(const TrainableNetwork& network, const Repertoire& repertoire,
                   const Words& words, const Matrix& start, std::size_t threads,
                   const Progress& progress) {
    validate(network, motif_task(repertoire, {0}));
    check_words(words, repertoire.targets.size(), start, size(network.network));
    const auto count = static_cast<Index>(words.size());
    const Vector scale = scales(repertoire);
    Matrix errors(static_cast<Index>(words.front().size()), count);
    std::vector<Block> blocks;
    for (Index first = 0; first < count; first += block_words) {
        const Index wide = std::min(block_words, count - first);
        Matrix from = start.size() > 0 ? Matrix(start.middleCols(first, wide)) : Matrix();
        blocks.emplace_back(network, repertoire, words, scale, first, std::move(from));
    }
    const std::size_t length = words.front().size();
    for (std::size_t p = 0; p < length; ++p) {
        parallel_for(blocks.size(), threads, [&](std::size_t b) { blocks[b].perform(p, errors); });
        if (progress) progress(p + 1, length);
    }
    return errors;
}

}  // namespace heddle
