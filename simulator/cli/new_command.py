"""Start a scenario of your own: a short file with comments, which runs as it is.

FILE is the new scenario file, such as `mine.toml`.  Its surface is one that errsurf has, a formula of yours, or a line
from the first column of numbers of a CSV file to the last one, both standardized; some learning rates are tried, and
the best ones written.

\b
Examples:
  errsurf new mine.toml --surface rosenbrock --optimizers sgd,adam,rmsprop
  errsurf new mine.toml --formula "(x^2 + a*y - 1)^2 + (y - x)^2"
  errsurf new mine.toml --csv points.csv
  errsurf new mine.toml --from flat_or_sharp
"""

import os
import shlex
from pathlib import Path

import click

from errsurf.cli import completing
from errsurf.cli.terminal import echo
from errsurf.errors import UserError
from errsurf.results.target import check_target, writing


@click.command("new", help=__doc__)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--surface",
    shell_complete=completing.records("errsurf.surfaces"),
    help="Name of a surface, of `errsurf list surfaces`.  [default: himmelblau]",
)
@click.option("--formula", help="Loss of x, y and numbers a to d that differ from example to example.")
@click.option("--csv", "data", type=click.Path(path_type=Path), help="CSV file with a header, beside FILE or below.")
@click.option(
    "--from",
    "source",
    shell_complete=completing.scenarios,
    help="Copy a scenario instead, with all its comments: a bundled name or a file.",
)
@click.option(
    "--optimizers",
    shell_complete=completing.records("errsurf.optimizers"),
    help="Names of optimizers, with commas between; momentum and nesterov are forms of sgd.  [default: sgd,adam]",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def command(
    file: Path,
    surface: str | None,
    formula: str | None,
    data: Path | None,
    source: str | None,
    optimizers: str | None,
    force: bool,
) -> None:
    """Make the text, and write it."""
    from errsurf.scenario import scenario_text

    if file.suffix != ".toml":
        raise UserError(f"{file}: a scenario file ends in .toml, such as {file.parent / (file.name or 'mine')}.toml")
    given = {"--surface": surface, "--formula": formula, "--csv": data, "--from": source}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1 or (source is not None and optimizers is not None):
        raise click.UsageError(
            f"{' and '.join([*named, *['--optimizers'] * (len(named) == 1)])}: only one can be given"
        )
    check_target(file, force=force)
    if source is not None:
        text = scenario_text(source)
    else:
        text = _made(file, surface, formula, data, (optimizers or "sgd,adam").split(","))
    with writing(file):
        _write(file, text)
    echo(f"{file}: now edit it, then errsurf run {shlex.quote(str(file))}")


def _made(file: Path, surface: str | None, formula: str | None, data: Path | None, optimizers: list[str]) -> str:
    from errsurf.cli.bar import Bar
    from errsurf.new_scenario import csv_surface, formula_surface, named_surface, new_text

    if formula is not None:
        table = formula_surface(formula)
    elif data is not None:
        table, told = csv_surface(data, file.parent)
        echo(*(f"{data}: {line}" for line in told))
        echo(f"{data}: for others, change `columns` in {file}, or take out `standardize`")
    else:
        table = named_surface(surface or "himmelblau")
    names = [name.strip() for name in optimizers if name.strip()]
    with Bar("rates") as bar:
        return new_text(file.stem, table, names, file.parent, lambda share: bar.progress("rates", share))


def _write(file: Path, text: str) -> None:
    """Write the file; it appears when it is complete."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
