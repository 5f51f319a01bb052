#include "spike_arrays.hpp"

#include "circuit_values.hpp"
#include "heddle/core/error.hpp"

namespace heddle::python {
namespace {

/// A view of one member of many spikes.
template <class Number>
nb::object view(const Number* first, std::size_t count, nb::handle owner) {
    const std::size_t shape[] = {count};
    const std::int64_t strides[] = {sizeof(Spike) / sizeof(Number)};
    return nb::ndarray<nb::numpy, const Number>(first, 1, shape, owner, strides)
        .cast(nb::rv_policy::reference);
}

nb::tuple views(const std::vector<Spike>& spikes, nb::handle owner) {
    static const Spike none{};  // Something to point to where there is no spike.
    const Spike* const first = spikes.empty() ? &none : spikes.data();
    return nb::make_tuple(view(&first->time, spikes.size(), owner),
                          view(&first->neuron, spikes.size(), owner));
}

}  // namespace

nb::tuple spike_arrays(std::vector<Spike>&& spikes) {
    auto* const kept = new std::vector<Spike>(std::move(spikes));
    const nb::capsule owner(kept,
                            [](void* p) noexcept { delete static_cast<std::vector<Spike>*>(p); });
    return views(*kept, owner);
}

template <>
std::vector<Spike> from_python(nb::handle value, const std::string& name) {
    if (!nb::isinstance<nb::sequence>(value) || nb::len(value) != 2)
        throw nb::type_error((name + " must be a pair of arrays: times and neurons").c_str());
    const auto times = from_python<std::vector<double>>(value[0], name + " times");
    const auto neurons = from_python<std::vector<std::uint32_t>>(value[1], name + " neurons");
    if (times.size() != neurons.size())
        throw ShapeError(name + " neurons", std::to_string(times.size()),
                         std::to_string(neurons.size()));
    std::vector<Spike> spikes(times.size());
    for (std::size_t i = 0; i < spikes.size(); ++i) spikes[i] = {times[i], neurons[i]};
    return spikes;
}

template <>
nb::object to_python(const std::vector<Spike>& field, nb::handle owner) {
    return views(field, owner);
}

}  // namespace heddle::python
