#include "heddle/spectrum/closed_spectra.hpp"

#include <optional>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "heddle/spectrum/eigen_system.hpp"

namespace heddle {
namespace {

/// From here on one decomposition and updates take less time than a spectrum for each group.
constexpr std::size_t worth_sharing = 4;

std::optional<EigenSystem> shared_system(const Network& network, std::size_t groups) {
    if (groups < worth_sharing) return std::nullopt;
    try {
        EigenSystem system = eigen_system(network);
        if (system.trusted) return system;
    } catch (const DomainError&) {  // no basis of eigenvectors: nothing to share
    }
    return std::nullopt;
}

}  // namespace

std::vector<ComplexVector> closed_spectra(const Network& network,
                                          const std::vector<const Loops*>& groups,
                                          std::size_t threads, const Progress& progress) {
    validate(network);
    for (const Loops* loops : groups) validate(*loops, size(network));
    const std::optional<EigenSystem> shared = shared_system(network, groups.size());
    const Matrix weights = dense_weights(network);
    std::vector<ComplexVector> spectra(groups.size());
    const auto body = [&](std::size_t i) {
        if (shared) {
            const EigenSystem open = open_loops(*shared, *groups[i]);
            if (open.trusted) {
                spectra[i] = open.eigenvalues;
                return;
            }
        }
        spectra[i] = closed_spectrum(weights, *groups[i]);
    };
    parallel_for(groups.size(), threads, body, progress);
    return spectra;
}

}  // namespace heddle
