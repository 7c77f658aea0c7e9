"""The modules of surfaces: sums over a batch for each precision, and losses and derivatives at any points."""

from typing import Any

from numba import float64, from_dtype, int64, uint32
from numba.core import types
from numpy import dtype

from errsurf.engine import patch_templates, templates
from errsurf.engine.group_plan import VECTOR
from errsurf.engine.kernel_sources import LANES, UNROLLED, add_example_sums, add_row_sums
from errsurf.engine.link import Sources, linked
from errsurf.engine.patch_sources import add_patches
from errsurf.engine.surface_sources import add_surface
from errsurf.surfaces import Surface
from errsurf.surfaces.shared.examples import example_fields
from errsurf.web import batch_templates, layout
from errsurf.web.layout import SUMS
from errsurf.web.sources import Export, Make
from errsurf.web.target import BROWSER

LOOPS = ("own", "shared", "wide")
OUTLINED = ("sum_examples",)
ROWS_OF = {"gradient": SUMS[:2], "curvature": SUMS[:5], "all": SUMS}
TOTALS = ("sum_loss", "sum_gradient", "sum_hessian", "sum_products")


def batch_kernels(name: str, surface: Surface, precision: str, terms: int, kind: str, scratch: int) -> Any:
    """Module with ``own_batch``, ``shared_batch`` and ``wide_batch``, which sum what ``kind`` says into SUM.

    "gradient"; "curvature": second derivatives too; "all": the products of the gradient's parts too.
    """
    sources, sums, columns = Sources(BROWSER), ROWS_OF[kind], len(example_fields(surface))
    sources.add(
        "LANES",
        layout.constants(scratch, columns) + f"SUMS = {len(sums)}\nUNROLLED = {UNROLLED}\nWHOLE = {-VECTOR}\n",
    )
    derivatives = ("gradient", "hessian") if "xx" in sums else ("gradient",)
    add_surface(sources, surface, precision, terms, derivatives)
    add_example_sums(sources, sums)
    add_row_sums(sources, sums)
    if surface.lookup and kind != "all":
        add_patches(sources, surface.lookup, derivatives)
        _add_patch_loops(sources)
    else:
        _add_row_loops(sources, columns, len(sums))
    return linked(name, precision, tuple(sources.values()), BROWSER)


def _add_patch_loops(sources: Sources) -> None:
    """The engine's loops over patches."""
    for loop in LOOPS:
        sources.add_plain(getattr(patch_templates, f"{loop}_batch"), name=f"{loop}_patches")
        width = "particles" if loop == "wide" else "width"
        more = ", particles" if loop == "wide" else ""
        sources.add(
            f"{loop}_batch",
            f"@kernel\ndef {loop}_batch(s, width, index, first, last, table, terms_table, varying{more}):\n"
            f"    {loop}_patches(s, {width}, index, first, last, table, load_terms(terms_table))\n",
        )


def _add_row_loops(sources: Sources, columns: int, sums: int) -> None:
    """The loops of this folder, and what reads and writes rows."""
    cells = [f"s[COLUMN + {k} * LANES + lane]" for k in range(columns)]
    rows = [f"s[rows + {k} * LANES + lane]" for k in range(sums)]
    sources.add_inlined("lane_example(s, lane)", f"return Example({', '.join(cells)})")
    sources.add_inlined("row_values(s, rows, lane)", f"return ({', '.join(rows)},)")
    sources.add_inlined(
        "set_values(s, rows, lane, values)", *(f"{row} = values[{k}]" for k, row in enumerate(rows)), "return"
    )
    total = [f"total{k} += s[SUM + {k} * LANES + part]" for k in range(sums)]
    sources.add_inlined(
        "total_lanes(s, lane)",
        f"{', '.join(f'total{k}' for k in range(sums))} = {', '.join('real(0)' for _ in range(sums))}",
        "for part in range(LANES):",
        *("    " + line for line in total),
        *(f"s[TOTAL + {k} * LANES + lane] = total{k}" for k in range(sums)),
        "return",
    )
    for part in ("clear_sums", "set_sums", "copy_point", "same_columns", "gather_columns", "wide_columns"):
        sources.add_plain(getattr(batch_templates, part))
    for part in ("sum_examples", "some_examples"):
        sources.add_plain(getattr(batch_templates, part), "called")
    for loop in LOOPS:
        sources.add_plain(getattr(batch_templates, f"{loop}_batch"), "kernel")


def batch_make(kernels: Any, precision: str, surface: Surface) -> Make:
    """How a module of batches is made."""
    real = from_dtype(dtype(precision))
    row = types.Array(real, 1, "C")
    found = []
    for loop in LOOPS:
        arguments = [
            ("s", row),
            ("width", int64),
            ("index", types.Array(uint32, 1 if loop == "shared" else 2, "C")),
            ("first", int64),
            ("last", int64),
            ("table", row),
            ("terms_table", types.Array(real, 3 if surface.lookup else 2, "C")),
            ("varying", int64),
        ]
        arguments += [("particles", int64)] if loop == "wide" else []
        found.append(Export(f"{loop}_batch", getattr(kernels, f"{loop}_batch"), tuple(arguments), DIRECT))
    return Make(tuple(found), outlined=OUTLINED)


DIRECT = ("s", "first", "last")


def total_kernels(name: str, surface: Surface, terms: int) -> Any:
    """Module with ``sum_loss``, ``sum_gradient``, ``sum_hessian`` and ``sum_products`` over examples, in float64."""
    sources = Sources(BROWSER)
    sources.add("LANES", f"LANES = {LANES}\nCOLUMNS = {len(example_fields(surface))}\n")
    add_surface(sources, surface, "float64", terms, ("loss", "gradient", "hessian"))
    for entry in TOTALS:
        sources.add_plain(getattr(templates, entry), "kernel")
    return linked(name, "float64", tuple(sources.values()), BROWSER)


def total_make(kernels: Any, surface: Surface) -> Make:
    """How a module of totals is made."""
    plane, row = types.Array(float64, 2, "C"), types.Array(float64, 1, "C")
    terms = types.Array(float64, 3 if surface.lookup else 2, "C")
    found = []
    for name in TOTALS:
        center = (("center", plane),) if name == "sum_products" else ()
        arguments = (("points", plane), *center, ("table", row), ("terms_table", terms), ("out", plane))
        found.append(Export(name, getattr(kernels, name), arguments))
    return Make(tuple(found))
