"""The fixed words of pictures, tables and pages in other languages: one TOML file a language, from English to it.

The English text stands in the code and is the key.  In it, ``{}`` stands for any text, which is translated too if it is
known, ``{known}`` for one that is, and ``{number}`` for a number or a capital letter; in the translation ``{}`` is the
next of them, and ``{0}``, ``{1}``, ... are those at these places.  A new language is a new file, named after its tag.
Texts that are not in it stay English, as does a list with commas unless each of its parts is known.
"""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from operator import ne
from typing import NamedTuple

ENGLISH = "en"
MOST_INSIDE = 20
"""So many texts may stand in each other; what is in more of them stays as it is."""
BLANK = re.compile(r"\{(|known|number)\}")
_TEXT, _NUMBER = "(.+?)", r"([<>±+−-]?\d[^\s,;:)]*(?:,\d[^\s,;:)]*)*|[A-Z]|–)"  # noqa: RUF001


class Pattern(NamedTuple):
    """A text with blanks: what matches it, the places of blanks that must be known, and what takes its place."""

    match: re.Pattern[str]
    known: tuple[int, ...]
    translated: str


class Catalogue(NamedTuple):
    """Texts without blanks by their English, and those with blanks, those with most letters first."""

    whole: dict[str, str]
    patterns: tuple[Pattern, ...]


def languages() -> tuple[str, ...]:
    """Tags of the languages that there are, English first."""
    found = sorted(each.name.removesuffix(".toml") for each in files(__name__).iterdir() if each.name.endswith(".toml"))
    return (ENGLISH, *found)


def known_language(wanted: str) -> str | None:
    """The language that is closest to a tag, None for one that there is not: ``zh-TW`` is ``zh``."""
    tag = wanted.lower().replace("_", "-")
    return next((each for each in (tag, tag.partition("-")[0]) if each in languages()), None)


@lru_cache(maxsize=8)
def texts(language: str) -> dict[str, str]:
    """The texts of a language by their English, those with blanks included; none for English."""
    if language == ENGLISH:
        return {}
    tables = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return {english: text for table in tables.values() for english, text in table.items()}


@lru_cache(maxsize=8)
def catalogue(language: str) -> Catalogue:
    """The texts of a language, ready to be looked up."""
    known = texts(language)
    with_blanks = sorted((text for text in known if BLANK.search(text)), key=lambda text: -len(BLANK.sub("", text)))
    patterns = tuple(_pattern(text, known[text]) for text in with_blanks)
    return Catalogue({text: known[text] for text in known if text not in with_blanks}, patterns)


def _pattern(english: str, translated: str) -> Pattern:
    fixed, kinds = BLANK.split(english)[::2], BLANK.findall(english)
    blanks = [_NUMBER if kind == "number" else _TEXT for kind in kinds]
    match = "".join(part for pair in zip(map(re.escape, fixed), [*blanks, ""], strict=True) for part in pair)
    return Pattern(re.compile(match), tuple(k for k, kind in enumerate(kinds) if kind == "known"), translated)


def said(text: str, language: str) -> str:
    """A text in a language; as it is where the language does not have it.

    Examples:
        >>> from errsurf.words import said
        >>> said("training loss", "zh"), said("saddle", "en"), said("no such text", "zh")
        ('训练损失', 'saddle', 'no such text')
    """
    return _said(text, language, MOST_INSIDE)


@lru_cache(maxsize=8192)
def _said(text: str, language: str, inside: int) -> str:
    found = catalogue(language)
    if text in found.whole or not inside:
        return found.whole.get(text, text)
    for pattern in found.patterns:
        if match := pattern.match.fullmatch(text):
            parts = [_said(part, language, inside - 1) for part in match.groups()]
            if all(parts[k] != match[k + 1] for k in pattern.known):
                return pattern.translated.format(*parts)
    listed = text.split(", ")
    parts = [_said(part, language, inside - 1) for part in listed] if len(listed) > 1 else listed
    return ", ".join(parts) if all(map(ne, parts, listed)) else text
