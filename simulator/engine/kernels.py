"""Which sources make up a kernel: one surface's formula, one rule, the templates, and the glue."""

from collections.abc import Sequence
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from simulator.engine import templates
from simulator.engine.link import Sources, linked
from simulator.optimizers import Optimizer
from surfaces import Surface
from surfaces._examples import Example as GenericExample

LANES = 256
UNROLLED = 4
ROWS = ("X", "Y", "GX", "GY", "BX", "BY", "STOPPED", "MX")
PARTS = {"loss": ("z",), "gradient": ("zx", "zy"), "hessian": ("zxx", "zxy", "zyy")}
TILTS = {
    "loss": (" + e.tilt_x * x + e.tilt_y * y",),
    "gradient": (" + e.tilt_x", " + e.tilt_y"),
    "hessian": ("", "", ""),
}


class Shape(NamedTuple):
    """What a kernel must know of a table of examples: its terms, and the columns that differ between rows."""

    terms: int
    varying: tuple[int, ...]


def shape_of(terms: int, table: NDArray[Any]) -> Shape:
    """The shape of an example table (examples, columns)."""
    return Shape(terms, tuple(int(k) for k in np.flatnonzero((table != table[0]).any(axis=0))))


def example_fields(surface: Surface) -> tuple[str, ...]:
    """Names of the columns of an example table."""
    return tuple((surface.row if surface.examples else GenericExample)._fields)


def update_kernels(
    name: str, surface: Surface, rule: Optimizer, precision: str, shape: Shape, lanes: int = LANES
) -> Any:
    """Module with ``own_batches``, ``shared_batches`` and ``wide_batches`` for this surface and rule."""
    sources = Sources()
    rows = block_rows(rule, shape)
    sources.add("LANES", _constants(lanes, len(example_fields(surface)), rows - len(shape.varying)))
    _add_surface(sources, surface, precision, shape, ("gradient",))
    sources.add_formula(rule.update, "update", precision)
    _add_rule(sources, rule)
    _add_gather(sources, len(example_fields(surface)), shape)
    _add_several_examples(sources)
    _add_columns(sources, len(example_fields(surface)))
    for part in (templates.change, templates.record):
        sources.add_plain(part)
    for entry in (templates.own_batches, templates.shared_batches, templates.wide_batches):
        sources.add_plain(entry, "kernel")
    return linked(name, precision, tuple(sources.values()))


def sum_kernels(name: str, surface: Surface, terms: int) -> Any:
    """Module with ``sum_loss``, ``sum_gradient`` and ``sum_hessian`` over all examples, in float64."""
    sources = Sources()
    sources.add("LANES", _constants(LANES, len(example_fields(surface)), 0))
    _add_surface(sources, surface, "float64", Shape(terms, ()), tuple(PARTS))
    for entry in (templates.sum_loss, templates.sum_gradient, templates.sum_hessian):
        sources.add_plain(entry, "kernel")
    return linked(name, "float64", tuple(sources.values()))


def block_rows(rule: Optimizer, shape: Shape) -> int:
    """Rows of a block: the fixed ones, the memory of both parameters, and the gathered columns."""
    return len(ROWS) - 1 + 2 * len(rule.memory._fields) + len(shape.varying)


def settings_row(settings: Any, precision: str) -> NDArray[Any]:
    """A rule's settings as the flat row that kernels read."""
    flat: list[float] = []
    for value in settings:
        flat.extend(value if isinstance(value, tuple) else (value,))
    return np.array(flat, dtype=precision)


def _add_surface(sources: Sources, surface: Surface, precision: str, shape: Shape, kinds: Sequence[str]) -> None:
    """The formulas of one term, and those of one example made from them."""
    fields = example_fields(surface)
    sources.add_tuple("Example", fields)
    sources.add_inlined("table_example(table, at)", f"return Example({_items('table[at + {}]', len(fields))})")
    for kind in kinds:
        sources.add_formula(getattr(surface, kind), kind, precision)
        if surface.examples:
            sources.add_inlined(f"example_{kind}(x, y, e, terms)", f"return {kind}(x, y, e)")
        else:
            sources.add_inlined(f"example_{kind}(x, y, e, terms)", *_generic_lines(kind, shape.terms))
    if surface.examples:
        sources.add_inlined("load_terms(table)", "return 0")
        return
    sources.add_tuple("Term", surface.row._fields)
    rows = [f"Term({_items(f'table[{t}, {{}}]', len(surface.row._fields))})" for t in range(shape.terms)]
    sources.add_inlined("load_terms(table)", f"return ({', '.join(rows)},)")


def _generic_lines(kind: str, terms: int) -> list[str]:
    """Scale, shift and tilt around the sum of the terms."""
    names = PARTS[kind]
    calls = [f"{', '.join(f'{n}{t}' for n in names)} = {kind}(u, v, terms[{t}])" for t in range(terms)]
    sums = [" + ".join(f"{n}{t}" for t in range(terms)) for n in names]
    parts = [f"e.scale * ({total}){tilt}" for total, tilt in zip(sums, TILTS[kind], strict=True)]
    return ["u = x - e.shift_x", "v = y - e.shift_y", *calls, f"return {', '.join(parts)}"]


def _add_rule(sources: Sources, rule: Optimizer) -> None:
    """How the rule's settings, its values of the update and its memory are read from arrays."""
    memory, now = rule.memory._fields, get_type_hints(rule.now)["return"]._fields
    sources.add_tuple("Now", now)
    sources.add_tuple("Settings", rule.settings._fields)
    sources.add_inlined("load_now(now, u)", f"return Now({_items('now[u, {}]', len(now))})")
    sources.add_inlined("load_settings(row)", f"return Settings({', '.join(_settings_items(rule.settings()))})")
    items = _items("s[at + {} * LANES + lane]", len(memory))
    sources.add_inlined("load_memory(s, lane, at)", f"return Memory({items})")
    stores = [f"s[at + {k} * LANES + lane] = m[{k}]" for k in range(len(memory))]
    sources.add_inlined("store_memory(s, lane, at, m)", *stores, "return")


def _settings_items(defaults: Any) -> list[str]:
    """Expressions that read each field from a flat row of numbers: a flag, a number, a tuple of numbers."""
    items: list[str] = []
    at = 0
    for value in defaults:
        if isinstance(value, tuple):
            items.append(f"({', '.join(f'row[{at + k}]' for k in range(len(value)))},)")
            at += len(value)
        else:
            items.append(f"row[{at}] != 0" if isinstance(value, bool) else f"row[{at}]")
            at += 1
    return items


def _constants(lanes: int, columns: int, fixed_rows: int) -> str:
    """Where a block's rows begin."""
    lines = [f"{name} = {k * lanes}" for k, name in enumerate(ROWS)]
    memory = (fixed_rows - len(ROWS) + 1) // 2
    lines += [f"MY = {(len(ROWS) - 1 + memory) * lanes}", f"COLUMN = {fixed_rows * lanes}"]
    return "\n".join([*lines, f"LANES = {lanes}", f"COLUMNS = {columns}", f"UNROLLED = {UNROLLED}", ""])


def _add_gather(sources: Sources, columns: int, shape: Shape) -> None:
    """Copies the columns that differ between examples into lanes; the others stay one number for all."""
    place = {column: f"s[COLUMN + {k} * LANES + lane]" for k, column in enumerate(shape.varying)}
    copies = [f"{target} = table[at + {column}]" for column, target in place.items()]
    sources.add_inlined("gather(s, lane, table, at)", *copies, "return")
    items = ", ".join(place.get(k, f"first_row[{k}]") for k in range(columns))
    sources.add_inlined("lane_example(s, lane, first_row)", f"return Example({items})")


def _add_several_examples(sources: Sources) -> None:
    """UNROLLED examples in one pass over the lanes: theta and the sums are read once for all of them."""
    each = range(UNROLLED)
    sources.add_inlined(
        "several_examples(s, width, order, slot, table, terms)",
        *(f"e{k} = table_example(table, order[slot + {k}] * COLUMNS)" for k in each),
        "for lane in range(width):",
        "    x, y = s[X + lane], s[Y + lane]",
        *(f"    gx{k}, gy{k} = example_gradient(x, y, e{k}, terms)" for k in each),
        f"    s[BX + lane] += {' + '.join(f'gx{k}' for k in each)}",
        f"    s[BY + lane] += {' + '.join(f'gy{k}' for k in each)}",
    )


def _add_columns(sources: Sources, columns: int) -> None:
    """A table that holds column after column; slices, because numba proves their indices not negative."""
    sources.add_inlined("column_views(table, at, count)", f"return ({_items('table[{} * count + at :]', columns)},)")
    sources.add_inlined("column_example(columns, part)", f"return Example({_items('columns[{}][part]', columns)})")


def _items(pattern: str, count: int) -> str:
    return ", ".join(pattern.format(k) for k in range(count))
