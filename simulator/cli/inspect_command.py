"""List a surface's critical points with their sharpness, generalization gap and gradient noise, and the noise scale.

SCENARIO is a TOML file, the name of a bundled one or of a surface, or a result folder.  The window searched is the
scenario's `picture.window`, or else the surface's own; of a formula or data of your own, one around the starts.

\b
Examples:
  errsurf inspect rosenbrock
  errsurf inspect mine.toml --batch 1 --batch 10 -o points.png
"""

from dataclasses import replace
from pathlib import Path

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.terminal import echo, echo_exactly
from errsurf.results.target import check_suffix, check_target, writing


@click.command("inspect", help=__doc__)
@folder_options
@click.argument("scenario", shell_complete=completing.surfaces_too)
@set_option
@click.option(
    "--batch",
    "batches",
    type=int,
    multiple=True,
    help="Batch size for which to show gradient noise; may be given several times.  [default: the groups']",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, with all digits and all points.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write a figure, too: a .png, .svg or .pdf file.")
@click.option("--force", is_flag=True, help="Replace the figure if it exists.")
@lang_option
def command(
    scenario: str,
    changes: tuple[str, ...],
    batches: tuple[int, ...],
    as_json: bool,
    output: Path | None,
    force: bool,
    lang: str | None,
) -> None:
    """Check the figure's file before computing, and write it before printing."""
    if output is not None:
        check_suffix(output)
        check_target(output, force=force)
    from errsurf.cli.source import surface_or_scenario
    from errsurf.run.language import translated
    from errsurf.run_analysis.inspection import inspect

    read = surface_or_scenario(scenario, changes_of(changes))
    found = replace(inspect(read, batches), scenario=translated(read, languages(lang, [read])))
    if output is not None:
        from errsurf.drawing.figures.files import save_figure
        from errsurf.drawing.figures.landscape import landscape_figure

        with writing(output):
            save_figure(landscape_figure(found), output)
    if as_json:
        from errsurf.system.json_text import json_text

        echo_exactly(json_text(found.document()))
        return
    from errsurf.cli.points import show_points

    show_points(found)
    if output is not None:
        echo(output)
