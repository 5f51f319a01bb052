#pragma once

#include <vector>

#include "spectrum/pair_coordinates.hpp"
#include "spectrum/secular_sums.hpp"

namespace heddle {

/// Ehrlich–Aberth iteration for all zeros of f(z) = 1 − Σ_j d_j / (z − λ_j) at once: Newton's
/// method on what is left of the polynomial when every other root is divided out.
///
/// First every root starts from its own pole and keeps its kind: real, or one of a mirrored pair.
/// What has not settled then (two real roots that are to become a pair, or a pair that is to become
/// two real ones) is set free: its members move on their own in the plane until they settle, and
/// only then are sorted into real roots and pairs. Settled roots are not looked at again.
class SecularSearch final {
  public:
    enum class Kind { real, upper, mirror, loose };

    /// A root λ_p + δ.
    struct Root {
        Kind kind;
        Index twin;  ///< The other one of its pair, itself if real.
        Index pole;
        Complex shift;
        double moved = 0.0;  ///< Length of its last step.
        bool settled = false;
    };

    /// λ and d in half form; distinct poles, no d = 0.
    SecularSearch(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                  PairLayout layout);

    /// Starts from the poles. \return whether all roots were found.
    bool find();
    /// Starts from approximate roots, closed under conjugation.
    bool find_from(const ComplexVectorView& start);

    [[nodiscard]] const std::vector<Root>& roots() const { return roots_; }
    [[nodiscard]] Complex value(const Root& root) const {
        return poles_.pole(root.pole) + root.shift;
    }
    [[nodiscard]] Index evaluations() const { return evaluations_; }

  private:
    struct Step {
        Complex move, g, slope;
    };

    [[nodiscard]] Index mirrored(Index pole) const;
    [[nodiscard]] Step step(std::size_t i);
    [[nodiscard]] bool in_noise(const Root& root, const Step& step);
    void rebase(Root& root);
    void place(std::size_t i);
    void first_step(std::size_t i);
    void advance(std::size_t i);
    bool sweep();
    bool settle();
    void let_loose();
    void sort_loose();
    void pair_up(std::size_t i, std::size_t twin);
    [[nodiscard]] bool complete() const;

    PairLayout layout_;
    ComplexVector full_;
    Complex total_strength_;
    double reach_;  ///< No root lies farther from a pole.
    SecularPoles poles_;
    SplitPoints points_;
    std::vector<Root> roots_;
    Index evaluations_ = 0;
};

}  // namespace heddle
