"""The fixed words of pictures, tables and pages in other languages: one TOML file a language, from English to it.

The English text stands in the code and is the key; ``{}`` stands for any text, which is translated too if it is known.
A new language is a new file, named after its tag.  Texts that are not in it stay English.
"""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

ENGLISH = "en"
_BLANK = re.compile(r"\{\d*\}")


class Catalogue(NamedTuple):
    """Texts without blanks by their English, and those with blanks: what matches, and what takes its place."""

    whole: dict[str, str]
    blanks: tuple[tuple[re.Pattern[str], str], ...]


def languages() -> tuple[str, ...]:
    """Tags of the languages that there are, English first."""
    found = sorted(each.name.removesuffix(".toml") for each in files(__name__).iterdir() if each.name.endswith(".toml"))
    return (ENGLISH, *found)


def known_language(wanted: str) -> str | None:
    """The language that is closest to a tag, None for one that there is not: ``zh-TW`` is ``zh``."""
    tag = wanted.lower().replace("_", "-")
    return next((each for each in (tag, tag.partition("-")[0]) if each in languages()), None)


@lru_cache(maxsize=8)
def catalogue(language: str) -> Catalogue:
    """The texts of a language; none for English."""
    if language == ENGLISH:
        return Catalogue({}, ())
    texts: dict[str, str] = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    with_blanks = sorted((text for text in texts if _BLANK.search(text)), key=lambda text: -len(text))
    blanks = [(re.compile("(.+?)".join(map(re.escape, _BLANK.split(text)))), texts[text]) for text in with_blanks]
    return Catalogue({text: texts[text] for text in texts if text not in with_blanks}, tuple(blanks))


@lru_cache(maxsize=8192)
def said(text: str, language: str) -> str:
    """A text in a language; as it is where the language does not have it.

    Examples:
        >>> from errsurf.words import said
        >>> said("training loss", "zh"), said("saddle", "en"), said("no such text", "zh")
        ('训练损失', 'saddle', 'no such text')
    """
    known = catalogue(language)
    if text in known.whole:
        return known.whole[text]
    for pattern, translated in known.blanks:
        if match := pattern.fullmatch(text):
            return translated.format(*(said(part, language) for part in match.groups()))
    return text
