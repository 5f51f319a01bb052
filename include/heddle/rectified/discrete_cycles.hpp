#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/rectified/threshold_map.hpp"

namespace heddle {

/// An orbit of period k of a piecewise-linear map, z_{t+1} = J_t z_t + b_t with z_{k+1} = z_1.
struct MapCycle {
    Matrix states;                   ///< z_1, …, z_k, shape (n, k); the least word comes first.
    std::vector<Support> itinerary;  ///< The active units at each.
    ComplexVector multipliers;       ///< Eigenvalues of J_k ⋯ J_1, shape (n,).
    double spectral_radius;          ///< The largest of them in absolute value.
    bool stable;                     ///< Whether that is below 1.
    double residual;                 ///< max |f(z_t) − z_{t+1}|, the cycle closed, relative.
    double margin;     ///< Least |Q z + c| of a unit, relative to the largest: 0 on a border.
    bool on_border;    ///< Whether the margin is nothing but rounding.
    double condition;  ///< κ₁(1 − J_k ⋯ J_1), estimated: how far weights move the cycle.
};

/// A word of regions whose 1 − J_k ⋯ J_1 is singular to working precision, and which cycles may
/// follow nevertheless: then they form a continuum.
struct DegenerateWord {
    std::vector<Support> itinerary;
    double reciprocal_condition;
    bool continuum;  ///< Whether one was found; else, with more than one free direction, undecided.
    Matrix states;   ///< A cycle amid the continuum, shape (n, k); empty if undecided.
};

struct MapCycleOptions {
    Index most_words = 1 << 20;  ///< Searched exhaustively if there are no more words than that.
    Index patience = 500;        ///< Searches in a row that find nothing new, before giving up.
    Index iterations = 200;      ///< Most words that one search looks at.
    double tolerance = 1e-8;     ///< Relative distance within which two cycles are the same.
    std::uint64_t seed = 0;
    std::size_t threads = 0;  ///< 0: one per core; any number gives the same bits.
};

struct MapCycles {
    Index period;
    std::vector<MapCycle> cycles;  ///< Of this very period, stable ones first.
    std::vector<DegenerateWord> degenerate;
    bool exhaustive;        ///< Whether every word of regions was looked at.
    Index words;            ///< That were looked at, cyclic shifts counted once.
    Index searches;         ///< From which a search began; 0 if exhaustive.
    Index without_news;     ///< The last searches, which found nothing new.
    bool complete;          ///< Exhaustive, and no word is degenerate: none is missing.
    std::string statement;  ///< The same in words.
};

/// All orbits of period k, where there are few enough words of regions σ_1 … σ_k:
///
///     z_1 = (1 − J_k ⋯ J_1)⁻¹ (b_k + J_k b_{k−1} + …) ,   J_t = A + P_σt Q_σt ,
///
/// accepted if every z_t lies in its region. 2^{mk} words, one of each class of cyclic shifts and
/// none that repeats a shorter one, whose products are shared among words with the same beginning.
/// Where there are more, a search: from a word, drawn at random or read off a trajectory, to the
/// word of the regions in which its virtual orbit lies, and on from that, until it is its own
/// (a cycle) or has been seen; until `patience` searches in a row found nothing new.
///
/// k = 1 gives the fixed points.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost 2 n³ flops and the solution of n equations a word.
/// \see Eisenmann, Monfared, Göring & Durstewitz (2023), arXiv:2310.17561 (SCYFI), for the search.
[[nodiscard]] MapCycles cycles_of_map(const ThresholdMap& map, Index period,
                                      const MapCycleOptions& options = {},
                                      const Progress& progress = {});

/// The map's fixed points: its cycles of period 1.
[[nodiscard]] MapCycles fixed_points_of_map(const ThresholdMap& map,
                                            const MapCycleOptions& options = {},
                                            const Progress& progress = {});

}  // namespace heddle
