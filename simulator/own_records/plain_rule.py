"""Optimizers and wrappers in plain Python, one number at a time: what kernels are compared with."""

from collections.abc import Iterable
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from errsurf.optimizers import Hessian, Optimizer, Pair
from errsurf.wrappers import Wrapper

Array = NDArray[np.float64]
CURVATURE = Hessian(2.0, 0.3, 1.0)
"""Of a bowl, for rules that need one."""


def first_memory(record: Optimizer | Wrapper, settings: Any, theta: Any = 0.7) -> Any:
    """What the rule remembers before the first update from theta, a number or for a pair rule a ``Pair``."""
    return record.start(theta, settings) if record.start else record.memory()


def first_memories(record: Optimizer | Wrapper, settings: Any, theta: Pair) -> list[Any]:
    """The memories of a rule, one for x and one for y, or one for both."""
    return [first_memory(record, settings, at) for at in ((theta,) if record.pair else theta)]


def all_step_constants(record: Optimizer | Wrapper, rates: Array, settings: Any) -> list[Any]:
    """What each update needs, as the engine hands it to the rule: plain numbers."""
    constants = record.step_constants(np.arange(1, len(rates) + 1), rates, settings)
    rows = np.stack([np.broadcast_to(value, rates.shape) for value in constants], axis=1).astype(float)
    kind = get_type_hints(record.step_constants)["return"]
    return [kind(*row) for row in rows.tolist()]


def updated_pair(
    record: Optimizer,
    theta: Pair,
    gradient: Pair,
    memories: list[Any],
    constants: Any,
    settings: Any,
    curvature: Hessian | None = None,
) -> tuple[Pair, list[Any]]:
    """One update of both parameters; a rule that asks for noise gets none."""
    extras: dict[str, Any] = {"curvature": curvature} if record.takes("curvature") else {}
    if record.pair:
        extras |= {"normal": Pair(0.0, 0.0)} if record.takes("normal") else {}
        new, memory = record.update(theta, gradient, memories[0], constants, settings, **extras)
        return Pair(*map(float, new)), [memory]
    extras |= {"normal": 0.0} if record.takes("normal") else {}
    made = [
        record.update(at, slope, memory, constants, settings, **extras)
        for at, slope, memory in zip(theta, gradient, memories, strict=True)
    ]
    return Pair(*(float(at) for at, _ in made)), [memory for _, memory in made]


def walked(record: Optimizer, settings: Any, theta: Pair, gradients: Iterable[Pair], rates: Array) -> list[Pair]:
    """Theta after each update with these gradients, of a loss that is bowl-shaped for rules that need curvature."""
    memories, path = first_memories(record, settings, theta), []
    for gradient, constants in zip(gradients, all_step_constants(record, rates, settings), strict=False):
        theta, memories = updated_pair(record, theta, gradient, memories, constants, settings, CURVATURE)
        path.append(theta)
    return path


def goes_downhill(record: Optimizer, settings: Any, start: Pair, slope: Pair, rates: Array) -> bool:
    """Whether the first movement does, or the second of rules that only look at the first gradient."""
    first, second = walked(record, settings, start, [slope] * 2, rates)
    theta = second if first == start else first
    return bool((theta.x - start.x) * slope.x + (theta.y - start.y) * slope.y < 0)
