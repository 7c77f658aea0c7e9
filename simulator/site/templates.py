"""Templates of a site's own pages, its style and its scripts."""

from importlib.resources import files

FOLDER = files(__name__.rpartition(".")[0])


def text_of(name: str) -> str:
    """The text of a file of this folder."""
    return FOLDER.joinpath(name).read_text(encoding="utf-8")
