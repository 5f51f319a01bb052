#include "heddle/network/response.hpp"

#include <array>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "network/response_curve.hpp"

namespace heddle {
namespace {

constexpr std::array<const char*, 5> response_names = {"linear", "rectified", "tanh", "softplus",
                                                       "transfer"};

void require(bool holds, const char* field, double found, const char* unit,
             const std::string& expected) {
    if (!holds)
        throw DomainError(std::string("response: ") + field + " is " + number_text(found) + " " +
                          unit + "; " + expected);
}

void positive(double value, const char* field, const char* unit) {
    require(value > 0.0 && std::isfinite(value), field, value, unit, "it must be > 0 and finite");
}

void not_negative(double value, const char* field, const char* unit) {
    require(value >= 0.0 && std::isfinite(value), field, value, unit,
            "it must be at least 0 and finite");
}

}  // namespace

void validate(const TransferResponse& response) {
    positive(response.Delta_V, "Delta_V", "mV");
    positive(response.lambda_0, "lambda_0", "Hz");
    not_negative(response.lambda_floor, "lambda_floor", "Hz");
    require(response.lambda_floor == 0.0 || response.hazard == Hazard::rectified, "lambda_floor",
            response.lambda_floor, "Hz",
            std::string("only rectified hazards have a floor, and this one is ") +
                name_of(response.hazard));
    positive(response.tau_m, "tau_m", "ms");
    positive(response.scale, "scale", "mV");
    not_negative(response.variance, "variance", "mV²");
    require(std::isfinite(response.potential), "potential", response.potential, "mV",
            "it must be finite");
    require(TransferCurve(response).has_gain(), "potential", response.potential, "mV",
            "the rate there is no number, or does not answer to input; give a state in which the "
            "population fires");
}

Response response_from(std::string_view name) {
    for (std::size_t i = 0; i + 1 < response_names.size(); ++i)
        if (name == response_names[i]) return Response(static_cast<Response::Kind>(i));
    throw DomainError("response: found '" + std::string(name) +
                      "', expected linear, rectified, tanh or softplus, or the response of an "
                      "artificial unit");
}

const char* name_of(const Response& response) {
    return response_names.at(static_cast<std::size_t>(response.kind()));
}

UnitResponse unit_response(const Response& response, double x) {
    if (!std::isfinite(x)) throw DomainError("x: it must be a finite number");
    const ResponseCurve curve(response);
    return {curve.value(x), curve.slope(x)};
}

double steepest(const Response& response) {
    if (response.kind() != Response::Kind::transfer) return 1.0;
    return TransferCurve(response.transfer()).steepest();
}

bool is_smooth(const Response& response) {
    if (response.kind() != Response::Kind::transfer)
        return response.kind() != Response::Kind::rectified;
    return response.transfer().hazard != Hazard::rectified || response.transfer().variance > 0.0;
}

}  // namespace heddle
