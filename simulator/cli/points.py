"""Critical points as tables for a terminal, each with an explanation."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from math import degrees

import numpy as np
from rich.cells import cell_len
from rich.table import Table

from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import echo
from errsurf.drawing.map.axes import axis_names
from errsurf.run_analysis.inspection import Inspection, plural
from errsurf.run_analysis.measured import warning
from errsurf.run_analysis.units import unit_lines
from errsurf.system.numbers import counted, number_text
from errsurf.words import said

MAX_ROWS = 24
SHARPNESS = """\
sharpness      the largest eigenvalue of the Hessian: how fast the slope grows in the steepest direction
2 / sharpness  the largest stable lr: above it, plain gradient descent leaves the point even if it is a minimum
gap            test loss less training loss"""
MINIMA = "lowest, local  the minimum of the lowest training loss in this window, with two rings on maps, and the others"
LEVEL = "level, valley  a whole curve of points with zero gradient, such as the floor of a valley; its middle is shown"
NOISE = """\
The gradient of a batch scatters around the full one: covariance along x, between x and y, and along y; then the
standard deviations along the axes of the noise ellipse, and the angle of the wide one from the x axis."""


SCALE = """\
The scale is tr(C) / |g|^2, C the covariance of one example's gradient and g the full one: the critical batch size.
An update with B examples makes about 1 / (1 + scale / B) of the progress that an update with all examples makes: much
smaller batches need more updates in proportion, much larger ones save few.  At a critical point it is infinite."""


def show_points(found: Inspection) -> None:
    """Print the points, then the noise for each batch size."""
    told = partial(said, language=found.scenario.language)
    kinds = Counter(c.word for c in found.critical)
    counts = [told(counted(number, kind, plural(kind))) for kind, number in kinds.items()]
    what = ", ".join(counts) or "no critical point; look elsewhere with picture.window (errsurf inspect --help)"
    x, y = axis_names(found.scenario.surface)
    x0, x1, y0, y1 = (number_text(edge) for window in found.window for edge in window)
    echo(told(f"{found.scenario.surface.kind}, {x} from {x0} to {x1}, {y} from {y0} to {y1}: {what}"))
    if not found.critical:
        return
    _print(_points_table(found))
    if len(found.critical) > MAX_ROWS:
        echo(told(f"and {len(found.critical) - MAX_ROWS:,} more, which --json prints too"))
    for line in unit_lines(found.landscape, found.critical[:MAX_ROWS], found.kinds):
        echo(told(line))
    more = [MINIMA] * (kinds["minimum"] > 1) + [LEVEL] * any(c.kind == "degenerate" for c in found.critical)
    echo(*map(told, (*SHARPNESS.split("\n"), *more)))
    if words := warning(found.landscape, [c for c in found.critical if c.kind == "minimum"]):
        echo(told(words))
    how = "with" if found.scenario.run.sampling.kind == "replacement" else "without"
    for batch in found.batches:
        count = len(found.landscape.train)
        echo("", told(f"Gradient noise of batch {number_text(batch)}, drawn {how} replacement from {count:,} examples"))
        _print(_noise_table(found, batch))
    if found.batches:
        echo(*map(told, NOISE.split("\n")))
    if found.noise_scale and found.noise_scale[2] > 0:
        low, median, high = map(number_text, found.noise_scale)
        echo("", told(f"Gradient noise scale over the window: median {median}, from {low} (5%) to {high} (95%)"))
        echo(*map(told, SCALE.split("\n")))


def _points_table(found: Inspection) -> Table:
    rows = [
        (*names, *map(number_text, (c.x, c.y, c.loss, test, gap, *c.eigenvalues, lr)))
        for names, c, test, gap, lr in zip(
            _named(found), found.critical, found.test_loss, found.gap, found.largest_lr, strict=True
        )
    ]
    heads = (
        *axis_names(found.scenario.surface),
        "training\nloss",
        "test\nloss",
        "gap",
        "smallest\neigenvalue",
        "sharpness",
        "2 /\nsharpness",
    )
    return _table(heads, rows, found.scenario.language)


def _named(found: Inspection) -> list[tuple[str, str]]:
    """Name of each point that has one, and its kind."""
    return [(name if name != kind else "", kind) for name, kind in zip(found.names, found.kinds, strict=True)]


def _noise_table(found: Inspection, batch: float) -> Table:
    rows = []
    for names, (xx, xy, yy) in zip(_named(found), found.covariance(batch), strict=True):
        values, axes = np.linalg.eigh([[xx, xy], [xy, yy]])
        narrow, wide = np.sqrt(np.maximum(values, 0))
        angle = f"{degrees(np.arctan2(axes[1, 1], axes[0, 1])) % 180:.0f}°" if wide else "none"
        rows.append((*names, *map(number_text, (xx, xy, yy, wide, narrow)), angle))
    heads = ("cov xx", "cov xy", "cov yy", "std along\nwide axis", "std along\nnarrow axis", "angle")
    return _table(heads, rows, found.scenario.language)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], language: str) -> Table:
    """Numbered rows of a kind and cells, up to a readable number, at full width on any terminal."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    shown = [[said(cell, language) for cell in row] for row in rows[:MAX_ROWS]]
    for k, head in enumerate(("", "", *(said(head, language) for head in heads))):
        widest = max(map(cell_len, (*head.split("\n"), *(row[k] for row in shown))))
        table.add_column(head, justify="left" if k == 1 else "right", no_wrap=True, min_width=widest)
    for row in shown:
        table.add_row(*row)
    return table


def _print(table: Table) -> None:
    console = PlainConsole()
    console.print(table, crop=False, width=max(console.width, console.measure(table).maximum))
