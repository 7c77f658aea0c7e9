"""Random things as the kernels see them: the order of examples and normal numbers, for every surface and rule."""

from functools import cache
from math import pi
from typing import Any, NamedTuple

import numpy as np
from numpy import cos, log, sin, sqrt
from numpy.typing import NDArray

from simulator import philox, sampling
from simulator.engine import random_templates
from simulator.engine.link import Sources, linked
from simulator.philox import Stream

Indices = NDArray[np.int32]
TURN = 2 * pi


class Order(NamedTuple):
    """Which sequence of examples: everything but the particle and the slot."""

    kind: str
    examples: int
    seed: int


def fill_order(order: Order, index: Indices, particle: int, first_slot: int) -> None:
    """Write the examples of slots ``first_slot``, ... of particles ``particle``, ... into index (slots, lanes).

    Slots are counted over all epochs.  The number of lanes is a multiple of 4.
    """
    lanes = index.shape[1]
    words = np.empty((sampling.SMALL, lanes), np.uint32)
    rows = np.empty(4 * sampling.SMALL, np.uint8)
    a, b = sampling.sides(order.examples)
    kind = sampling.KINDS.index(order.kind)
    kernel = _order_kernel()
    kernel(index, kind, first_slot, order.examples, a, b, particle, _key(order.seed), words, rows)


def fill_normal(normal: NDArray[Any], seed: int, stream: Stream, particle: int, first_update: int) -> None:
    """Write two normal numbers of updates ``first_update``, ... and each lane into normal (updates, 2, lanes)."""
    _normal_kernel(str(normal.dtype))(normal, first_update, particle, int(stream), _key(seed))


def box_muller(radius: Any, angle: Any) -> tuple[Any, Any]:
    """Two normal numbers from two in (0, 1); Box and Muller 1958, Annals of Mathematical Statistics 29."""
    length = sqrt(-2 * log(radius))
    return length * cos(TURN * angle), length * sin(TURN * angle)


def _key(seed: int) -> NDArray[np.uint32]:
    return np.array([seed & philox.LOW, seed >> 32], np.uint32)


@cache
def _order_kernel() -> Any:
    sources = Sources()
    sources.add_formula(philox.philox, "philox", "uint64")
    sources.add_formula(sampling.below, "below", "uint64")
    sources.add_formula(sampling.feistel, "feistel", "uint32")
    keys = ", ".join(f"uint32(words[{k}, lane])" for k in range(sampling.ROUND_KEYS))
    sources.add_inlined("round_keys(words, lane)", f"return ({keys})")
    sources.add("SMALL", f"SMALL = {sampling.SMALL}\nORDER = {int(Stream.ORDER)}\n")
    for loop in ("random_words", "replaced", "shuffled", "networked"):
        sources.add_plain(getattr(random_templates, loop), "called")
    sources.add_plain(random_templates.fill_order, "kernel")
    return linked("order", "uint64", tuple(sources.values())).fill_order


@cache
def _normal_kernel(precision: str) -> Any:
    sources = Sources()
    sources.add_formula(philox.philox, "philox", "uint64")
    sources.add_formula(box_muller, "box_muller", precision)
    bits = 24 if precision == "float32" else 31
    shifted = f"{precision}(int32(word >> uint64({32 - bits}))) + {precision}(0.5)"
    sources.add_inlined("fraction(word)", f"return ({shifted}) * {precision}({2.0**-bits!r})")
    sources.add_plain(random_templates.fill_normal, "kernel")
    return linked("normal", precision, tuple(sources.values())).fill_normal
