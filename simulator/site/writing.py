"""A site is written into a folder, which appears when it is complete."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from errsurf.errors import FolderError, RunError, UserError, reason
from errsurf.results.folder_checks import ELSEWHERE, check_free
from errsurf.results.output_folder import new_folder
from errsurf.scenario import bundled, read_scenario
from errsurf.site.addresses import SHARED, place
from errsurf.site.lecture import in_order
from errsurf.site.live_pages import ERRSURF, read_pages
from errsurf.site.pages import Site, links
from errsurf.site.stills import still
from errsurf.site.surface_scenarios import surface_scenario
from errsurf.surfaces import surface_names
from errsurf.words import languages

Progress = Callable[[str, float], None]
LARGE = ("grid",)
"""Surfaces without a page: the data of measured grids are megabytes."""
THEMES = ("light.css", "projector.css")


class Written(NamedTuple):
    """What was written: pages in one language, files and bytes."""

    folder: Path
    pages: int
    files: int
    size: int


def write_site(
    folder: Path, sources: Sequence[str] = (), *, force: bool = False, progress: Progress = lambda _stage, _share: None
) -> Written:
    """Write the site of these scenarios, files or bundled names, without surfaces; all bundled and surfaces if none.

    Raises ScenarioError and FolderError, UserError for a scenario that no page can compute and for two of one name,
    and RunError for what the system refuses.
    """
    return written(folder, site_of(sources), force=force, progress=progress)


def site_of(sources: Sequence[str]) -> Site:
    """The scenarios of a site in order, and its surfaces: all of them if no scenarios are named."""
    scenarios = [read_scenario(each) for each in sources or bundled()]
    names = [each.name for each in scenarios]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(f"two scenarios of a site have the name {', '.join(twice)}; rename one of the files")
    surfaces = [] if sources else [surface_scenario(name) for name in surface_names() if name not in LARGE]
    return Site(in_order(scenarios), surfaces, languages())


def written(folder: Path, site: Site, *, force: bool, progress: Progress) -> Written:
    """Write a site; nothing is left of one that fails."""
    with _elsewhere(), new_folder(folder, _names(site), force=force) as output:
        try:
            count, size = 0, 0
            for name, content in _files(site, progress):
                file = output.part / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                count, size = count + 1, size + len(content)
        except OSError as error:
            raise RunError(f"{folder}: {reason(error)}; it was not written") from error
        output.saved = True
    return Written(folder, len(site.entries) + len(site.pages), count, size)


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Name the way out that a site has in messages of FolderError."""
    try:
        yield
    except FolderError as error:
        raise type(error)(str(error).replace(ELSEWHERE, "name another folder")) from None


def check_folder(folder: Path, *, force: bool) -> None:
    """Raise FolderError if a site cannot be written into a folder."""
    with _elsewhere():
        check_free(folder, force=force)


def _files(site: Site, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Names and contents of all files."""
    entries = site.entries
    live = read_pages(entries, site.languages, lambda share: progress("pages", share))
    texts = [*live.files(lambda entry, language: links(site, entry.page, language)), *site.files()]
    yield from ((name, text.encode()) for name, text in texts)
    for k, (entry, scenario) in enumerate(entries.items()):
        yield entry.still, still(scenario, run=entry.kind == "scenarios")
        progress("pictures", (k + 1) / len(entries))


def _names(site: Site) -> list[str]:
    """All files that may be written, and the folders that they lie in."""
    shared = [ERRSURF, *(f"{SHARED}/{name}" for name in ("site.css", "site.js", *THEMES))]
    shared += [f"{SHARED}/{language}.js" for language in site.languages]
    pages = [*site.pages, *(entry.page for entry in site.entries)]
    files = [*shared, *(place(language, page) for language in site.languages for page in pages)]
    files += [file for entry in site.entries for file in (entry.data, entry.still)]
    folders = {f"{folder.as_posix()}/" for file in files for folder in Path(file).parents if folder != Path()}
    return [*files, *sorted(folders)]
