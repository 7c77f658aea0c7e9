"""The modules of random numbers: orders of examples, and normal and uniform numbers."""

# mypy: disallow-untyped-calls=False

from typing import Any

import numpy as np
from numba import from_dtype, int64, uint32
from numba.core import types

from errsurf.engine import random_lanes
from errsurf.engine.link import linked
from errsurf.web import random_templates
from errsurf.web.sources import Export, Make
from errsurf.web.target import BROWSER

NUMBERS = ("fill_normal", "fill_uniform")


def order_kernels(loop: str) -> Any:
    """Module with ``fill_order`` for one loop, and ``widen``."""
    sources = random_lanes.order_sources(loop, BROWSER)
    sources.add_plain(random_templates.widen, "kernel")
    return linked(f"{loop}_order", "uint64", tuple(sources.values()), BROWSER)


def order_make(kernels: Any, loop: str, examples: int) -> Make:
    """How a module of orders of so many examples is made."""
    index = from_dtype(np.dtype(random_lanes.index_type(examples)))
    arguments = (
        ("index", types.Array(index, 2, "C")),
        ("once", int64),
        ("first_slot", int64),
        ("used", int64),
        ("count", int64),
        ("network", types.UniTuple(int64, 3)),
        ("particle", int64),
        ("key", types.Array(uint32, 1, "C")),
        ("words", types.Array(uint32, 1, "C")),
        ("scratch", types.Array(from_dtype(np.dtype(random_lanes.MADE[loop][1])), 1, "C")),
    )
    wide = (("index", types.Array(index, 1, "C")), ("wide", types.Array(uint32, 1, "C")))
    exports = (
        Export("fill_order", kernels.fill_order, arguments, whole=("index.1",)),
        Export("widen", kernels.widen, wide),
    )
    return Make(exports, small=False)


def number_kernels(loop: str, precision: str) -> Any:
    """Module with ``fill_normal`` or ``fill_uniform``."""
    sources = random_lanes.number_sources(loop, precision, BROWSER)
    return linked(loop.removeprefix("fill_"), precision, tuple(sources.values()), BROWSER)


def number_make(kernels: Any, loop: str, precision: str) -> Make:
    """How a module of numbers is made."""
    arguments = (
        ("numbers", types.Array(from_dtype(np.dtype(precision)), 3, "C")),
        ("first_update", int64),
        ("particle", int64),
        ("stream", int64),
        ("key", types.Array(uint32, 1, "C")),
    )
    return Make((Export(loop, getattr(kernels, loop), arguments, whole=("numbers.2",)),), small=False)
