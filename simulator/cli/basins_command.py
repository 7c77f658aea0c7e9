"""Map where particles end up, starting from each pixel: one map for each group, side by side.

SCENARIO is a TOML file, the name of a bundled one or of a surface, or a result folder.  The map is the scenario's
`picture.window`, or else the surface's own.  Groups with random updates run with several seeds, which change the order
of the examples but not the examples.

\b
Examples:
  errsurf basins himmelblau -o basins.png --size 64
  errsurf basins mine.toml -o map.png -o map.npz --seeds 2 --size 32
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.terminal import echo
from errsurf.errors import UserError
from errsurf.results.target import check_suffix, check_target, writing

if TYPE_CHECKING:
    from errsurf.run_analysis.basin_map import BasinMap

LEAST, MOST = 8, 2048
MAX_SEEDS = 1000


@click.command("basins", help=__doc__)
@folder_options
@click.argument("scenario", shell_complete=completing.surfaces_too)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="File to write: .png, .svg and .pdf are the picture, .npz the map as arrays.  May be given several times.",
)
@set_option
@click.option(
    "--size",
    default="512",
    show_default=True,
    metavar="N|WxH",
    help=f"Starts along the longer side of the map, or along both, {LEAST} to {MOST}.",
)
@click.option(
    "--seeds", type=click.IntRange(1, MAX_SEEDS), default=8, show_default=True, help="Seeds, if updates are random."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@lang_option
def command(
    scenario: str,
    output: tuple[Path, ...],
    changes: tuple[str, ...],
    size: str,
    seeds: int,
    force: bool,
    lang: str | None,
) -> None:
    """All outputs are checked before anything is simulated."""
    sides = _sides(size)
    for path in output:
        check_suffix(path, ".npz")
        check_target(path, force=force)
    from errsurf.cli.bar import Bar
    from errsurf.cli.source import surface_or_scenario
    from errsurf.run_analysis.basin_map import basins

    read = surface_or_scenario(scenario, changes_of(changes))
    known = languages(lang, [read])
    with Bar() as bar:
        found = basins(read, sides, seeds, progress=lambda share: bar.progress("updates", share))
        bar.progress("pictures", 0.0)
        shown = _translated(found, known)
        for path in output:
            with writing(path):
                _write(found, shown, path)
    from errsurf.cli.areas import show_areas

    show_areas(shown)
    for path in output:
        echo(path)


def _sides(size: str) -> int | tuple[int, int]:
    """The longer side, or width and height."""
    sides = [int(text) for text in size.split("x")] if re.fullmatch(r"[0-9]{1,6}(x[0-9]{1,6})?", size) else []
    if not sides or not all(LEAST <= side <= MOST for side in sides):
        raise UserError(
            f"--size {size}: allowed: one number or two with an x between, {LEAST} to {MOST}, such as 512x384"
        )
    return sides[0] if len(sides) == 1 else (sides[0], sides[1])


def _translated(found: "BasinMap", known: tuple[str, ...]) -> "BasinMap":
    """The map as tables and figures show it."""
    from errsurf.run.language import translated

    scenario = translated(found.scenario, known)
    pairs = zip(found.groups, scenario.optimizer, strict=True)
    return replace(
        found, scenario=scenario, groups=tuple(replace(group, label=table.label) for group, table in pairs)
    )  # fmt: skip


def _write(found: "BasinMap", shown: "BasinMap", path: Path) -> None:
    """The figure shows texts of a language, arrays hold the scenario's own."""
    from errsurf.drawing.figures.basins import basin_figure
    from errsurf.drawing.figures.files import save_figure
    from errsurf.run_analysis.basin_map import arrays
    from errsurf.system.atomic_write import whole_file

    if path.suffix.lower() != ".npz":
        save_figure(basin_figure(shown), path)
        return
    from numpy import savez_compressed

    with whole_file(path) as file:
        savez_compressed(file, allow_pickle=False, **arrays(found))
