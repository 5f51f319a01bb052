#pragma once

#include <vector>

#include "convert.hpp"
#include "heddle/spiking/simulate.hpp"

namespace heddle::python {

/// (times, neurons): read-only views of the spikes, which they keep.
[[nodiscard]] nb::tuple spike_arrays(std::vector<Spike>&& spikes);

/// Spikes from a pair of arrays, and as views that live as long as `owner`.
template <>
[[nodiscard]] std::vector<Spike> from_python(nb::handle value, const std::string& name);
template <>
[[nodiscard]] nb::object to_python(const std::vector<Spike>& field, nb::handle owner);

}  // namespace heddle::python
