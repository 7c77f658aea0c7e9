"""The sources of a surface whose examples have tables: where a patch lies, and patches added up over a batch.

Formulas say in the kernel's own precision where a patch lies, and the index is made here: so their numbers need no
types, and a place that is NaN or infinite cannot lead out of the table.
"""

from collections.abc import Sequence

from errsurf.engine import patch_templates
from errsurf.engine.link import Sources
from errsurf.surfaces.shared.record import Lookup, Patch

NEAR = 16


def add_lookup(sources: Sources, lookup: Lookup, precision: str) -> None:
    """The tables as ``terms``; the patch of one, at a corner that is kept in the table whatever a formula says."""
    sides = range(lookup.side)
    sources.add_tuple("Patch", Patch._fields)
    sources.add_formula(lookup.place, "placed", precision)
    sources.add_inlined("load_terms(table)", "return table")
    sources.add_inlined("kept(k, last)", "k = k if k > real(0) else real(0)", "return k if k < last else last")
    sources.add_inlined(
        "corner(x, y, e, terms)",
        "column, row = placed(x, y, e)",
        f"last_column, last_row = real(terms.shape[2] - {lookup.side}), real(terms.shape[1] - {lookup.side})",
        "return kept(column, last_column), kept(row, last_row)",
    )
    rows = [f"({', '.join(f'terms[i, j + {j}, k + {k}]' for k in sides)},)" for j in sides]
    sources.add_inlined(
        "patch(e, column, row, terms)",
        "i, j, k = int64(e.example), int64(row), int64(column)",
        f"return Patch(column, row, ({', '.join(rows)},))",
    )


def patch_rows(lookup: Lookup | None) -> tuple[str, ...]:
    """Rows of a block in which patches are added up: their place, then their coefficients."""
    return () if lookup is None else ("column", "row", *(f"coefficient_{k}" for k in range(lookup.side**2)))


def add_patches(sources: Sources, lookup: Lookup, kinds: Sequence[str]) -> None:
    """How the loops of patch_templates.py add up patches and take the formula of their sum."""
    sides = range(lookup.side)
    cells = [[f"s[PATCH + {2 + lookup.side * j + k} * LANES + lane]" for k in sides] for j in sides]
    flat = [cell for row in cells for cell in row]
    sources.add("NEAR", f"NEAR = {NEAR}\n")
    sources.add_inlined("no_patch()", f"return ({'real(0), ' * len(flat)})")
    sources.add_inlined("patch_place(s, lane)", "return s[PATCH + lane], s[PATCH + LANES + lane]")
    sources.add_inlined("kept_patch(s, lane)", f"return ({', '.join(flat)},)")
    sources.add_inlined("keep_patch(s, lane, sums)", *(f"{cell} = sums[{k}]" for k, cell in enumerate(flat)), "return")
    plus = [f"sums[{lookup.side * j + k}] + p.rows[{j}][{k}]" for j in sides for k in sides]
    sources.add_inlined(
        "with_patch(sums, e, place, terms)", "p = patch(e, place[0], place[1], terms)", f"return ({', '.join(plus)},)"
    )
    rows = ", ".join(f"({', '.join(row)},)" for row in cells)
    sources.add_inlined("summed_patch(s, lane)", f"return Patch(s[PATCH + lane], s[PATCH + LANES + lane], ({rows},))")
    sources.add_inlined("patch_values(x, y, row, p)", f"return {' + '.join(f'{kind}(x, y, row, p)' for kind in kinds)}")
    for part in (patch_templates.place_patches, patch_templates.evaluate_patches):
        sources.add_plain(part)
