#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/train/tasks/context_integration.hpp"
#include "heddle/train/tasks/delayed_reach.hpp"
#include "heddle/train/tasks/flip_flop.hpp"
#include "heddle/train/tasks/from_trials.hpp"
#include "heddle/train/tasks/memory_saccade.hpp"
#include "heddle/train/tasks/motif_production.hpp"
#include "heddle/train/tasks/ready_set_go.hpp"
#include "support/examples.hpp"
#include "train/tasks_support.hpp"

using namespace heddle;

namespace {

MotifProduction some_motifs() {
    return {.motifs = {examples::motif("a"), examples::motif("b")},
            .h = examples::motif("a").dt,
            .spread = 1.0,
            .units = 7};
}

/// Calls `use` with every task, all of them with something to draw.
void for_each_task(const auto& use) {
    use(DelayedReach{});
    use(MemorySaccade{});
    use(ContextIntegration{});
    use(ReadySetGo{});
    use(FlipFlop{});
    use(some_motifs());
    use(SequenceProduction{.motifs = some_motifs()});
}

std::string message(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

/// What refuses a change of a task.
template <class T>
std::string refused(T task, const std::function<void(T&)>& change) {
    change(task);
    return message([&] { static_cast<void>(make_task(task, {2})); });
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TrialArrays trial(Index steps, std::uint64_t seed) {
    return {examples::random_matrix(2, steps, seed),
            examples::random_matrix(3, steps + 1, seed + 1),
            Vector(examples::random_matrix(steps + 1, 1, seed + 2).cwiseAbs())};
}

}  // namespace

TEST_CASE("make_task: a trial depends on seed, batch and number alone, not on how many there are") {
    for_each_task([](const auto& task) {
        const TrainingTask many = make_task(task, {6, 11, 4});
        CHECK(same(many, make_task(task, {6, 11, 4})));
        CHECK(!same(many, make_task(task, {6, 11, 5})));
        CHECK(!same(many, make_task(task, {6, 12, 4})));
        const TrainingTask few = make_task(task, {2, 11, 4});
        // Sequences end when their longest trial does, which need not be one of the few.
        const auto begins = [](const Matrix& one, const Matrix& other) {
            return one.leftCols(other.cols()) == other;
        };
        CHECK(begins(first_trials(many.inputs, 6, 2), few.inputs));
        CHECK(begins(first_trials(many.targets, 6, 2), few.targets));
        CHECK(many.weights.topLeftCorner(few.steps + 1, 2) == few.weights);
        for (std::size_t l = 0; l < few.gates.size(); ++l)
            CHECK(many.gates[l].topLeftCorner(few.steps, 2) == few.gates[l]);
        if (few.start.size() > 0) CHECK(many.start.leftCols(2) == few.start);
    });
}

TEST_CASE("trial_conditions: are those of the trials, and another batch has others") {
    for_each_task([](const auto& task) {
        const TrialConditions some = trial_conditions(task, {50, 3, 9});
        CHECK(some.values.rows() == 50);
        CHECK(some.values.cols() == static_cast<Index>(some.names.size()));
        CHECK(some.values.topRows(8) == trial_conditions(task, {8, 3, 9}).values);
        if (some.names.front() != "motif")  // which is the trial's number, modulo the motifs
            CHECK(some.values != trial_conditions(task, {50, 3, 10}).values);
    });
}

TEST_CASE("make_task: weights count something in every trial, and all numbers are finite") {
    for_each_task([](const auto& task) {
        const TrainingTask made = make_task(task, {20, 2});
        CHECK(made.weights.colwise().sum().minCoeff() > 0.0);
        CHECK(made.targets.allFinite());
        CHECK(made.inputs.allFinite());
        CHECK(task_score(task, made, made.targets).fraction_correct == 1.0);
        CHECK(contains(
            message([&] { static_cast<void>(task_score(task, made, made.targets.leftCols(7))); }),
            "outputs"));
    });
}

TEST_CASE("make_task: what does not fit is refused by its name") {
    using R = DelayedReach;
    CHECK(contains(refused<R>({}, [](R& r) { r.h = 0.0; }), "h: found 0 s"));
    CHECK(contains(refused<R>({}, [](R& r) { r.directions = -1; }), "directions: found -1"));
    CHECK(contains(refused<R>({}, [](R& r) { r.movement = 0.001; }),
                   "movement: found 0.001 s, expected a finite time, at least 0.01 s, 1 step"));
    CHECK(contains(refused<R>({}, [](R& r) { r.shortest_delay = 2.0; }),
                   "shortest_delay: found 2 s, expected at most longest_delay = 1 s"));
    CHECK(contains(refused<R>({}, [](R& r) { r.baseline = std::nan(""); }), "baseline: found nan"));
    CHECK(contains(refused<R>({}, [](R& r) { r.hold = -1.0; }), "hold: found -1 s"));
    CHECK(contains(refused<R>({}, [](R& r) { r.tolerance = 0.0; }), "tolerance"));
    using M = MemorySaccade;
    CHECK(contains(refused<M>({}, [](M& m) { m.grace = 0.5; }), "response: found 0.5 s"));
    CHECK(contains(refused<M>({}, [](M& m) { m.longest_delay = 1e300; }), "longest_delay"));
    using C = ContextIntegration;
    CHECK(contains(refused<C>({}, [](C& c) { c.strengths.resize(0); }), "strengths: found none"));
    CHECK(contains(refused<C>({}, [](C& c) { c.strengths(1) = 0.0; }), "strengths"));
    CHECK(contains(refused<C>({}, [](C& c) { c.noise = -0.1; }), "noise"));
    using G = ReadySetGo;
    CHECK(contains(refused<G>({}, [](G& g) { g.pulse = 0.5; }),
                   "pulse: found 0.5 s, expected less than shortest = 0.5 s"));
    CHECK(contains(refused<G>({}, [](G& g) { g.gains(0) = 0.0; }), "gains"));
    CHECK(contains(refused<G>({}, [](G& g) { g.gains.resize(0); }), "gains: found none"));
    CHECK(contains(refused<G>({}, [](G& g) { g.intervals = -1; }), "intervals: found -1"));
    CHECK(contains(refused<G>({}, [](G& g) { g.overshoot = 0.0; }), "overshoot"));
    using F = FlipFlop;
    CHECK(contains(refused<F>({}, [](F& f) { f.bits = 0; }), "bits: found 0"));
    CHECK(contains(refused<F>({}, [](F& f) { f.interval = 0.2; }), "interval: found 0.2 s"));
    CHECK(contains(refused<F>({}, [](F& f) { f.duration = 0.1; }), "duration: found 0.1 s"));
    CHECK(contains(message([] { static_cast<void>(make_task(DelayedReach{}, {0})); }),
                   "trials: found 0"));
}

TEST_CASE("make_task: motifs that do not fit are refused by their name") {
    using P = MotifProduction;
    const auto change = [](const std::function<void(P&)>& what) {
        return refused<P>(some_motifs(), what);
    };
    CHECK(contains(change([](P& p) { p.motifs.clear(); }), "motifs: found none"));
    CHECK(contains(change([](P& p) { p.motifs[1] = examples::motif("b", 3); }),
                   "motifs has shape 3 in 'b'; expected 2 channels in each"));
    CHECK(contains(change([](P& p) { p.h = 100.0; }), "h: found 100 s, expected at most"));
    CHECK(contains(change([](P& p) { p.grace = 100.0; }), "grace: found 100 s"));
    CHECK(contains(change([](P& p) { p.units = 0; }), "units: found 0"));
    CHECK(contains(change([](P& p) { p.failure = 0.0; }), "failure"));
    using S = SequenceProduction;
    const auto order = [](const std::function<void(S&)>& what) {
        return refused<S>({.motifs = some_motifs()}, what);
    };
    CHECK(contains(order([](S& s) { s.length = 0; }), "length: found 0"));
    CHECK(contains(order([](S& s) { s.orders = {{0, 1}, {2, 0}}; }),
                   "orders[1]: found index 2, expected one of 2 motifs"));
    CHECK(contains(order([](S& s) { s.orders = {{0, 1}, {0}}; }), "orders[1]: found 1 motifs"));
    CHECK(contains(order([](S& s) {
                       s.motifs.motifs.pop_back();
                       s.repeats = false;
                   }),
                   "repeats: found false with one motif"));
}

TEST_CASE("task_score: outputs that are not finite are refused, not scored") {
    for_each_task([](const auto& task) {
        const TrainingTask made = make_task(task, {2});
        Matrix outputs = made.targets;
        outputs(0, 1) = std::nan("");
        CHECK(contains(message([&] { static_cast<void>(task_score(task, made, outputs)); }),
                       "outputs"));
    });
}

TEST_CASE("task_score: a task of other cues or without pulses is refused") {
    const MotifProduction gates = some_motifs();
    TrainingTask task = make_task(gates, {2});
    MotifProduction inputs = gates;
    inputs.cue = MotifCue::input;
    CHECK(contains(message([&] { static_cast<void>(task_score(inputs, task, task.targets)); }),
                   "task.inputs"));
    for (Matrix& gate : task.gates) gate.setZero();
    CHECK(contains(message([&] { static_cast<void>(task_score(gates, task, task.targets)); }),
                   "found no motif's cue at step 0 of trial 0"));
    TrainingTask timed = make_task(ReadySetGo{}, {3});
    timed.inputs.row(0).setZero();
    CHECK(contains(
        message([&] { static_cast<void>(task_score(ReadySetGo{}, timed, timed.targets)); }),
        "task.inputs: found 0 pulses in trial 0"));
}

TEST_CASE("task_from_trials: every sample is where its step and trial say") {
    const std::vector<TrialArrays> trials{trial(6, 1), trial(6, 11)};
    const TrainingTask task = task_from_trials(0.02, trials);
    CHECK(task.steps == 6);
    CHECK(task.trials == 2);
    CHECK(task.h == 0.02);
    for (Index i = 0; i < 2; ++i) {
        const TrialArrays& given = trials[static_cast<std::size_t>(i)];
        CHECK(task.weights.col(i) == given.weights);
        for (Index t = 0; t <= 6; ++t) CHECK(at(task, task.targets, t, i) == given.targets.col(t));
        for (Index t = 0; t < 6; ++t) CHECK(at(task, task.inputs, t, i) == given.inputs.col(t));
    }
    CHECK(task_from_trials(0.02, {{{}, trials[0].targets, {}}}).weights.minCoeff() == 1.0);
}

TEST_CASE("task_from_trials: unequal trials are refused with what helps, and padded ones taken") {
    const std::vector<TrialArrays> unequal{trial(6, 1), trial(4, 2), trial(5, 3)};
    const auto refusal = [](const std::vector<TrialArrays>& trials) {
        return message([&] { static_cast<void>(task_from_trials(0.01, trials)); });
    };
    CHECK(contains(refusal(unequal),
                   "trials[1].targets has shape 5; expected 7 samples, as trials[0]; pad_trials"));
    CHECK(contains(refusal({}), "trials: found none"));
    std::vector<TrialArrays> other{trial(6, 1), trial(6, 2)};
    other[1].inputs.resize(2, 7);
    CHECK(contains(refusal(other),
                   "trials[1].inputs has shape 7; expected 6 samples, one fewer than the targets"));
    other[1] = trial(6, 2);
    other[1].targets.resize(2, 7);
    other[1].targets.setZero();
    CHECK(contains(refusal(other),
                   "trials[1].targets has shape 2; expected 3 channels, as trials[0]"));
    other[1] = trial(6, 2);
    other[1].weights(3) = -2.0;
    CHECK(contains(refusal(other), "trials[1].weights: found -2"));
    other[1].weights.resize(3);
    CHECK(contains(refusal(other),
                   "trials[1].weights has shape 3; expected 7 samples, as the targets"));

    const std::vector<TrialArrays> padded = pad_trials(unequal);
    const TrainingTask task = task_from_trials(0.01, padded);
    CHECK(task.steps == 6);
    CHECK(task.weights.col(1).tail(2).maxCoeff() == 0.0);
    CHECK(task.weights.col(1).head(5) == unequal[1].weights);
    CHECK(at(task, task.targets, 4, 1) == unequal[1].targets.col(4));
    CHECK(at(task, task.targets, 5, 1).norm() == 0.0);
    // What was added does not count: the score is that of the trial by itself.
    const Matrix outputs = examples::random_matrix(3, task.targets.cols(), 40);
    Matrix own(3, 5);
    for (Index t = 0; t < 5; ++t) own.col(t) = at(task, outputs, t, 1);
    const TrainingTask alone = task_from_trials(0.01, {unequal[1]});
    CHECK(task_score(task, outputs).measure(1) == task_score(alone, own).measure(0));
}

TEST_CASE("task_score: any task has the error of its outputs relative to its movement") {
    const TrainingTask task = task_from_trials(0.01, {trial(30, 1), trial(30, 5)});
    const TaskScore perfect = task_score(task, task.targets);
    CHECK(perfect.mean_measure == 0.0);
    CHECK(perfect.fraction_correct == 1.0);
    const TaskScore silent = task_score(task, Matrix::Zero(3, task.targets.cols()));
    CHECK(silent.measure.minCoeff() >= 1.0);
    CHECK(silent.fraction_correct == 0.0);
    CHECK(contains(message([&] { static_cast<void>(task_score(task, task.targets, 0.0)); }),
                   "failure"));
    TrainingTask blind = task;
    blind.weights.col(1).setZero();
    CHECK(contains(message([&] { static_cast<void>(task_score(blind, task.targets)); }),
                   "no sample of trial 1"));
}
