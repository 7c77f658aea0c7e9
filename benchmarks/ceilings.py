"""What this machine can do at most, and what each part of an update costs alone; measured in the run that uses it.

The kernels are linked as the engine's are.  Rates count what is done a second by all threads together.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import ceiling_templates
from benchmarks.cases import REPEATS, SEED, Case, drawn, prepared, starts
from benchmarks.machine import packed_bits
from errsurf.engine import aligned
from errsurf.engine.blocks import initial_state
from errsurf.engine.examples import Problem
from errsurf.engine.held_tables import held_rows
from errsurf.engine.kernel_sources import shape_of
from errsurf.engine.link import Sources, linked
from errsurf.engine.random_lanes import Order, fill_order, index_type
from errsurf.engine.surface_sources import add_surface
from errsurf.surfaces.shared.examples import example_fields

LANES, ROWS, TOGETHER = 256, 16, (2, 4, 8)
CHAINS, LENGTH = 8, 16
SLOTS = 4096
ENTRY = 'entry = njit(fastmath=FLAGS, error_model="numpy", nogil=True)\n'
FLOATING = re.compile(r"= (?:fadd|fsub|fmul|fdiv) |@llvm\.(?:sqrt|fma|fmuladd)\.f(?:32|64)\(")

Measured = dict[str, float]


@dataclass
class Ceilings:
    """Ceilings by name, measured when they are first asked for; ``bits`` are the registers that were seen in use."""

    threads: int
    pool: ThreadPoolExecutor
    seconds: float
    rates: Measured = field(default_factory=dict)
    bits: dict[str, int | None] = field(default_factory=dict)

    def fma(self, precision: str) -> float:
        """Fused multiplications and additions in registers."""
        return self._kernel(f"fma {precision}", precision, _fma_sources, CHAINS * LENGTH * LANES)

    def exp(self, precision: str) -> float:
        """Exponentials of the engine's own packed function."""
        return self._kernel(f"exp {precision}", precision, _exp_sources, LANES)

    def gradient(self, surface: str, precision: str) -> float:
        """Example gradients with everything in registers but theta and the sums: the best of several unrollings."""
        problem = drawn(surface, 64)
        each = [
            self._kernel(
                f"gradient {surface} {precision} {together}",
                precision,
                partial(_gradient_sources, problem, together=together),
                together * LANES,
                problem,
            )
            for together in TOGETHER
        ]
        return max(each)

    def order(self, examples: int) -> float:
        """Indices of examples, shuffled by the engine."""
        slots = max(examples, SLOTS // examples * examples)
        index = [aligned.empty((slots, LANES), index_type(examples)) for _ in range(self.threads)]
        order = Order("reshuffle", examples, SEED)

        def fill(times: int, thread: int) -> None:
            for _ in range(times):
                fill_order(order, index[thread], 0, 0)

        return self._once(f"order {examples}", fill, slots * LANES)

    def gather(self, examples: int, precision: str) -> float:
        """Numbers read from a column of a table by indices in no order, into lanes."""
        random = np.random.default_rng(SEED)
        index = random.integers(0, examples, (64, LANES)).astype(index_type(examples))
        table = np.zeros(4 * examples, precision)

        def sources(_precision: str) -> Sources:
            made = _sources("COLUMNS = 4\n")
            made.add_plain(ceiling_templates.gathered, "entry", "measured")
            return made

        return self._kernel(f"gather {examples} {precision}", precision, sources, 64 * LANES, None, (index, table))

    def update(self, case: Case) -> float:
        """Updates of a batch without examples: the rule alone, in the engine's own loop."""
        name = f"update {case.surface} {case.optimizer} {case.precision}"
        whole = case._replace(particles=LANES * self.threads, batch=case.examples)
        job = prepared(whole, SLOTS)
        states = initial_state(job, starts(case.surface, whole.particles)).blocks
        batch_of, slot_of = np.arange(SLOTS + 1), np.zeros(SLOTS + 1, np.int64)
        weight, none = np.ones(SLOTS, job.table.dtype), np.empty((0, 2), np.int64)
        frames = np.empty((0, whole.particles, 2), job.table.dtype)
        parts = np.empty((0, 0, 0), job.table.dtype)
        normal, index = np.zeros((1, 4, 1), job.table.dtype), np.zeros(1, np.int32)

        def advance(times: int, thread: int) -> None:
            for _ in range(times):
                job.kernels.shared_updates(
                    *(
                        states[thread][None],
                        job.width,
                        index,
                        0,
                        job.table,
                        job.terms,
                        batch_of,
                        slot_of,
                        weight,
                        job.step_constants,
                    ),
                    *(job.settings, normal, none[:, 0], frames, none, parts),
                )

        return self._once(name, advance, SLOTS * job.width)

    def parts(self, case: Case) -> Measured:
        """Seconds that one example gradient of this case would take in each part if all went at its ceiling."""
        seconds = {"gradient": 1 / self.gradient(case.surface, case.precision)}
        problem = drawn(case.surface, case.examples)
        if not case.full:
            if not held_rows(case.examples, case.precision):
                columns = len(shape_of(len(problem.terms), problem.train).varying)
                seconds["gather"] = columns / self.gather(case.examples, case.precision)
            seconds["shuffle"] = 1 / self.order(case.examples)
        seconds["update"] = 1 / (case.batch * self.update(case))
        return seconds

    def _kernel(
        self,
        name: str,
        precision: str,
        sources: Callable[[str], Sources],
        size: int,
        problem: Problem | None = None,
        more: tuple[Any, ...] = (),
    ) -> float:
        """Rate of a linked kernel ``measured(s, ..., times)``, each thread on rows of its own."""
        if name in self.rates:
            return self.rates[name]
        kernel = linked(f"ceiling_{name.replace(' ', '_')}", precision, tuple(sources(precision).values())).measured
        if problem:
            more = (problem.train.astype(precision).ravel(), problem.terms.astype(precision))
        lanes = [_lanes(precision, problem) for _ in range(self.threads)]
        rate = self._once(name, lambda times, thread: kernel(lanes[thread], *more, times), size)
        self.bits[name] = packed_bits(kernel.inspect_asm(kernel.signatures[0]))
        return rate

    def _once(self, name: str, repeat: Callable[[int, int], None], size: int) -> float:
        """Rate of ``repeat(times, thread)`` on all threads at once, ``size`` things a time."""
        if name not in self.rates:
            repeat(1, 0)
            times = 1
            while (took := min(self._seconds(repeat, times) for _ in range(3))) < self.seconds / 4:
                times *= 2
            times = max(1, int(times * self.seconds / took))
            each = [self._seconds(repeat, times) for _ in range(REPEATS)]
            self.rates[name] = size * times * self.threads / median(each)
        return self.rates[name]

    def _seconds(self, repeat: Callable[[int, int], None], times: int) -> float:
        began = perf_counter()
        for task in [self.pool.submit(repeat, times, thread) for thread in range(self.threads)]:
            task.result()
        return perf_counter() - began


def operations(surface: str, precision: str) -> int:
    """Additions, multiplications, divisions and roots in the compiled gradient of one example; an fma counts two."""
    problem = drawn(surface, 64)
    sources = _gradient_sources(problem, precision, 1)
    sources.add_plain(ceiling_templates.one, "entry", "one")
    kernel = linked(f"ceiling_operations_{surface}", precision, tuple(sources.values())).one
    number = np.dtype(precision).type(0.5)
    kernel(number, number, problem.train.astype(precision).ravel(), problem.terms.astype(precision))
    found = FLOATING.findall(kernel.inspect_llvm(kernel.signatures[0]))
    return len(found)


def _lanes(precision: str, problem: Problem | None) -> Any:
    """Rows of LANES numbers: theta in the middle of the window, and sums."""
    s = aligned.empty((ROWS, LANES), precision)
    s[:] = 0.5
    if problem:
        s[:2] = np.array(problem.surface.window).mean(axis=1)[:, None] + np.linspace(0, 0.5, LANES)
    return s.ravel()


def _sources(more: str = "") -> Sources:
    made = Sources()
    made.add("LANES", f"LANES = {LANES}\n{more}")
    made.add("entry", ENTRY)
    return made


def _fma_sources(_precision: str) -> Sources:
    each = range(CHAINS)
    lines = [f"v{k} = s[{k * LANES} + lane]" for k in each]
    lines += [f"v{k} = v{k} * factor + addend" for _ in range(LENGTH) for k in each]
    lines += [f"s[{k * LANES} + lane] = v{k}" for k in each]
    made = _sources()
    made.add_inlined("chains(s, lane, factor, addend)", *lines, "return")
    made.add_plain(ceiling_templates.fused, "entry", "measured")
    return made


def _exp_sources(precision: str) -> Sources:
    made = _sources()
    made.add_formula(ceiling_templates.exponential, "exponential", precision)
    made.add_plain(ceiling_templates.exponentials, "entry", "measured")
    return made


def _gradient_sources(problem: Problem, precision: str, together: int) -> Sources:
    """The gradients of several examples at once, added to sums."""
    made = _sources(f"COLUMNS = {len(example_fields(problem.surface))}\n")
    add_surface(made, problem.surface, precision, len(problem.terms), ("gradient",))
    each = range(together)
    made.add_inlined(
        "several(s, table, terms)",
        *(f"e{k} = table_example(table, {k} * COLUMNS)" for k in each),
        "for lane in range(LANES):",
        "    x, y = s[lane], s[LANES + lane]",
        *(f"    gx{k}, gy{k} = example_gradient(x, y, e{k}, terms)" for k in each),
        f"    s[2 * LANES + lane] += {' + '.join(f'gx{k}' for k in each)}",
        f"    s[3 * LANES + lane] += {' + '.join(f'gy{k}' for k in each)}",
    )
    made.add_plain(ceiling_templates.gradients, "entry", "measured")
    return made
