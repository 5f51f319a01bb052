#pragma once

#include <vector>

#include "circuit/individual.hpp"
#include "spiking/step_kernels.hpp"

namespace heddle {

/// The neurons first … first + count − 1 of a population: one for all of them, if no parameter is
/// quenched, or one for each.
class Individuals final {
  public:
    Individuals(const Population& population, Index first, Index count, std::uint64_t seed);

    [[nodiscard]] bool differ() const { return each_.size() > 1; }
    [[nodiscard]] const Individual& operator[](std::size_t i) const {
        return each_[differ() ? i : 0];
    }
    [[nodiscard]] std::size_t size() const { return v_.size(); }
    /// Potentials at t = 0.
    [[nodiscard]] const std::vector<double>& potentials() const { return v_; }

  private:
    std::vector<Individual> each_;
    std::vector<double> v_;
};

/// Numbers that a step needs of each neuron, column by column: one number for equal neurons.
class Columns final {
  public:
    Columns() = default;
    /// `write(individual, row)` fills the `many` columns of one neuron.
    template <class Write>
    Columns(std::size_t many, const Individuals& individuals, Write write);

    /// For the neurons from `first` on.
    [[nodiscard]] kernels::Column at(std::size_t column, std::size_t first) const {
        return {data_.data() + column * stride_ + (differ_ ? first : 0), differ_};
    }

  private:
    std::vector<double> data_;
    std::size_t stride_ = 0;
    bool differ_ = false;
};

template <class Write>
Columns::Columns(std::size_t many, const Individuals& individuals, Write write)
    : stride_(individuals.differ() ? individuals.size() : 1), differ_(individuals.differ()) {
    data_.resize(many * stride_);
    std::vector<double> row(many);
    for (std::size_t i = 0; i < stride_; ++i) {
        write(individuals[i], row.data());
        for (std::size_t c = 0; c < many; ++c) data_[c * stride_ + i] = row[c];
    }
}

}  // namespace heddle
