"""The order of examples as the kernels see it: compiled once, for every surface and rule."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import philox, sampling
from simulator.engine import order_templates
from simulator.engine.link import Sources, linked

Indices = NDArray[np.int32]


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
    key = np.array([order.seed & philox.LOW, order.seed >> 32], np.uint32)
    _kernel().fill_order(index, kind, first_slot, order.examples, a, b, particle, key, words, rows)


@cache
def _kernel() -> Any:
    sources = Sources()
    sources.add("word", "word = np.uint64\n")
    sources.add_formula(philox.philox, "philox", "uint64")
    sources.add_formula(sampling.below, "below", "uint64")
    sources.add("narrow", "real_of_words, real = real, np.uint32\nnarrow = np.uint32\n")
    sources.add_formula(sampling.feistel, "feistel", "uint32")
    keys = ", ".join(f"narrow(words[{k}, lane])" for k in range(sampling.ROUND_KEYS))
    sources.add_inlined("round_keys(words, lane)", f"return ({keys})")
    sources.add("SMALL", f"SMALL = {sampling.SMALL}\nORDER = {int(philox.Stream.ORDER)}\n")
    for loop in ("random_words", "replaced", "shuffled", "networked"):
        sources.add_plain(getattr(order_templates, loop), "called")
    sources.add_plain(order_templates.fill_order, "kernel")
    return linked("order", "uint64", tuple(sources.values()))
