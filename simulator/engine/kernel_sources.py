"""Which sources make up a kernel: one surface's formula, one rule, the templates, and the glue."""

from types import ModuleType
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from errsurf.engine import patch_templates, templates
from errsurf.engine.link import Sources, linked
from errsurf.engine.patch_sources import add_patches, patch_rows
from errsurf.engine.surface_sources import add_surface
from errsurf.optimizers import Optimizer
from errsurf.settings import gradient_options
from errsurf.settings.gradient_options import Numbers
from errsurf.surfaces import Surface
from errsurf.surfaces.shared.examples import example_fields
from errsurf.surfaces.shared.record import Lookup

LANES = 256  # measured in templates.py
UNROLLED = 4


class Shape(NamedTuple):
    """What a kernel depends on of a table of examples: its terms, and the columns that differ between rows."""

    terms: int
    varying: tuple[int, ...]


class Rule(NamedTuple):
    """What a kernel depends on of an update: optimizer, gradient options, and whether its parts are recorded."""

    optimizer: Optimizer
    clip: str = ""
    noise: str = ""
    recorded: bool = False

    @property
    def uses_normal(self) -> bool:
        """Whether the rule's ``update`` takes a normal number."""
        code = self.optimizer.update.__code__
        return "normal" in code.co_varnames[: code.co_argcount]


class Rows(NamedTuple):
    """The rows of a block in order, by what they are for; each is LANES numbers."""

    theta: tuple[str, ...]
    recorded: tuple[str, ...]
    memory_x: tuple[str, ...]
    memory_y: tuple[str, ...]
    mean: tuple[str, ...]
    sum: tuple[str, ...]
    part: tuple[str, ...]
    column: tuple[str, ...]
    patch: tuple[str, ...]

    def first(self, name: str) -> int:
        """Index of the first of these rows."""
        before = self._fields.index(name)
        return sum(len(parts) for parts in self[:before])


def shape_of(terms: int, table: NDArray[Any]) -> Shape:
    """The shape of an example table (examples, columns)."""
    return Shape(terms, tuple(int(k) for k in np.flatnonzero((table != table[0]).any(axis=0))))


def block_rows(rule: Rule, shape: Shape, lookup: Lookup | None = None) -> Rows:
    """The rows that a block needs for this rule and these tables."""
    memory = tuple(rule.optimizer.memory._fields)
    sums = _sums(rule)
    return Rows(
        theta=("x", "y", "stopped", *(("probe_x", "probe_y") if rule.optimizer.probe else ())),
        recorded=("gradient_x", "gradient_y", "movement_x", "movement_y") if rule.recorded else (),
        memory_x=memory,
        memory_y=memory,
        mean=sums,
        sum=sums,
        part=sums,
        column=tuple(str(k) for k in shape.varying),
        patch=patch_rows(added_up(rule, lookup)),
    )


def update_kernels(name: str, surface: Surface, rule: Rule, precision: str, shape: Shape, lanes: int = LANES) -> Any:
    """Module with the loops ``own_updates``, ``shared_updates`` and ``wide_updates`` for this surface and rule."""
    sources = Sources()
    add_update(sources, surface, rule, precision, shape, lanes)
    for part in (templates.record_position, templates.record_parts):
        sources.add_plain(part)
    loops: ModuleType = templates
    if lookup := added_up(rule, surface.lookup):
        loops = patch_templates
        add_patches(sources, lookup, ("gradient", "hessian") if _needs_hessian(rule) else ("gradient",))
    for loop in ("own", "shared", "wide"):
        batch = getattr(loops, f"{loop}_batch")
        sources.add_plain(batch)
        sources.add_plain(templates.updates, "kernel", f"{loop}_updates", {"sum_batch": batch.__name__})
    return linked(name, precision, tuple(sources.values()))


def add_update(
    sources: Sources, surface: Surface, rule: Rule, precision: str, shape: Shape, lanes: int, *, flat: bool = False
) -> None:
    """Add what the loops of every device need: rows, an example's contribution, the rule and ``apply_update``."""
    columns, kinds = len(example_fields(surface)), ("gradient", "hessian") if _needs_hessian(rule) else ("gradient",)
    sources.add("LANES", _constants(rule, block_rows(rule, shape, surface.lookup), lanes, columns))
    add_surface(sources, surface, precision, shape.terms, kinds, flat=flat)
    _add_sums(sources, rule)
    _add_columns(sources, columns, shape)
    _add_rule(sources, rule, precision)
    sources.add_plain(templates.apply_update)


def sum_kernels(name: str, surface: Surface, terms: int) -> Any:
    """Module with ``sum_loss``, ``sum_gradient``, ``sum_hessian`` and ``sum_products`` over examples, in float64."""
    sources = Sources()
    sources.add("LANES", f"LANES = {LANES}\nCOLUMNS = {len(example_fields(surface))}\n")
    add_surface(sources, surface, "float64", terms, ("loss", "gradient", "hessian"))
    for entry in (templates.sum_loss, templates.sum_gradient, templates.sum_hessian, templates.sum_products):
        sources.add_plain(entry, "kernel")
    return linked(name, "float64", tuple(sources.values()))


def added_up(rule: Rule, lookup: Lookup | None) -> Lookup | None:
    """The lookup whose patches are added up instead of gradients, which are linear in them; products are not."""
    return None if rule.noise == "matched" else lookup


def settings_row(settings: Any, options: Numbers, precision: str) -> NDArray[Any]:
    """A rule's settings and the options on its gradient as the flat row that kernels read."""
    flat: list[float] = []
    for value in (*settings, *options):
        flat.extend(value if isinstance(value, tuple) else (value,))
    return np.array(flat, dtype=precision)


def _needs_hessian(rule: Rule) -> bool:
    return rule.optimizer.direction is not None


def _sums(rule: Rule) -> tuple[str, ...]:
    """Names of the rows that are summed over examples."""
    second = ("xx", "xy", "yy") if _needs_hessian(rule) else ()
    products = ("gx_gx", "gx_gy", "gy_gy") if rule.noise == "matched" else ()
    return ("gx", "gy", *second, *products)


def _constants(rule: Rule, rows: Rows, lanes: int, columns: int) -> str:
    """Constants: offsets of a block's rows, and sizes."""
    firsts = {"RECORDED": "recorded", "MX": "memory_x", "MY": "memory_y"}
    firsts |= {part.upper(): part for part in ("mean", "sum", "part", "column", "patch")}
    lines = [f"{name} = {rows.first(part) * lanes}" for name, part in firsts.items()]
    lines += [f"{name.upper()} = {k * lanes}" for k, name in enumerate(rows.theta)]
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
    sums = _sums(rule)
    lines = ["gx, gy = example_gradient(x, y, e, terms)"]
    lines += ["xx, xy, yy = example_hessian(x, y, e, terms)"] if _needs_hessian(rule) else []
    items = ", ".join(name.replace("_", " * ") for name in sums)
    sources.add_inlined("example_sums(x, y, e, terms)", *lines, f"return ({items})")
    each = range(UNROLLED)
    adds = [f"s[rows + {k} * LANES + lane] += values[{k}]" for k in range(len(sums))]
    sources.add_inlined("add(s, rows, lane, values)", *adds, "return")
    sources.add_inlined(
        "clear(s, rows, lane)", *(f"s[rows + {k} * LANES + lane] = real(0)" for k in range(len(sums))), "return"
    )
    sources.add_inlined(
        "scaled(s, lane, weight)", f"return ({_items('s[SUM + {} * LANES + lane] * weight', len(sums))})"
    )
    sources.add_inlined(
        "several_examples(s, width, index, slot, table, terms)",
        *(f"e{j} = table_example(table, index[slot + {j}] * COLUMNS)" for j in each),
        "for lane in range(width):",
        "    x, y = s[AT_X + lane], s[AT_Y + lane]",
        *(f"    v{j} = example_sums(x, y, e{j}, terms)" for j in each),
        f"    add(s, SUM, lane, ({', '.join(' + '.join(f'v{j}[{k}]' for j in each) for k in range(len(sums)))}))",
    )


def _add_rule(sources: Sources, rule: Rule, precision: str) -> None:
    """The rule, reading its numbers from arrays, and what surrounds it."""
    optimizer = rule.optimizer
    memory, constants = optimizer.memory._fields, get_type_hints(optimizer.step_constants)["return"]._fields
    sources.add_formula(optimizer.update, "update", precision)
    sources.add_tuple("Memory", memory)
    sources.add_tuple("StepConstants", constants)
    sources.add_tuple("Settings", optimizer.settings._fields)
    sources.add_tuple("Options", Numbers._fields)
    settings, at = _settings_items(optimizer.settings())
    sources.add_inlined(
        "load_constants(constants, u)", f"return StepConstants({_items('constants[u, {}]', len(constants))})"
    )
    sources.add_inlined("load_settings(row)", f"return Settings({', '.join(settings)})")
    sources.add_inlined("load_options(row)", f"return Options(row[{at}], row[{at + 1}])")
    items = _items("s[at + {} * LANES + lane]", len(memory))
    sources.add_inlined("load_memory(s, lane, at)", f"return Memory({items})")
    stores = [f"s[at + {k} * LANES + lane] = m[{k}]" for k in range(len(memory))]
    sources.add_inlined("store_memory(s, lane, at, m)", *stores, "return")
    drawn = ", normal[part, lane]" if rule.uses_normal else ""
    sources.add_inlined(
        "apply_rule(theta, g, memory, constants, settings, normal, part, lane)",
        f"return update(theta, g, memory, constants, settings{drawn})",
    )
    _add_preprocessing(sources, rule, precision)
    _add_probe(sources, optimizer, precision)
    _add_store_parts(sources, rule)


def _add_preprocessing(sources: Sources, rule: Rule, precision: str) -> None:
    """The gradient that the rule gets: with noise, clipped, and replaced by the rule's direction."""
    lines = ["gx, gy = s[MEAN + lane], s[MEAN + LANES + lane]"]
    names = _sums(rule)
    read = {name: f"s[MEAN + {names.index(name)} * LANES + lane]" for name in names}
    if rule.noise:
        products = "".join(f"{read[name]}, " for name in ("gx_gx", "gx_gy", "gy_gy") if name in names)
        sources.add_formula(getattr(gradient_options, rule.noise), rule.noise, precision)
        lines.append(f"gx, gy = {rule.noise}(gx, gy, {products}options.noise, normal[0, lane], normal[1, lane])")
    if rule.clip:
        sources.add_formula(getattr(gradient_options, f"clip_{rule.clip}"), f"clip_{rule.clip}", precision)
        lines.append(f"gx, gy = clip_{rule.clip}(gx, gy, options.most)")
    if rule.optimizer.direction:
        sources.add_formula(rule.optimizer.direction, "direction", precision)
        second = ", ".join(read[name] for name in ("xx", "xy", "yy"))
        lines.append(f"gx, gy = direction(gx, gy, {second}, settings)")
    sources.add_inlined("preprocess_gradient(s, lane, settings, options, normal)", *lines, "return gx, gy")


def _add_probe(sources: Sources, optimizer: Optimizer, precision: str) -> None:
    """Where an update evaluates gradients: at theta, then at the rule's probe."""
    if not optimizer.probe:
        sources.add_inlined("place(s, width, evaluation, settings)", "return")
        return
    sources.add_formula(optimizer.probe, "probe", precision)
    sources.add_inlined(
        "place(s, width, evaluation, settings)",
        "for lane in range(width):",
        "    x, y = s[X + lane], s[Y + lane]",
        "    if evaluation == 1:",
        "        x, y = probe(x, y, s[MEAN + lane], s[MEAN + LANES + lane], settings)",
        "    s[PROBE_X + lane] = x",
        "    s[PROBE_Y + lane] = y",
    )


def _add_store_parts(sources: Sources, rule: Rule) -> None:
    """Store the gradient and the movement of an update in rows of the block, if they are recorded."""
    stores = [f"s[RECORDED + {k} * LANES + lane] = {name}" for k, name in enumerate(("gx", "gy", "dx", "dy"))]
    sources.add_inlined("store_parts(s, lane, gx, gy, dx, dy)", *(stores if rule.recorded else ()), "return")


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


def _settings_items(defaults: Any) -> tuple[list[str], int]:
    """Expressions that read each field from a flat row of numbers, and the length of the row.

    A field is a flag, a number, or a tuple of numbers.
    """
    items: list[str] = []
    at = 0
    for value in defaults:
        if isinstance(value, tuple):
            items.append(f"({', '.join(f'row[{at + k}]' for k in range(len(value)))},)")
            at += len(value)
        else:
            items.append(f"row[{at}] != 0" if isinstance(value, bool) else f"row[{at}]")
            at += 1
    return items, at


def _items(pattern: str, count: int) -> str:
    return ", ".join(pattern.format(k) for k in range(count))
