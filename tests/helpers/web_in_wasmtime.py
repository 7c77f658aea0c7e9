"""Modules run by wasmtime: the engine's own chunks of updates, with its tables and random numbers, by web modules."""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
import wasmtime
from numpy.typing import NDArray

from errsurf.engine import blocks
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.kernel_sources import LANES
from errsurf.engine.random_lanes import fill_order, index_type
from errsurf.engine.rule import first_memory
from errsurf.web import layout
from errsurf.web.modules import page_modules
from errsurf.web.rule_parts import Part
from errsurf.web.sources import Module

ENGINE = wasmtime.Engine()
BYTES = 1 << 26
STACK = 1 << 16


class Machine:
    """One memory, and the modules that share it."""

    def __init__(self) -> None:
        self.store = wasmtime.Store(ENGINE)
        pages = wasmtime.Limits(BYTES >> 16, None)
        self.memory = wasmtime.Memory(self.store, wasmtime.MemoryType(pages))
        number = wasmtime.GlobalType(wasmtime.ValType.i32(), mutable=True)
        self.stack = wasmtime.Global(self.store, number, wasmtime.Val.i32(STACK))
        self.top = STACK

    def instance(self, module: Module, imported: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """The exports of a module."""
        compiled = wasmtime.Module(ENGINE, module.code)
        known = {"__linear_memory": self.memory, "__stack_pointer": self.stack, **(imported or {})}
        needed = [known[each.name or ""] for each in compiled.imports]
        return wasmtime.Instance(self.store, compiled, needed).exports(self.store)  # type: ignore[return-value]

    def place(self, array: NDArray[Any]) -> tuple[int, ...]:
        """Copy an array into memory: its address and the lengths of its axes."""
        at = self.top
        self.top += -(-max(1, array.nbytes) // 64) * 64
        self.memory.write(self.store, array.tobytes(), at)
        return (at, *array.shape)

    def block(self, slots: tuple[str, ...], values: Mapping[str, Any]) -> int:
        """A block of arguments: arrays are copied, tuples are addresses with lengths, the others numbers."""
        words = dict.fromkeys(slots, 0)
        for name, value in values.items():
            value = self.place(value) if isinstance(value, np.ndarray) else value
            parts = value if isinstance(value, tuple) else (value,)
            words |= dict(zip([slot for slot in slots if slot.split(".")[0] == name], parts, strict=True))
        return self.place(np.array(list(words.values()), np.int64))[0]

    def array(self, place: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        """A copy of an array in memory."""
        at, *shape = place
        data = self.memory.read(self.store, at, at + prod(shape) * np.dtype(dtype).itemsize)
        return np.frombuffer(data, dtype).reshape(shape).copy()

    def call(self, exports: Mapping[str, Any], module: Module, name: str, values: Mapping[str, Any]) -> None:
        """Call an export with arguments from a block."""
        assert exports[name](self.store, self.block(module.exports[name], values)) == 0


def final_positions(plan: GroupPlan, theta: NDArray[np.float64], updates: int) -> NDArray[Any]:
    """Positions (particles, 2) after so many updates of a plan for own examples."""
    real = str(plan.table.dtype)
    modules = page_modules(plan.problem, real, {"rule": plan.rule}, {plan.rule.noise})
    rule, options = modules["rules"]["rule"], modules["options"]["all"].module
    machine = Machine()
    kind = _kind(plan, modules["surface"])
    sums = modules["surface"][kind].module
    batches, choices = machine.instance(sums), machine.instance(options)
    imported = {"sum_batch": batches["own_batch"], "noise": choices["unchanged"], "clip": choices["unchanged"]}
    run = machine.instance(rule.module, imported)
    frames, top = blocks.empty_frames(plan, np.array([updates])), machine.top
    found = np.empty((plan.particles, 2), real)
    for block in range(-(-plan.particles // plan.width)):
        machine.top = top
        state = machine.place(_first_state(plan, rule, theta, block, real))
        for chunk in blocks._chunks(plan, 0, updates, frames):
            index = np.empty((int(chunk.slot_of[-1]), plan.width), index_type(plan.order.examples))
            fill_order(plan.order, index, block * plan.width, chunk.first_slot)
            normal = np.zeros((chunk.until - chunk.first, 4, LANES), real)
            drawn = blocks._normal(plan, block * plan.width, chunk.first, chunk.until)
            normal[:, :, : drawn.shape[2]] = drawn
            given = {
                "width": plan.width,
                "index": index.astype(np.uint32),
                "table": plan.table,
                "terms_table": plan.terms,
                "varying": (1 << len(plan.problem.columns)) - 1,
            }
            arguments = {
                "s": (state[0], prod(state[1:])),
                "width": plan.width,
                "index": machine.block(sums.exports["own_batch"], given),
                "batch_of": chunk.batch_of,
                "slot_of": chunk.slot_of,
                "weight": chunk.weight,
                "constants": chunk.step_constants,
                "settings_row": plan.settings,
                "normal": normal,
                "frame_at": np.empty(0, np.int64),
                "frames": np.empty((0, 0, 2), real),
            }
            machine.call(run, rule.module, "updates", arguments)
        rows = machine.array(state, real)[rule.facts["shown"], : plan.width]
        lanes = slice(block * plan.width, min(plan.particles, (block + 1) * plan.width))
        found[lanes] = rows.T[: lanes.stop - lanes.start]
    return found


def _kind(plan: GroupPlan, surface: Mapping[str, Part]) -> str:
    if not plan.rule.optimizer.takes("curvature"):
        return "gradient"
    return "curvature" if "curvature" in surface else "all"


def _first_state(plan: GroupPlan, rule: Part, theta: NDArray[np.float64], block: int, real: str) -> NDArray[Any]:
    """The rows of a block before the first update."""
    first, count = rule.facts["memory"]
    state = np.zeros((first + count, LANES), real)
    padded = np.resize(theta, (-(-len(theta) // plan.width) * plan.width, 2))
    values = [*padded.T, *first_memory(plan.rule, plan.chosen, padded)]
    lanes = slice(block * plan.width, (block + 1) * plan.width)
    for row, value in zip([0, 1, *range(first, first + count)], values, strict=True):
        state[row, : plan.width] = np.broadcast_to(value, len(padded))[lanes]
    assert layout.THETA[:2] == ("x", "y")
    return state
