#include "heddle/flow/segment_map.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Loops some_loops(Index n, Index k, double thalamic_tau) {
    return {0.1 * examples::random_matrix(n, k, 21), 0.1 * examples::random_matrix(n, k, 22),
            thalamic_tau};
}

}  // namespace

TEST_CASE("segment_map: observation and transfer are those of one long exponential (slow twin)") {
    const Network network = examples::network(30, 2);
    for (const double thalamic_tau : {0.0, 0.004}) {
        const Loops loops = some_loops(30, 3, thalamic_tau);
        const JointDynamics dynamics = joint_dynamics(network, &loops);
        CHECK(dynamics.a.rows() == (thalamic_tau > 0.0 ? 33 : 30));
        const SegmentMap map = segment_map(dynamics, network.readout, 0.003, 37, false);
        for (const Index j : {0, 1, 2, 17, 37}) {
            const Matrix e = exponential(dynamics.a * (0.003 * static_cast<double>(j)));
            CHECK((map.observation.middleRows(2 * j, 2) - network.readout * e.topRows(30)).norm() <
                  1e-11);
        }
        CHECK((map.transfer - exponential(dynamics.a * 0.111).topRows(30)).norm() < 1e-11);
    }
}

TEST_CASE(
    "segment_map: noise in a long segment reaches the stationary covariance (limit case, "
    "Lyapunov)") {
    const Network network = examples::network(30, 2);
    const Loops loops = some_loops(30, 3, 0.0);
    const JointDynamics dynamics = joint_dynamics(network, &loops);
    const SegmentMap map = segment_map(dynamics, network.readout, 0.005, 4000, true);
    const Matrix stationary =
        solve_lyapunov(dynamics.a, Matrix::Identity(30, 30) * (2.0 / network.tau));
    CHECK((map.noise_covariance - stationary).norm() < 1e-9 * stationary.norm());
    const double output = (network.readout * stationary * network.readout.transpose()).trace();
    CHECK(map.noise_output.row(map.steps).sum() == doctest::Approx(output).epsilon(1e-9));
}

TEST_CASE(
    "segment_map: an unconnected unit fluctuates with standard deviation 1 at unit noise (closed "
    "form)") {
    Network network = make_network(Matrix(Matrix::Zero(4, 4)), 1, 0);
    const SegmentMap map =
        segment_map(joint_dynamics(network, nullptr), network.readout, 0.002, 5, true);
    const double variance = 1.0 - std::exp(-2.0 * 0.01 / network.tau);
    CHECK((map.noise_covariance - variance * Matrix::Identity(4, 4)).norm() < 1e-13);
    CHECK((map.noise_root * map.noise_root.transpose() -
           (1.0 - std::exp(-0.4)) * Matrix::Identity(4, 4))
              .norm() < 1e-13);
}

TEST_CASE("joint_dynamics: a response that is not linear is refused by name") {
    Network network = examples::network(10, 1);
    network.response = Response::rectified;
    CHECK_THROWS_AS(static_cast<void>(joint_dynamics(network, nullptr)), DomainError);
}
