"""What an export asks of its arguments before it writes anything."""

from __future__ import annotations

from heddle._core import Circuit, DomainError

__all__ = ["check"]


def check(circuit: Circuit, duration: float, transient: float, step: float) -> None:
    """Raises DomainError: a time out of its range, or what `validate` finds in the circuit."""
    for name, value, least in (("duration", duration, step), ("transient", transient, 0.0)):
        if not value >= least:
            raise DomainError(f"{name}: found {value} ms, expected {least} ms or more")
    if not step > 0:
        raise DomainError(f"step: found {step} ms, expected above 0")
    circuit.validate(step)
