#include "circuit_values.hpp"

#include <array>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"

namespace heddle::python {
namespace {

constexpr std::array<const char*, 5> distribution_names = {"constant", "normal", "lognormal",
                                                           "lorentzian", "uniform"};
constexpr std::array<const char*, 2> adaptation_names = {"threshold", "current"};
constexpr std::array<const char*, 3> synapse_names = {"delta", "exponential", "alpha"};
constexpr std::array<const char*, 8> rule_names = {
    "one_to_one",  "all_to_all", "fixed_indegree",     "fixed_outdegree",
    "fixed_total", "bernoulli",  "correlated_degrees", "edges"};

[[noreturn]] void raise_type(nb::handle value, const std::string& name, const char* expected) {
    throw nb::type_error((name + " is " + found_text(value) + "; expected " + expected).c_str());
}

/// Which of the names.
template <class Kind, std::size_t count>
Kind kind_from(nb::handle value, const std::string& name,
               const std::array<const char*, count>& names) {
    const auto text = from_python<std::string>(value, name);
    for (std::size_t i = 0; i < count; ++i)
        if (text == names[i]) return static_cast<Kind>(i);
    throw DomainError(name + " is '" + text + "'" +
                      did_you_mean(text, {names.begin(), names.end()}));
}

/// One of the classes of a variant.
template <class... Classes>
std::variant<Classes...> one_of(nb::handle value, const std::string& name, const char* expected) {
    std::variant<Classes...> result;
    const auto take = [&]<class Class>(const Class*) {
        if (!nb::isinstance<Class>(value)) return false;
        result = nb::cast<const Class&>(value);
        return true;
    };
    if (!(take(static_cast<const Classes*>(nullptr)) || ...)) raise_type(value, name, expected);
    return result;
}

template <class Variant>
nb::object alternative(const Variant& field, nb::handle owner) {
    const auto view = [&](const auto& held) {
        return nb::cast(&held, nb::rv_policy::reference_internal, owner);
    };
    return std::visit(view, field);
}

template <class Number>
nb::object array_of(const std::vector<Number>& field, nb::handle owner) {
    const std::size_t shape[] = {field.size()};
    return nb::ndarray<nb::numpy, const Number>(field.data(), 1, shape, owner)
        .cast(nb::rv_policy::reference);
}

std::uint32_t whole(double value, const std::string& name) {
    const auto number = static_cast<std::uint32_t>(std::max(0.0, std::min(value, 4294967295.0)));
    if (static_cast<double>(number) != value)
        throw DomainError(name + " holds " + nb::cast<std::string>(nb::str(nb::float_(value))) +
                          "; expected whole numbers, 0 or more");
    return number;
}

}  // namespace

const char* name_of(Distribution::Kind kind) {
    return distribution_names[static_cast<std::size_t>(kind)];
}

const char* name_of(Adaptation::Kind kind) {
    return adaptation_names[static_cast<std::size_t>(kind)];
}

const char* name_of(Synapse::Kind kind) {
    return synapse_names[static_cast<std::size_t>(kind)];
}

const char* name_of(const Rule& rule) {
    return rule_names[rule.index()];
}

template <>
Hazard from_python(nb::handle value, const std::string& name) {
    return hazard_from(from_python<std::string>(value, name));
}

template <>
nb::object to_python(const Hazard& field, nb::handle) {
    return nb::cast(heddle::name_of(field));
}

template <>
Distribution::Kind from_python(nb::handle value, const std::string& name) {
    return kind_from<Distribution::Kind>(value, name, distribution_names);
}

template <>
nb::object to_python(const Distribution::Kind& field, nb::handle) {
    return nb::cast(name_of(field));
}

template <>
Adaptation::Kind from_python(nb::handle value, const std::string& name) {
    return kind_from<Adaptation::Kind>(value, name, adaptation_names);
}

template <>
nb::object to_python(const Adaptation::Kind& field, nb::handle) {
    return nb::cast(name_of(field));
}

template <>
Synapse::Kind from_python(nb::handle value, const std::string& name) {
    return kind_from<Synapse::Kind>(value, name, synapse_names);
}

template <>
nb::object to_python(const Synapse::Kind& field, nb::handle) {
    return nb::cast(name_of(field));
}

template <>
Neuron from_python(nb::handle value, const std::string& name) {
    if (nb::isinstance<nb::str>(value)) return neuron_from(nb::cast<std::string>(value));
    return one_of<LeakyNeuron, EscapeNeuron, ExponentialNeuron, QuadraticNeuron>(
        value, name,
        "a LeakyNeuron, EscapeNeuron, ExponentialNeuron or QuadraticNeuron, or \"lif\", \"gif\", "
        "\"adex\" or \"qif\"");
}

template <>
nb::object to_python(const Neuron& field, nb::handle owner) {
    return alternative(field, owner);
}

template <>
Rule from_python(nb::handle value, const std::string& name) {
    if (nb::isinstance<nb::str>(value)) {
        const auto text = nb::cast<std::string>(value);
        if (text == "all_to_all") return AllToAll{};
        if (text == "one_to_one") return OneToOne{};
        throw DomainError(name + " is '" + text + "'" +
                          did_you_mean(text, {"all_to_all", "one_to_one"}));
    }
    return one_of<OneToOne, AllToAll, FixedIndegree, FixedOutdegree, FixedTotal, Bernoulli,
                  CorrelatedDegrees, Edges>(
        value, name,
        "a FixedIndegree, FixedOutdegree, FixedTotal, Bernoulli, CorrelatedDegrees or Edges, or "
        "\"all_to_all\" or \"one_to_one\"");
}

template <>
nb::object to_python(const Rule& field, nb::handle owner) {
    return alternative(field, owner);
}

template <>
Drive from_python(nb::handle value, const std::string& name) {
    return one_of<CurrentInput, PoissonInput, OrnsteinUhlenbeckInput>(
        value, name, "a CurrentInput, PoissonInput or OrnsteinUhlenbeckInput");
}

template <>
nb::object to_python(const Drive& field, nb::handle owner) {
    return alternative(field, owner);
}

template <>
Quenched from_python(nb::handle value, const std::string& name) {
    if (!nb::isinstance<nb::dict>(value))
        raise_type(value, name, "a dictionary of parameter names and Distributions");
    Quenched quenched;
    for (const auto [key, law] : nb::cast<nb::dict>(value)) {
        const auto parameter = from_python<std::string>(key, name);
        quenched[parameter] = from_python<Distribution>(law, name + " " + parameter);
    }
    return quenched;
}

template <>
nb::object to_python(const Quenched& field, nb::handle owner) {
    nb::dict laws;
    for (const auto& [name, law] : field) laws[name.c_str()] = to_python(law, owner);
    return laws;
}

template <>
std::vector<double> from_python(nb::handle value, const std::string& name) {
    const auto numbers = to_eigen<Vector>(value, name);
    return {numbers.begin(), numbers.end()};
}

template <>
nb::object to_python(const std::vector<double>& field, nb::handle owner) {
    return array_of(field, owner);
}

template <>
std::vector<std::uint32_t> from_python(nb::handle value, const std::string& name) {
    const auto numbers = to_eigen<Vector>(value, name);
    std::vector<std::uint32_t> result;
    result.reserve(static_cast<std::size_t>(numbers.size()));
    for (const double number : numbers) result.push_back(whole(number, name));
    return result;
}

template <>
nb::object to_python(const std::vector<std::uint32_t>& field, nb::handle owner) {
    return array_of(field, owner);
}

template <>
Distribution from_python(nb::handle value, const std::string& name) {
    if (nb::isinstance<Distribution>(value)) return nb::cast<const Distribution&>(value);
    double number = 0.0;
    if (nb::isinstance<nb::bool_>(value) || !nb::try_cast(value, number))
        raise_type(value, name, "a number or a Distribution");
    return {.location = number};
}

template <>
Synapse from_python(nb::handle value, const std::string& name) {
    if (nb::isinstance<Synapse>(value)) return nb::cast<const Synapse&>(value);
    if (!nb::isinstance<nb::str>(value))
        raise_type(value, name, "a Synapse, or \"delta\", \"exponential\" or \"alpha\"");
    return {.kind = from_python<Synapse::Kind>(value, name)};
}

}  // namespace heddle::python
