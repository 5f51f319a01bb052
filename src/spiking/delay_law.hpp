#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "heddle/circuit/distribution.hpp"
#include "spiking/row_stream.hpp"

namespace heddle {

/// A law of delays on the grid of time steps: x is rounded to the nearest multiple of the step, and
/// to one step if that is 0 or negative. Probabilities are kept to 2⁻³²; what is rarer is not
/// drawn.
class DelayLaw final {
  public:
    static constexpr std::uint32_t most_steps = 65535;

    /// \throws DomainError naming `what` if delays reach beyond 65,535 steps.
    DelayLaw(const Distribution& law, double step, const std::string& what);

    /// The delays that can be drawn, steps, rising.
    [[nodiscard]] const std::vector<std::uint32_t>& steps() const { return steps_; }
    /// Positions in `steps`, one for each synapse. \cost one 32-bit word each, none if constant.
    void draw(RowStream& stream, std::span<std::uint16_t> positions) const;

  private:
    void set_guide();

    std::vector<std::uint32_t> steps_;
    std::vector<std::uint32_t> last_;   ///< The last 32-bit word that gives each position.
    std::vector<std::uint16_t> guide_;  ///< The first position that words of these upper bits give.
};

/// A delay in time steps, as above.
[[nodiscard]] std::uint32_t delay_steps(double delay, double step);

}  // namespace heddle
