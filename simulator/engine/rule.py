"""The rule of a kernel: an optimizer, its wrappers, and the numbers that they need."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.region_sources import Kind
from errsurf.optimizers import Optimizer, Pair, optimizer
from errsurf.portable import rounded
from errsurf.scenario import OptimizerGroup
from errsurf.settings.gradient_options import Numbers
from errsurf.wrappers import Wrapper, records


class Rule(NamedTuple):
    """The parts of an update that determine its kernel.

    Its optimizer and wrappers, the gradient options, whether its parts are recorded, whether x and y have
    a ``rate_each``, and what is needed of the regions that are watched.
    """

    optimizer: Optimizer
    clip: str = ""
    noise: str = ""
    recorded: bool = False
    wrappers: tuple[Wrapper, ...] = ()
    rate_each: bool = False
    regions: tuple[Kind, ...] = ()

    @property
    def parts(self) -> tuple[Optimizer | Wrapper, ...]:
        """The optimizer, and its wrappers in the order in which they act."""
        return (self.optimizer, *self.wrappers)

    @property
    def shown(self) -> tuple[str, str]:
        """The rows whose values are the answer: theta, or a memory."""
        for k, part in reversed([*enumerate(self.parts)]):
            if part.shown:
                return f"{_prefix(k)}{part.shown}_x", f"{_prefix(k)}{part.shown}_y"
        return "x", "y"


def _prefix(k: int) -> str:
    return f"wrapper_{k}_" if k else ""


def memory_of(rule: Rule) -> list[list[tuple[str, ...]]]:
    """Names of the rows of each part's memories: one memory for a pair, else one for x and one for y."""
    found = []
    for k, part in enumerate(rule.parts):
        fields = [_prefix(k) + name for name in part.memory._fields]
        found.append([tuple(fields)] if part.pair else [tuple(f"{name}_{axis}" for name in fields) for axis in "xy"])
    return found


def memory_rows(rule: Rule) -> tuple[str, ...]:
    """Names of the rows of all memories, in order."""
    return tuple(name for part in memory_of(rule) for memory in part for name in memory)


def group_rule(group: OptimizerGroup) -> Rule:
    """The optimizer and the wrappers of a group; the rest of its rule does not change what it remembers."""
    return Rule(optimizer(group.kind), wrappers=records(group.wrappers))


def memory_parts(rule: Rule) -> dict[str, tuple[int, ...]]:
    """Numbers of the rows of each field of all memories: those of x and y, or one of a memory for the pair."""
    found, rows = {}, memory_rows(rule)
    for fields in memory_of(rule):
        pair = len(fields) == 1
        for name in fields[0]:
            base = name if pair else name.removesuffix("_x")
            found[f"memory.{base}"] = tuple(rows.index(base + axis) for axis in ([""] if pair else ["_x", "_y"]))
    return found


def part_shapes(rule: Rule, record: Sequence[str], watched: int) -> dict[str, tuple[int, ...]]:
    """The shape at a frame of each part of updates that ``run.record`` asks for, of so many particles."""
    asked = {name: (watched, 2) for name in record if name != "memory"}
    memory = {name: (watched, 2)[: len(rows)] for name, rows in memory_parts(rule).items()}
    return asked | (memory if "memory" in record else {})


def first_memory(rule: Rule, settings: Sequence[Any], theta: NDArray[Any]) -> Iterator[Any]:
    """The value of each row of memory at the start, for particles at theta (particles, 2).

    ``settings`` are those of each part.
    """
    for part, own in zip(rule.parts, settings, strict=True):
        x, y = theta.T
        for at, chosen in [(Pair(x, y), own)] if part.pair else zip((x, y), each_axis(own), strict=True):
            yield from part.start(at, chosen) if part.start else part.memory()


def each_axis(settings: Any) -> tuple[Any, Any]:
    """The settings for x and for y, which differ where each has an lr."""
    lr = getattr(settings, "lr", None)
    if isinstance(lr, tuple):
        return settings._replace(lr=lr[0]), settings._replace(lr=lr[1])
    return settings, settings


def constants_type(part: Optimizer | Wrapper) -> Any:
    """The named tuple of a part's constants."""
    return get_type_hints(part.step_constants)["return"]


def step_constants(
    rule: Rule, settings: Sequence[Any], lr: NDArray[np.float64], first: int, precision: str, rounding: str = "fast"
) -> NDArray[Any]:
    """The constants of all parts at every update from ``first`` on, (updates, numbers).

    They may depend on all earlier rates ``lr``, (updates,), or (updates, 2) where x and y have one each; there each
    part has its constants for x, then for y.  ``rounding`` is as ``[run] rounding``.
    """
    t, columns = np.arange(1, len(lr) + 1), []
    with np.errstate(over="ignore", invalid="ignore"):  # a schedule may overflow
        for part, own in zip(rule.parts, settings, strict=True):
            made = rounded(part.step_constants, rounding)
            for rates, chosen in zip(lr.T, each_axis(own), strict=True) if lr.ndim == 2 else [(lr, own)]:
                columns += [np.broadcast_to(value, t.shape) for value in made(t, rates, chosen)]
        return np.stack([column[first:] for column in columns], axis=1).astype(precision)


def effective_rates(
    rule: Rule, settings: Any, memory: NDArray[np.float64], constants: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The optimizer's rates along x and y, (frames, watched, 2), after some updates.

    ``memory`` (numbers, frames, watched) and ``constants`` (numbers, frames, 1) are those of all parts, in order; of an
    optimizer without rates the first constant is the lr.
    """
    record, kind = rule.optimizer, constants_type(rule.optimizer)
    count = len(kind._fields)
    sets, fields = [constants[:count], constants[count * rule.rate_each :][:count]], len(record.memory._fields)
    if (rate := record.rate) is None:
        return np.stack([np.broadcast_to(each[0], memory.shape[1:]) for each in sets], axis=-1)

    def one(own: Any, *numbers: float) -> Any:
        return rate(record.memory(*numbers[:fields]), kind(*numbers[fields:]), own)

    with np.errstate(all="ignore"):  # the memory of a particle that diverged
        if record.pair:
            both = np.frompyfunc(lambda *numbers: tuple(one(settings, *numbers)), fields + count, 2)
            rates = both(*memory[:fields], *sets[0])
        else:
            each = [np.frompyfunc(partial(one, own), fields + count, 1) for own in each_axis(settings)]
            rates = [each[k](*memory[k * fields :][:fields], *sets[k]) for k in range(2)]
        return np.stack(rates, axis=-1).astype(np.float64)


def settings_row(
    settings: Sequence[Any], options: Numbers, precision: str, regions: Sequence[float] = ()
) -> NDArray[Any]:
    """The settings of all parts, the options on the gradient and numbers of regions as the flat row of kernels."""
    flat: list[float] = []
    for value in (value for own in (*(each_axis(each)[0] for each in settings), options) for value in own):
        flat.extend(value if isinstance(value, tuple) else (value,))
    return np.array([*flat, *regions], dtype=precision)
