"""Which sources make up a kernel: one surface's formula, one rule, the templates, and the glue."""

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine import patch_templates, region_templates, templates
from errsurf.engine.examples import Problem
from errsurf.engine.held_tables import held_rows, picked_source
from errsurf.engine.link import ROUNDINGS, Sources, linked
from errsurf.engine.patch_sources import add_patches, patch_rows
from errsurf.engine.region_sources import add_note, has_level, loss_rows, passage_rows
from errsurf.engine.rule import Rule, memory_rows
from errsurf.engine.rule_sources import add_rule, derivatives, summed
from errsurf.engine.surface_sources import add_surface
from errsurf.optimizers import Optimizer
from errsurf.surfaces import Surface
from errsurf.surfaces.shared.examples import example_fields
from errsurf.surfaces.shared.record import Lookup

LANES = 256  # measured in templates.py
UNROLLED = 4
EVERY_BIT = {"flush_denormals": "", "restore_denormals": ""}
"""What kernels leave out that compute the same bits everywhere."""


class Shape(NamedTuple):
    """What a kernel depends on of a table of examples: its terms, and the columns that differ between rows.

    With ``held`` rows, those columns are held in registers.
    """

    terms: int
    varying: tuple[int, ...]
    held: int = 0


class Rows(NamedTuple):
    """The rows of a block in order, by what they are for; each is LANES numbers."""

    theta: tuple[str, ...]
    recorded: tuple[str, ...]
    memory: tuple[str, ...]
    passage: tuple[str, ...]
    loss: tuple[str, ...]
    mean: tuple[str, ...]
    sum: tuple[str, ...]
    part: tuple[str, ...]
    column: tuple[str, ...]
    patch: tuple[str, ...]
    held: tuple[str, ...]

    def first(self, name: str) -> int:
        """Index of the first of these rows."""
        before = self._fields.index(name)
        return sum(len(parts) for parts in self[:before])

    def place(self, name: str) -> int:
        """Index of the row of theta or of a memory with this name."""
        return self.theta.index(name) if name in self.theta else self.first("memory") + self.memory.index(name)


def shape_of(terms: int, table: NDArray[Any]) -> Shape:
    """The shape of an example table (examples, columns)."""
    return Shape(terms, tuple(int(k) for k in np.flatnonzero((table != table[0]).any(axis=0))))


def loop_shape(problem: Problem, rule: Rule, precision: str, loop: str) -> Shape:
    """The shape of the training examples for one of the loops: only where particles draw their own are any held."""
    shape = shape_of(len(problem.terms), problem.train)
    if loop != "own" or not shape.varying or added_up(rule, problem.surface.lookup):
        return shape
    return shape._replace(held=held_rows(len(problem.train), precision))


def block_rows(rule: Rule, shape: Shape, lookup: Lookup | None = None, lanes: int = LANES) -> Rows:
    """The rows that a block needs for this rule and these tables."""
    sums = summed(rule)
    recorded = ("gradient_x", "gradient_y", "movement_x", "movement_y", "theta_x", "theta_y")
    return Rows(
        theta=("x", "y", "stopped", *(("probe_x", "probe_y") if rule.optimizer.probe else ())),
        recorded=recorded if rule.recorded else (),
        memory=memory_rows(rule),
        passage=passage_rows(rule.regions),
        loss=loss_rows(rule.regions),
        mean=sums,
        sum=sums,
        part=sums,
        column=tuple(str(k) for k in shape.varying),
        patch=patch_rows(added_up(rule, lookup)),
        held=tuple(str(k) for k in range(-(-shape.held * len(shape.varying) // lanes))),
    )


# Writing the sources takes 25 ms, a run of a sweep often less.
@lru_cache(maxsize=256)
def update_kernels(
    name: str, surface: Surface, rule: Rule, precision: str, shape: Shape, lanes: int = LANES, rounding: str = "fast"
) -> Any:
    """Module with the loops ``own_updates``, ``shared_updates`` and ``wide_updates`` for this surface and rule."""
    sources = Sources(ROUNDINGS[rounding])
    add_update(sources, surface, rule, precision, shape, lanes)
    for part in (templates.record_position, templates.record_parts):
        sources.add_plain(part)
    loops: ModuleType = templates
    if lookup := added_up(rule, surface.lookup):
        loops = patch_templates
        add_patches(sources, lookup, derivatives(rule))
    for loop in ("own", "shared", "wide"):
        batch = getattr(loops, f"{loop}_batch")
        sources.add_plain(batch)
        renamed = {"sum_batch": batch.__name__, "observe": _add_observe(sources, rule, loop, by_column=not lookup)}
        renamed |= {} if loop == "own" and shape.held else {"hold_table": ""}
        renamed |= EVERY_BIT if rounding == "portable" else {}
        sources.add_plain(templates.updates, "called", f"{loop}_block", renamed)
        index = templates.index_of_all if loop == "shared" else templates.index_of_block
        sources.add_plain(index)
        called = {"updates": f"{loop}_block", "block_index": index.__name__}
        sources.add_plain(templates.several_blocks, "kernel", f"{loop}_updates", called)
    return linked(name, precision, tuple(sources.values()), sources.target)


def add_update(
    sources: Sources, surface: Surface, rule: Rule, precision: str, shape: Shape, lanes: int, *, flat: bool = False
) -> None:
    """Add what the loops of every device need: rows, an example's contribution, the rule and ``apply_update``."""
    columns, kinds = len(example_fields(surface)), derivatives(rule)
    rows = block_rows(rule, shape, surface.lookup, lanes)
    sources.add("LANES", _constants(rule, rows, lanes, columns))
    add_surface(sources, surface, precision, shape.terms, (*kinds, *("loss",) * has_level(rule.regions)), flat=flat)
    _add_sums(sources, rule)
    _add_columns(sources, columns, shape)
    if not flat:
        _add_gather(sources, shape, precision, rows, lanes)
    add_rule(sources, rule, precision)
    sources.add_plain(templates.apply_update)
    if rule.regions:
        add_note(sources, rule.regions, lanes)


def _add_observe(sources: Sources, rule: Rule, loop: str, *, by_column: bool) -> str:
    """Add what one of the loops calls to compare positions with regions; its name, "" where there are none."""
    if not rule.regions:
        return ""
    losses = ""
    if has_level(rule.regions):
        losses = "wide_losses" if loop == "wide" and by_column else "row_losses"
        sources.add_plain(getattr(region_templates, losses))
    name = f"observe_{losses}" if losses else "observe"
    sources.add_plain(region_templates.observe, name=name, renamed={"sum_losses": losses})
    return name


def sum_kernels(name: str, surface: Surface, terms: int, rounding: str = "fast") -> Any:
    """Module with ``sum_loss``, ``sum_gradient``, ``sum_hessian`` and ``sum_products`` over examples, in float64."""
    sources = Sources(ROUNDINGS[rounding])
    sources.add("LANES", f"LANES = {LANES}\nCOLUMNS = {len(example_fields(surface))}\n")
    add_surface(sources, surface, "float64", terms, ("loss", "gradient", "hessian"))
    for entry in (templates.sum_loss, templates.sum_gradient, templates.sum_hessian, templates.sum_products):
        sources.add_plain(entry, "kernel")
    return linked(name, "float64", tuple(sources.values()), sources.target)


def added_up(rule: Rule, lookup: Lookup | None) -> Lookup | None:
    """The lookup whose patches are added up instead of gradients, which are linear in them; products are not."""
    return None if rule.noise == "matched" else lookup


def _constants(rule: Rule, rows: Rows, lanes: int, columns: int) -> str:
    """Constants: offsets of a block's rows, and sizes."""
    firsts = {part.upper(): part for part in ("recorded", "memory", "mean", "sum", "part", "column", "patch", "held")}
    lines = [f"{name} = {rows.first(part) * lanes}" for name, part in firsts.items()]
    lines += [f"PASSAGE = {rows.first('passage') * lanes}"] if rows.passage else []
    lines += [f"{name.upper()} = {(rows.first('loss') + k) * lanes}" for k, name in enumerate(rows.loss)]
    lines += [f"{name.upper()} = {k * lanes}" for k, name in enumerate(rows.theta)]
    lines += [f"SHOWN_{axis} = {rows.place(name) * lanes}" for axis, name in zip("XY", rule.shown, strict=True)]
    lines += [f"AT_{axis} = {'PROBE_' if rule.optimizer.probe else ''}{axis}" for axis in "XY"]
    lines += [f"EVALUATIONS = {gradient_evaluations(rule.optimizer)}", f"SUMS = {len(rows.sum)}", f"LANES = {lanes}"]
    return "\n".join([*lines, f"COLUMNS = {columns}", f"UNROLLED = {UNROLLED}", ""])


def gradient_evaluations(optimizer: Optimizer) -> int:
    """How often an update evaluates the gradient of its batch."""
    return 2 if optimizer.probe else 1


def _add_sums(sources: Sources, rule: Rule) -> None:
    """An example's contribution to the sums, and UNROLLED examples in one pass over the lanes.

    The pass reads theta and the sums once for all its examples.
    """
    sums = summed(rule)
    add_example_sums(sources, sums)
    add_row_sums(sources, sums)
    each = range(UNROLLED)
    sources.add_inlined(
        "several_examples(s, width, index, slot, table, terms)",
        *(f"e{j} = table_example(table, index[slot + {j}] * COLUMNS)" for j in each),
        "for lane in range(width):",
        "    x, y = s[AT_X + lane], s[AT_Y + lane]",
        *(f"    v{j} = example_sums(x, y, e{j}, terms)" for j in each),
        f"    add(s, SUM, lane, ({', '.join(' + '.join(f'v{j}[{k}]' for j in each) for k in range(len(sums)))}))",
    )


def add_example_sums(sources: Sources, sums: Sequence[str]) -> None:
    """Add ``example_sums``, an example's contribution to these sums."""
    lines = ["gx, gy = example_gradient(x, y, e, terms)"]
    lines += ["xx, xy, yy = example_hessian(x, y, e, terms)"] if "xx" in sums else []
    items = ", ".join(name.replace("_", " * ") for name in sums)
    sources.add_inlined("example_sums(x, y, e, terms)", *lines, f"return ({items})")


def add_row_sums(sources: Sources, sums: Sequence[str], end: str = "") -> None:
    """Add ``add``, ``begin``, ``clear`` and ``scaled``, which handle the rows of these sums.

    Their names get an ``end``.  ``begin`` is ``clear`` and ``add`` in one: 0 is added, since -0 would stay otherwise.
    """
    count = len(sums)
    for name, given, change in (
        ("add", ", values", "+= values[{}]"),
        ("begin", ", values", "= real(0) + values[{}]"),
        ("clear", "", "= real(0)"),
    ):
        lines = [f"s[rows + {k} * LANES + lane] {change.format(k)}" for k in range(count)]
        sources.add_inlined(f"{name}{end}(s, rows, lane{given})", *lines, "return")
    sources.add_inlined(
        f"scaled{end}(s, lane, weight)", f"return ({_items('s[SUM + {} * LANES + lane] * weight', count)})"
    )


def _add_columns(sources: Sources, columns: int, shape: Shape) -> None:
    """Read an example: columns that differ are gathered into lanes, the others are one number for all lanes.

    Column views are slices, because numba proves that their indices are not negative.
    """
    place = {column: f"s[COLUMN + {k} * LANES + lane]" for k, column in enumerate(shape.varying)}
    copies = [f"{target} = table[at + {column}]" for column, target in place.items()]
    sources.add_inlined("gather(s, lane, table, at)", *copies, "return")
    items = ", ".join(place.get(k, f"first_row[{k}]") for k in range(columns))
    sources.add_inlined("lane_example(s, lane, first_row)", f"return Example({items})")
    sources.add_inlined("column_views(table, at, count)", f"return ({_items('table[{} * count + at :]', columns)},)")
    sources.add_inlined("column_example(columns, part)", f"return Example({_items('columns[{}][part]', columns)})")


def _add_gather(sources: Sources, shape: Shape, precision: str, rows: Rows, lanes: int) -> None:
    """Add ``gather_slot``, which reads an example for each lane: from memory, or from registers, see ``hold_table``."""
    if not shape.held:
        lines = ["for lane in range(width):", "    gather(s, lane, table, index[slot, lane] * COLUMNS)", "return"]
        sources.add_inlined("gather_slot(s, width, table, index, slot)", *lines)
        return
    held, to = (
        [rows.first(name) * lanes + k * size for k in range(len(shape.varying))]
        for name, size in (("held", shape.held), ("column", lanes))
    )
    sources.add("picked", picked_source(precision, shape.held, held, to))
    sources.add_inlined("gather_slot(s, width, table, index, slot)", "picked(s, width, index, slot)", "return")
    copies = [f"s[{at} + row] = table[row * COLUMNS + {k}]" for at, k in zip(held, shape.varying, strict=True)]
    lines = ["for row in range(table.size // COLUMNS):", *(f"    {line}" for line in copies), "return"]
    sources.add_inlined("hold_table(s, table)", *lines)


def _items(pattern: str, count: int) -> str:
    return ", ".join(pattern.format(k) for k in range(count))
