#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/train/tasks/motif_production.hpp"
#include "training_tasks.hpp"

namespace heddle::python {
namespace {

const std::vector<std::string> cues{"input", "gate", "gain"};  // in the order of MotifCue

}  // namespace

template <>
MotifCue from_python<MotifCue>(nb::handle value, const std::string& name) {
    const auto word = from_python<std::string>(value, name);
    for (std::size_t k = 0; k < cues.size(); ++k)
        if (word == cues[k]) return static_cast<MotifCue>(k);
    throw DomainError(name + ": found '" + word + "', expected 'input', 'gate' or 'gain'");
}

template <>
nb::object to_python<MotifCue>(const MotifCue& cue, nb::handle) {
    return nb::cast(cues[static_cast<std::size_t>(cue)]);
}

namespace {

void bind_motif_production(nb::module_& module) {
    Value<MotifProduction> value(
        module, "MotifProduction", R"(Motifs, one a trial: trial i performs motif i mod M.

    y*(preparation + t) = motif(t) ,   0 ≤ t ≤ its duration ,

from the network's own initial state or, with a spread, from x(0) displaced by N(0, spread² 1). In
the preparation nothing is asked. Motifs whose step is not h are read between their samples on a
straight line. Short motifs wait for the longest, their cue on; nothing counts then.

    motifs       M of them, all with the same number of channels
    h            0.001; step, s
    cue          how the network is told: "gate", a loop for each motif; "input", an input for each;
                 "gain", a column of gains for each
    preparation  0; before each motif, s
    grace        0; at the beginning of a motif, s: nothing counts
    spread       0; in units of the network's states
    units        0; the network's size, needed with a spread
    failure      0.5; nRMSE above which a motif has failed

Inputs: with cue "input" M of them; with a preparation M more, the motif to come while it is being
prepared. Gates and gain weights, with those cues: M, and one more, the last, for the preparation of
all motifs. What is not on is 0.

Conditions: motif (index). Measure: √(Σ ‖y − y*‖² / Σ ‖y* − mean y*‖²) over the samples that count
(nRMSE). Correct: at most `failure`. A silent network has 1 or more. Raises DomainError or
ShapeError naming the option. Logiaco, Abbott & Escola (2021), Cell Rep 35:109090, for loops that
perform motifs and one preparation for all; Logiaco & Escola (2020), arXiv 2006.13332, for random
initial states; the cues in training, and the threshold, are ours.)",
        [](const MotifProduction& production) {
            std::ostringstream text;
            text << "MotifProduction(" << production.motifs.size() << " motifs, cue '"
                 << cues[static_cast<std::size_t>(production.cue)] << "', preparation "
                 << production.preparation << " s)";
            return text.str();
        });
    value.required("motifs", &MotifProduction::motifs, "The motifs.")
        .optional("h", &MotifProduction::h, "Step, s.")
        .optional("cue", &MotifProduction::cue, "'gate', 'input' or 'gain'.")
        .optional("preparation", &MotifProduction::preparation, "Before each motif, s.")
        .optional("grace", &MotifProduction::grace, "Not counted at a motif's beginning, s.")
        .optional("spread", &MotifProduction::spread, "Of the initial states.")
        .optional("units", &MotifProduction::units, "The network's size, for the spread.")
        .optional("failure", &MotifProduction::failure, "nRMSE above which a motif has failed.");
    bind_methods(value);
}

void bind_sequence_production(nb::module_& module) {
    Value<SequenceProduction> value(
        module, "SequenceProduction", R"(Motifs one after the other within a trial.

Each motif has its preparation and its cue, as the MotifProduction says. Without a preparation the
last sample of a motif takes the place of the first of the next.

    motifs   a MotifProduction: which motifs, and how they are cued
    length   3; motifs in a trial, evenly drawn
    repeats  True; whether a drawn motif may follow itself
    orders   instead of drawing: lists of indices, all of the same length; trial i has order i mod
             their number

Conditions: motif0, motif1, …, the order. Parts: the nRMSE of each motif, shape (trials, length).
Measure: their mean. Correct: each is at most `motifs.failure`. Raises DomainError naming the option.
Logiaco, Abbott & Escola (2021), Cell Rep 35:109090; Logiaco & Escola (2020), arXiv 2006.13332.)",
        [](const SequenceProduction& production) {
            std::ostringstream text;
            text << "SequenceProduction(" << production.motifs.motifs.size() << " motifs, ";
            if (production.orders.empty())
                text << "orders of " << production.length << ")";
            else
                text << production.orders.size() << " orders)";
            return text.str();
        });
    value.required("motifs", &SequenceProduction::motifs, "Which motifs, and how they are cued.")
        .optional("length", &SequenceProduction::length, "Motifs in a trial.")
        .optional("repeats", &SequenceProduction::repeats, "Whether a motif may follow itself.")
        .optional("orders", &SequenceProduction::orders, "Orders that are not drawn.");
    bind_methods(value);
}

}  // namespace

void bind_motif_tasks(nb::module_& module) {
    bind_motif_production(module);
    bind_sequence_production(module);
}

}  // namespace heddle::python
