"""Modules for browsers, run by wasmtime: the bits of the portable kernels of the CPU."""

import sys
from typing import Any

import numpy as np
import pytest

from errsurf.engine.random_lanes import Order, fill_normal, fill_order, fill_uniform, index_type
from errsurf.optimizers import optimizer_names
from errsurf.sampling.philox import Stream
from errsurf.surfaces import surface, surface_names
from errsurf.web.modules import number_module, order_part
from helpers.breadth import ALL, some
from helpers.web_cases import case, run_here
from helpers.web_in_wasmtime import Machine, final_positions

UPDATES = 200


def _is_elementary(value: object) -> bool:
    """Whether a module's value is a function of numbers that formulas may use."""
    return isinstance(value, np.ufunc) or getattr(value, "__module__", "") == "errsurf.surfaces.shared.functions"


def _telling() -> list[str]:
    """Surfaces that between them use every function of formulas, and every kind of examples."""
    chosen: list[str] = []
    known: set[object] = set()
    for kind in surface_names():
        record = surface(kind)
        traits: set[object] = {(record.examples is None, record.terms is None, record.lookup is None)}
        traits |= set(filter(_is_elementary, vars(sys.modules[record.loss.__module__]).values()))
        if traits - known:
            chosen.append(kind)
            known |= traits
    return chosen


def _pairs() -> list[tuple[str, str, str]]:
    """Some rules, each with a telling surface; or each surface with three rules in both precisions."""
    rules, kinds, precisions = optimizer_names(), surface_names(), ("float32", "float64")
    if not ALL:
        telling = _telling()
        return [(telling[k % len(telling)], rule, precisions[k % 4 // 2]) for k, rule in enumerate(some(rules, 3))]
    chosen = [
        (kind, rules[(3 * k + j) % len(rules)], each)
        for k, kind in enumerate(kinds)
        for j in range(3)
        for each in precisions
    ]
    assert {rule for _, rule, _ in chosen} == set(rules)
    return chosen


def _examples(kind: str) -> dict[str, Any]:
    """Examples that differ."""
    own = surface(kind).examples is not None
    return {"examples": 12} if own else {"examples": 12, "tilt": 0.1, "shift": 0.05, "scale": 1.2}


@pytest.mark.parametrize(("kind", "rule", "precision"), _pairs())
def test_every_surface_and_rule(kind: str, rule: str, precision: str) -> None:
    made = case(kind, [rule], precision, surface=_examples(kind), particles=40, updates=UPDATES)
    plan = made.groups[0][0]
    frames, *_ = run_here([plan], made.theta, UPDATES)
    found = final_positions(plan, made.theta, UPDATES)
    np.testing.assert_array_equal(found, frames[-1])
    assert (found != made.theta.astype(precision)).any()


@pytest.mark.parametrize("kind", ["reshuffle", "once", "replacement"])
@pytest.mark.parametrize("examples", [1, 2, 20, 128, 129, 256, 300, 70_000])
def test_orders_of_examples(kind: str, examples: int) -> None:
    order, slots, lanes = Order(kind, examples, 0x5EED_1234_5678), 300, 48
    expected = np.empty((slots, lanes), index_type(examples))
    fill_order(order, expected, 32, 77)
    part, machine = order_part(kind, examples), Machine()
    place = machine.place(np.zeros_like(expected))
    wide = machine.place(np.zeros(expected.size, np.uint32))
    arguments = {
        "index": place,
        "once": int(kind == "once"),
        "first_slot": 77,
        "used": examples,
        "count": examples,
        "network": tuple(part.facts["network"]),
        "particle": 32,
        "key": np.array([order.seed & 0xFFFFFFFF, order.seed >> 32], np.uint32),
        "words": np.zeros(64 * 256, np.uint32),
        "scratch": np.zeros(part.facts["scratch"], np.uint8),
    }
    run = machine.instance(part.module)
    slots = {slot.partition(".")[0] for slot in part.module.exports["fill_order"]}
    assert slots <= set(arguments)  # one that is 0 for want of a value would be an endless loop
    machine.call(run, part.module, "fill_order", arguments)
    machine.call(run, part.module, "widen", {"index": (place[0], expected.size), "wide": wide})
    np.testing.assert_array_equal(machine.array(place, expected.dtype), expected)
    np.testing.assert_array_equal(machine.array(wide, np.uint32), expected.ravel())
    assert expected.max() < examples


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(("loop", "fill"), [("fill_normal", fill_normal), ("fill_uniform", fill_uniform)])
def test_numbers(loop: str, fill: Any, precision: str) -> None:
    expected = np.empty((9, 2, 256), precision)
    fill(expected, 0x5EED_1234_5678, Stream.RULE, 512, 1000, "portable")
    module, machine = number_module(loop, precision), Machine()
    place = machine.place(np.zeros_like(expected))
    arguments = {
        "numbers": place,
        "first_update": 1000,
        "particle": 512,
        "stream": int(Stream.RULE),
        "key": np.array([0x5EED_1234_5678 & 0xFFFFFFFF, 0x5EED_1234_5678 >> 32], np.uint32),
    }
    machine.call(machine.instance(module), module, loop, arguments)
    np.testing.assert_array_equal(machine.array(place, precision), expected)
    assert np.isfinite(expected).all()
    assert 0.4 < expected.std() < 1.1 or loop == "fill_uniform"
