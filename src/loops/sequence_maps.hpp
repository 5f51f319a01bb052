#pragma once

#include <list>
#include <map>
#include <memory>

#include "heddle/flow/segment_map.hpp"
#include "heddle/loops/library.hpp"

namespace heddle {

/// The segment maps a sequence needs: those of the motifs are made when first asked for, and the
/// ones not used for longest are let go when they outgrow the memory they may hold.
class SequenceMaps final {
  public:
    SequenceMaps(const Library& library, Matrix observed, double preparation_time, bool with_noise,
                 std::size_t most_bytes);

    [[nodiscard]] const SegmentMap& preparation() const noexcept { return *preparation_; }
    [[nodiscard]] std::shared_ptr<const SegmentMap> motif(std::size_t index);
    /// Makes several maps at once on `threads` threads, as far as the memory allows.
    void make(const std::vector<std::size_t>& indices, std::size_t threads,
              const Progress& progress);

  private:
    [[nodiscard]] std::shared_ptr<const SegmentMap> made(std::size_t index) const;
    void keep(std::size_t index, std::shared_ptr<const SegmentMap> map);

    struct Kept {
        std::shared_ptr<const SegmentMap> map;
        std::list<std::size_t>::iterator age;
    };

    const Library& library_;
    Matrix observed_;
    bool with_noise_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    std::shared_ptr<const SegmentMap> preparation_;
    std::map<std::size_t, Kept> kept_;
    std::list<std::size_t> ages_;  ///< Most recently used first.
};

}  // namespace heddle
