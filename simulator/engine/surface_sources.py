"""The sources of a surface: the formulas of one term, and those of one example made from them."""

from collections.abc import Sequence

from errsurf.engine.link import Sources
from errsurf.engine.patch_sources import add_lookup
from errsurf.surfaces import Surface
from errsurf.surfaces.shared.examples import example_fields, is_generic

PARTS = {"loss": ("z",), "gradient": ("zx", "zy"), "hessian": ("zxx", "zxy", "zyy")}
TILTS = {
    "loss": (" + e.tilt_x * x + e.tilt_y * y",),
    "gradient": (" + e.tilt_x", " + e.tilt_y"),
    "hessian": ("", "", ""),
}


def add_surface(
    sources: Sources, surface: Surface, precision: str, terms: int, kinds: Sequence[str], *, flat: bool = False
) -> None:
    """Adds ``example_<kind>`` for each of "loss", "gradient", "hessian", and how examples and terms are read.

    The table of terms has an axis for its columns, unless it is ``flat``.
    """
    fields = example_fields(surface)
    sources.add_tuple("Example", fields)
    items = ", ".join(f"table[at + {k}]" for k in range(len(fields)))
    sources.add_inlined("table_example(table, at)", f"return Example({items})")
    for kind in kinds:
        sources.add_formula(getattr(surface, kind), kind, precision)
        sources.add_inlined(f"example_{kind}(x, y, e, terms)", *example_lines(surface, kind, terms))
    if surface.lookup:
        add_lookup(sources, surface.lookup, precision)
        return
    if surface.examples:
        sources.add_inlined("load_terms(table)", "return 0")
        return
    row = surface.row._fields
    sources.add_tuple("Term", row)
    place = [[t * len(row) + k if flat else f"{t}, {k}" for k in range(len(row))] for t in range(terms)]
    rows = [f"Term({', '.join(f'table[{k}]' for k in each)})" for each in place]
    sources.add_inlined("load_terms(table)", f"return ({', '.join(rows)},)")


def example_lines(surface: Surface, kind: str, terms: int) -> list[str]:
    """The statements of ``example_<kind>(x, y, e, terms)``."""
    if not is_generic(surface):
        return _own_lines(surface, kind)
    return _generic_lines(kind, ["e"] if surface.examples else [f"terms[{t}]" for t in range(terms)])


def _own_lines(surface: Surface, kind: str) -> list[str]:
    """The formula of an example's own row, and of the patch of its table."""
    if not surface.lookup:
        return [f"return {kind}(x, y, e)"]
    return ["column, row = corner(x, y, e, terms)", f"return {kind}(x, y, e, patch(e, column, row, terms))"]


def _generic_lines(kind: str, rows: Sequence[str]) -> list[str]:
    """Scale, shift and tilt around the sum of the formula over rows."""
    names = PARTS[kind]
    calls = [f"{', '.join(f'{n}{t}' for n in names)} = {kind}(u, v, {row})" for t, row in enumerate(rows)]
    sums = [" + ".join(f"{n}{t}" for t in range(len(rows))) for n in names]
    parts = [f"e.scale * ({total}){tilt}" for total, tilt in zip(sums, TILTS[kind], strict=True)]
    return ["u = x - e.shift_x", "v = y - e.shift_y", *calls, f"return {', '.join(parts)}"]
