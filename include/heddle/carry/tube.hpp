#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heddle/carry/carry_over.hpp"

namespace heddle {

/// From where a motif is reached.
struct Arrival {
    std::optional<std::size_t> after;  ///< The motif before, performed from its own start; none:
                                       ///< the motif's own start, which its preparation holds.
    bool preparation = true;  ///< Whether the preparation is part of the passage. Without it there
                              ///< is none before.
};

/// A tube around the passage of a motif: no start within the ball leaves it. Distances are |δ|₂ /
/// (a √n), a root mean square over units relative to the amplitude.
struct Tube {
    double start;    ///< Radius of the ball of starts.
    Vector radius;   ///< Of the tube, at every step of the passage, (T + 1,); infinite where the
                     ///< bound is lost.
    double largest;  ///< During the motif.
    double end;      ///< At its end.
    Matrix output;   ///< Bound of |y − y_planned| at the motif's samples, (samples, d).
    double linear;   ///< How much a deviation grows or shrinks to the motif's end if it is
                     ///< infinitesimal: the largest singular value of the product of Jacobians.
    bool certified;  ///< The bound is finite at every step.
    std::string statement;
};

/// Ellipsoids that hold every trajectory from a ball of starts, E_t = {δ : δᵀ Q_t⁻¹ δ ≤ 1}. With J
/// the Jacobian of a step at the trajectory,
///
///     δ_{t+1} = J δ + η M r ,   |r_i| ≤ ½ sup |φ''| δ_i²   for |δ_i| ≤ √Q_ii ,
///     Q_{t+1} = (1 + β/α) J Q Jᵀ + (1 + α/β) b² η² M Mᵀ ,   b² = λ_max(F Q F) ,
///
/// F = diag(½ sup |φ''| √Q_ii), sup φ' at most, α² and β² the traces of the two terms without their
/// factors: the sum of two ellipsoids lies in the one of least trace. For b → 0 this is the linear
/// flow of the ball, exactly. Rectified units have r = 0 while none within reach of the tube
/// crosses 0. Computed in doubles; their rounding is not bounded.
///
/// \param start at least 0; relative to a √n.
/// \throws DomainError naming the argument.
/// \cost 6 n³ a step.
/// \see Kurzhanski & Vályi (1997), Ellipsoidal Calculus for Estimation and Control, Birkhäuser, for
///      the sum of ellipsoids.
[[nodiscard]] Tube tube(const CarriedLibrary& carried, std::size_t motif, double start,
                        const Arrival& arrival = {});

/// The largest ball of starts, to 5 %, whose tube stays within `most` during the motif; radius 0 if
/// there is none above 1e-6 · most. \cost About 12 tubes.
[[nodiscard]] Tube largest_tube(const CarriedLibrary& carried, std::size_t motif, double most,
                                const Arrival& arrival = {});

/// What is proven about every sequence of motifs, of any length and in any order.
struct SequenceCertificate {
    bool proven;
    Vector ball;   ///< s_j: after any sequence, the state at the end of j is so near to that of j
                   ///< performed alone, relative to a √n, (M,).
    Matrix miss;   ///< Distance of the end of j after i from that of j alone, (M, M).
    Matrix reach;  ///< End of the tube around j after i, whose starts are the ball of i, (M, M).
    Matrix error;  ///< Bound of the normalised squared error of j after i, in any sequence that
                   ///< begins with the own start of a motif, (M, M).
    Index rounds;
    std::string statement;
};

/// Balls around the motifs' ends which every preparation and motif maps into each other: proven if
/// for all pairs miss_ij + reach_ij ≤ s_j, where reach_ij is the end of the tube around j after i
/// from the ball s_i. Balls begin at twice the largest miss and grow to what is needed; what
/// shrinks no more is left unproven.
/// \cost M² tubes a round, one or two rounds where the answer is clear.
[[nodiscard]] SequenceCertificate certify_sequences(const CarriedLibrary& carried,
                                                    std::size_t threads = 0,
                                                    const Progress& progress = {});

}  // namespace heddle
