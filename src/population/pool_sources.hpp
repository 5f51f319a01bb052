#pragma once

#include <cstdint>
#include <vector>

#include "heddle/core/random.hpp"
#include "population/quenched_input.hpp"

namespace heddle {

/// The random numbers of one neuron in one sweep, in order.
class NeuronDraws final {
  public:
    NeuronDraws(std::uint64_t key, std::uint64_t stream) : random_(key, stream) {}

    [[nodiscard]] double uniform() { return random_.uniform(next_++); }
    [[nodiscard]] double normal();
    /// One of 0 … n − 1.
    [[nodiscard]] std::size_t one_of(std::size_t n);

  private:
    Random random_;
    std::uint64_t next_ = 0;
};

/// The members of a population in a pool.
struct Members {
    std::vector<double> rate;    ///< Hz.
    std::vector<double> chosen;  ///< b: how often they are a source; empty unless that differs.
};

/// Σ w r and Σ w² r over the synapses of a neuron.
struct DrawnSum {
    double first = 0.0;
    double second = 0.0;
};

/// The value of one neuron of a pool, if it has as many members as there are values; else any.
[[nodiscard]] double one_value(const std::vector<double>& values, std::size_t neuron,
                               std::size_t members, NeuronDraws& draws);

/// Draws the synapses of one projection onto one neuron of a pool. A pool of all neurons of the
/// source has them share sources as a network does; a smaller one stands for more.
class PoolSource final {
  public:
    PoolSource(const Circuit& circuit, const QuenchedSource& source, Index pool);

    /// \param label  a of the neuron. \param neuron  its position.
    [[nodiscard]] DrawnSum draw(const Members& members, double label, std::size_t neuron,
                                NeuronDraws& draws) const;

  private:
    struct Edge {
        std::uint32_t source;
        double weight;
    };

    void add_edges(const Edges& edges, std::size_t targets);
    void add(double rate, NeuronDraws& draws, DrawnSum& sum) const;
    [[nodiscard]] DrawnSum by_edges(const Members& members, std::size_t neuron,
                                    NeuronDraws& draws) const;
    [[nodiscard]] DrawnSum by_factors(const Members& members, double label,
                                      NeuronDraws& draws) const;
    [[nodiscard]] DrawnSum picked(const Members& members, std::size_t count,
                                  NeuronDraws& draws) const;

    const Projection& of_;
    const QuenchedSource& source_;
    double sources_;  ///< That a neuron can have.
    double targets_;
    bool whole_;     ///< Is the pool as large as the population?
    bool constant_;  ///< Are all weights the same?
    std::vector<std::vector<Edge>> edges_;
};

}  // namespace heddle
