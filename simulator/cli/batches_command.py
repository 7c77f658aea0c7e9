"""Measure the time of an update and an epoch by batch size on this machine, and compare small and large batches.

It times SCENARIO's first group with batches of 1, 2, 4, ... and all examples: in a plain scalar loop; in the
vectorized loops of the CPU; and on a GPU if there is one.  A table compares a small batch with a large one: speed,
gradient noise, training loss and generalization, each with its uncertainty.  SCENARIO is a TOML file, the name of a
bundled one, or a result folder; the default, flat_or_sharp, has a surface that shows all of this.

\b
Examples:
  errsurf batches --examples 1000 --large 100 -o batches.png
  errsurf batches mine.toml --examples 200 --large 50 --json
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.terminal import echo, echo_exactly
from errsurf.results.target import check_suffix, check_target, writing

if TYPE_CHECKING:
    from errsurf.batch_times.records import BatchTimes
    from errsurf.scenario import Scenario

EXAMPLES, LARGE = 60_000, 1000


@click.command("batches", help=__doc__)
@folder_options
@click.argument("scenario", default="flat_or_sharp", shell_complete=completing.scenarios)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    multiple=True,
    help="File to write: .png, .svg and .pdf are the figure, .json all numbers.  May be given several times.",
)
@set_option
@click.option(
    "--examples", type=click.IntRange(2), help=f"Training examples.  [default: {EXAMPLES:,}, or those of a data file]"
)
@click.option("--small", type=click.IntRange(1), default=1, show_default=True, help="The small batch of the table.")
@click.option(
    "--large",
    type=click.IntRange(2),
    help=f"The large batch of the table.  [default: {LARGE:,}, or all examples if fewer]",
)
@click.option("--epochs", type=click.IntRange(1, 1000), default=1, show_default=True, help="Training for the table.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, with all digits.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@lang_option
def command(
    scenario: str,
    output: tuple[Path, ...],
    changes: tuple[str, ...],
    examples: int | None,
    small: int,
    large: int | None,
    epochs: int,
    as_json: bool,
    force: bool,
    lang: str | None,
) -> None:
    """Files are checked before anything is measured, and written before anything is printed."""
    for path in output:
        check_suffix(path, ".json")
        check_target(path, force=force)
    from errsurf.batch_times.measuring import batch_times
    from errsurf.cli.bar import Bar
    from errsurf.run.language import translated

    read = _scenario(scenario, changes_of(changes), examples)
    known = languages(lang, [read])
    with Bar() as bar:
        largest = min(LARGE, read.surface.train.examples) if large is None else large
        found = batch_times(read, small, largest, epochs, progress=bar.progress)
        found = replace(found, scenario=translated(found.scenario, known))
        bar.progress("pictures", 0.0)
        for path in output:
            with writing(path):
                _write(found, path)
    if as_json:
        from errsurf.system.json_text import json_text

        echo_exactly(json_text(found.document()))
        return
    from errsurf.cli.batch_rows import show_batch_times

    show_batch_times(found)
    for path in output:
        echo(path)


def _scenario(source: str, changes: dict[str, object], examples: int | None) -> "Scenario":
    """The scenario with this number of examples; a data file has its own."""
    from errsurf.cli.source import source_scenario
    from errsurf.scenario.files import data_values

    read = source_scenario(source, changes)
    if examples is None and ("surface.examples" in changes or any(data_values(read.surface.settings))):
        return read
    return source_scenario(source, changes | {"surface.examples": examples or EXAMPLES})


def _write(found: "BatchTimes", path: Path) -> None:
    from errsurf.drawing.figures.batches import batch_figure
    from errsurf.drawing.figures.files import save_figure
    from errsurf.system.atomic_write import whole_file
    from errsurf.system.json_text import json_text

    if path.suffix.lower() != ".json":
        save_figure(batch_figure(found), path)
        return
    with whole_file(path) as file:
        file.write((json_text(found.document()) + "\n").encode())
