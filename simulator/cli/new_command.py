"""Start your own scenario: copy a bundled one under a new name.

FILE is the new scenario file, such as `mine.toml`.
"""

import os
import shlex
from pathlib import Path

import click

from errsurf.cli.terminal import echo
from errsurf.errors import UserError
from errsurf.results.target import check_target, writing


@click.command("new", help=__doc__)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--like", default="saddle_escape", show_default=True, help="Scenario to start from: a bundled name or a file."
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def command(file: Path, like: str, force: bool) -> None:
    """Copy the text with all comments."""
    from errsurf.scenario import scenario_text

    if file.suffix != ".toml":
        raise UserError(f"{file}: a scenario file ends in .toml, such as {file.parent / (file.name or 'mine')}.toml")
    text = scenario_text(like)
    check_target(file, force=force)
    with writing(file):
        _write(file, text)
    echo(f"{file}: now edit it, then errsurf run {shlex.quote(str(file))}")


def _write(file: Path, text: str) -> None:
    """Write the file; it appears when it is complete."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
