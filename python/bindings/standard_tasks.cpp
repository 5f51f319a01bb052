#include <sstream>

#include "heddle/train/tasks/context_integration.hpp"
#include "heddle/train/tasks/delayed_reach.hpp"
#include "heddle/train/tasks/flip_flop.hpp"
#include "heddle/train/tasks/memory_saccade.hpp"
#include "heddle/train/tasks/ready_set_go.hpp"
#include "training_tasks.hpp"

namespace heddle::python {
namespace {

void bind_delayed_reach(nb::module_& module) {
    Value<DelayedReach> value(
        module, "DelayedReach", R"(Centre-out reaching after an instructed delay.

A target appears on a circle and stays; the hand must rest at the centre until the hold signal goes
off, and then reach the target p with least jerk. With s = (t − go − reaction) / movement in [0, 1]

    y*(t) = p (10 s³ − 15 s⁴ + 6 s⁵) ,   0 before, p after.

Inputs: 0, 1 the target, from its appearance to the end; 2 the hold signal, 1 until go. Outputs: x
and y of the hand. All samples count. A trial with a shorter delay holds longer.

    h               0.01; step, s
    directions      8, evenly spaced, the first along x; 0: anywhere on the circle
    distance        1; of the targets from the centre
    baseline        0.2; before the target appears, s
    shortest_delay, longest_delay   0.2, 1; from the target's appearance to go, s, evenly
                    distributed in whole steps
    reaction        0.1; from go to the movement, s
    movement        0.4; its duration, s
    hold            0.2; at the target, at least, s
    tolerance       0.2; in units of `distance`

Conditions: angle (rad), delay (s). Measure: distance of the mean output of the last `hold` seconds
from the target. Correct: at most `tolerance`, and the hand stayed within `tolerance` of the centre
until go. Raises DomainError naming the option. Churchland et al. (2012), Nature 487:51, for the
task; Flash & Hogan (1985), J Neurosci 5:1688, for the movement; durations are ours.)",
        [](const DelayedReach& reach) {
            std::ostringstream text;
            text << "DelayedReach(" << reach.directions << " directions, delays "
                 << reach.shortest_delay << " to " << reach.longest_delay << " s)";
            return text.str();
        });
    value.optional("h", &DelayedReach::h, "Step, s.")
        .optional("directions", &DelayedReach::directions, "Number of targets; 0: any direction.")
        .optional("distance", &DelayedReach::distance, "Of the targets from the centre.")
        .optional("baseline", &DelayedReach::baseline, "Before the target appears, s.")
        .optional("shortest_delay", &DelayedReach::shortest_delay, "From target to go, s.")
        .optional("longest_delay", &DelayedReach::longest_delay, "From target to go, s.")
        .optional("reaction", &DelayedReach::reaction, "From go to the movement, s.")
        .optional("movement", &DelayedReach::movement, "Duration of the movement, s.")
        .optional("hold", &DelayedReach::hold, "At the target, at least, s.")
        .optional("tolerance", &DelayedReach::tolerance, "In units of `distance`.");
    bind_methods(value);
}

void bind_memory_saccade(nb::module_& module) {
    Value<MemorySaccade> value(
        module, "MemorySaccade", R"(Memory-guided saccade (oculomotor delayed response).

A target p on the unit circle flashes while the eyes fixate; when the fixation point goes off, after
a delay, they must look where it was.

    y*(t) = 0 until go ,  p after .

Inputs: 0, 1 the target, while it is shown; 2 the fixation point, 1 until go. Outputs: x and y of the
gaze. Nothing counts for `grace` seconds after go. A trial with a shorter delay looks longer.

    h           0.01; step, s
    directions  8, evenly spaced, the first along x; 0: anywhere on the circle
    fixation    0.75; before the target is shown, s
    cue         0.5; how long it is shown, s
    shortest_delay, longest_delay   1.5, 3; from its end to go, s, evenly distributed in whole steps
    grace       0.1; after go, s
    response    0.5; from go to the end, at least, s
    tolerance   0.3

Conditions: angle (rad), delay (s). Measure: distance of the mean output of the last
`response − grace` seconds from the target. Correct: at most `tolerance`, and so was that from the
centre, always, until go. Raises DomainError naming the option. Funahashi, Bruce & Goldman-Rakic
(1989), J Neurophysiol 61:331, for targets, fixation, cue and the shortest delay.)",
        [](const MemorySaccade& saccade) {
            std::ostringstream text;
            text << "MemorySaccade(" << saccade.directions << " directions, delays "
                 << saccade.shortest_delay << " to " << saccade.longest_delay << " s)";
            return text.str();
        });
    value.optional("h", &MemorySaccade::h, "Step, s.")
        .optional("directions", &MemorySaccade::directions, "Number of targets; 0: any direction.")
        .optional("fixation", &MemorySaccade::fixation, "Before the target is shown, s.")
        .optional("cue", &MemorySaccade::cue, "How long it is shown, s.")
        .optional("shortest_delay", &MemorySaccade::shortest_delay, "From its end to go, s.")
        .optional("longest_delay", &MemorySaccade::longest_delay, "From its end to go, s.")
        .optional("grace", &MemorySaccade::grace, "After go, s.")
        .optional("response", &MemorySaccade::response, "From go to the end, at least, s.")
        .optional("tolerance", &MemorySaccade::tolerance, "Distance that still is correct.");
    bind_methods(value);
}

void bind_context_integration(nb::module_& module) {
    Value<ContextIntegration> value(
        module, "ContextIntegration", R"(Context-dependent integration of evidence.

Two streams, of motion and of colour, carry evidence c for one of two choices each, in white noise,

    u(t) = c + σ ξ(t) ,   a sample of which is N(c, σ² / h) ,

and a context says which to judge: the answer is the sign of its c.

Inputs: 0 motion, 1 colour, while the stimulus lasts; 2, 3 the context, motion or colour, always.
Output: 0 in the fixation, the answer ±1 in the response; nothing counts between.

    h          0.01; step, s
    fixation   0.1; before the stimulus, s
    stimulus   0.75; of both streams, s
    delay      0.1; from the stimulus to the response, s
    response   0.1; at the end, s
    strengths  [0.05, 0.15, 0.5]; |c|, drawn with either sign for each stream by itself
    noise      0.1; σ, √s

Conditions: context (0 motion, 1 colour), motion, colour (the c), answer (±1). Measure: mean output
of the response, times the answer. Correct: above 0; a silent network is never right. Who sums the
right stream alone is right with probability Φ(|c| √stimulus / σ), the best there is. Raises
DomainError naming the option. Mante, Sussillo, Shenoy & Newsome (2013), Nature 503:78; noise,
strengths and durations but the stimulus's are ours.)",
        [](const ContextIntegration& integration) {
            std::ostringstream text;
            text << "ContextIntegration(" << integration.strengths.size() << " strengths, noise "
                 << integration.noise << " √s)";
            return text.str();
        });
    value.optional("h", &ContextIntegration::h, "Step, s.")
        .optional("fixation", &ContextIntegration::fixation, "Before the stimulus, s.")
        .optional("stimulus", &ContextIntegration::stimulus, "Of both streams, s.")
        .optional("delay", &ContextIntegration::delay, "From stimulus to response, s.")
        .optional("response", &ContextIntegration::response, "At the end, s.")
        .optional("strengths", &ContextIntegration::strengths, "|c|, above 0.")
        .optional("noise", &ContextIntegration::noise, "σ, √s.");
    bind_methods(value);
}

void bind_ready_set_go(nb::module_& module) {
    Value<ReadySetGo> value(
        module, "ReadySetGo", R"(Ready–set–go: an interval is shown and must be produced.

Two pulses, ready and set, show an interval; the network must go when `gain` times that interval, the
asked one a, has passed since set:

    y*(t) = 0 until set ,   (t − set) / a after ,

and go is where the output crosses 1. The target runs on to 1 + overshoot; what comes then does not
count. Inputs: 0 the pulses, of height 1; 1 the gain, always. Output: the ramp.

    h          0.01; step, s
    shortest, longest   0.5, 1; shown intervals, s
    intervals  7, evenly spaced; 0: any between them, in whole steps
    gains      [1]; each trial has one of them
    shortest_wait, longest_wait   0.2, 0.6; until ready, s, evenly distributed in whole steps
    pulse      0.05; s
    overshoot  0.2
    tolerance  0.2

Conditions: interval (shown, s), gain, ready (when, s). Measure: produced minus asked interval, s;
produced is the time from set to where the output, straight between samples, first reaches 1, and ∞
if it never does. Correct: |measure| is at most `tolerance` times the asked interval. Parts: asked
and produced interval, s. Raises DomainError naming the option. Jazayeri & Shadlen (2010), Nat
Neurosci 13:1020; for gains and intervals Remington, Narain, Hosseini & Jazayeri (2018), Neuron
98:1005. Ramp, tolerance and other durations are ours.)",
        [](const ReadySetGo& timing) {
            std::ostringstream text;
            text << "ReadySetGo(" << timing.shortest << " to " << timing.longest << " s, "
                 << timing.gains.size() << (timing.gains.size() == 1 ? " gain)" : " gains)");
            return text.str();
        });
    value.optional("h", &ReadySetGo::h, "Step, s.")
        .optional("shortest", &ReadySetGo::shortest, "Shown interval, s.")
        .optional("longest", &ReadySetGo::longest, "Shown interval, s.")
        .optional("intervals", &ReadySetGo::intervals, "How many; 0: any.")
        .optional("gains", &ReadySetGo::gains, "Asked over shown interval, above 0.")
        .optional("shortest_wait", &ReadySetGo::shortest_wait, "Until ready, s.")
        .optional("longest_wait", &ReadySetGo::longest_wait, "Until ready, s.")
        .optional("pulse", &ReadySetGo::pulse, "Of a pulse, s.")
        .optional("overshoot", &ReadySetGo::overshoot, "How far the target runs above 1.")
        .optional("tolerance", &ReadySetGo::tolerance, "In units of the asked interval.");
    bind_methods(value);
}

void bind_flip_flop(nb::module_& module) {
    Value<FlipFlop> value(
        module, "FlipFlop", R"(The flip-flop: bits that pulses set and outputs hold.

    y*_c(t) = sign of the last pulse of input c that began before t .

All inputs have a first pulse at 0. From one onset to the next passes pulse + settle + E, E
exponentially distributed; the last one leaves pulse + settle until the end. Inputs and outputs: one
for each bit; pulses have height ±1. Nothing counts from the onset of a pulse, of any bit, until
pulse + settle seconds after it.

    h         0.01; step, s
    bits      3
    duration  6; of a trial, s
    pulse     0.05; of a pulse, s
    settle    0.15; to answer in, after a pulse, s
    interval  1.5; mean time between onsets in one input, s

Conditions: pulses, how many in all. Measure: fraction of the bits, over bits and samples that count,
whose output has the sign of its target. Correct: all have. Parts: that fraction for each bit. A
silent network has 0, a coin half. Raises DomainError naming the option. Sussillo & Barak (2013),
Neural Comput 25:626; durations are ours.)",
        [](const FlipFlop& flip_flop) {
            std::ostringstream text;
            text << "FlipFlop(" << flip_flop.bits << " bits, " << flip_flop.duration << " s)";
            return text.str();
        });
    value.optional("h", &FlipFlop::h, "Step, s.")
        .optional("bits", &FlipFlop::bits, "How many.")
        .optional("duration", &FlipFlop::duration, "Of a trial, s.")
        .optional("pulse", &FlipFlop::pulse, "Of a pulse, s.")
        .optional("settle", &FlipFlop::settle, "To answer in, after a pulse, s.")
        .optional("interval", &FlipFlop::interval, "Mean time between onsets, s.");
    bind_methods(value);
}

}  // namespace

void bind_standard_tasks(nb::module_& module) {
    bind_delayed_reach(module);
    bind_memory_saccade(module);
    bind_context_integration(module);
    bind_ready_set_go(module);
    bind_flip_flop(module);
}

}  // namespace heddle::python
