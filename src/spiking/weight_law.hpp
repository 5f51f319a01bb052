#pragma once

#include <span>

#include "heddle/circuit/distribution.hpp"
#include "spiking/row_stream.hpp"

namespace heddle {

/// Draws weights from a law, in single precision. What falls outside the interval is drawn again.
/// \cost one 32-bit word for a normal or lognormal weight, two for the others, none for a constant.
/// \see Marsaglia & Tsang (2000), J Stat Softw 5(8), for the normals; layer and place come from
///      different bits, as Doornik (2005) asks.
void draw_weights(const Distribution& law, RowStream& stream, std::span<float> weights);

}  // namespace heddle
