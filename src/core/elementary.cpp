#include "core/elementary.hpp"

namespace heddle::elementary {

HEDDLE_VECTORISE_WIDE double exp_of(double x) {
    return exp(x);
}

HEDDLE_VECTORISE_WIDE double log_of(double x) {
    return log(x);
}

}  // namespace heddle::elementary
