#pragma once

#include "heddle/rectified/discrete_cycles.hpp"

namespace heddle {

/// Searches for cycles of `found.period`, and counts what it did there.
void search_words(const ThresholdMap& map, const MapCycleOptions& options, MapCycles& found,
                  const Progress& progress);

}  // namespace heddle
