#include "heddle/measure/safe_design.hpp"

#include <cmath>

#include "heddle/core/error.hpp"
#include "measure/safe_rounds.hpp"

namespace heddle {
namespace {

void require(bool holds, const std::string& name, const std::string& found, const char* expected) {
    if (!holds) throw DomainError(name + ": found " + found + ", expected " + expected);
}

void check(const Library& library) {
    require(!library.motifs.empty(), "library", "no motif", "at least one");
    require(library.preparation.loops.u.cols() > 0, "library", "no preparatory loops",
            "at least one");
    const double duration = library.preparation.duration;
    require(duration > 0.0 && std::isfinite(duration), "library",
            "a preparation of " + std::to_string(duration) + " s", "a positive time");
    const auto instantaneous = [](const Loops& loops) {
        return loops.thalamic_tau == 0.0 && loops.delay == 0.0;
    };
    bool all = instantaneous(library.preparation.loops);
    for (const MotifLoops& design : library.motifs) all = all && instantaneous(design.loops);
    require(all, "library", "thalamic units with a time constant or a delay",
            "thalamic_tau = 0, the only one for which safe preparations are designed");
}

void check(const SafeDesignOptions& options) {
    require(options.preparation || options.motifs, "preparation and motifs", "false for both",
            "at least one of them to change");
    for (const auto& [name, value] : {std::pair{"most_rounds", options.most_rounds},
                                      {"preparation_evaluations", options.preparation_evaluations},
                                      {"motif_evaluations", options.motif_evaluations}})
        require(value >= 1, name, std::to_string(value), "1 or more");
    require(options.least_gain >= 0.0 && options.least_gain < 1.0, "least_gain",
            std::to_string(options.least_gain), "0 or more and below 1");
}

/// Evaluations if every round is run and every motif changed.
std::size_t most_evaluations(const Library& library, const SafeDesignOptions& options) {
    const auto of_motifs =
        library.motifs.size() * static_cast<std::size_t>(options.motif_evaluations);
    const auto round = (options.preparation ? options.preparation_evaluations : 0) +
                       (options.motifs ? static_cast<int>(of_motifs) : 0);
    return static_cast<std::size_t>(options.most_rounds) * static_cast<std::size_t>(round);
}

}  // namespace

SafeDesign optimise_safe_time(const Library& library, const SafeDesignOptions& options,
                              std::size_t threads, const Progress& progress) {
    check(library);
    check(options);
    SharedCount count(most_evaluations(library, options), progress);
    const Progress polled = count.polled();
    return SafeRounds(library, options, threads, count, polled).run();
}

}  // namespace heddle
