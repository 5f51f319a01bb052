#pragma once

#include "equations/collocation.hpp"
#include "equations/curve.hpp"
#include "equations/local_system.hpp"

namespace heddle {

/// A periodic solution: x at the nodes of a mesh, shape (n, nodes), and its period.
struct PeriodicSolution {
    Matrix profile;
    double period;  ///< ms.
    double parameter;
};

/// The equations of a periodic solution, for unknowns in units in which they are of order 1:
/// profile, period, parameter.
class PeriodicProblem final {
  public:
    PeriodicProblem(const RateEquations& equations, std::size_t parameter, double time,
                    Index intervals);

    [[nodiscard]] const CollocationMesh& mesh() const { return mesh_; }

    /// Units of states, period and parameter, and the phase: that of this solution.
    void set_reference(const PeriodicSolution& solution, double range);

    [[nodiscard]] Vector packed(const PeriodicSolution& solution) const;
    [[nodiscard]] PeriodicSolution unpacked(const Vector& y) const;
    [[nodiscard]] CurveEquations equations();

    struct Multipliers {
        ComplexVector others;  ///< By falling modulus, but for the trivial one.
        double trivial_error;  ///< |μ₁ − 1|.
    };
    [[nodiscard]] Multipliers multipliers(const PeriodicSolution& solution);

    /// Largest |ẋ − f| between collocation points over the largest |ẋ|.
    [[nodiscard]] double defect(const PeriodicSolution& solution);

  private:
    struct Local {
        Vector state;
        Vector delayed;
    };
    [[nodiscard]] Local local(const PeriodicSolution& solution, const Vector& delays, double t,
                              const CollocationMesh::Stencil& here);
    [[nodiscard]] double phase_of(const Matrix& profile) const;
    [[nodiscard]] Vector residual(const PeriodicSolution& solution);
    [[nodiscard]] Matrix profile_slope(const PeriodicSolution& solution);
    [[nodiscard]] Matrix slope(const Vector& y);

    LocalSystem system_;
    std::size_t parameter_;
    CollocationMesh mesh_;
    Vector units_;  ///< Of states.
    double period_unit_ = 1.0;
    double range_ = 1.0;
    Matrix phase_;  ///< d reference / dt at nodes, shape (n, nodes), in units of the states.
    double phase_offset_ = 0.0;
};

}  // namespace heddle
