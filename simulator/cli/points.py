"""Critical points as tables for a terminal, each with an explanation."""

from collections import Counter
from collections.abc import Sequence
from math import degrees

import numpy as np
from rich.table import Table

from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import echo
from errsurf.run_analysis.inspection import KINDS, Inspection

MAX_ROWS = 24
NAMES = {"degenerate": "level curve"}
PLURALS = {"minimum": "minima", "saddle": "saddles", "maximum": "maxima", "degenerate": "level curves"}
SHARPNESS = """\
sharpness      the largest eigenvalue of the Hessian: how fast the slope grows in the steepest direction
2 / sharpness  the largest stable lr: above it, plain gradient descent leaves the point even if it is a minimum
gap            test loss less training loss"""
DEGENERATE = (
    "level curve    a whole curve of points with zero gradient, such as the floor of a valley; its middle is shown"
)
NOISE = """\
The gradient of a batch scatters around the full one: covariance along x, between x and y, and along y; then the
standard deviations along the axes of the noise ellipse, and the angle of the wide one from the x axis."""


SCALE = """\
The scale is tr(C) / |g|^2, C the covariance of one example's gradient and g the full one: the critical batch size.
An update with B examples makes about 1 / (1 + scale / B) of the progress that an update with all examples makes: much
smaller batches need more updates in proportion, much larger ones save few.  At a critical point it is infinite."""


def show_points(found: Inspection) -> None:
    """Print the points, then the noise for each batch size."""
    (x0, x1), (y0, y1) = found.window
    kinds = Counter(c.kind for c in found.critical)
    counts = [_counted(kinds[kind], kind) for kind in KINDS if kinds[kind]]
    what = ", ".join(counts) or "no critical point; look elsewhere with picture.window (errsurf inspect --help)"
    echo(f"{found.scenario.surface.kind}, x from {x0:g} to {x1:g}, y from {y0:g} to {y1:g}: {what}")
    if not found.critical:
        return
    _print(_points_table(found))
    if len(found.critical) > MAX_ROWS:
        echo(f"and {len(found.critical) - MAX_ROWS:,} more, which --json prints too")
    echo(*SHARPNESS.split("\n"), *([DEGENERATE] if kinds["degenerate"] else []))
    how = "with" if found.scenario.run.sampling.kind == "replacement" else "without"
    for batch in found.batches:
        count = len(found.landscape.train)
        echo("", f"Gradient noise of batch {batch:,}, drawn {how} replacement from {count:,} examples")
        _print(_noise_table(found, batch))
    if found.batches:
        echo(*NOISE.split("\n"))
    if found.noise_scale and found.noise_scale[2] > 0:
        low, median, high = map(_number, found.noise_scale)
        echo("", f"Gradient noise scale over the window: median {median}, from {low} (5%) to {high} (95%)")
        echo(*SCALE.split("\n"))


def _counted(count: int, kind: str) -> str:
    return (
        f"{count} {PLURALS[kind] if count > 1 else PLURALS[kind].removesuffix('s') if kind == 'degenerate' else kind}"
    )


def _points_table(found: Inspection) -> Table:
    rows = [
        (NAMES.get(c.kind, c.kind), *map(_number, (c.x, c.y, c.loss, test, gap, *c.eigenvalues, lr)))
        for c, test, gap, lr in zip(found.critical, found.test_loss, found.gap, found.largest_lr, strict=True)
    ]
    heads = ("x", "y", "training\nloss", "test\nloss", "gap", "smallest\neigenvalue", "sharpness", "2 /\nsharpness")
    return _table(heads, rows)


def _noise_table(found: Inspection, batch: int) -> Table:
    rows = []
    for c, (xx, xy, yy) in zip(found.critical, found.covariance(batch), strict=True):
        values, axes = np.linalg.eigh([[xx, xy], [xy, yy]])
        narrow, wide = np.sqrt(np.maximum(values, 0))
        angle = f"{degrees(np.arctan2(axes[1, 1], axes[0, 1])) % 180:.0f}°" if wide else "none"
        rows.append((NAMES.get(c.kind, c.kind), *map(_number, (xx, xy, yy, wide, narrow)), angle))
    return _table(("cov xx", "cov xy", "cov yy", "std along\nwide axis", "std along\nnarrow axis", "angle"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Numbered rows of a kind and cells, up to a readable number, at full width on any terminal."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    shown = [(str(k + 1), *row) for k, row in enumerate(rows[:MAX_ROWS])]
    for k, head in enumerate(("", "", *heads)):
        widest = max(map(len, (*head.split("\n"), *(row[k] for row in shown))))
        table.add_column(head, justify="left" if k == 1 else "right", no_wrap=True, min_width=widest)
    for row in shown:
        table.add_row(*row)
    return table


def _print(table: Table) -> None:
    console = PlainConsole()
    console.print(table, crop=False, width=max(console.width, console.measure(table).maximum))


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:z.4g}"
