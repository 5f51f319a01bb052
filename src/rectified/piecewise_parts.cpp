#include "rectified/piecewise_parts.hpp"

#include <numeric>

namespace heddle {

Support active_units(const Vector& inputs) {
    Support support;
    for (Index j = 0; j < inputs.size(); ++j)
        if (inputs[j] > 0.0) support.push_back(j);
    return support;
}

Support all_units(Index n) {
    Support units(static_cast<std::size_t>(n));
    std::iota(units.begin(), units.end(), Index{0});
    return units;
}

Support selected_rows(const Matrix& columns) {
    Support rows;
    for (Index j = 0; j < columns.cols(); ++j) {
        Index row = 0;
        if (columns.rows() == 0 || columns.col(j).maxCoeff(&row) != 1.0 ||
            (columns.col(j).array() != 0.0).count() != 1)
            return {};
        rows.push_back(row);
    }
    return rows;
}

}  // namespace heddle
