"""The sources of a surface: the formulas of one term, and those of one example made from them."""

from collections.abc import Sequence

from simulator.engine.link import Sources
from surfaces import Surface
from surfaces._examples import Example as GenericExample

PARTS = {"loss": ("z",), "gradient": ("zx", "zy"), "hessian": ("zxx", "zxy", "zyy")}
TILTS = {
    "loss": (" + e.tilt_x * x + e.tilt_y * y",),
    "gradient": (" + e.tilt_x", " + e.tilt_y"),
    "hessian": ("", "", ""),
}


def example_fields(surface: Surface) -> tuple[str, ...]:
    """Names of the columns of an example table."""
    return tuple((surface.row if surface.examples else GenericExample)._fields)


def add_surface(sources: Sources, surface: Surface, precision: str, terms: int, kinds: Sequence[str]) -> None:
    """Adds ``example_<kind>`` for each of "loss", "gradient", "hessian", and how examples and terms are read."""
    fields = example_fields(surface)
    sources.add_tuple("Example", fields)
    items = ", ".join(f"table[at + {k}]" for k in range(len(fields)))
    sources.add_inlined("table_example(table, at)", f"return Example({items})")
    for kind in kinds:
        sources.add_formula(getattr(surface, kind), kind, precision)
        lines = [f"return {kind}(x, y, e)"] if surface.examples else _generic_lines(kind, terms)
        sources.add_inlined(f"example_{kind}(x, y, e, terms)", *lines)
    if surface.examples:
        sources.add_inlined("load_terms(table)", "return 0")
        return
    row = surface.row._fields
    sources.add_tuple("Term", row)
    rows = [f"Term({', '.join(f'table[{t}, {k}]' for k in range(len(row)))})" for t in range(terms)]
    sources.add_inlined("load_terms(table)", f"return ({', '.join(rows)},)")


def _generic_lines(kind: str, terms: int) -> list[str]:
    """Scale, shift and tilt around the sum of the terms."""
    names = PARTS[kind]
    calls = [f"{', '.join(f'{n}{t}' for n in names)} = {kind}(u, v, terms[{t}])" for t in range(terms)]
    sums = [" + ".join(f"{n}{t}" for t in range(terms)) for n in names]
    parts = [f"e.scale * ({total}){tilt}" for total, tilt in zip(sums, TILTS[kind], strict=True)]
    return ["u = x - e.shift_x", "v = y - e.shift_y", *calls, f"return {', '.join(parts)}"]
