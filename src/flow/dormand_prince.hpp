#pragma once

#include <array>
#include <vector>

namespace heddle {

/// The twelve stages of the explicit Runge–Kutta method of order 8 by Dormand & Prince: stage i
/// starts from x + h Σ_j a_ij k_j, and the step is h Σ_j b_j k_j.
/// \see Hairer, Nørsett & Wanner (1993), Solving Ordinary Differential Equations I, II.5 (DOP853).
struct DormandPrince {
    struct Weight {
        int stage;  ///< j.
        double value;
    };
    static constexpr int order = 8;
    static constexpr int stages = 12;

    /// The non-zero a_ij of every stage i.
    std::array<std::vector<Weight>, stages> earlier;
    /// The non-zero b_j.
    std::vector<Weight> step;
};

[[nodiscard]] const DormandPrince& dormand_prince();

}  // namespace heddle
