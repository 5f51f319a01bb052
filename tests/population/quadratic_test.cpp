#include "heddle/population/quadratic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>

#include "heddle/core/error.hpp"
#include "population/quadratic_circuits.hpp"

using namespace heddle;
using examples::lorentzian;
using std::numbers::pi;

namespace {

/// What one refusal says.
std::string refusal(const std::function<void(Circuit&)>& change) {
    Circuit circuit = examples::two_populations();
    change(circuit);
    try {
        (void)quadratic_rates(circuit);
    } catch (const DomainError& error) {
        return error.what();
    }
    return "accepted";
}

void check_refusal(const std::function<void(Circuit&)>& change, const std::string& part) {
    const std::string said = refusal(change);
    INFO(said);
    CHECK(said.find(part) != std::string::npos);
}

Vector some_state() {
    Vector state(8);
    state << 12.0, -0.7, 20.0, 0.4, 15.0, 9.0, 11.0, 0.3;
    return state;
}

}  // namespace

TEST_CASE("quadratic_rates: gains are in-degree × weight × what a spike brings") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    REQUIRE(equations.couplings.size() == 4);
    const auto expected = [](double k, double w, double q) {
        return doctest::Approx(1e-3 * k * w * q).epsilon(1e-12);
    };
    CHECK(equations.couplings[0].gain == expected(1000, 0.02, 4.0));
    CHECK(equations.couplings[0].width == expected(1000, 0.004, 4.0));
    CHECK(equations.couplings[1].gain == expected(1000, 0.02, std::numbers::e * 2.0));
    CHECK(equations.couplings[2].gain == expected(200, -0.03, 10.0));
    CHECK(equations.couplings[3].gain == expected(200, -0.01, 8.0));
    CHECK(equations.adaptations[0].gain == expected(1, 0.3, 50.0));
    CHECK(equations.state_names ==
          std::vector<std::string>{"r_E", "v_E", "r_I", "v_I", "s_E,1", "x_E,2", "s_E,2", "a_E"});
}

TEST_CASE("quadratic_rates: without autapses and at random the in-degree is the mean one") {
    Circuit circuit = examples::one_population(-1.0, 1.0, 10.0);
    circuit.projections[0].autapses = false;
    CHECK(quadratic_rates(circuit).couplings[0].gain == doctest::Approx(0.999 * 0.1));
    circuit.projections[0].rule = Bernoulli{0.25};
    CHECK(quadratic_rates(circuit).couplings[0].gain == doctest::Approx(0.25 * 0.999 * 0.1));
    circuit.projections[0].rule = FixedIndegree{{.location = 80.0}};
    const QuadraticRates equations = quadratic_rates(circuit);
    CHECK(equations.couplings[0].gain == doctest::Approx(0.08 * 0.1));
    CHECK(equations.assumptions.back().find("mean in-degree, 80;") != std::string::npos);
}

TEST_CASE("quadratic_rates: projections that see the same share one filter") {
    Circuit circuit = examples::two_populations();
    circuit.projections[1].synapse = circuit.projections[0].synapse;
    CHECK(quadratic_rates(circuit).filters.size() == 3);
    circuit.projections[1].delay.location = 1.5;
    CHECK(quadratic_rates(circuit).filters.size() == 4);
}

TEST_CASE("velocity: the equations of Montbrió, Pazó and Roxin as they write them") {
    // Their (12): ṙ = Δ/π + 2 r v, v̇ = v² + η + J r + I − π² r², time in τ, r per τ.
    const double eta = -3.0, delta = 0.7, j = 11.0, tau = 20.0;
    const QuadraticRates equations = quadratic_rates(examples::one_population(eta, delta, j, tau));
    const double rate = 0.3, v = -0.4, delayed = 0.2;
    const Vector state{{1e3 * rate / tau, v}};
    const Vector change =
        velocity(equations, state, {Vector{{1e3 * delayed / tau}}, Vector::Constant(1, 1.5)});
    CHECK(change[0] * tau * tau * 1e-3 == doctest::Approx(delta / pi + 2.0 * rate * v));
    CHECK(change[1] * tau ==
          doctest::Approx(v * v + eta + j * delayed + 1.5 - pi * pi * rate * rate));
}

TEST_CASE("velocity: Lorentzian weights widen, adaptation subtracts, filters relax") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    const Vector state = some_state();
    const Vector delayed{{3.0, 5.0, 7.0, 4.0}};
    const Vector change = velocity(equations, state, {delayed, Vector{{0.5, 0.0}}});
    const double d = 1.0 + 1e-3 * 1000 * 0.004 * 4.0 * 15.0;
    const double i = 1e-3 * 1000 * 0.02 * 4.0 * 15.0 - 1e-3 * 200 * 0.03 * 10.0 * 7.0 - 0.3;
    CHECK(change[0] == doctest::Approx((1e3 * d / (pi * 10.0) - 2.0 * 12.0 * 0.7) / 10.0));
    CHECK(change[1] ==
          doctest::Approx((0.49 - 1.0 + i + 0.5 - std::pow(pi * 10.0 * 0.012, 2)) / 10.0));
    CHECK(change[4] == doctest::Approx((3.0 - 15.0) / 4.0));
    CHECK(change[5] == doctest::Approx((5.0 - 9.0) / 2.0));
    CHECK(change[6] == doctest::Approx((9.0 - 11.0) / 2.0));
    CHECK(change[7] == doctest::Approx((0.3e-3 * 50.0 * 12.0 - 0.3) / 50.0));
}

TEST_CASE("jacobian: the central differences of velocity") {
    Circuit circuit = examples::two_populations();
    circuit.projections[2].weight = lorentzian(-0.03, 0.01);  // Of a delta synapse.
    const QuadraticRates equations = quadratic_rates(circuit);
    const Vector state = some_state();
    const RateDrive drive{Vector{{3.0, 5.0, 7.0, 4.0}}, Vector::Zero(2)};
    const RateJacobian exact = jacobian(equations, state);
    const double h = 1e-4;
    for (Index k = 0; k < state.size(); ++k) {
        Vector up = state, down = state;
        up[k] += h;
        down[k] -= h;
        const Vector slope =
            (velocity(equations, up, drive) - velocity(equations, down, drive)) / (2.0 * h);
        CHECK((slope - exact.state.col(k)).cwiseAbs().maxCoeff() < 1e-8);
    }
    for (Index k = 0; k < 4; ++k) {
        RateDrive up = drive, down = drive;
        up.delayed[k] += h;
        down.delayed[k] -= h;
        const Vector slope =
            (velocity(equations, state, up) - velocity(equations, state, down)) / (2.0 * h);
        CHECK((slope - exact.delayed.col(k)).cwiseAbs().maxCoeff() < 1e-8);
    }
}

TEST_CASE("quadratic_rates: the start is where the neurons start") {
    Circuit circuit = examples::one_population(-1.0, 1.0, 0.0);
    CHECK(quadratic_rates(circuit).initial == Vector{{0.0, 0.0}});
    circuit.populations[0].quenched["V_m"] = lorentzian(-0.5, 0.2);
    const Vector start = quadratic_rates(circuit).initial;
    CHECK(start[0] == doctest::Approx(1e3 * 0.2 / (pi * 10.0)));
    CHECK(start[1] == -0.5);
}

TEST_CASE("quadratic_rates: what the equations do not describe is refused with what would do") {
    using C = Circuit;
    check_refusal(
        [](C& c) {
            c.populations[1].neuron = LeakyNeuron{};
            c.populations[1].quenched = {};
        },
        "population 'I': its neurons are lif");
    check_refusal([](C& c) { c.populations[0].quenched.clear(); },
                  "population 'E': eta has no Lorentzian law");
    check_refusal([](C& c) { c.populations[0].quenched["eta"].low = -40.0; },
                  "leave low and high out");
    check_refusal([](C& c) { c.populations[0].quenched["eta"].scale = 0.0; },
                  "the half width of eta is 0; it must be > 0");
    check_refusal([](C& c) { c.populations[0].quenched["tau_m"] = {.location = 9.0}; },
                  "quenched tau_m differs");
    check_refusal(
        [](C& c) { c.populations[0].quenched["V_m"] = {Distribution::Kind::normal, 0.0, 1.0}; },
        "quenched V_m is neither a number nor a whole Lorentzian");
    check_refusal([](C& c) { c.populations[0].noise.sigma = 0.5; }, "pseudo-cumulant expansion");
    check_refusal([](C& c) { c.projections[1].weight = {Distribution::Kind::normal, 1.0, 0.1}; },
                  "projection 'E' → 'I': weight is neither constant nor Lorentzian");
    check_refusal([](C& c) { c.projections[0].weight.high = 9.0; }, "cut to an interval");
    check_refusal(
        [](C& c) { c.projections[0].delay = {Distribution::Kind::normal, 2.0, 0.1, 1.0}; },
        "delay has a law; give a number");
    check_refusal([](C& c) { c.projections[0].rule = OneToOne{}; }, "one_to_one has no mean field");
    check_refusal([](C& c) { c.projections[0].rule = Edges{{0}, {1}, {}, {}}; },
                  "given edges have no law");
    check_refusal([](C& c) { c.projections[0].rule = CorrelatedDegrees{0.1, 0.2, 0.2, 0.0}; },
                  "correlated degrees");
    check_refusal(
        [](C& c) {
            c.projections[0].rule =
                FixedIndegree{{Distribution::Kind::uniform, 0.0, 0.0, 10.0, 20.0}};
        },
        "indegree has a law");
    check_refusal(
        [](C& c) {
            c.projections[0].left = Matrix::Ones(1000, 1);
            c.projections[0].right = Matrix::Ones(1000, 1);
        },
        "left and right");
    check_refusal([](C& c) { c.inputs[0].drive = CurrentInput{{0.0}, Matrix::Ones(1000, 1)}; },
                  "input 0 (to 'E'): values has a row for each neuron");
    check_refusal([](C& c) { c.inputs[0].drive = PoissonInput{.rate = 100.0, .weight = 2.0}; },
                  "rate · weight · q = 0.2 / ms · q");
    check_refusal([](C& c) { c.inputs[0].drive = OrnsteinUhlenbeckInput{.sigma = 1.0}; },
                  "an Ornstein-Uhlenbeck current is random");
}

TEST_CASE("velocity: a state of another length is refused") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    CHECK_THROWS_WITH_AS((void)velocity(equations, Vector::Zero(3), {}),
                         "state has shape (3,); expected (8,).", ShapeError);
}

TEST_CASE("validate: equations made by hand say which field cannot be") {
    const auto refused = [](const std::function<void(QuadraticRates&)>& change) {
        QuadraticRates equations = quadratic_rates(examples::two_populations());
        validate(equations);
        change(equations);
        try {
            validate(equations);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    using Q = QuadraticRates;
    CHECK(refused([](Q& q) { q.names.clear(); }).starts_with("equations: they have no population"));
    CHECK(refused([](Q& q) { q.tau.resize(1); }) == "tau has shape (1,); expected (2,).");
    CHECK(refused([](Q& q) { q.delta[1] = 0.0; }) == "population 'I': delta is 0; it must be > 0");
    CHECK(refused([](Q& q) { q.couplings[2].filter = 9; }) ==
          "couplings[2]: filter is 9; there are 4");
    CHECK(refused([](Q& q) {
              q.couplings[0].width = -1.0;
          }).starts_with("couplings[0]: width is -1 / Hz"));
    CHECK(refused([](Q& q) { q.filters[1].source = -1; }) ==
          "filters[1]: source is -1; there are 2");
    CHECK(refused([](Q& q) { q.filters[0].delay = 0.0; }) ==
          "filters[0]: delay is 0 ms; it must be > 0");
    CHECK(refused([](Q& q) {
              q.filters[0].synapse.conductance = true;
          }).starts_with("filters[0]: its synapse is a conductance"));
    CHECK(refused([](Q& q) {
              q.adaptations[0].tau = -5.0;
          }).starts_with("adaptations[0]: tau is -5 ms"));
    CHECK(refused([](Q& q) {
              q.currents[0].values.resize(1);
          }).starts_with("values of a current has shape (1,)"));
    CHECK(refused([](Q& q) { std::swap(q.currents[0].times[0], q.currents[0].times[1]); }) ==
          "currents[0]: times must increase");
    CHECK(refused([](Q& q) { q.initial.resize(3); }) == "initial has shape (3,); expected (8,).");
    CHECK(refused([](Q& q) { q.initial[0] = NAN; }).starts_with("initial holds NaN"));
}

TEST_CASE("equation_text: the equations, then every number of the circuit") {
    const std::string text = equation_text(quadratic_rates(examples::two_populations()));
    for (const char* line :
         {"τ_E ṙ_E = 1000 D_E / (π τ_E) + 2 r_E v_E\n",
          "τ_E v̇_E = v_E² + I_E − (0.001 π τ_E r_E)²\n", "D_E = Δ_E + Γ_E,E,1 |s_E,1|\n",
          "I_E = η_E + J_E,E,1 s_E,1 + J_E,I,1 r_I(t − d_I,1) − a_E + I_ext,E(t)\n",
          "τ_s,E,2 ẋ_E,2 = r_E(t − d_E,2) − x_E,2\n", "τ_a,E ȧ_E = b_E r_E − a_E\n",
          "  η_E = −1  (their median)\n", "  Γ_E,E,1 = 0.016 1/Hz  (half width of weights E_E,1)\n",
          "  d_I,1 = 2 ms  (delay)\n"})
        CHECK_MESSAGE(text.find(line) != std::string::npos, line);
}

TEST_CASE("equation_latex: the same in an aligned environment, names escaped") {
    Circuit circuit = examples::one_population(-5.0, 1.0, 15.0);
    circuit.populations[0].name = circuit.projections[0].source = circuit.projections[0].target =
        "L2_3";
    const std::string text = equation_latex(quadratic_rates(circuit));
    CHECK(text.starts_with("\\begin{aligned}\n"));
    CHECK(text.ends_with("\\end{aligned}"));
    CHECK(text.find("\\tau_{\\mathrm{L2,3}} \\dot{r}_{\\mathrm{L2,3}} &= "
                    "\\frac{1000 \\, D_{\\mathrm{L2,3}}}{\\pi \\, \\tau_{\\mathrm{L2,3}}} + 2 ") !=
          std::string::npos);
    CHECK(text.find("J_{\\mathrm{L2,3,L2,3}} \\, r_{\\mathrm{L2,3}}(t - d_{\\mathrm{L2,3}})") !=
          std::string::npos);
}
