"""Where the files of a site lie, and how its pages name each other."""

from typing import NamedTuple
from urllib.parse import quote

from errsurf.words import ENGLISH

SHARED = "shared"
NAMES = {"en": "English", "zh": "中文"}
"""What languages are called in themselves; others by their tags."""


class Entry(NamedTuple):
    """A live page of a site: of one of the ``scenarios`` or ``surfaces``."""

    kind: str
    name: str

    @property
    def page(self) -> str:
        """Its file, below the folder of a language."""
        return f"{self.kind}/{self.name}.html"

    @property
    def data(self) -> str:
        """The file with what the page is told in all languages."""
        return f"{SHARED}/{self.kind}/{self.name}.js"

    @property
    def still(self) -> str:
        """Its picture."""
        return f"{SHARED}/{self.kind}/{self.name}.webp"


def place(language: str, page: str) -> str:
    """The file of a page in a language: English lies at the top, any other in a folder of its own."""
    return page if language == ENGLISH else f"{language}/{page}"


def words_file(language: str) -> str:
    """The file with what pages in one language are told alike."""
    return f"{SHARED}/{language}.js"


def relative(start: str, target: str) -> str:
    """The address of a file of the site from another, ready to stand in a page."""
    here, there = start.split("/")[:-1], target.split("/")
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    return "/".join([*[".."] * (len(here) - same), *map(quote, there[same:])])
