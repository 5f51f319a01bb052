"""Formulas, to write rate equations by hand.

from heddle.equations import EquationState, RateEquations, delayed, symbol

x = symbol("x")
wright = RateEquations(
    states=[EquationState("x", -1.8 * delayed("x", 1.0) * (1 + x), initial=0.1)]
)
wright.solve(duration=50.0)
"""

from heddle._core import (
    EquationDefinition,
    EquationInput,
    EquationParameter,
    EquationState,
    Expression,
    RateEquations,
    absolute,
    delayed,
    exponential,
    hyperbolic_tangent,
    logarithm,
    normal_below,
    rectified_mean,
    softplus_mean,
    symbol,
)

__all__ = [
    "EquationDefinition",
    "EquationInput",
    "EquationParameter",
    "EquationState",
    "Expression",
    "RateEquations",
    "absolute",
    "delayed",
    "exponential",
    "hyperbolic_tangent",
    "logarithm",
    "normal_below",
    "rectified_mean",
    "softplus_mean",
    "symbol",
]
