#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/loops/motif_loops.hpp"
#include "heddle/loops/preparation.hpp"
#include "heddle/loops/robust_motif_loops.hpp"
#include "heddle/network/schedule.hpp"

namespace heddle {

/// Everything one chooses when a network learns motifs.
struct DesignOptions {
    FitOptions fit;  ///< `tau`, `radius` and `loops` are taken from the network and from below.
    MotifLoopOptions motif_loops;
    bool robust = false;  ///< Make the loops of every motif robust to noise; τ_T must be 0.
    RobustMotifOptions robustness;      ///< How, if so; its `threads` are taken from below.
    double preparation_fraction = 0.2;  ///< Preparatory loops as a fraction of n.
    double preparation_shift = 1.0;     ///< How far they move the slowest eigenvalues.
    double preparation_time = 15.0;     ///< t_p in units of τ.
    std::size_t threads = 0;
};

/// One fixed network, one preparatory group of loops and one group for every motif.
struct Library {
    Network network;
    ComplexVector spectrum;  ///< Eigenvalues of W, canonical order.
    Preparation preparation;
    std::vector<MotifLoops> motifs;
    DesignOptions options;  ///< As used.
};

/// Designs loops for every motif, each on its own: what one motif gets depends on the network, the
/// options and the motif alone, so any order and any company give the same bits.
///
/// \throws ShapeError, DomainError  for an unstable or non-linear network, duplicate names, motifs
/// whose channels
///         differ from the readouts, fewer loops than channels: before any long computation.
/// \cost One real Schur form, then a mode fit and O(q K n²) a motif; if robust,
/// `robust_motif_loops`
///       for each.
[[nodiscard]] Library design(Network network, std::vector<Motif> motifs,
                             const DesignOptions& options = {}, const Progress& progress = {});

/// The library with more motifs; no bit of what it holds changes.
[[nodiscard]] Library extend(Library library, std::vector<Motif> motifs,
                             const Progress& progress = {});

/// Position of a motif. \throws DomainError with the closest name if there is none.
[[nodiscard]] std::size_t find_motif(const Library& library, const std::string& name);

/// The schedule for a sequence: prepare, motif, prepare, motif, …. It points into `library`.
[[nodiscard]] Schedule schedule(const Library& library, const std::vector<std::string>& sequence);
[[nodiscard]] Segment preparation_segment(const Library& library, std::size_t motif);
[[nodiscard]] Segment motif_segment(const Library& library, std::size_t motif);

}  // namespace heddle
