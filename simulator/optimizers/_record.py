"""The record of an optimizer, with which each file ends."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from typing import Any, Literal, NamedTuple, get_args

Family = Literal["plain", "momentum", "adaptive", "second order", "schedule-free", "sign", "sharpness-aware", "noise"]
FAMILIES: tuple[str, ...] = get_args(Family)
"""Families of optimizers, in the order of lists."""


class Pair(NamedTuple):
    """A number for x and one for y: both parameters, their gradient, or two normal numbers."""

    x: Any
    y: Any


class Hessian(NamedTuple):
    """The second derivatives of a batch's loss."""

    xx: Any
    xy: Any
    yy: Any


def no_fault(settings: Any) -> str | None:
    """The settings of this optimizer may be combined freely."""


@dataclass(frozen=True)
class Optimizer:
    """One update rule, for one parameter, which x and y follow alike, or for a pair of them.

    ``update(theta, gradient, memory, constants, settings)`` returns the new theta and the new memory.  With ``pair``,
    theta and gradient are a ``Pair``, and one memory is shared by both parameters.

    ``memory`` is the named tuple of what the rule remembers.  Its defaults are the values at the start, unless
    ``start(theta, settings)`` returns them; theta is there an array (particles,), or a ``Pair`` of arrays, and so may
    the values be.  ``step_constants(t, lr, settings)`` computes what is the same for all particles at update
    t = 1, 2, ... from the scheduled rate.  It is called once, with the arrays of a whole run, and returns a named tuple
    of arrays, or of numbers that are the same for all updates; the rule gets one number of each.  ``fault(settings)``
    describes a combination of settings that has no meaning.

    An ``update`` with a parameter ``normal`` gets a standard normal number there, or a ``Pair`` of them.  One for pairs
    with a parameter ``curvature`` gets the ``Hessian`` of the batch.  With ``probe(x, y, gx, gy, settings)`` the
    batch's gradient is evaluated a second time, at the point it returns.

    Where theta is not the rule's answer, ``shown`` names the memory that is, such as an average: frames, losses and
    pictures show it.  A pair rule's ``shown = "average"`` means its memories ``average_x`` and ``average_y``.

    ``when_to_use`` and ``weakness`` are one sentence each.  An adaptive optimizer has
    ``rate(memory, constants, settings)`` for pictures: one parameter's rate after an update, the lr over the
    denominator, from plain numbers; a ``Pair`` of them for a pair rule.  ``gradient_weight(t, settings)`` is the weight
    of the gradient of update t in what this rate multiplies, where that is one number: 1 unless the rule averages
    gradients.  ``max_stable_sharpness(lr, settings)`` is the largest sharpness at which full batches settle on a
    quadratic at a constant rate; infinite for a rate of 0.  An optimizer whose rates adapt has
    ``stable_product(settings)`` instead, the largest rate times sharpness in the measure of its rates.
    """

    family: Family
    formula: str
    when_to_use: str
    weakness: str
    reference: str
    settings: type[Any]
    memory: type[Any]
    step_constants: Callable[..., Any]
    update: Callable[..., Any]
    pair: bool = False
    start: Callable[[Any, Any], Any] | None = None
    shown: str = ""
    fault: Callable[[Any], str | None] = no_fault
    rate: Callable[[Any, Any, Any], Any] | None = None
    gradient_weight: Callable[[int, Any], float] | None = None
    max_stable_sharpness: Callable[[float, Any], float] | None = None
    stable_product: Callable[[Any], float] | None = None
    probe: Callable[..., tuple[Any, Any]] | None = None

    def largest_product(self, settings: Any) -> float | None:
        """The largest stable rate times sharpness, where one is known."""
        if self.stable_product:
            return self.stable_product(settings)
        return self.max_stable_sharpness(1.0, settings) if self.max_stable_sharpness else None

    def stability(self, settings: Any) -> tuple[float, float] | None:
        """``product`` and ``decay``: full batch settles at a minimum up to lr = product / (sharpness + decay).

        None where no limit is known that depends on one lr and the rule alone.
        """
        if (most := self.max_stable_sharpness) is None:
            return None
        product = 2 * (most(1.0, settings) - most(2.0, settings))  # the largest sharpness is product / lr - decay
        return product, product - most(1.0, settings)

    def takes(self, extra: str) -> bool:
        """Whether ``update`` has this parameter: ``normal`` or ``curvature``."""
        return extra in self._parameters

    @cached_property
    def _parameters(self) -> frozenset[str]:
        """Names of the parameters of ``update``; blocks of a run ask again and again."""
        return frozenset(signature(self.update).parameters)
