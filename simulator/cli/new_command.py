"""Begin a scenario of your own: copy a bundled one under a new name.

FILE is the new scenario file, such as `mine.toml`.
"""

from pathlib import Path

import click

from simulator.errors import Mistake


@click.command("new", help=__doc__)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--like", default="saddle_escape", show_default=True, help="Scenario to begin from: a bundled name or a file."
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def command(file: Path, like: str, force: bool) -> None:
    """The copy keeps all comments."""
    from simulator.scenario import scenario_text

    if file.suffix != ".toml":
        raise Mistake(f"{file}: a scenario file ends in .toml; did you mean {file.with_suffix('.toml')}?")
    text = scenario_text(like)
    if file.exists() and not force:
        raise Mistake(f"{file} exists; name another file, or replace it with --force")
    file.write_text(text, encoding="utf-8")
    click.echo(f"{file}: now edit it, then errsurf run {file}")
