"""Write a playground as a folder of plain files: scenarios as live pages, a gallery, a picker, and a lesson.

FOLDER is put on a web server as it is, or opened from the disk: `index.html` is its first page.  SCENARIO is a TOML
file or the name of a bundled one; without any, the site has all bundled scenarios and a page for each surface.

\b
Examples:
  errsurf site playground saddle_escape flat_or_sharp
"""

from pathlib import Path

import click

from errsurf.cli import completing
from errsurf.cli.options import folder_options
from errsurf.cli.terminal import echo
from errsurf.system.numbers import counted


@click.command("site", help=__doc__)
@folder_options
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("scenario", nargs=-1, shell_complete=completing.scenarios)
@click.option("--force", is_flag=True, help="Replace a site or a result that errsurf wrote to FOLDER.")
def command(folder: Path, scenario: tuple[str, ...], force: bool) -> None:
    """Write it and say what was written."""
    from errsurf.cli.bar import Bar
    from errsurf.site.writing import check_folder, write_site

    check_folder(folder, force=force)
    with Bar() as bar:
        found = write_site(folder, scenario, force=force, progress=bar.progress)
    counts = f"{counted(found.pages, 'page')}, {counted(found.files, 'file')}, {found.size / 1e6:.1f} MB"
    echo(f"{found.folder / 'index.html'}: {counts}")
