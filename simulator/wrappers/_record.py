"""The record of a wrapper, with which each file ends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Wrapping(NamedTuple):
    """A wrapper by its ``kind``, and its settings."""

    kind: str
    settings: Any


class Nothing(NamedTuple):
    """Placeholder for a wrapper without memory or constants."""

    nothing: Any = 0.0


def no_constants(t: Any, lr: Any, s: Any) -> Nothing:
    """Every update is alike."""
    return Nothing()


def no_fault(settings: Any) -> str | None:
    """The settings of this wrapper may be combined freely."""


@dataclass(frozen=True)
class Wrapper:
    """What is done around the update of any optimizer, for one parameter, or with ``pair`` for both together.

    ``before(theta, gradient, constants, settings)`` returns the gradient that the rule gets.
    ``after(before, theta, gradient, memory, constants, settings)`` returns theta and the new memory, where ``before``
    is theta before the update, ``theta`` what the rule made of it, and ``gradient`` that of the batch.

    ``memory``, ``start``, ``step_constants``, ``shown``, ``pair`` and ``fault`` are as in
    ``errsurf.optimizers.Optimizer``.  A wrapper that ``moves`` theta is not for rules whose answer is another point.
    """

    formula: str
    when_to_use: str
    weakness: str
    reference: str
    settings: type[Any]
    memory: type[Any] = Nothing
    step_constants: Callable[..., Any] = no_constants
    before: Callable[..., Any] | None = None
    after: Callable[..., Any] | None = None
    pair: bool = False
    start: Callable[[Any, Any], Any] | None = None
    shown: str = ""
    moves: bool = True
    fault: Callable[[Any], str | None] = no_fault
