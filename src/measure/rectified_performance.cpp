#include "heddle/measure/rectified_performance.hpp"

#include "heddle/motif/motif.hpp"
#include "heddle/rectified/threshold_flow.hpp"
#include "linalg/checks.hpp"

namespace heddle {
namespace {

void check_bias(const Library& library, const ThalamicBias& bias) {
    require_shape(bias.preparation, library.preparation.loops.u.cols(), 1, "bias.preparation");
    require_finite(bias.preparation, "bias.preparation");
    if (bias.motifs.size() != library.motifs.size())
        throw ShapeError("bias.motifs",
                         std::to_string(library.motifs.size()) + " vectors, one per motif",
                         std::to_string(bias.motifs.size()));
    for (std::size_t i = 0; i < bias.motifs.size(); ++i) {
        require_shape(bias.motifs[i], library.motifs[i].loops.u.cols(), 1, "bias.motifs");
        require_finite(bias.motifs[i], "bias.motifs");
    }
}

/// One segment: its states and what crossed.
struct Stretch {
    Matrix states;  ///< x at the times asked for, shape (n, t).
    Index crossings;
};

Stretch follow(const Network& network, const Segment& segment, const Vector& bias,
               const Vector& start, const Vector& times) {
    const Loops& loops = *segment.open;
    const Vector held = loops.v.transpose() * segment.fixed_point;
    Network biased = network;
    biased.bias =
        segment.fixed_point - apply_weights(network, segment.fixed_point) - loops.u * (held + bias);
    const ThresholdLinear system = rectified_loops(biased, loops, bias);
    Vector state(system.states());
    state.head(start.size()) = start;
    if (loops.thalamic_tau > 0.0) state.tail(bias.size()) = segment.thalamic_start + bias;
    const ThresholdFlow flow = threshold_flow(system, state, times);
    if (!flow.complete)
        throw DomainError("bias: in the segment '" + segment.name + "' " + flow.statement +
                          "; a larger bias keeps the loops in their linear regime");
    return {flow.states.topRows(start.size()), static_cast<Index>(flow.crossings.size())};
}

}  // namespace

std::vector<RectifiedMotif> perform_rectified(const Library& library,
                                              const std::vector<std::string>& sequence,
                                              const ThalamicBias& bias, const Progress& progress) {
    check_bias(library, bias);
    if (sequence.empty()) throw DomainError("sequence is empty; name at least one motif");
    const Schedule plan = schedule(library, sequence);
    const double tau = library.network.tau;
    std::vector<RectifiedMotif> performed;
    Vector state = library.motifs[find_motif(library, sequence.front())].initial_state;
    for (std::size_t i = 0; i < sequence.size(); ++i) {
        const std::size_t index = find_motif(library, sequence[i]);
        const MotifLoops& design = library.motifs[index];
        const Segment& preparing = plan[2 * i];
        const Stretch prepared = follow(library.network, preparing, bias.preparation, state,
                                        Vector::Constant(1, preparing.duration));
        const Vector start = prepared.states.col(0);
        const Index samples = design.motif.values.rows();
        const Vector times = Vector::LinSpaced(samples, 0.0, duration(design.motif));
        const Stretch run =
            follow(library.network, plan[2 * i + 1], bias.motifs[index], start, times);
        state = run.states.col(samples - 1);
        const Matrix output = (library.network.readout * run.states).transpose();
        const Matrix planned = (library.network.readout * isolated_states(design, tau)).transpose();
        performed.push_back({index, output, normalised_error(output, design.motif.values),
                             normalised_error(planned, design.motif.values),
                             (start - design.initial_state).norm() / design.initial_state.norm(),
                             prepared.crossings, run.crossings});
        if (progress) progress(i + 1, sequence.size());
    }
    return performed;
}

}  // namespace heddle
