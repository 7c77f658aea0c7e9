"""Tags of languages: those that an environment asks for, and what is known in the closest one."""

import os
from collections.abc import Mapping, Sequence
from typing import TypeVar

from errsurf.words import ENGLISH, known_language

T = TypeVar("T")


def languages_of(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The languages that an environment asks for, most wanted first, by gettext's rules; none in the C locale.

    ``LANGUAGE`` is a list.  It counts only if the first of LC_ALL, LC_MESSAGES and LANG that is set names a language.
    """
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := environment.get(name))), "")
    tags = [_tag(part) for part in (environment.get("LANGUAGE") or locale).split(":")]
    return tuple(tag for tag in tags if tag) if _tag(locale) else ()


def language_of(languages: Sequence[str]) -> str:
    """The first of these languages that fixed words are known in, English if there is none."""
    return next(filter(None, map(known_language, languages)), ENGLISH)


def closest(known: Mapping[str, T], languages: Sequence[str]) -> T | None:
    """What is known for the first of these languages that there is; None for a scenario's own language.

    ``zh-TW`` finds ``zh`` if there is nothing closer, and ``zh`` the first translation into any Chinese.  English ends
    the search: a scenario without an English translation is taken to be English.
    """
    tags = {plain_tag(lang): each for lang, each in known.items()}
    for wanted in map(plain_tag, languages):
        main = wanted.partition("-")[0]
        near = (tag for tag in tags if tag.partition("-")[0] == main)
        found = next((tag for tag in (wanted, main, *near) if tag in tags), None)
        if found or main == "en":
            return tags[found] if found else None
    return None


def plain_tag(tag: str) -> str:
    """A language's tag as it is compared: pt_BR is pt-br."""
    return tag.replace("_", "-").lower()


def _tag(locale: str) -> str:
    """The language of a locale: zh_CN.UTF-8 is zh-CN, C and POSIX are none."""
    name = locale.partition(".")[0].partition("@")[0]
    return "" if name in ("C", "POSIX") else name.replace("_", "-")
