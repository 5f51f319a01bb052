#include "heddle/equations/expression.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>

#include "heddle/equations/text.hpp"
#include "modules.hpp"

namespace heddle::python {

namespace nb = nanobind;

namespace {

using namespace nb::literals;

nb::tuple parts_of(const Expression& self) {
    nb::list parts;
    for (const Expression& part : self.node().parts) parts.append(nb::cast(part));
    const Expression::Node& node = self.node();
    return nb::make_tuple(static_cast<int>(node.operation), node.value, node.order, node.name,
                          nb::tuple(parts));
}

void unpickle(Expression& self, const nb::tuple& state) {
    Expression::Node node{.operation = static_cast<Operation>(nb::cast<int>(state[0])),
                          .value = nb::cast<double>(state[1]),
                          .order = nb::cast<int>(state[2]),
                          .name = nb::cast<std::string>(state[3]),
                          .parts = {}};
    for (const nb::handle part : state[4]) node.parts.push_back(nb::cast<Expression>(part));
    new (&self) Expression(std::move(node));
}

}  // namespace

void bind_expression(nb::module_& module) {
    nb::class_<Expression>(module, "Expression", R"(A formula of named symbols, an immutable value.

Made by `symbol`, `delayed`, numbers, + − * / and **, and `exponential`, `logarithm`,
`hyperbolic_tangent`, `absolute`, `normal_below`, `softplus_mean`, `rectified_mean`.)")
        .def("__init__", [](Expression* self, double number) { new (self) Expression(number); })
        .def(nb::self + nb::self)
        .def(nb::self - nb::self)
        .def(nb::self * nb::self)
        .def(nb::self / nb::self)
        .def(double() + nb::self)
        .def(double() - nb::self)
        .def(double() * nb::self)
        .def(double() / nb::self)
        .def(-nb::self)
        .def(
            "__pow__",
            [](const Expression& self, double exponent) { return power(self, exponent); },
            nb::is_operator())
        .def("__repr__", [](const Expression& self) { return expression_text(self); })
        .def("__getstate__", &parts_of)
        .def("__setstate__", &unpickle);
    nb::implicitly_convertible<double, Expression>();
    nb::implicitly_convertible<int, Expression>();
    module.def("symbol", &symbol, "name"_a, "A state, definition, parameter or input, by name.");
    module.def(
        "delayed", &delayed, "name"_a, "by"_a,
        "A state or definition so long ago: `by` in ms, a number or a formula of parameters.");
    module.def("exponential", &exponential, "x"_a, "eˣ as a formula.");
    module.def("logarithm", &logarithm, "x"_a, "The natural logarithm as a formula.");
    module.def("hyperbolic_tangent", &hyperbolic_tangent, "x"_a, "tanh x as a formula.");
    module.def("absolute", &absolute, "x"_a, "|x| as a formula.");
    module.def(
        "normal_below", [](const Expression& x) { return normal_below(x); }, "x"_a,
        "The standard normal distribution function as a formula.");
    module.def(
        "softplus_mean",
        [](int order, const Expression& u, const Expression& w) {
            return softplus_mean(order, u, w);
        },
        "order"_a, "u"_a, "w"_a,
        "Mean over a standard normal z of derivative `order` of log(1 + eˣ) at u + √w z: 1 is "
        "the logistic function.");
    module.def(
        "rectified_mean",
        [](int order, const Expression& u, const Expression& w) {
            return rectified_mean(order, u, w);
        },
        "order"_a, "u"_a, "w"_a,
        "Mean over a standard normal z of derivative `order` of max(x, 0) at u + √w z.");
}

}  // namespace heddle::python
