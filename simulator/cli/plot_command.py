"""Draw the numbers of a sweep: lines over one setting, a map over two, a panel for each value of others.

SWEEP is the folder of a sweep, finished or not; the suffix of each OUTPUT gives the format: .png, .svg, .pdf or .html.
Columns are those of the sweep's table.csv.

\b
Examples:
  errsurf plot lab lab.png
  errsurf plot lab lines.svg --statistic train_loss --lines
"""

from pathlib import Path

import click

from errsurf.cli.options import changes_of, folder_options, lang_option, languages
from errsurf.cli.terminal import complain, echo
from errsurf.results.target import check_suffix, check_target, writing

BEST = ("lowest", "highest", "none")


@click.command("plot", help=__doc__)
@folder_options
@click.argument("sweep", type=click.Path(path_type=Path))
@click.argument("output", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--statistic", metavar="COLUMN", help="Column to draw.  [default: the first measure's, else test_loss]")
@click.option("--x", metavar="KEY", help="Varied key, or group, along the picture.  [default: the lr]")
@click.option("--y", metavar="KEY", help="Varied key, or group, across it.  [default: the one with the most values]")
@click.option("--where", "kept", multiple=True, metavar="KEY=VALUE", help="Draw only rows with this value.")
@click.option(
    "--best", type=click.Choice(["lowest", "highest", "none"]), help="Which number is marked.  [default: by column]"
)
@click.option("--lines", is_flag=True, default=None, help="Draw lines where a map would be.")
@click.option(
    "--scale",
    type=click.Choice(["log", "linear"]),
    help="Scale of the numbers, or of a map's colours.  [default: log if positive and beyond a factor of 20]",
)
@click.option("--x-scale", type=click.Choice(["log", "linear"]), help="Scale along the picture.  [default: by values]")
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change the title or [picture]: picture.theme=dark."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@lang_option
def command(
    sweep: Path,
    output: tuple[Path, ...],
    statistic: str | None,
    x: str | None,
    y: str | None,
    kept: tuple[str, ...],
    best: str | None,
    lines: bool | None,
    scale: str | None,
    x_scale: str | None,
    changes: tuple[str, ...],
    force: bool,
    lang: str | None,
) -> None:
    """Check all outputs before anything is drawn."""
    for path in output:
        check_suffix(path)
        check_target(path, force=force)
    from errsurf.drawing.figures.files import save_figure
    from errsurf.drawing.lettering.notices import notices
    from errsurf.drawing.sweep_figures import sweep_figure
    from errsurf.run.language import translated
    from errsurf.sweeps.plotting import sweep_plot
    from errsurf.sweeps.sweeping import open_sweep

    found = open_sweep(sweep)
    if not found.complete:
        complain(f"{sweep}: unfinished; {found.finished:,} of {found.cells:,} cells are computed")
    shown = found.shown(changes_of(changes))
    shown = translated(shown, languages(lang, [shown]))
    for text in notices(shown):
        complain(f"{shown.name}: {text}")
    where = changes_of(kept, "--where")
    plot = sweep_plot(found, statistic, x=x, y=y, where=where, best=best, lines=lines, scale=scale, x_scale=x_scale)
    figure = sweep_figure(plot._replace(scenario=shown, title=shown.title))
    for path in output:
        with writing(path):
            save_figure(figure, path)
        echo(path)
