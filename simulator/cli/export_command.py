"""Write pictures of a scenario, which is simulated first, or of a result folder.

The format follows the suffix of each OUTPUT: `.gif` moves, `.png` is the last frame.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from simulator.cli.options import changes_of, set_option
from simulator.errors import Mistake

if TYPE_CHECKING:
    from simulator.result import Result

SUFFIXES = (".gif", ".png")


@click.command("export", help=__doc__)
@click.argument("source")
@click.argument("output", nargs=-1, required=True, type=click.Path(path_type=Path))
@set_option
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(source: str, output: tuple[Path, ...], changes: tuple[str, ...], force: bool) -> None:
    """All outputs are checked before anything is simulated or drawn."""
    for path in output:
        _check(path, force=force)
    with TemporaryDirectory(prefix="errsurf-") as folder:
        _write(_result(source, changes, Path(folder)), output)


def _check(path: Path, *, force: bool) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise Mistake(f"{path}: unknown suffix; allowed: {', '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise Mistake(f"{path}: there is no folder {path.parent}")
    if path.is_dir():
        raise Mistake(f"{path} is a folder; name a file in it")
    if path.exists() and not force:
        raise Mistake(f"{path} exists; name another file, or replace it with --force")


def _result(source: str, changes: tuple[str, ...], folder: Path) -> "Result":
    from simulator.folder import is_result, open_result
    from simulator.scenario import read_scenario
    from simulator.simulation import simulate

    if is_result(Path(source)):
        return open_result(Path(source), changes_of(changes))
    return simulate(read_scenario(source, changes_of(changes)), folder)


def _write(result: "Result", output: tuple[Path, ...]) -> None:
    from simulator.drawing import write_gif, write_png
    from simulator.findings import Findings

    findings = Findings(result)
    for path in output:
        write = write_gif if path.suffix.lower() == ".gif" else write_png
        write(result, path, critical=findings.critical, basin_of=findings.basin_of)
        click.echo(str(path))
