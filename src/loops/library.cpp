#include "heddle/loops/library.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "loops/shared_count.hpp"

namespace heddle {
namespace {

void check_network(const Network& network) {
    validate(network);
    if (network.response != Response::linear)
        throw DomainError(
            std::string("network: loops are designed for the response 'linear', found '") +
            name_of(network.response) + "'");
    if (network.readout.rows() == 0)
        throw DomainError("network: has no readout, expected one per channel of the motifs");
}

void check_options(const DesignOptions& options) {
    if (!(options.preparation_time > 0.0) || !std::isfinite(options.preparation_time))
        throw DomainError("preparation_time: found " + std::to_string(options.preparation_time) +
                          ", expected a positive number of time constants");
    if (!(options.preparation_fraction > 0.0 && options.preparation_fraction <= 1.0))
        throw DomainError("preparation_fraction: found " +
                          std::to_string(options.preparation_fraction) +
                          ", expected a fraction of the units in (0, 1]");
    if (!(options.motif_loops.thalamic_tau >= 0.0) ||
        !std::isfinite(options.motif_loops.thalamic_tau))
        throw DomainError("thalamic_tau: found " +
                          std::to_string(options.motif_loops.thalamic_tau) +
                          ", expected seconds, 0 for instantaneous thalamic units");
    if (options.robust) validate(options.robustness, options.motif_loops);
}

void check_motifs(const Network& network, const std::vector<Motif>& motifs,
                  std::set<std::string> names, Index loops) {
    for (const Motif& motif : motifs) {
        validate(motif);
        if (!names.insert(motif.name).second)
            throw DomainError("motifs: found the name '" + motif.name +
                              "' twice, expected distinct names");
        if (motif.values.cols() != network.readout.rows())
            throw ShapeError("motif '" + motif.name + "'",
                             std::to_string(network.readout.rows()) +
                                 " channels, one per readout of the network",
                             std::to_string(motif.values.cols()));
        if (loops < motif.values.cols())
            throw DomainError("loops: found " + std::to_string(loops) + " for the " +
                              std::to_string(motif.values.cols()) + " channels of motif '" +
                              motif.name + "', expected at least one loop per channel");
    }
}

void check_stability(const ComplexVector& spectrum) {
    const double abscissa = spectral_abscissa(spectrum);
    if (abscissa < 1.0) return;
    std::ostringstream message;
    message << "network: the recurrent weights are unstable, found an eigenvalue with real part "
            << abscissa << ", expected all below 1 (scale the weights by less than "
            << 1.0 / abscissa << ")";
    throw DomainError(message.str());
}

/// The fit's settings that follow from the network, so that the gain law speaks of this network.
FitOptions fit_options(const Network& network, const DesignOptions& options) {
    FitOptions fit = options.fit;
    const Bulk bulk = bulk_of(dense_weights(network));
    fit.tau = network.tau;
    fit.radius = bulk.radius;
    fit.loops = options.motif_loops.loops;
    return fit;
}

/// Steps of progress of one motif: evaluations of the cost, if its loops are to be robust.
std::size_t steps_of(const DesignOptions& options) {
    if (!options.robust) return 1;
    return options.robustness.starts *
           static_cast<std::size_t>(options.robustness.most_evaluations);
}

MotifLoops designed(const Library& library, const Resolvent& resolvent, Motif motif,
                    SharedCount& count) {
    const DesignOptions& options = library.options;
    ModeFit fit = fit_modes(motif, options.fit);
    if (!options.robust) {
        MotifLoops design = design_motif_loops(library.network, resolvent, std::move(motif),
                                               std::move(fit), options.motif_loops);
        count.step(1);
        return design;
    }
    RobustMotifOptions robustness = options.robustness;
    robustness.threads = 1;  // Motifs share the cores; so no motif shares them further.
    std::size_t before = 0;
    const auto told = [&](std::size_t done, std::size_t) {
        count.step(done - std::exchange(before, done));
    };
    MotifLoops design = robust_motif_loops(library.network, resolvent, motif, fit,
                                           options.motif_loops, robustness, told);
    count.step(steps_of(options) - before);
    return design;
}

void add_motifs(Library& library, const Resolvent& resolvent, std::vector<Motif> motifs,
                const Progress& progress) {
    std::vector<MotifLoops> made(motifs.size());
    SharedCount count(motifs.size() * steps_of(library.options), progress);
    const auto body = [&](std::size_t i) {
        made[i] = designed(library, resolvent, std::move(motifs[i]), count);
    };
    parallel_for(motifs.size(), library.options.threads, body, count.polled());
    std::move(made.begin(), made.end(), std::back_inserter(library.motifs));
}

}  // namespace

Library design(Network network, std::vector<Motif> motifs, const DesignOptions& options,
               const Progress& progress) {
    check_network(network);
    check_options(options);
    check_motifs(network, motifs, {}, options.motif_loops.loops);
    const Schur schur = real_schur(dense_weights(network));
    Library library{
        .network = std::move(network), .spectrum = schur.eigenvalues, .options = options};
    sort_canonically(library.spectrum);
    check_stability(library.spectrum);
    library.options.fit = fit_options(library.network, options);
    const auto n = static_cast<double>(size(library.network));
    const auto rank =
        std::max<Index>(1, static_cast<Index>(std::lround(options.preparation_fraction * n)));
    library.preparation = design_preparation(schur, rank, options.preparation_shift,
                                             options.preparation_time * library.network.tau,
                                             options.motif_loops.thalamic_tau);
    add_motifs(library, Resolvent(schur), std::move(motifs), progress);
    return library;
}

Library extend(Library library, std::vector<Motif> motifs, const Progress& progress) {
    std::set<std::string> names;
    for (const MotifLoops& known : library.motifs) names.insert(known.motif.name);
    check_motifs(library.network, motifs, names, library.options.motif_loops.loops);
    add_motifs(library, Resolvent(real_schur(dense_weights(library.network))), std::move(motifs),
               progress);
    return library;
}

std::size_t find_motif(const Library& library, const std::string& name) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < library.motifs.size(); ++i) {
        if (library.motifs[i].motif.name == name) return i;
        names.push_back(library.motifs[i].motif.name);
    }
    throw DomainError("sequence: found '" + name + "', which is not in the library" +
                      did_you_mean(name, names));
}

Segment preparation_segment(const Library& library, std::size_t motif) {
    const MotifLoops& next = library.motifs[motif];
    return {"prepare " + next.motif.name, &library.preparation.loops, next.initial_state,
            Vector::Zero(library.preparation.loops.u.cols()), library.preparation.duration};
}

Segment motif_segment(const Library& library, std::size_t motif) {
    const MotifLoops& chosen = library.motifs[motif];
    return {chosen.motif.name, &chosen.loops, chosen.fixed_point, chosen.thalamic_state,
            duration(chosen.motif)};
}

Schedule schedule(const Library& library, const std::vector<std::string>& sequence) {
    Schedule plan;
    for (const std::string& name : sequence) {
        const std::size_t motif = find_motif(library, name);
        plan.push_back(preparation_segment(library, motif));
        plan.push_back(motif_segment(library, motif));
    }
    return plan;
}

}  // namespace heddle
