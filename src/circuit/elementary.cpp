#include "circuit/elementary.hpp"

#include "circuit/hazard.hpp"

namespace heddle {
namespace elementary {

HEDDLE_VECTORISE_WIDE double exp_of(double x) {
    return exp(x);
}

HEDDLE_VECTORISE_WIDE double log_of(double x) {
    return log(x);
}

}  // namespace elementary

HEDDLE_VECTORISE_WIDE double hazard_shape(Hazard form, double u) {
    return with_hazard(form, [u](auto shape) HEDDLE_INLINE_LAMBDA { return shape(u); });
}

}  // namespace heddle
