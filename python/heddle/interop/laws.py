"""Laws of numbers, for scripts that draw them."""

from __future__ import annotations

import math
from typing import Any

from heddle._core import Distribution
from heddle.interop.script import literal

__all__ = ["DRAW", "constant_of", "drawn", "is_constant", "sign_of"]

# Goes into a script that draws numbers with NumPy.
DRAW = '''
def draw(n, kind, location, scale, low=-np.inf, high=np.inf):
    """n numbers of a law; what falls outside [low, high] is drawn again."""
    x = np.full(n, np.nan)
    while (wrong := ~((x >= low) & (x <= high))).any():
        m = wrong.sum()
        if kind == "normal":
            x[wrong] = rng.normal(location, scale, m)
        elif kind == "lognormal":
            spread = np.log1p((scale / location) ** 2)
            x[wrong] = location * np.exp(rng.normal(-spread / 2, np.sqrt(spread), m))
        elif kind == "lorentzian":
            x[wrong] = location + scale * rng.standard_cauchy(m)
        else:
            x[wrong] = rng.uniform(low, high, m)
    return x
'''


def is_constant(law: Distribution) -> bool:
    return law.kind == "constant" or (law.kind != "uniform" and law.scale == 0)


def constant_of(law: Distribution) -> float:
    return float(law.location)


def drawn(law: Distribution, count: Any) -> str:
    """The expression of `count` numbers drawn by DRAW, or of the constant."""
    if is_constant(law):
        return literal(constant_of(law))
    arguments = [str(count), repr(law.kind), literal(law.location), literal(law.scale)]
    if math.isfinite(law.low):
        arguments.append(f"low={literal(law.low)}")
    if math.isfinite(law.high):
        arguments.append(f"high={literal(law.high)}")
    return f"draw({', '.join(arguments)})"


def sign_of(law: Distribution) -> int:
    """1 or −1 if no number of the law has the other sign (0 has both), 0 if both occur."""
    if is_constant(law) or law.kind == "lognormal":
        return -1 if law.location < 0 else 1
    if law.low >= 0:
        return 1
    return -1 if law.high <= 0 else 0
