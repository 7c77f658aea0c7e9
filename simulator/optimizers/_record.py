"""What errsurf knows of one optimizer.  Each rule file ends with one such record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def no_fault(settings: Any) -> str | None:
    """The settings of this optimizer may be combined freely."""


@dataclass(frozen=True)
class Optimizer:
    """One update rule, written for one parameter; x and y follow the same rule.

    ``update(theta, gradient, memory, now, settings)`` returns the new theta and the new memory.

    ``memory`` is the named tuple of what the rule remembers; its defaults are the values at the start,
    and ``start(settings)`` gives them where they depend on the settings.  ``now(t, lr, settings)``
    computes what is the same for all particles at update t = 1, 2, ... from the scheduled rate: called once
    with the arrays of a whole run, it returns a named tuple of arrays or numbers that hold for all updates;
    the rule sees one number of each.  ``fault(settings)`` says in words which combination of settings has
    no meaning.

    ``use`` says when to take this optimizer and ``fails`` how it fails, one sentence each.  An adaptive
    optimizer has ``rate(memory, now, settings)``, for pictures: one parameter's rate after an update, the lr
    over the denominator; plain numbers in and out, as ``update``.  ``own(t, settings)`` is the weight that the
    gradient of update t has in what is multiplied by this rate, where that is one number: 1 unless there is a mean of
    gradients.  ``limit(lr, settings)`` is the sharpness up to which full batches settle on a quadratic at a constant
    rate, infinite for a rate of 0.

    A rule whose ``update`` has a sixth parameter, ``normal``, gets a standard normal number there.  With
    ``probe(x, y, gx, gy, settings)`` the batch's gradient is taken a second time, at the place it returns.
    ``direction(gx, gy, xx, xy, yy, settings)`` turns gradient and Hessian into what ``update`` sees.
    """

    formula: str
    use: str
    fails: str
    reference: str
    settings: type[Any]
    memory: type[Any]
    now: Callable[..., Any]
    update: Callable[..., Any]
    start: Callable[[Any], Any] | None = None
    fault: Callable[[Any], str | None] = no_fault
    rate: Callable[[Any, Any, Any], Any] | None = None
    own: Callable[[int, Any], float] | None = None
    limit: Callable[[float, Any], float] | None = None
    probe: Callable[..., tuple[Any, Any]] | None = None
    direction: Callable[..., tuple[Any, Any]] | None = None
