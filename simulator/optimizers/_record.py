"""The record of an optimizer, with which each file ends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def no_fault(settings: Any) -> str | None:
    """The settings of this optimizer may be combined freely."""


@dataclass(frozen=True)
class Optimizer:
    """One update rule, written for one parameter; x and y follow the same rule.

    ``update(theta, gradient, memory, constants, settings)`` returns the new theta and the new memory.

    ``memory`` is the named tuple of what the rule remembers; its defaults are the values at the start, and
    ``start(settings)`` gives them where they depend on the settings.  ``step_constants(t, lr, settings)`` computes
    what is the same for all particles at update t = 1, 2, ... from the scheduled rate.  It is called once, with the
    arrays of a whole run, and returns a named tuple of arrays, or of numbers that are the same for all updates; the
    rule gets one number of each.  ``fault(settings)`` describes a combination of settings that has no meaning.

    ``when_to_use`` and ``weakness`` are one sentence each.  An adaptive optimizer has
    ``rate(memory, constants, settings)`` for pictures: one parameter's rate after an update, the lr over the
    denominator, from plain numbers.  ``gradient_weight(t, settings)`` is the weight of the gradient of update t in
    what this rate multiplies, where that is one number: 1 unless the rule averages gradients.
    ``max_stable_sharpness(lr, settings)`` is the largest sharpness at which full batches settle on a quadratic at a
    constant rate; infinite for a rate of 0.

    A rule whose ``update`` has a sixth parameter, ``normal``, gets a standard normal number there.  With
    ``probe(x, y, gx, gy, settings)`` the batch's gradient is evaluated a second time, at the point it returns.
    ``direction(gx, gy, xx, xy, yy, settings)`` turns gradient and Hessian into what ``update`` gets.
    """

    formula: str
    when_to_use: str
    weakness: str
    reference: str
    settings: type[Any]
    memory: type[Any]
    step_constants: Callable[..., Any]
    update: Callable[..., Any]
    start: Callable[[Any], Any] | None = None
    fault: Callable[[Any], str | None] = no_fault
    rate: Callable[[Any, Any, Any], Any] | None = None
    gradient_weight: Callable[[int, Any], float] | None = None
    max_stable_sharpness: Callable[[float, Any], float] | None = None
    probe: Callable[..., tuple[Any, Any]] | None = None
    direction: Callable[..., tuple[Any, Any]] | None = None
