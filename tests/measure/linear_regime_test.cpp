#include "heddle/measure/linear_regime.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/loops/perform.hpp"
#include "heddle/measure/rectified_performance.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

ThalamicBias shifted(ThalamicBias bias, double by) {
    for (Vector& c : bias.motifs) c.array() += by;
    bias.preparation.array() += by;
    return bias;
}

Index crossings(const std::vector<RectifiedMotif>& items) {
    Index total = 0;
    for (const RectifiedMotif& item : items) total += item.crossings + item.preparation_crossings;
    return total;
}

Library lagging_library(double thalamic_tau) {
    DesignOptions options;
    options.motif_loops.thalamic_tau = thalamic_tau;
    return examples::library({"a", "b", "c"}, options);
}

}  // namespace

TEST_CASE("linear_regime: with the certified bias no thalamic unit ever rectifies (slow twin)") {
    const std::vector<std::string> sequence = {"a", "b", "b", "c", "a", "c", "b", "a"};
    for (const double thalamic_tau : {0.0, 0.004}) {
        const Library library = lagging_library(thalamic_tau);
        const LinearRegime regime = linear_regime(library);
        // What the preparations leave over moves the drives a little off the plan.
        const auto items = perform_rectified(library, sequence, shifted(regime.bias, 0.01));
        CHECK(crossings(items) == 0);
        PerformOptions options;
        options.initial_state = library.motifs[0].initial_state;
        std::size_t i = 0;
        perform(library, sequence, options, [&](PerformedMotif&& linear) {
            CHECK((linear.output - items[i].output).norm() < 1e-9 * linear.output.norm());
            CHECK(items[i].error == doctest::Approx(linear.error).epsilon(1e-6));
            CHECK(items[i].isolated_error == doctest::Approx(linear.isolated_error).epsilon(1e-9));
            ++i;
        });
    }
}

TEST_CASE("linear_regime: the certified bias is the least one (residual identity)") {
    const Library library = lagging_library(0.0);
    const LinearRegime regime = linear_regime(library);
    CHECK(regime.slack < 0.05);
    for (std::size_t i = 0; i < 3; ++i) {
        const Matrix drives = library.motifs[i].loops.v.transpose() *
                              isolated_states(library.motifs[i], library.network.tau);
        const Vector least = drives.rowwise().minCoeff();
        CHECK((regime.bias.motifs[i] + least).minCoeff() > -1e-9);  // enough
        CHECK((regime.bias.motifs[i] + least).maxCoeff() < 0.05 * least.cwiseAbs().maxCoeff());
    }
    CHECK(crossings(perform_rectified(library, {"a"}, shifted(regime.bias, -0.2))) > 0);
}

TEST_CASE("linear_regime: inhibition covers the drive of every silent unit at every sample") {
    const Library library = lagging_library(0.0);
    const LinearRegime regime = linear_regime(library);
    for (Index a = 0; a < 3; ++a) {
        const Matrix states =
            isolated_states(library.motifs[static_cast<std::size_t>(a)], library.network.tau);
        const Matrix& preparatory = library.preparation.loops.v;
        CHECK(regime.inhibition_preparatory[a] >= (preparatory.transpose() * states).maxCoeff());
        for (Index b = 0; b < 3; ++b) {
            const Matrix& inputs = library.motifs[static_cast<std::size_t>(b)].loops.v;
            if (a == b)
                CHECK(std::isnan(regime.inhibition(a, b)));
            else
                CHECK(regime.inhibition(a, b) >= (inputs.transpose() * states).maxCoeff());
        }
    }
}

TEST_CASE("perform_rectified says which argument is wrong") {
    const Library library = lagging_library(0.0);
    ThalamicBias bias = linear_regime(library).bias;
    CHECK_THROWS_AS((void)perform_rectified(library, {}, bias), DomainError);
    CHECK_THROWS_AS((void)perform_rectified(library, {"x"}, bias), DomainError);
    bias.preparation.resize(1);
    CHECK_THROWS_AS((void)perform_rectified(library, {"a"}, bias), ShapeError);
}
