"""Write pictures of a scenario, which is simulated first, or of a result folder.

The format follows the suffix of each OUTPUT: `.gif` moves, `.png` is the last frame.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from simulator.cli.options import changes_of, folder_options, set_option
from simulator.cli.target import check_target, writing
from simulator.errors import Mistake

if TYPE_CHECKING:
    from simulator.cli.bar import Bar
    from simulator.result import Result

SUFFIXES = (".gif", ".png")


@click.command("export", help=__doc__)
@folder_options
@click.argument("source")
@click.argument("output", nargs=-1, required=True, type=click.Path(path_type=Path))
@set_option
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(source: str, output: tuple[Path, ...], changes: tuple[str, ...], force: bool) -> None:
    """All outputs are checked before anything is simulated or drawn."""
    for path in output:
        if path.suffix.lower() not in SUFFIXES:
            raise Mistake(f"{path}: unknown suffix; allowed: {', '.join(SUFFIXES)}")
        check_target(path, force=force)
    from simulator.cli.bar import Bar

    with TemporaryDirectory(prefix="errsurf-", ignore_cleanup_errors=True) as folder, Bar() as bar:
        _write(_result(source, changes, Path(folder), bar), output, bar)
    for path in output:
        click.echo(str(path))


def _result(source: str, changes: tuple[str, ...], folder: Path, bar: "Bar") -> "Result":
    from simulator.folder import is_result, open_result
    from simulator.scenario import read_scenario
    from simulator.simulation import simulate

    if is_result(Path(source)):
        return open_result(Path(source), changes_of(changes))
    scenario = read_scenario(source, changes_of(changes))
    result = simulate(scenario, folder, progress=lambda share: bar.progress("updates", share))
    if not result.complete:
        raise KeyboardInterrupt
    return result


def _write(result: "Result", output: tuple[Path, ...], bar: "Bar") -> None:
    from simulator.drawing import write_gif, write_png
    from simulator.findings import Findings

    bar.progress("pictures", 0.0)
    findings = Findings(result)
    critical, basin_of = findings.critical, findings.basin_of
    for path in output:
        with writing(path):
            if path.suffix.lower() == ".gif":
                write_gif(result, path, critical=critical, basin_of=basin_of, progress=partial(_drawn, bar))
            else:
                write_png(result, path, critical=critical, basin_of=basin_of)


def _drawn(bar: "Bar", done: int, total: int) -> None:
    bar.progress("pictures", done / total)
