#pragma once

#include <optional>
#include <vector>

#include "heddle/rectified/discrete_cycles.hpp"

namespace heddle {

/// The regions that an orbit visits one after another.
using Word = std::vector<Support>;

/// z' = J z + b.
struct AffineMap {
    Matrix j;
    Vector b;
};

[[nodiscard]] AffineMap region_map(const ThresholdMap& map, const Support& support);

/// `second` after `first`.
[[nodiscard]] AffineMap then(const AffineMap& first, const AffineMap& second);

/// What the words of regions tell about cycles.
class WordSolver final {
  public:
    WordSolver(const ThresholdMap& map, double tolerance) : map_(map), tolerance_(tolerance) {}

    struct Answer {
        std::optional<MapCycle> cycle;  ///< If the virtual orbit lies in its own regions.
        std::optional<DegenerateWord> degenerate;
        Word visited;  ///< The regions in which the virtual orbit lies; empty if there is none.
    };

    /// \param around the composition of the word's maps.
    [[nodiscard]] Answer solve(const Word& word, const AffineMap& around) const;

    /// The same, which composes them.
    [[nodiscard]] Answer solve(const Word& word) const;

  private:
    [[nodiscard]] Matrix orbit(const Word& word, const Vector& first) const;
    [[nodiscard]] std::optional<DegenerateWord> singular(const Word& word, const AffineMap& around,
                                                         double reciprocal) const;
    [[nodiscard]] MapCycle cycle_of(const Word& word, Matrix states, const Matrix& inputs,
                                    const AffineMap& around, double condition) const;
    [[nodiscard]] bool repeats(const Matrix& states) const;

    const ThresholdMap& map_;
    double tolerance_;
};

/// The rotation of a word that is lexicographically least.
[[nodiscard]] Word least_rotation(const Word& word);

/// Whether both are the same orbit, within a relative tolerance and up to where it begins.
[[nodiscard]] bool same_cycle(const MapCycle& a, const MapCycle& b, double tolerance);

}  // namespace heddle
