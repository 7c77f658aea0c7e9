"""A scenario's texts in the reader's language; only what is shown depends on it."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.scenario.texts import as_written, own_texts, retitled, translated_into
from errsurf.scenario.translations import Texts, Translation
from errsurf.words import said, texts
from errsurf.words.tags import closest, language_of


def translation(scenario: Scenario, languages: Sequence[str]) -> Translation | None:
    """The scenario's translation into the first of these languages that it has; None for its own texts."""
    return closest({each.lang: each for each in scenario.translation}, languages)


def translated(scenario: Scenario, languages: Sequence[str]) -> Scenario:
    """The scenario with title, about, caption and labels in the first of these languages that it has.

    What its own file says in the script of that language, such as a title in Chinese, stays as it is.
    Fixed words are in that language or, where the scenario has none of these, in the first that errsurf has.  Writing
    the scenario to a file restores its own texts.
    """
    found = translation(scenario, languages)
    language = language_of(languages if found is None else [found.lang])
    found = _labels(as_written(scenario), language) if found is None else _without_known(as_written(scenario), found)
    shown = as_written(scenario) if found is None else translated_into(scenario, found)
    return shown if shown.language == language else replace(shown, language=language)


def _without_known(own: Scenario, found: Translation) -> Translation:
    """A translation without the texts that a scenario's own file has in its script."""
    theirs = _scripts(text for key in Texts._fields for text in _several(getattr(found, key)))
    mine = own_texts(own)._asdict()
    known = {key for key, text in mine.items() if (used := _scripts(_several(text))) and used <= theirs}
    changed: dict[str, Any] = dict.fromkeys(known)
    return found._replace(**changed)


def _several(text: str | Sequence[str] | None) -> Sequence[str]:
    """A text, or each of several."""
    return [text] if isinstance(text, str) else text or ()


def in_script(scenario: Scenario, language: str) -> bool:
    """Whether a scenario's own texts have letters of the script of a language that is not written in Latin letters."""
    own = as_written(scenario)
    written = [own.title, own.about, own.picture.caption, *(group.label for group in own.optimizer)]
    return bool(_scripts(texts(language_of([language])).values()) & _scripts(written))


def _scripts(written: Iterable[str]) -> set[str]:
    """The scripts of texts, as Unicode calls them, without Latin and the Greek of formulas."""
    letters = {letter for text in written for letter in text if letter.isalpha()}
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in letters} - {"LATIN", "GREEK", "MICRO", ""}


def _labels(scenario: Scenario, language: str) -> Translation | None:
    """The labels that consist of fixed words, such as those of groups without one; None if there are none."""
    own = tuple(group.label for group in scenario.optimizer)
    labels = tuple(said(label, language) for label in own)
    return None if labels == own else Translation(language, labels=labels)


def translated_result(result: Result, languages: Sequence[str]) -> Result:
    """The run with the texts of its scenario and groups in the first of these languages that it has.

    The title of one that is not complete says so.
    """
    scenario = translated(result.scenario, languages)
    if not result.complete:
        scenario = retitled(scenario, f"{scenario.title} ({said('unfinished', scenario.language)})".strip())
    pairs = zip(result.groups, scenario.optimizer, strict=True)
    groups = [replace(group, label=table.label) for group, table in pairs]
    return replace(result, scenario=scenario, groups=groups)
