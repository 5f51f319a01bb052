#include "heddle/equations/code.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "equations/every_operation.hpp"
#include "equations/identifiers.hpp"
#include "equations/straight_line.hpp"
#include "equations/system.hpp"
#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "support/programs.hpp"

using namespace heddle;

namespace {

constexpr CodeLanguage languages[]{CodeLanguage::numpy,  CodeLanguage::cpp, CodeLanguage::julia,
                                   CodeLanguage::auto07, CodeLanguage::xpp, CodeLanguage::pyrates};

const CodeOptions short_run{.duration = 20.0, .step = 0.1};

std::string refused(const RateEquations& equations, CodeLanguage language,
                    const CodeOptions& options = {}) {
    try {
        (void)equation_files(equations, language, options);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The change of the states with inputs as at time 0, and the derivatives by states and parameters.
Matrix steady_change(const RateEquations& equations, const Vector& state) {
    const auto parameters = static_cast<Index>(equations.parameters.size());
    Matrix all(state.size(), state.size() + 1 + parameters);
    all.leftCols(state.size() + 1) << steady_velocity(equations, state),
        steady_slopes(equations, state).a;
    SteadySystem system(equations);
    for (Index k = 0; k < parameters; ++k)
        all.col(state.size() + 1 + k) = system.slope(state, static_cast<std::size_t>(k));
    return all;
}

}  // namespace

TEST_CASE("equation_code: the numpy program takes the steps of solve, for every operation") {
    if (!examples::has(examples::python())) {
        MESSAGE("no Python with numpy: not run");
        return;
    }
    const RateEquations equations = examples::every_operation();
    CHECK(examples::difference(equations, CodeLanguage::numpy, short_run) < 1e-12);
    CodeOptions other = short_run;
    other.silent_past = true;
    other.state = Vector{{-0.2, 0.7}};
    CHECK(examples::difference(equations, CodeLanguage::numpy, other) < 1e-12);
}

TEST_CASE("equation_code: the C++ program compiles without warnings and takes the steps of solve") {
    if (!examples::has("g++")) {
        MESSAGE("no g++: not run");
        return;
    }
    CHECK(examples::difference(examples::every_operation(), CodeLanguage::cpp, short_run) < 1e-12);
}

TEST_CASE("equation_code: the Julia program takes the steps of solve") {
    if (!examples::has("julia")) {
        MESSAGE("no julia: not run");
        return;
    }
    CHECK(examples::difference(examples::every_operation(), CodeLanguage::julia, short_run) <
          1e-12);
}

TEST_CASE("equation_code: XPP gives the rates of solve in the digits that it writes") {
    if (!examples::has("xppaut")) {
        MESSAGE("no xppaut: not run");
        return;
    }
    const RateEquations equations = examples::wilson_cowan(1.5);
    const examples::Workshop workshop;
    workshop.write(equation_files(equations, CodeLanguage::xpp, short_run));
    REQUIRE(workshop.run("xppaut rates.ode -silent > log 2>&1"));
    const auto found = workshop.numbers("output.dat");
    const RateTrajectory truth =
        solve(equations, {.duration = 20.0, .step = 0.2, .tolerance = INFINITY});
    for (Index k = 0; k < truth.times.size(); ++k)
        for (Index a = 0; a < 2; ++a)
            CHECK(found[2 * static_cast<std::size_t>(k)][static_cast<std::size_t>(a) + 1] ==
                  doctest::Approx(truth.rates(a, k)).epsilon(2e-7));
}

TEST_CASE("equation_code: AUTO gets the velocity and its exact derivatives") {
    if (!examples::has("gfortran")) {
        MESSAGE("no gfortran: not run");
        return;
    }
    const RateEquations equations = without_delays(examples::every_operation(), 2);
    const auto n = static_cast<Index>(equations.states.size());
    CodeOptions options;
    options.state = 0.7 * Vector::Random(n);
    const examples::Workshop workshop;
    workshop.write(equation_files(equations, CodeLanguage::auto07, options));
    const std::string size = std::to_string(n);
    workshop.write(
        "main.f90",
        "program main\n  double precision :: u(" + size + "), f(" + size + "), j(" + size + "," +
            size + "), p(" + size + ", 36), par(36)\n  integer :: i\n" + "  call stpnt(" + size +
            ", u, par, 0d0)\n  call func(" + size + ", u, (/1/), par, 2, f, j, p)\n  do i = 1, " +
            size +
            "\n    print '(*(es25.17))', f(i), j(i, :), p(i, 1:3)\n  end do\nend program main\n");
    REQUIRE(workshop.run("gfortran -std=f2008 rates.f90 main.f90 -o rates && ./rates > f"));
    const auto found = workshop.numbers("f");
    const Matrix truth = steady_change(equations, options.state);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < truth.cols(); ++j)
            CHECK(found[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] ==
                  doctest::Approx(truth(i, j)).epsilon(1e-12));
}

TEST_CASE("equation_code: AUTO starts at an equilibrium, along the parameter that is asked for") {
    CodeOptions options;
    options.parameter = "tau_I";
    const auto files = equation_files(examples::wilson_cowan(-8.0), CodeLanguage::auto07, options);
    REQUIRE(files.size() == 2);
    CHECK(files[0].name == "rates.f90");
    CHECK(files[1].name == "c.rates");
    CHECK(holds(files[1].text, "ICP = ['tau_I']"));
    CHECK(holds(files[1].text, "NDIM = 2"));
    // r_E relaxes to about 100 e^{−8}, not to the 5 Hz it starts with.
    const auto at = files[0].text.find("u(1) = ");
    CHECK(std::stod(files[0].text.substr(at + 7)) == doctest::Approx(0.03).epsilon(0.5));
    options.parameter = "tau_J";
    CHECK(holds(refused(examples::wilson_cowan(0.0), CodeLanguage::auto07, options),
                "parameter is 'tau_J', which is neither a parameter nor an input; did you mean"));
}

TEST_CASE("equation_code: the formulas for PyRates are those of the equations") {
    if (!examples::has(examples::python())) {
        MESSAGE("no Python with numpy: not run");
        return;
    }
    const RateEquations equations = without_delays(examples::every_operation(), 1);
    const examples::Workshop workshop;
    workshop.write(equation_files(equations, CodeLanguage::pyrates));
    // The template is read line by line: what PyRates does with a formula, Python does too.
    workshop.write("read.py", R"py(
import re
from numpy import *
absv = abs
text = open("rates.yaml").read()
values = {k: float(v) for k, v in re.findall(r"^    (\w+): (?:\w+\()?([-\d.e]+)\)?$", text, re.M)}
for name, formula in re.findall(r'- "(\S+) = (.*)"$', text, re.M):
    value = eval(formula, globals(), values)
    if name.endswith("'"):
        print(repr(float(value)))
    else:
        values[name] = value
)py");
    REQUIRE(workshop.run(examples::python() + " read.py > f"));
    const auto found = workshop.numbers("f");
    Vector state(static_cast<Index>(equations.states.size()));
    for (Index i = 0; i < state.size(); ++i)
        state[i] = equations.states[static_cast<std::size_t>(i)].initial;
    const Vector truth = steady_velocity(equations, state);
    REQUIRE(static_cast<Index>(found.size()) == state.size());
    // Sums over a fixed grid: 1e-8 of their value.
    for (Index i = 0; i < state.size(); ++i)
        CHECK(found[static_cast<std::size_t>(i)][0] ==
              doctest::Approx(truth[i]).epsilon(1e-7).scale(0.1));
}

TEST_CASE("equation_code: every language has words for every operation") {
    const RateEquations equations = without_delays(examples::every_operation(), 2);
    for (const CodeLanguage language : languages) {
        CHECK(refused(equations, language) == "");
        CHECK(equation_code(equations, language).size() > 1000);
    }
}

TEST_CASE("equation_code: what a language cannot say is refused, with what would help") {
    const RateEquations late = examples::wilson_cowan(0.0, 1.0);
    for (const CodeLanguage language : {CodeLanguage::auto07, CodeLanguage::pyrates})
        CHECK(holds(refused(late, language), "write without_delays(equations, stages) instead"));
    RateEquations definition =
        examples::equations_of({{"x", "", 2.0, -symbol("x") + delayed("f", 1.0)}});
    definition.definitions = {{"f", "", hyperbolic_tangent(symbol("x"))}};
    CHECK(holds(refused(definition, CodeLanguage::xpp, {.silent_past = true}),
                "'f' is delayed and was 0 before the start, but XPP remembers states only"));
    CHECK(refused(definition, CodeLanguage::xpp) == "");
    CHECK(
        holds(refused(examples::equations_of({{"x", "", 1.0, -symbol("x")}}), CodeLanguage::auto07),
              "no parameter"));
    CHECK(holds(refused(late, CodeLanguage::numpy, {.step = 2.0}),
                "step is 2 ms, above the delay of 'r_E', 1 ms"));
    CHECK(holds(refused(late, CodeLanguage::numpy, {.name = "2 rates"}), "name is '2 rates'"));
    CHECK_THROWS_WITH_AS((void)code_language("numpi"), doctest::Contains("did you mean 'numpy'?"),
                         DomainError);
    RateEquations endless = examples::equations_of({{"x", "", 1.0, symbol("x") * INFINITY}});
    CHECK(holds(refused(endless, CodeLanguage::numpy), "not finite"));
}

TEST_CASE("Identifiers: no two names share one, and none is a word of the language") {
    Identifiers names({.reserved = {"if"}, .case_matters = false, .longest = 9, .parts = {"_idx"}});
    CHECK(names.add("if") == "if_2");
    CHECK(names.add("IF") == "IF_3");
    CHECK(names.add("r_L2/3 é") == "r_L2_3");
    CHECK(names.add("r_L2-3") == "r_L2_3_2");
    CHECK(names.add("2_x") == "n2_x");
    CHECK(names.add("τ") == "n");
    CHECK(names.add("a_long_name") == "a_long_na");
    CHECK(names.add("a_long_nail") == "a_long__2");
    CHECK(names.add("r_idx") == "ridx");
    CHECK(names.of("r_L2-3") == "r_L2_3_2");
}

TEST_CASE("straight_line: lines are short, and what is shared is computed once") {
    Expression sum = 0.0;
    const Expression shared = exponential(symbol("a") * symbol("b"));
    for (int k = 0; k < 40; ++k) sum += power(shared, 2.0 + k) / (1.0 + k * symbol("a"));
    const auto lines = straight_line({{"s", sum}, {"r", square(sum)}});
    CHECK(lines.back().name == "r");
    int exponentials = 0;
    std::vector<Assignment> known;
    Expression value = 0.0;
    for (const Assignment& line : lines) {
        CHECK(leaves_of({line.value}).size() <= 16);
        const Expression::Node& node = line.value.node();
        exponentials += node.operation == Operation::exponential ? 1 : 0;
        // Put together again they are the formula.
        value = with_leaves(line.value, [&](const Expression& leaf) {
            for (const Assignment& item : known)
                if (item.name == leaf.node().name) return item.value;
            return leaf;
        });
        known.push_back({line.name, value});
    }
    CHECK(exponentials == 1);
    const auto at = [](const Expression& formula) {
        const RateEquations equations = examples::equations_of(
            {{"x", "", 0.0, formula}}, {{"a", "", 0.3, ""}, {"b", "", -0.7, ""}});
        return steady_velocity(equations, Vector{{0.0}})[0];
    };
    CHECK(at(value) == doctest::Approx(at(square(sum))).epsilon(1e-13));
}
