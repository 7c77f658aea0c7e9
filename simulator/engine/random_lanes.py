"""Kernels for random numbers: the order of examples and normal numbers, for every surface and rule.

Their kernels run before the update kernels and are compiled once for all of these.  Indices are bytes or 16-bit
numbers where that suffices.
"""

from functools import cache
from math import pi
from typing import Any, NamedTuple

import numpy as np
from numpy import cos, log, sin, sqrt
from numpy.typing import NDArray

from errsurf.engine import aligned, random_templates
from errsurf.engine.kernel_sources import LANES
from errsurf.engine.link import CPU, ROUNDINGS, Sources, Target, linked
from errsurf.sampling import orders as sampling
from errsurf.sampling import philox
from errsurf.sampling.philox import Stream

Indices = NDArray[np.unsignedinteger[Any]]
TURN = 2 * pi
MADE: dict[str, tuple[int, type[np.unsignedinteger[Any]]]] = {
    "replaced": (1, np.uint8),
    "shuffled": (sampling.SMALL * LANES, np.uint8),
    "networked": ((4 + 4 * sampling.MAX_DOUBLE_ROUNDS) * LANES, np.uint16),
}


class Order(NamedTuple):
    """The order of examples, except for the particle and the slot; epochs use all, or the first ``used`` slots of it.

    With replacement they may use more slots than there are examples.
    """

    kind: str
    examples: int
    seed: int
    used: int = 0


class Scratch(NamedTuple):
    """Buffers of the index kernels."""

    words: NDArray[np.uint32]
    made: NDArray[np.unsignedinteger[Any]]


def index_type(examples: int) -> type[np.unsignedinteger[Any]]:
    """The smallest type that holds the indices of so many examples."""
    return np.uint8 if examples <= 1 << 8 else np.uint16 if examples <= 1 << 16 else np.uint32


def order_scratch(order: Order) -> Scratch:
    """Room for the random words and what is made of them: touching new memory costs as much as filling it."""
    return Scratch(aligned.empty(sampling.SMALL // 2 * LANES, np.uint32), aligned.empty(*MADE[order_loop(order)]))


def fill_order(order: Order, index: Indices, particle: int, first_slot: int, scratch: Scratch | None = None) -> None:
    """Write the examples of slots ``first_slot``, ... of particles ``particle``, ... into index (slots, lanes).

    Slots that are used are counted, over all epochs.  The array has the type ``index_type`` of the examples, and at
    most LANES lanes; an array (blocks, slots, lanes) is for as many particles as it has lanes in all its blocks.
    """
    loop, (words, made) = order_loop(order), scratch or order_scratch(order)
    network = network_of(order.examples) if loop == "networked" else (0, 0, 0)
    once = int(order.kind == "once")
    used = order.used or order.examples
    blocks, key = index if index.ndim == 3 else index[None], _key(order.seed)
    _order_kernel(loop)(blocks, once, first_slot, used, order.examples, network, particle, key, words, made)


def fill_normal(
    normal: NDArray[Any], seed: int, stream: Stream, particle: int, first_update: int, rounding: str = "fast"
) -> None:
    """Write two normal numbers of updates ``first_update``, ... and each lane into normal (updates, 2, lanes)."""
    _number_kernel("fill_normal", str(normal.dtype), rounding)(normal, first_update, particle, int(stream), _key(seed))


def fill_uniform(
    uniform: NDArray[Any], seed: int, stream: Stream, particle: int, first_update: int, rounding: str = "fast"
) -> None:
    """Write two numbers in (0, 1), independent of the normal ones, of each update and lane into (updates, 2, lanes)."""
    _number_kernel("fill_uniform", str(uniform.dtype), rounding)(
        uniform, first_update, particle, int(stream), _key(seed)
    )


def box_muller(radius: Any, angle: Any) -> tuple[Any, Any]:
    """Two normal numbers from two in (0, 1); Box and Muller 1958, Annals of Mathematical Statistics 29."""
    length = sqrt(-2 * log(radius))
    return length * cos(TURN * angle), length * sin(TURN * angle)


def add_normal(sources: Sources, precision: str) -> None:
    """Adds ``philox``, ``box_muller``, and ``fraction``, which makes a number in (0, 1) of a word."""
    sources.add_formula(philox.philox, "philox", "uint64")
    sources.add_formula(box_muller, "box_muller", precision)
    bits = 24 if precision == "float32" else 31
    shifted = f"{precision}(int32(word >> uint64({32 - bits}))) + {precision}(0.5)"
    sources.add_inlined("fraction(word)", f"return ({shifted}) * {precision}({2.0**-bits!r})")


def _key(seed: int) -> NDArray[np.uint32]:
    return np.array([seed & philox.LOW, seed >> 32], np.uint32)


def order_loop(order: Order) -> str:
    """The template that finds the examples of one epoch's slots."""
    if order.kind == "replacement":
        return "replaced"
    return "shuffled" if order.examples <= sampling.SMALL else "networked"


@cache
def network_of(examples: int) -> tuple[int, int, int]:
    """Double rounds and sides of the Feistel network of so many examples."""
    a, b = sampling.sides(examples)
    return sampling.double_rounds(a), a, b


@cache
def _order_kernel(loop: str) -> Any:
    """The kernel of one loop: each is compiled only where it is needed."""
    sources = order_sources(loop, decorator="called")
    sources.add_plain(random_templates.fill_orders, "kernel")
    return linked(f"{loop}_order", "uint64", tuple(sources.values())).fill_orders


def order_sources(loop: str, target: Target = CPU, decorator: str = "kernel") -> Sources:
    """The sources of ``fill_order`` with one of its loops."""
    sources = Sources(target)
    sources.add("LANES", f"LANES = {LANES}\nORDER = {int(Stream.ORDER)}\n")
    sources.add_formula(philox.philox, "philox", "uint64")
    sources.add_plain(random_templates.random_words, "called")
    if loop == "replaced":
        sources.add_formula(sampling.below, "below", "uint64")
    elif loop == "shuffled":
        sources.add_formula(sampling.digits, "two_digits", "uint64")
        sources.add_formula(sampling.ranked, "ranked", "uint8")
        sources.add_plain(random_templates.four_slots, "called")
    else:
        _add_network(sources)
        sources.add_plain(random_templates.largest)
    sources.add_plain(getattr(random_templates, loop), "called")
    sources.add_plain(random_templates.fill_order, decorator, renamed={"fill_slots": loop})
    return sources


def _add_network(sources: Sources) -> None:
    """All double rounds of the network for all lanes, each written out: every row is then at a constant distance."""
    sources.add_formula(sampling.turned, "turned", "uint16")
    lines = []
    for k in range(sampling.MAX_DOUBLE_ROUNDS):
        left, right, a, b, *keys = (
            f"halves[{row} * LANES + lane]" for row in (*range(4), *range(4 * k + 4, 4 * k + 8))
        )
        lines += [f"if double_rounds > {k}:", "    for lane in range(width):"]
        lines += [f"        {left}, {right} = turned({left}, {right}, {a}, {b}, ({', '.join(keys)}))"]
    sources.add_inlined("passed(halves, double_rounds, width)", *lines, "return")


@cache
def _number_kernel(loop: str, precision: str, rounding: str) -> Any:
    sources = number_sources(loop, precision, ROUNDINGS[rounding])
    return getattr(linked(loop.removeprefix("fill_"), precision, tuple(sources.values()), sources.target), loop)


def number_sources(loop: str, precision: str, target: Target = CPU) -> Sources:
    """The sources of ``fill_normal`` or ``fill_uniform``."""
    sources = Sources(target)
    add_normal(sources, precision)
    sources.add_plain(getattr(random_templates, loop), "kernel")
    return sources
