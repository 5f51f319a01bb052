#include "circuit/hazard.hpp"

namespace heddle {

HEDDLE_VECTORISE_WIDE double hazard_shape(Hazard form, double u) {
    return with_hazard(form, [u](auto shape) HEDDLE_INLINE_LAMBDA { return shape(u); });
}

}  // namespace heddle
