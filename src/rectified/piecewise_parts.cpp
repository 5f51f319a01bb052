#include "rectified/piecewise_parts.hpp"

namespace heddle {

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
