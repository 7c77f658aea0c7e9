"""Watch a run in a window, and change it while it runs.

SOURCE is a scenario file, the name of a bundled one, a result folder, or a picture that errsurf wrote.  Space pauses,
the wheel zooms, sliders change lr, momentum and batch of the chosen group, F10 opens the menu; H lists the keys.

\b
Examples:
  errsurf watch saddle_escape
  errsurf watch results/mine --size 1280x720
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option

if TYPE_CHECKING:
    from errsurf.run.result import Result
    from errsurf.scenario import Scenario


@click.command("watch", help=__doc__)
@folder_options
@click.argument("source", shell_complete=completing.scenarios)
@set_option
@click.option("--size", metavar="WxH", help="Size of the window in pixels.  [default: fits the screen]")
@lang_option
def command(source: str, changes: tuple[str, ...], size: str | None, lang: str | None) -> None:
    """Read the source before opening a window, and open the window before loading what it shows."""
    from errsurf.cli.source import opened_result
    from errsurf.results.folder import is_result
    from errsurf.run.language import translated, translated_result
    from errsurf.scenario import read_scenario
    from errsurf.viewer.display import asked_size, opened, waiting

    wanted, given = asked_size(size), changes_of(changes)
    chosen: Result | Scenario
    if is_result(Path(source)):
        result = opened_result(Path(source), given)
        chosen = translated_result(result, languages(lang, [result.scenario]))
    else:
        scenario = read_scenario(source, given)
        chosen = translated(scenario, languages(lang, [scenario]))
    window = opened("errsurf", wanted)
    waiting(window, "Loading what draws and computes")
    from errsurf.viewer.loop import watch

    watch(window, chosen)
