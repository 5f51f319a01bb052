#include "rectified/smooth_tangents.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "flow/dormand_prince.hpp"
#include "heddle/network/generators.hpp"

using namespace heddle;

namespace {

/// State and tangent vectors after one time constant in so many steps.
Matrix after(const Network& network, Index steps) {
    const Index n = size(network);
    Vector start(n);
    start.setLinSpaced(-1.0, 2.0);
    SmoothTangents flow(network, start, network.tau / static_cast<double>(steps), true, 1);
    Matrix both = Matrix::Identity(n, n);
    flow.advance(steps, both);
    both.conservativeResize(n, n + 1);
    both.col(n) = flow.state();
    return both;
}

}  // namespace

TEST_CASE(
    "SmoothTangents: state and tangent vectors converge with order 8 (order of convergence)") {
    const Network network = make_network(gaussian_weights(6, 3.0, 1), 0, 0, 0.01, Response::tanh);
    const Matrix reference = after(network, 64);
    const double coarse = (after(network, 5) - reference).norm();
    const double fine = (after(network, 10) - reference).norm();
    CHECK(std::abs(std::log2(coarse / fine) - DormandPrince::order) < 0.1);
}

TEST_CASE("SmoothTangents: tangent vectors are the derivative of the flow (slow twin)") {
    const TransferResponse sigmoid{.hazard = Hazard::sigmoid, .variance = 1.0};
    for (const Response& response : {Response::softplus, Response(sigmoid)}) {
        const Network network = make_network(gaussian_weights(6, 2.0, 1), 0, 0, 0.01, response);
        Vector start(6);
        start.setLinSpaced(-1.0, 2.0);
        const auto state_from = [&](const Vector& x) {
            SmoothTangents flow(network, x, 0.001, true, 1);
            Matrix none(6, 0);
            flow.advance(20, none);
            return Vector(flow.state());
        };
        SmoothTangents flow(network, start, 0.001, true, 1);
        Matrix q = Matrix::Identity(6, 6);
        flow.advance(20, q);
        for (Index j = 0; j < 6; ++j) {
            const Vector by = 1e-5 * Vector::Unit(6, j);
            const Vector difference = (state_from(start + by) - state_from(start - by)) / 2e-5;
            CHECK((difference - q.col(j)).norm() < 1e-8);
        }
    }
}
