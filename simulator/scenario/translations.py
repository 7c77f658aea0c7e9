"""The `[[translation]]` tables: what people read of a scenario, in other languages."""

from typing import Annotated, NamedTuple

from annotated_types import Len

from errsurf.settings.bounds import MAX_GROUPS
from errsurf.settings.kinds import Lines, OneLine
from errsurf.settings.rules import matching

MAX_LANGUAGES = 100
Tag = matching(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*", 'the tag of a language, such as "zh", "de" or "pt-BR"')


class Translation(NamedTuple):
    """What people read, in another language; a text that is not given stays as it is."""

    lang: Annotated[str, Tag, "the language: zh, de, pt-BR"]
    title: Annotated[str | None, Len(0, 200), OneLine, "the title"] = None
    about: Annotated[str | None, Len(0, 10_000), Lines, "what to see"] = None
    caption: Annotated[str | None, Len(0, 400), Lines, "the sentence below the picture"] = None
    labels: Annotated[
        tuple[Annotated[str, Len(1, 80), OneLine], ...] | None,
        Len(1, MAX_GROUPS),
        "the groups' labels, in the order of [[optimizer]]",
    ] = None
    says: Annotated[
        tuple[Annotated[str, Len(1, 400), OneLine], ...] | None, Len(1, 100), "the claims, in the order of [[claim]]"
    ] = None


class Texts(NamedTuple):
    """All that people read of a scenario, in one language, by the names that a translation has for it."""

    title: str
    about: str
    caption: str
    labels: tuple[str, ...]
    says: tuple[str, ...]


Translations = Annotated[tuple[Translation, ...], Len(0, MAX_LANGUAGES), "texts in other languages"]
