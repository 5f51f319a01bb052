#include "heddle/measure/certificate.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/flow/segment_map.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/perform.hpp"
#include "heddle/measure/transitions.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// A library of small networks whose preparation lasts `time` time constants.
Library prepared_for(double time, double thalamic_tau = 0.0) {
    DesignOptions options;
    options.preparation_time = time;
    options.motif_loops.thalamic_tau = thalamic_tau;
    return examples::library({"a", "b", "c"}, options, 60);
}

/// Motifs that grow tenfold, so that their modes do too, and next to no preparation.
Library growing() {
    DesignOptions options;
    options.motif_loops.loops = 4;
    options.preparation_time = 0.5;
    std::vector<Motif> motifs;
    for (const char* name : {"a", "b", "c"}) {
        Motif motif = examples::motif(name);
        for (Index j = 0; j < motif.values.rows(); ++j)
            motif.values.row(j) *= std::pow(10.0, static_cast<double>(j) / 120.0);
        motifs.push_back(motif);
    }
    return design(examples::network(60, 2), motifs, options);
}

/// |x − x(0)| at the start of every motif, from the planned state at the first.
std::vector<double> deviations(const Library& library, const std::vector<std::string>& sequence) {
    std::vector<double> found;
    PerformOptions options;
    options.initial_state = library.motifs[find_motif(library, sequence[0])].initial_state;
    perform(library, sequence, options, [&](PerformedMotif&& item) {
        found.push_back(item.state_error * library.motifs[item.motif].initial_state.norm());
    });
    return found;
}

std::vector<std::string> random_word(const Library& library, std::size_t length,
                                     std::uint64_t seed) {
    std::vector<std::string> word;
    for (std::uint64_t k = 0; k < length; ++k)
        word.push_back(library.motifs[Random(seed).integer(k) % library.motifs.size()].motif.name);
    return word;
}

/// E M_i by the exponentials as they are written.
Matrix transition_map(const Library& library, std::size_t i) {
    const Index n = size(library.network);
    const auto corner = [&](const Loops& loops, double time) -> Matrix {
        return exponential(joint_dynamics(library.network, &loops).a * time).topLeftCorner(n, n);
    };
    const MotifLoops& design = library.motifs[i];
    return corner(library.preparation.loops, library.preparation.duration) *
           corner(design.loops, duration(design.motif));
}

}  // namespace

TEST_CASE("certify: deviations in words of 200 motifs stay below the bound") {
    for (const double thalamic_tau : {0.0, 0.003}) {
        const Library library = prepared_for(15.0, thalamic_tau);
        const Certificate found = certify(library);
        REQUIRE(found.verdict == "stable");
        CHECK(found.proven);
        CHECK(found.breaking.empty());
        for (std::uint64_t seed = 1; seed <= 3; ++seed)
            for (const double deviation : deviations(library, random_word(library, 200, seed)))
                CHECK(deviation <= found.bound);
    }
}

TEST_CASE("certify: what no 2-norm can prove, an ellipsoid proves, and performances agree") {
    const Library library = prepared_for(0.5);
    const Transitions plain = transitions(library);
    REQUIRE(plain.q >= 1.0);
    REQUIRE(std::isinf(plain.bound));
    const Certificate found = certify(library);
    CHECK(found.verdict == "stable");
    CHECK(found.radius.upper < 1.0);
    CHECK(found.radius.proof != "2-norm");
    CHECK(!found.breaking.empty());
    double largest = 0.0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
        for (const double deviation : deviations(library, random_word(library, 200, seed)))
            largest = std::max(largest, deviation);
    CHECK(largest <= found.bound);
    CHECK(found.bound < 1000.0 * largest);
}

TEST_CASE("certify: the reported ellipsoid contracts every E M_i, computed afresh") {
    const Library library = prepared_for(0.5);
    const Certificate found = certify(library, {.safe_time = false});
    const Matrix& t = found.radius.transform;
    CHECK(singular_values(t).minCoeff() == doctest::Approx(1.0).epsilon(1e-9));
    CHECK(found.radius.rank < 60);
    for (std::size_t i = 0; i < 3; ++i) {
        const Matrix map = transition_map(library, i);
        CHECK(spectral_norm(map) ==
              doctest::Approx(found.contraction[static_cast<Index>(i)]).epsilon(1e-8));
        CHECK(spectral_norm(t * map * solve(t, Matrix::Identity(60, 60))) <=
              found.radius.ellipsoid * (1.0 + 1e-8));
        CHECK((found.contraction[static_cast<Index>(i)] >= 1.0) ==
              (std::ranges::find(found.breaking, library.motifs[i].motif.name) !=
               found.breaking.end()));
    }
}

TEST_CASE("certify: the lower bound is the spectral radius of the full product of the word") {
    const Library library = prepared_for(0.5);
    const Certificate found = certify(library, {.safe_time = false});
    Matrix product = Matrix::Identity(60, 60);
    for (const std::string& name : found.worst_word)
        product = (transition_map(library, find_motif(library, name)) * product).eval();
    const double exact = std::pow(spectral_radius(eigenvalues(product)),
                                  1.0 / static_cast<double>(found.worst_word.size()));
    CHECK(std::abs(found.radius.lower - exact) <= 3.0 * found.radius.lower_error);
    CHECK(found.radius.lower_error < 0.1 * exact);
    CHECK(exact <= found.radius.upper);
}

TEST_CASE("certify: too coarse a compression does not leave the verdict open") {
    const Library library = prepared_for(0.5);
    std::vector<Matrix> maps;
    for (std::size_t i = 0; i < 3; ++i) maps.push_back(transition_map(library, i));
    JointRadiusOptions coarse;
    coarse.compression = 0.3;
    const JointRadius once = joint_spectral_radius(maps, coarse);
    REQUIRE(once.upper >= 1.0);
    const Certificate found = certify(library, {.radius = coarse, .safe_time = false});
    CHECK(found.verdict == "stable");
    CHECK(found.radius.rank > once.rank);
}

TEST_CASE("certify: a word that is proven to diverge really does when it is performed") {
    const Library library = growing();
    const Certificate found = certify(library, {.safe_time = false});
    REQUIRE(found.verdict == "unstable");
    CHECK(found.proven);
    CHECK(std::isinf(found.bound));
    std::vector<std::string> sequence;
    const std::size_t length = found.worst_word.size();
    const std::size_t repetitions = 60 / length;
    for (std::size_t k = 0; k <= repetitions; ++k)
        sequence.insert(sequence.end(), found.worst_word.begin(), found.worst_word.end());
    const std::vector<double> grown = deviations(library, sequence);
    const std::size_t late = repetitions * length;
    const std::size_t early = late - length * (repetitions / 2);
    const double rate =
        std::pow(grown[late] / grown[early], 1.0 / static_cast<double>(late - early));
    CHECK(rate > 1.0);
    CHECK(rate == doctest::Approx(found.radius.lower).epsilon(0.05));
}

TEST_CASE("certify: the safe time is proven stable, and lies below the one of the 2-norm") {
    Library library = prepared_for(15.0);
    const double by_norm = transitions(library).safe_time;
    const double found = certify(library).safe_time;
    CHECK(found < 0.9 * by_norm);
    library.preparation.duration = found;
    CHECK(certify(library, {.safe_time = false}).verdict == "stable");
    // Too short: the longer preparation that would do is found from below.
    library.preparation.duration = 0.5 * found;
    const Certificate shorter = certify(library);
    CHECK(shorter.verdict != "stable");
    CHECK(shorter.safe_time == doctest::Approx(found).epsilon(0.11));
    CHECK(shorter.statement.find("a preparation of") != std::string::npos);
}

TEST_CASE("certify: a preparation that is asked for takes the place of the library's") {
    Library library = prepared_for(15.0);
    const double tau = library.network.tau;
    const Certificate asked = certify(library, {.preparation = 0.5 * tau, .safe_time = false});
    library.preparation.duration = 0.5 * tau;
    const Certificate own = certify(library, {.safe_time = false});
    CHECK(asked.preparation == 0.5 * tau);
    CHECK(asked.radius.upper == own.radius.upper);
    CHECK(asked.bound == own.bound);
}

TEST_CASE("certify: the same bits for any number of threads") {
    const Library library = prepared_for(0.5);
    const Certificate one = certify(library, {}, 1), three = certify(library, {}, 3);
    CHECK(one.radius.upper == three.radius.upper);
    CHECK(one.radius.lower == three.radius.lower);
    CHECK(one.bound == three.bound);
    CHECK(one.safe_time == three.safe_time);
}

TEST_CASE("certify: bad arguments are named") {
    Library library = prepared_for(15.0);
    CHECK_THROWS_AS((void)certify(library, {.preparation = -1.0}), DomainError);
    library.motifs.clear();
    CHECK_THROWS_WITH_AS((void)certify(library), "library: found no motif, expected at least one",
                         DomainError);
}
