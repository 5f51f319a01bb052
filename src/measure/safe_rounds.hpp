#pragma once

#include "heddle/measure/safe_design.hpp"
#include "loops/shared_count.hpp"
#include "measure/preparation_descent.hpp"
#include "measure/prepared.hpp"

namespace heddle {

/// The rounds of `optimise_safe_time`: the library as far as it has come, and what was measured.
class SafeRounds final {
  public:
    SafeRounds(const Library& library, const SafeDesignOptions& options, std::size_t threads,
               SharedCount& count, const Progress& polled);

    /// Blocks in turn until they gain little.
    [[nodiscard]] SafeDesign run();

  private:
    struct Frame;  ///< T and what follows from it at the present time.

    [[nodiscard]] Frame frame() const;
    void prepare();
    void redesign_motifs();
    void offer(SafeDesignStep step, Library candidate, const std::vector<std::size_t>& changed);
    [[nodiscard]] bool keeps_safe(const Library& candidate, const Prepared& prepared) const;
    [[nodiscard]] std::vector<Loops> preparation_starts() const;
    [[nodiscard]] Kept kept(double level) const;
    void judge(SafeDesign& design) const;

    SafeDesignOptions options_;
    std::size_t threads_;
    SharedCount& count_;
    const Progress& polled_;
    Library library_;
    std::vector<MotifMap> maps_;
    std::vector<FactoredMap> factors_;
    double before_ = 0.0;
    double step_before_ = 0.0;
    double time_ = 0.0;      ///< The present safe time, s; as long as was tried if none is known.
    bool proven_ = false;    ///< Whether `time_` is proven.
    bool own_safe_ = false;  ///< Whether the library's own duration is proven.
    bool first_ = true;
    std::vector<SafeDesignStep> steps_;
};

/// h at the library's duration.
[[nodiscard]] double largest_step(const Library& library, const std::vector<MotifMap>& maps);

}  // namespace heddle
