"""The driver of the CUDA kernels: it advances a group's state, as engine/blocks.py does.

Only ``advance`` and ``compile_kernel`` differ between devices.  Positions agree with the CPU's to rounding (3e-7 in
float32 and 1e-14 in float64 after the runs of the tests), not bit for bit: threads share sums, and float32 kernels
flush subnormal numbers and use approximate divisions, roots and powers of two.
"""

# mypy: disallow-untyped-calls=False

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np
from numba import cuda
from numba.cuda.core import config
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, part_rows
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.kernel_sources import shape_of
from errsurf.engine.state_layout import Packed, packed, unpacked
from errsurf.errors import DeviceFailedError, RunError, UserError
from errsurf.gpu.buffers import COUNT, Buffer, buffer, collect, send
from errsurf.gpu.failures import explained
from errsurf.gpu.kernel_sources import laid_out, state_rows, table_layout, update_kernel
from errsurf.gpu.layout import Launch, Machine, Shares, launches, shared_bytes, shares

# Arrays on the GPU must not be empty: no update has this number.
NEVER = -1
# Few particles leave a GPU idle, and the user knows; numba would warn at every launch.
config.CUDA_LOW_OCCUPANCY_WARNINGS = 0


@dataclass
class Group:
    """A group on the GPU: its kernel, how its particles share the GPU, the inputs of all launches, and buffers."""

    plan: GroupPlan
    how: Shares
    kernel: Any
    shared: int
    table: Any
    terms: Any
    step_constants: Any
    watched: Any
    buffers: list[Buffer] = field(default_factory=list)


@dataclass
class Gpu:
    """The first GPU, and the groups on it by the identity of their plans."""

    groups: dict[int, Group] = field(default_factory=dict)

    def advance(
        self,
        plan: GroupPlan,
        state: State,
        last: int,
        frames: Frames,
        _pool: Executor,
        stop: Event,
        report: Callable[[int], None],
    ) -> bool:
        """As ``advance`` of engine/blocks.py; the state changes only if everything succeeded."""
        kept = packed(plan, state)
        with explained_failures():
            group = self._group(plan)
            way = launches(plan, state.update, last, frames, group.how)
            for first in range(0, plan.particles, group.how.particles):
                some = slice(first, min(first + group.how.particles, plan.particles))
                if not _advance_some(group, kept, some, way, frames, stop, report):
                    return False
        new = unpacked(plan, kept._replace(update=last))
        state.update, state.blocks, state.diverged, state.passages = new.update, new.blocks, new.diverged, new.passages
        return True

    def compile_kernel(self, plan: GroupPlan) -> None:
        """Compile a group's kernel, or load it, by zero updates of one particle."""
        numbers = np.zeros((state_rows(plan.rule), 1), plan.table.dtype)
        first, none = plan.begin.update, np.empty(0, np.int64)
        launch = Launch(first, first, 0, 0, slice(0, 0), none)
        with explained_failures():
            group, stream = self._group(plan), cuda.stream()
            state, marks = cuda.to_device(numbers), cuda.to_device(np.zeros(1 + 2 * len(plan.rule.regions), np.int64))
            frame_at = cuda.to_device(np.array([NEVER], np.int32))
            _launch(group, state, marks, 0, launch, frame_at, _room(group, 1)[0], stream)
            stream.synchronize()

    def _group(self, plan: GroupPlan) -> Group:
        if id(plan) not in self.groups:
            self.groups[id(plan)] = uploaded(plan, machine(), cuda.to_device)
        return self.groups[id(plan)]


@contextmanager
def explained_failures() -> Iterator[None]:
    """Turn errors of the GPU into a DeviceFailedError with an explanation."""
    try:
        yield
    except (UserError, RunError):
        raise
    except Exception as error:
        raise DeviceFailedError(explained(error)) from error


def machine() -> Machine:
    """The first GPU, as it is now."""
    context = cuda.current_context()
    name, count = getattr(context.device, "name", "simulated"), getattr(context.device, "MULTIPROCESSOR_COUNT", 1)
    return Machine(
        name.decode() if isinstance(name, bytes) else name, int(count), float(context.get_memory_info().free)
    )


def uploaded(plan: GroupPlan, machine: Machine, upload: Callable[[NDArray[Any]], Any]) -> Group:
    """A group's kernel, not yet compiled, and its uploaded inputs."""
    how, train, surface = shares(plan, machine), plan.problem.train, plan.problem.surface
    shape, precision = shape_of(len(plan.problem.terms), train), str(plan.table.dtype)
    layout = table_layout(train.shape[1], shape, how.loop)
    table = laid_out(train.astype(precision), layout)
    name = f"{plan.problem.kind}_{plan.rule.optimizer.update.__module__.rpartition('.')[2]}"
    return Group(
        plan,
        how,
        update_kernel(name, surface, plan.rule, precision, shape, how.loop).updates,
        shared_bytes(how, table, plan.batches.examples),
        upload(table),
        upload(plan.terms) if surface.lookup else tuple(plan.terms.ravel()),
        upload(plan.step_constants),
        upload(plan.watched if len(plan.watched) else np.array([-1])),
    )


def _room(group: Group, frames: int) -> list[Buffer]:
    """Two buffers for ``frames`` frames; replaces those that are too small."""
    if not group.buffers or len(group.buffers[0].host_position) < frames:
        parts = (len(group.plan.watched), len(part_rows(group.plan)))
        group.buffers.clear()
        made = [buffer(frames, group.how.particles, parts, group.plan.table.dtype) for _ in range(COUNT)]
        group.buffers.extend(made)
    return group.buffers


def _advance_some(
    group: Group,
    kept: Packed,
    some: slice,
    way: list[Launch],
    frames: Frames,
    stop: Event,
    report: Callable[[int], None],
) -> bool:
    """Advance some particles through all launches."""
    computing, copying = cuda.stream(), cuda.stream()
    marked = np.concatenate([kept.diverged[some], kept.passages[..., some].ravel()])
    state, marks = cuda.to_device(np.ascontiguousarray(kept.numbers[:, some])), cuda.to_device(marked)
    buffers = _room(group, max(launch.kept.stop - launch.kept.start for launch in way))
    frame_at = cuda.to_device(np.concatenate([[*launch.marks, NEVER] for launch in way]).astype(np.int32))

    def collected(room: Buffer) -> None:
        if done := collect(room, frames, some, group.plan.watched):
            report((done.until - done.first) * (some.stop - some.start))

    for k, launch in enumerate(way):
        room = buffers[k % COUNT]
        collected(room)
        if stop.is_set():
            break
        first = launch.kept.start - way[0].kept.start + k
        here = frame_at[first : first + len(launch.marks) + 1]
        _launch(group, state, marks, some.start, launch, here, room, computing)
        send(room, launch, computing, copying)
    for room in (buffers[k % COUNT] for k in range(len(way), len(way) + COUNT)):
        collected(room)
    diverged, passages = np.split(marks.copy_to_host(), [some.stop - some.start])
    kept.numbers[:, some], kept.diverged[some] = state.copy_to_host(), diverged
    kept.passages[..., some] = passages.reshape(kept.passages[..., some].shape)
    return not stop.is_set()


def _launch(
    group: Group,
    state: Any,
    diverged: Any,
    first_particle: int,
    launch: Launch,
    frame_at: Any,
    room: Buffer,
    stream: Any,
) -> None:
    grid = -(-state.shape[1] * group.how.lanes // group.how.block)
    given = arguments(group, state, diverged, first_particle, launch, frame_at, room)
    group.kernel[grid, group.how.block, stream, group.shared](*given)


def arguments(
    group: Group, state: Any, diverged: Any, first_particle: int, launch: Launch, frame_at: Any, room: Buffer
) -> tuple[Any, ...]:
    """The arguments of the kernel."""
    plan, first = group.plan, launch.first - group.plan.begin.update
    return (
        state,
        diverged,
        np.uint32(first_particle),
        np.int64(launch.first),
        np.int32(launch.until - launch.first),
        np.int32(launch.epoch),
        np.uint32(launch.slot),
        np.uint32(plan.batches.examples),
        np.uint32(plan.batches.used),
        np.uint32(plan.batches.size),
        np.uint32(plan.batches.accumulate),
        np.uint32(group.how.lanes.bit_length() - 1),
        np.uint32(plan.loop != "shared"),
        np.int32(plan.order.kind == "once"),
        np.uint32(plan.order.seed & 0xFFFFFFFF),
        np.uint32(plan.order.seed >> 32),
        group.table,
        tuple(plan.problem.train[0].astype(plan.table.dtype)),
        group.terms,
        group.step_constants[first:] if first < len(plan.step_constants) else group.step_constants,
        tuple(plan.settings),
        frame_at,
        room.position,
        group.watched,
        room.parts,
    )
