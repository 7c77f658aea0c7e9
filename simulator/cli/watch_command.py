"""Watch a run in a window, and change it while it runs.

SOURCE is a scenario file, the name of a bundled one, a result folder, or a picture that errsurf wrote.  Space pauses,
the wheel zooms, sliders change lr, momentum and batch of the chosen group, F10 opens the menu; H lists the keys.
"""

from pathlib import Path

import click

from errsurf.cli.options import changes_of, folder_options, set_option


@click.command("watch", help=__doc__)
@folder_options
@click.argument("source")
@set_option
@click.option("--size", metavar="WxH", help="Size of the window in pixels.  [default: fits the screen]")
def command(source: str, changes: tuple[str, ...], size: str | None) -> None:
    """Read the source before opening a window, and open the window before loading what it shows."""
    from errsurf.results.folder import is_result, open_result
    from errsurf.scenario import read_scenario
    from errsurf.viewer.display import asked_size, opened, waiting

    wanted, given = asked_size(size), changes_of(changes)
    chosen = open_result(Path(source), given) if is_result(Path(source)) else read_scenario(source, given)
    window = opened("errsurf", wanted)
    waiting(window, "Loading what draws and computes")
    from errsurf.viewer.loop import watch

    watch(window, chosen)
