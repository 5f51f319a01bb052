#include "heddle/train/repertoire.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/motif/motif.hpp"
#include "heddle/train/gradient.hpp"
#include "support/examples.hpp"

/// Words of motifs: what they are given, and that their errors are those of one long run.
namespace heddle {
namespace {

using examples::random_matrix;

struct Example {
    TrainableNetwork network;
    Repertoire repertoire;
};

/// Inputs, loops, gains and a preparation, all of which differ between motifs.
Example example(Index motifs = 3, Index preparation = 4) {
    const Index n = 8, steps = 6;
    Example found;
    found.network.network = {Matrix(0.4 * random_matrix(n, n, 1)), 0.01, Response::tanh,
                             0.1 * random_matrix(n, 1, 2), random_matrix(2, n, 3)};
    Repertoire& given = found.repertoire;
    given = {.h = 0.0025, .steps = steps, .preparation = preparation};
    found.network.input.resize(n, 2 * motifs);
    found.network.gains.resize(n, motifs);
    for (Index m = 0; m < motifs; ++m) {
        const auto seed = static_cast<std::uint64_t>(10 * m + 10);
        found.network.input.middleCols(2 * m, 2) = random_matrix(n, 2, seed);
        found.network.gains.col(m).array() = 1.0 + 0.2 * random_matrix(n, 1, seed + 1).array();
        found.network.loops.push_back(
            {0.3 * random_matrix(n, 2, seed + 2), 0.3 * random_matrix(n, 2, seed + 3)});
        given.targets.push_back(random_matrix(steps + 1, 2, seed + 4));
    }
    const Matrix one_hot = Matrix::Identity(motifs, motifs);
    given.inputs = given.cues = Matrix::Zero(2 * motifs, motifs);
    for (Index m = 0; m < motifs; ++m) {
        given.inputs(2 * m, m) = 1.0;
        given.cues(2 * m + 1, m) = 1.0;
    }
    given.gates = one_hot;
    given.preparatory_gates = 0.5 * one_hot;
    given.gain_weights = one_hot;
    if (preparation == 0) {
        given.cues.resize(0, 0);
        given.preparatory_gates.resize(0, 0);
    }
    return found;
}

/// One task of several motifs, one after another, column by column.
TrainingTask joined(const Repertoire& repertoire, const std::vector<Index>& word) {
    TrainingTask whole = motif_task(repertoire, {word.front()});
    for (std::size_t p = 1; p < word.size(); ++p) {
        const TrainingTask next = motif_task(repertoire, {word[p]});
        const auto append = [](Matrix& all, const Matrix& more) {
            Matrix both(all.rows(), all.cols() + more.cols());
            both << all, more;
            all = both;
        };
        append(whole.inputs, next.inputs);
        // A sample at a border belongs to what follows: it is where the next step begins.
        whole.gain_weights.conservativeResize(Eigen::NoChange, whole.gain_weights.cols() - 1);
        append(whole.gain_weights, next.gain_weights);
        for (std::size_t l = 0; l < whole.gates.size(); ++l) {
            Matrix both(whole.gates[l].rows() + next.gates[l].rows(), 1);
            both << whole.gates[l], next.gates[l];
            whole.gates[l] = both;
        }
        whole.steps += next.steps;
    }
    whole.targets.resize(0, 0);
    whole.weights.resize(0, 0);
    return whole;
}

}  // namespace

TEST_CASE("motif_task: a trial is given what belongs to its motif, and asked after preparation") {
    const Example ex = example();
    const TrainingTask task = motif_task(ex.repertoire, {2, 0});
    CHECK(task.steps == 10);
    CHECK(task.trials == 2);
    for (Index t = 0; t < task.steps; ++t) {
        const bool prepares = t < 4;
        CHECK(task.inputs.col(2 * t) ==
              (prepares ? ex.repertoire.cues : ex.repertoire.inputs).col(2));
        CHECK(task.gates[2](t, 0) == (prepares ? 0.5 : 1.0));
        CHECK(task.gates[2](t, 1) == 0.0);
    }
    CHECK(task.gain_weights.col(2 * task.steps + 1) == ex.repertoire.gain_weights.col(0));
    CHECK(task.weights.topRows(4).isZero(0.0));
    CHECK((task.weights.bottomRows(7).array() == 1.0).all());
    CHECK(task.targets.col(2 * 4 + 1) == ex.repertoire.targets[0].row(0).transpose());
    CHECK(task.targets.col(2 * 10) == ex.repertoire.targets[2].row(6).transpose());
}

TEST_CASE("word_errors: the end of a word is that of one long run of its motifs") {
    for (const Index preparation : {Index{0}, Index{4}}) {
        const Example ex = example(3, preparation);
        const std::vector<Index> word{1, 0, 2, 2};
        const Matrix start = 0.5 * random_matrix(8, 1, 77);
        const Matrix errors = word_errors(ex.network, ex.repertoire, {word}, start);
        TrainingTask whole = joined(ex.repertoire, word);
        whole.start = start;
        const Matrix outputs = training_outputs(ex.network, whole);
        const Matrix produced = outputs.rightCols(7).transpose();
        CHECK(errors(3, 0) ==
              doctest::Approx(std::sqrt(normalised_error(produced, ex.repertoire.targets[2])))
                  .epsilon(1e-12));
    }
}

TEST_CASE("word_errors: every motif of a word is the last one of a shorter word") {
    const Example ex = example();
    const Matrix start = 0.5 * random_matrix(8, 1, 77);
    const std::vector<Index> word{1, 0, 2, 2, 1};
    const Matrix errors = word_errors(ex.network, ex.repertoire, {word}, start);
    for (std::size_t length = 1; length < word.size(); ++length) {
        const std::vector<Index> part(word.begin(), word.begin() + static_cast<long>(length));
        const Matrix shorter = word_errors(ex.network, ex.repertoire, {part}, start);
        CHECK(shorter == errors.topRows(static_cast<Index>(length)));
    }
}

TEST_CASE("word_errors: the same bits for any number of threads, in any company") {
    const Example ex = example();
    std::vector<std::vector<Index>> words;
    for (Index w = 0; w < 70; ++w) words.push_back({w % 3, (w / 3) % 3});
    const Matrix start = 0.5 * random_matrix(8, 70, 5);
    const Matrix one = word_errors(ex.network, ex.repertoire, words, start, 1);
    CHECK(one == word_errors(ex.network, ex.repertoire, words, start, 2));
    CHECK(one == word_errors(ex.network, ex.repertoire, words, start, 3));
    const Matrix alone = word_errors(ex.network, ex.repertoire, {words[40]}, start.col(40));
    CHECK((alone - one.col(40)).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("word_errors: an initial state counts once, at the beginning") {
    Example ex = example();
    const Matrix x = 0.5 * random_matrix(8, 1, 6);
    const std::vector<std::vector<Index>> words{{0, 1, 2}};
    const Matrix given = word_errors(ex.network, ex.repertoire, words, x);
    ex.network.initial = x;
    CHECK(word_errors(ex.network, ex.repertoire, words) == given);
}

TEST_CASE("word_errors: a word that runs away is lost, and its company is not") {
    Example ex = example();
    ex.network.network.response = Response::linear;
    ex.network.network.weights = Matrix(9.0 * Matrix::Identity(8, 8));  // grows by 3 a step
    const std::vector<std::vector<Index>> words(2, std::vector<Index>(20, 1));
    ex.network.network.bias.setZero();
    ex.network.input.setZero();
    ex.network.loops = std::vector<Loops>(3, {Matrix::Zero(8, 1), Matrix::Zero(8, 1)});
    ex.network.gains.setOnes();
    Matrix start = Matrix::Zero(8, 2);
    start(0, 0) = 1.0;
    const Matrix errors = word_errors(ex.network, ex.repertoire, words, start);
    CHECK(std::isinf(errors(19, 0)));
    CHECK(std::isfinite(errors(5, 0)));  // 3^60 is about 4e28
    CHECK(errors(19, 1) == errors(0, 1));
}

TEST_CASE("word_errors: what is out of place is named") {
    const Example ex = example();
    const auto refused = [&](auto change, const char* words) {
        Example bad = ex;
        change(bad);
        CHECK_THROWS_WITH(
            static_cast<void>(word_errors(bad.network, bad.repertoire, {{0, 1}, {2, 0}})),
            doctest::Contains(words));
    };
    refused([](Example& e) { e.repertoire.targets.clear(); }, "targets: found none");
    refused([](Example& e) { e.repertoire.targets[1].resize(3, 2); }, "targets[1]");
    refused([](Example& e) { e.repertoire.targets[1](0, 0) = NAN; }, "targets[1]");
    refused([](Example& e) { e.repertoire.steps = 0; }, "steps: found 0");
    refused([](Example& e) { e.repertoire.preparation = -1; }, "preparation: found -1");
    refused([](Example& e) { e.repertoire.inputs.conservativeResize(6, 2); }, "inputs");
    refused([](Example& e) { e.repertoire.cues.resize(0, 0); }, "cues");
    refused([](Example& e) { e.repertoire.preparatory_gates.resize(1, 3); }, "preparatory_gates");
    refused([](Example& e) { e.repertoire.gain_weights.resize(3, 1); }, "gain_weights");
    refused([](Example& e) { e.network.input.resize(8, 5); }, "inputs");
    const auto words_refused = [&](const std::vector<std::vector<Index>>& words, const char* text) {
        CHECK_THROWS_WITH(static_cast<void>(word_errors(ex.network, ex.repertoire, words)),
                          doctest::Contains(text));
    };
    words_refused({}, "words: found none");
    words_refused({{0, 1}, {0}}, "words of one length, 2");
    words_refused({{0, 3}}, "words: found motif 3, expected 0 to 2");
    CHECK_THROWS_WITH(
        static_cast<void>(word_errors(ex.network, ex.repertoire, {{0}}, Matrix::Zero(8, 2))),
        doctest::Contains("start"));
}

}  // namespace heddle
