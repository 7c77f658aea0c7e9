"""The rows of a block, the same for all modules that a page joins."""

from errsurf.engine.kernel_sources import LANES
from errsurf.engine.patch_sources import patch_rows
from errsurf.surfaces import Surface
from errsurf.surfaces.shared.examples import example_fields

THETA = ("x", "y", "stopped", "at_x", "at_y")
SUMS = ("gx", "gy", "xx", "xy", "yy", "gx_gx", "gx_gy", "gy_gy")
SUM = len(THETA)
MEAN = SUM + len(SUMS)
SCRATCH = MEAN + len(SUMS)
# Room for the scratch rows of every surface that comes with the package.
SCRATCH_ROWS = 48


def scratch_rows(surface: Surface) -> int:
    """Scratch rows of a surface: a point, totals and copies of the sums, the columns of its examples, and its patch."""
    return 2 + 2 * len(SUMS) + len(example_fields(surface)) + len(patch_rows(surface.lookup))


def constants(scratch: int, columns: int = 0) -> str:
    """The offsets of rows that modules share, as source; ``columns`` of a surface's examples."""
    total = SCRATCH + 2
    kept = total + len(SUMS)
    column = kept + len(SUMS)
    rows = {name.upper(): k for k, name in enumerate(THETA)}
    rows |= {"PROBE_X": rows["AT_X"], "PROBE_Y": rows["AT_Y"], "SUM": SUM, "MEAN": MEAN, "POINT": SCRATCH}
    rows |= {"TOTAL": total, "KEPT": kept, "COLUMN": column, "PATCH": column + columns, "MEMORY": SCRATCH + scratch}
    lines = [f"{name} = {row * LANES}" for name, row in rows.items()]
    return "\n".join([*lines, f"LANES = {LANES}", f"COLUMNS = {columns}", ""])
