#include "heddle/network/response.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/network/network.hpp"
#include "network/response_curve.hpp"

using namespace heddle;

namespace {

const std::vector<Hazard> hazards = {Hazard::exponential, Hazard::softplus, Hazard::sigmoid,
                                     Hazard::rectified};

TransferResponse population(Hazard hazard, double variance = 2.25) {
    return {.hazard = hazard,
            .Delta_V = 2.0,
            .lambda_0 = 20.0,
            .lambda_floor = hazard == Hazard::rectified ? 3.0 : 0.0,
            .tau_m = 10.0,
            .potential = 1.0,
            .variance = variance,
            .scale = 1.5};
}

/// f in units of lambda_0, without a floor.
long double hazard_at(Hazard hazard, long double u) {
    if (hazard == Hazard::exponential) return std::exp(u);
    if (hazard == Hazard::rectified) return std::max(u, 0.0L);
    if (hazard == Hazard::sigmoid) return 1.0L / (1.0L + std::exp(-u));
    return std::max(u, 0.0L) + std::log1p(std::exp(-std::abs(u)));
}

/// Its mean over z times a polynomial in z, by Boole's rule: f, f' and f'' by parts are those of
/// f z / √w and f (z² − 1) / w. A rectified hazard's corner is an end of two panels.
long double mean_of(const TransferResponse& response, int order, double x) {
    const long double unit = response.Delta_V,
                      deviation = std::sqrt((long double)response.variance);
    const long double m = response.potential + (long double)response.scale * x;
    const auto integrand = [&](long double z) {
        const long double factor = order == 0   ? 1.0L
                                   : order == 1 ? z / deviation
                                                : (z * z - 1.0L) / (deviation * deviation);
        return factor * hazard_at(response.hazard, (m + deviation * z) / unit) *
               std::exp(-0.5L * z * z) / std::sqrt(2.0L * 3.14159265358979323846264338327950288L);
    };
    const auto panel = [&](long double low, long double high) {
        constexpr int steps = 8000;
        constexpr long double weights[] = {14.0L, 32.0L, 12.0L, 32.0L};
        const long double h = (high - low) / steps;
        long double sum = 7.0L * (integrand(low) + integrand(high));
        for (int i = 1; i < steps; ++i) sum += weights[i % 4] * integrand(low + h * i);
        return sum * h * 2.0L / 45.0L;
    };
    const long double corner = std::clamp(-m / deviation, -16.0L, 16.0L);
    return panel(-16.0L, corner) + panel(corner, 16.0L);
}

/// φ, φ' and φ''.
long double response_at(const TransferResponse& response, int order, double x) {
    const long double rest = order == 0 ? mean_of(response, 0, 0.0) : 0.0L;
    const long double power = std::pow((long double)response.scale, order - 1);
    return power * (mean_of(response, order, x) - rest) / mean_of(response, 1, 0.0);
}

std::string refusal(const TransferResponse& response) {
    try {
        validate(response);
    } catch (const DomainError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("unit_response: φ and its slope are those of the averaged hazard (slow twin)") {
    for (const Hazard hazard : hazards)
        for (const double variance : {0.3, 2.25, 90.0})
            for (const double x : {-6.0, -0.7, 0.0, 0.4, 5.0}) {
                const TransferResponse response = population(hazard, variance);
                const UnitResponse found = unit_response(response, x);
                const double value = static_cast<double>(response_at(response, 0, x));
                const double slope = static_cast<double>(response_at(response, 1, x));
                CHECK(std::abs(found.value - value) < 1e-8 * (1.0 + std::abs(value)));
                CHECK(std::abs(found.slope - slope) < 1e-8 * (1.0 + slope));
            }
}

TEST_CASE("ResponseCurve: nothing is farther from the truth than its errors say (slow twin)") {
    for (const Hazard hazard : hazards)
        for (const double variance : {0.3, 2.25, 90.0})
            for (const double x : {-4.0, -0.5, 0.0, 0.3, 3.0}) {
                const TransferResponse response = population(hazard, variance);
                const ResponseCurve curve(response);
                const auto off = [&](double found, int order) {
                    return static_cast<double>(std::abs(found - response_at(response, order, x)));
                };
                CHECK(off(curve.value(x), 0) <= curve.value_error(x) + 1e-16);
                CHECK(off(curve.slope(x), 1) <= curve.slope_error(x));
                CHECK(off(curve.curvature(x), 2) <= curve.curvature_bound(x, 0.0));
                CHECK(curve.slope_error(x) < 1e-7 * (1.0 + curve.slope(x)));
            }
}

TEST_CASE("ResponseCurve: φ'' stays within its bound over an interval, which is near it") {
    for (const Hazard hazard : hazards)
        for (const double variance : {0.5, 30.0})
            for (double x = -9.0; x < 9.0; x += 0.37)
                for (const double r : {0.01, 0.4, 2.5, 12.0}) {
                    const ResponseCurve curve(population(hazard, variance));
                    double most = 0.0;
                    for (int i = -200; i <= 200; ++i)
                        most = std::max(most, std::abs(curve.curvature(x + r * i / 200.0)));
                    const double bound = curve.curvature_bound(x, r);
                    REQUIRE(most <= bound);
                    REQUIRE(bound <= 1.003 * most + 1e-7);
                }
    const double infinity = std::numeric_limits<double>::infinity();
    const ResponseCurve sigmoid(population(Hazard::sigmoid));
    CHECK(sigmoid.curvature_bound(0.3, infinity) ==
          doctest::Approx(sigmoid.curvature_bound(0.3, 50.0)));
    CHECK(ResponseCurve(population(Hazard::exponential)).curvature_bound(0.0, infinity) > 1e300);
}

TEST_CASE("steepest: slopes come as near to it as one likes, and exponential ones have none") {
    for (const Hazard hazard : {Hazard::softplus, Hazard::sigmoid, Hazard::rectified})
        for (const double variance : {0.0, 2.25, 40.0}) {
            const TransferResponse response = population(hazard, variance);
            double most = 0.0;
            for (double x = -40.0; x < 40.0; x += 0.02)
                most = std::max(most, unit_response(response, x).slope);
            CHECK(most <= steepest(response));
            CHECK(most == doctest::Approx(steepest(response)).epsilon(1e-4));
        }
    CHECK(std::isinf(steepest(population(Hazard::exponential))));
    CHECK(steepest(Response::softplus) == 1.0);
}

TEST_CASE("Response: names, numbers and kinks are told apart") {
    for (const char* name : {"linear", "rectified", "tanh", "softplus"})
        CHECK(name_of(response_from(name)) == std::string(name));
    CHECK(response_from("tanh") == Response::tanh);
    CHECK_FALSE(Response::tanh == Response::softplus);
    const Response of_spikes = population(Hazard::sigmoid);
    CHECK(name_of(of_spikes) == std::string("transfer"));
    CHECK(of_spikes == Response(population(Hazard::sigmoid)));
    CHECK_FALSE(of_spikes == Response(population(Hazard::sigmoid, 2.0)));
    CHECK(is_smooth(population(Hazard::rectified)));
    CHECK_FALSE(is_smooth(population(Hazard::rectified, 0.0)));
    CHECK_FALSE(is_smooth(Response::rectified));
    CHECK(unit_response(population(Hazard::rectified, 0.0), -5.0).value ==
          doctest::Approx(-1.0 / 1.5));
    for (const char* name : {"transfer", "relu"})
        CHECK_THROWS_WITH_AS((void)response_from(name),
                             doctest::Contains("expected linear, rectified, tanh or softplus"),
                             DomainError);
    CHECK_THROWS_AS((void)unit_response(of_spikes, std::nan("")), DomainError);
}

TEST_CASE("validate: every number of a population's response is refused by name") {
    const auto with = [](auto field, double value) {
        TransferResponse response = population(Hazard::softplus);
        response.*field = value;
        return refusal(response);
    };
    CHECK(refusal(population(Hazard::softplus)) == "");
    CHECK(with(&TransferResponse::Delta_V, 0.0) ==
          "response: Delta_V is 0 mV; it must be > 0 and finite");
    CHECK(with(&TransferResponse::lambda_0, -1.0) ==
          "response: lambda_0 is -1 Hz; it must be > 0 and finite");
    CHECK(with(&TransferResponse::tau_m, INFINITY) ==
          "response: tau_m is inf ms; it must be > 0 and finite");
    CHECK(with(&TransferResponse::scale, std::nan("")) ==
          "response: scale is nan mV; it must be > 0 and finite");
    CHECK(with(&TransferResponse::variance, -0.5) ==
          "response: variance is -0.5 mV²; it must be at least 0 and finite");
    CHECK(with(&TransferResponse::lambda_floor, 2.0) ==
          "response: lambda_floor is 2 Hz; only rectified hazards have a floor, and this one is "
          "softplus");
    CHECK(with(&TransferResponse::potential, INFINITY) ==
          "response: potential is inf mV; it must be finite");
    CHECK(with(&TransferResponse::potential, -5000.0) ==
          "response: potential is -5000 mV; the rate there is no number, or does not answer to "
          "input; give a state in which the population fires");
}

TEST_CASE("validate: the membrane of a population's response carries the network's state") {
    const Response response = population(Hazard::softplus);
    CHECK_NOTHROW((void)make_network(Matrix(Matrix::Zero(2, 2)), 0, 0, 0.01, response));
    CHECK_THROWS_WITH_AS((void)make_network(Matrix(Matrix::Zero(2, 2)), 0, 0, 0.02, response),
                         doctest::Contains("response: tau_m is 10 ms and tau of the network 20 ms"),
                         DomainError);
}
