#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "heddle/train/gradient.hpp"
#include "heddle/train/tasks/motif_production.hpp"
#include "support/examples.hpp"
#include "train/tasks_support.hpp"

using namespace heddle;

namespace {

/// Three motifs of 2 channels: 0.3, 0.2 and 0.1 s.
std::vector<Motif> motifs() {
    std::vector<Motif> found;
    for (Index k = 0; k < 3; ++k)
        found.push_back(make_motif(std::string(1, static_cast<char>('a' + k)),
                                   examples::random_matrix(31 - 10 * k, 2, 1 + k), 0.01));
    return found;
}

MotifProduction production(MotifCue cue, double preparation = 0.0) {
    return {.motifs = motifs(), .h = 0.01, .cue = cue, .preparation = preparation};
}

/// What is on, one row for each gate, input or gain weight.
Matrix rows_of(const MotifProduction& p, const TrainingTask& task, Index trial) {
    const Index rows = p.cue == MotifCue::gate   ? static_cast<Index>(task.gates.size())
                       : p.cue == MotifCue::gain ? task.gain_weights.rows()
                                                 : task.inputs.rows();
    Matrix on(rows, task.steps);
    for (Index t = 0; t < task.steps; ++t)
        for (Index k = 0; k < rows; ++k)
            on(k, t) = p.cue == MotifCue::gate   ? task.gates[static_cast<std::size_t>(k)](t, trial)
                       : p.cue == MotifCue::gain ? at(task, task.gain_weights, t, trial)(k)
                                                 : at(task, task.inputs, t, trial)(k);
    return on;
}

}  // namespace

TEST_CASE("MotifProduction: each trial has its motif as target, and waits for the longest") {
    const MotifProduction p = production(MotifCue::gate);
    const TrainingTask task = make_task(p, {5});
    CHECK(task.steps == 30);
    CHECK(task.start.size() == 0);
    CHECK(task.inputs.size() == 0);
    CHECK(trial_conditions(p, {5}).values == Vector{{0, 1, 2, 0, 1}});
    for (Index i = 0; i < 5; ++i) {
        const Matrix& values = p.motifs[static_cast<std::size_t>(i % 3)].values;
        for (Index t = 0; t <= 30; ++t) {
            const bool lasts = t < values.rows();
            CHECK(task.weights(t, i) == (lasts ? 1.0 : 0.0));
            if (lasts)
                CHECK((at(task, task.targets, t, i) - values.row(t).transpose()).norm() == 0);
        }
    }
}

TEST_CASE("MotifProduction: one cue is on at each step, that of the motif or of its preparation") {
    for (const MotifCue cue : {MotifCue::gate, MotifCue::input, MotifCue::gain})
        for (const double preparation : {0.0, 0.05}) {
            const MotifProduction p = production(cue, preparation);
            const TrainingTask task = make_task(p, {3});
            const Index before = preparation > 0.0 ? 5 : 0;
            CHECK(task.steps == 30 + before);
            for (Index i = 0; i < 3; ++i) {
                const Matrix on = rows_of(p, task, i);
                // Inputs have a row for each preparation, gates and gains one for all.
                CHECK(on.rows() == (before == 0 ? 3 : cue == MotifCue::input ? 6 : 4));
                CHECK((on.colwise().sum().array() == 1.0).all());
                CHECK(on.row(i).rightCols(30).minCoeff() == 1.0);
                if (before == 0) continue;
                CHECK(on.row(cue == MotifCue::input ? 3 + i : 3).leftCols(5).minCoeff() == 1.0);
                CHECK(at(task, task.inputs, 2, i)(cue == MotifCue::input ? 3 + i : i) == 1.0);
                CHECK(task.weights.col(i).head(5).maxCoeff() == 0.0);
                CHECK(task.weights(5, i) == 1.0);
            }
            if (cue != MotifCue::input && before > 0)
                CHECK(task.inputs.rightCols(3 * 30).cwiseAbs().maxCoeff() == 0.0);
            if (cue == MotifCue::gain) CHECK(task.gain_weights.cols() == 3 * (task.steps + 1));
            if (cue == MotifCue::gain) CHECK(at(task, task.gain_weights, task.steps, 1)(1) == 1.0);
        }
}

TEST_CASE("MotifProduction: motifs of another step are read on straight lines between samples") {
    MotifProduction p{.motifs = {make_motif("line", Vector{{0.0, 3.0, 1.0}}, 0.03)}, .h = 0.01};
    const Vector expected{{0.0, 1.0, 2.0, 3.0, 7.0 / 3.0, 5.0 / 3.0, 1.0}};
    CHECK((make_task(p, {1}).targets.transpose() - expected).norm() < 1e-14);
    p.h = 0.06;
    CHECK(make_task(p, {1}).targets == Matrix{{0.0, 1.0}});
    p.h = 0.025;  // the last step that fits ends at 0.05 s
    CHECK((make_task(p, {1}).targets - Matrix{{0.0, 2.5, 5.0 / 3.0}}).norm() < 1e-14);
}

TEST_CASE("MotifProduction: initial states are N(0, s²), and the grace does not count") {
    MotifProduction p = production(MotifCue::gate);
    p.spread = 0.5;
    p.units = 100;
    p.grace = 0.03;
    const TrainingTask task = make_task(p, {300, 4});
    CHECK(task.start.rows() == 100);
    CHECK(task.start.cols() == 300);
    // Three checks at 4.5 standard errors: a false alarm in 2e-5 of all seeds.
    CHECK(near_zero(task.start.mean(), 0.5, 30000));
    CHECK(near_zero(task.start.squaredNorm() / 30000 - 0.25, 0.25 * std::sqrt(2.0), 30000));
    CHECK(near_zero(task.start.col(0).dot(task.start.col(1)) / 100, 0.25, 100));
    CHECK(task.weights.topRows(3).maxCoeff() == 0.0);
    CHECK(task.weights.row(3).minCoeff() == 1.0);
    CHECK(make_task(p, {300, 4, 1}).start != task.start);
}

TEST_CASE("MotifProduction: silence has nRMSE 1 or more, its own motif 0, another motif fails") {
    const MotifProduction p = production(MotifCue::input, 0.02);
    const TrainingTask task = make_task(p, {6});
    CHECK(task_score(p, task, task.targets).measure.maxCoeff() == 0.0);
    CHECK(task_score(p, task, task.targets).fraction_correct == 1.0);
    const TaskScore silent = task_score(p, task, 0.0 * task.targets);
    CHECK(silent.measure.minCoeff() >= 1.0);
    CHECK(silent.fraction_correct == 0.0);
    for (Index i = 0; i < 3; ++i) {
        const Matrix& values = p.motifs[static_cast<std::size_t>(i)].values;
        const double expected = std::sqrt(normalised_error(Matrix::Zero(values.rows(), 2), values));
        CHECK(silent.measure(i) == doctest::Approx(expected));
    }
    Matrix swapped = task.targets;
    for (Index t = 0; t <= task.steps; ++t) {
        swapped.col(t * 6) = at(task, task.targets, t, 1);
        swapped.col(t * 6 + 1) = at(task, task.targets, t, 0);
    }
    CHECK(task_score(p, task, swapped).correct == Vector{{0, 0, 1, 1, 1, 1}});
    // A third of the amplitude too much is an nRMSE of about a third.
    CHECK(task_score(p, task, 4.0 / 3.0 * task.targets).fraction_correct == 1.0);
}

TEST_CASE("SequenceProduction: motifs follow one another in the drawn order, each prepared") {
    for (const MotifCue cue : {MotifCue::gate, MotifCue::input, MotifCue::gain}) {
        const SequenceProduction sequence{.motifs = production(cue, 0.04), .length = 4};
        const TaskBatch batch{30, 2, 5};
        const TrainingTask task = make_task(sequence, batch);
        const TrialConditions drawn = trial_conditions(sequence, batch);
        CHECK(drawn.names == std::vector<std::string>{"motif0", "motif1", "motif2", "motif3"});
        for (Index i = 0; i < 30; ++i) {
            const Matrix on = rows_of(sequence.motifs, task, i);
            Index now = 0;
            for (Index k = 0; k < 4; ++k) {
                const auto motif = static_cast<Index>(drawn.values(i, k));
                const Index length = 30 - 10 * motif;
                const Index prepared = cue == MotifCue::input ? 3 + motif : 3;
                CHECK(on.row(prepared).segment(now, 4).minCoeff() == 1.0);
                CHECK(on.row(motif).segment(now + 4, length).minCoeff() == 1.0);
                const Matrix& values =
                    sequence.motifs.motifs[static_cast<std::size_t>(motif)].values;
                for (Index j = 0; j <= length; ++j) {
                    CHECK(task.weights(now + 4 + j, i) == 1.0);
                    CHECK((at(task, task.targets, now + 4 + j, i) - values.row(j).transpose())
                              .norm() == 0.0);
                }
                CHECK(task.weights.col(i).segment(now + 1, 3).maxCoeff() == 0.0);
                now += 4 + length;
            }
            CHECK((on.colwise().sum().array() == 1.0).all());
            CHECK(task.weights.col(i).tail(task.steps - now).sum() == 0.0);
        }
        const TaskScore perfect = task_score(sequence, task, task.targets);
        CHECK(perfect.parts.cols() == 4);
        CHECK(perfect.parts.maxCoeff() == 0.0);
        CHECK(task_score(sequence, task, 0.0 * task.targets).parts.minCoeff() >= 1.0);
    }
}

TEST_CASE("SequenceProduction: a motif that fails is found in its place") {
    const SequenceProduction sequence{.motifs = production(MotifCue::gate),
                                      .orders = {{0, 2, 2}, {2, 1, 0}}};
    const TrainingTask task = make_task(sequence, {3});
    CHECK(task.steps == 60);
    Matrix outputs = task.targets;
    for (Index t = 31; t <= 40; ++t) outputs.col(t * 3).setZero();  // trial 0, its second motif
    const TaskScore score = task_score(sequence, task, outputs);
    CHECK(score.parts(0, 0) == 0.0);
    CHECK(score.parts(0, 1) >= 1.0);
    CHECK(score.parts(0, 2) == 0.0);
    CHECK(score.measure(0) == doctest::Approx(score.parts(0, 1) / 3.0));
    CHECK(score.correct == Vector{{0, 1, 1}});
    // Attached, a motif's first sample is the last one of the motif before.
    const Vector seam = at(task, task.targets, 30, 0);
    CHECK(seam == Vector(sequence.motifs.motifs[0].values.row(30).transpose()));
}

TEST_CASE("SequenceProduction: orders are evenly drawn, with and without repeats") {
    const Index trials = 20000;
    for (const bool repeats : {true, false}) {
        const SequenceProduction sequence{
            .motifs = production(MotifCue::gate), .length = 2, .repeats = repeats};
        const Matrix order = trial_conditions(sequence, {trials, 3}).values;
        Matrix pairs = Matrix::Zero(3, 3);
        for (Index i = 0; i < trials; ++i)
            pairs(static_cast<Index>(order(i, 0)), static_cast<Index>(order(i, 1))) += 1.0;
        if (!repeats) CHECK(pairs.trace() == 0.0);
        const double p = repeats ? 1.0 / 9.0 : 1.0 / 6.0;
        // Fifteen counts at 4.5 standard deviations: a false alarm in 1e-4 of all seeds.
        for (Index a = 0; a < 3; ++a)
            for (Index b = 0; b < 3; ++b)
                if (repeats || a != b)
                    CHECK(near_zero(pairs(a, b) / static_cast<double>(trials) - p,
                                    std::sqrt(p * (1.0 - p)), trials));
    }
}

TEST_CASE("MotifProduction: the score sees the errors that the loss sees, with each kind of cue") {
    for (const MotifCue cue : {MotifCue::gate, MotifCue::input, MotifCue::gain}) {
        const MotifProduction p = production(cue, 0.02);
        const TrainingTask task = make_task(p, {3});
        TrainableNetwork network{.network = examples::network(20, 2)};
        network.network.tau = 0.02;
        network.initial = Matrix::Ones(20, 1);
        network.input = examples::random_matrix(20, task.inputs.rows(), 5);
        for (std::uint64_t k = 0; k < task.gates.size(); ++k)
            network.loops.push_back({0.1 * examples::random_matrix(20, 2, 6 + k),
                                     0.1 * examples::random_matrix(20, 2, 16 + k)});
        if (cue == MotifCue::gain) network.gains = examples::random_matrix(20, 4, 30);
        TrainingWorkspace workspace;
        const double loss = training_loss(network, task, workspace).output_error;
        const TaskScore score = task_score(p, task, training_outputs(network, task, workspace));
        double error = 0.0;
        for (Index i = 0; i < 3; ++i) {
            const Matrix& values = p.motifs[static_cast<std::size_t>(i)].values;
            const double movement = (values.rowwise() - values.colwise().mean()).squaredNorm();
            error += score.measure(i) * score.measure(i) * movement;
        }
        CHECK(error / (2.0 * task.weights.sum()) == doctest::Approx(loss).epsilon(1e-10));
    }
}
