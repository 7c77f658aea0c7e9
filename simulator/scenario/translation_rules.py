"""What `[[translation]]` tables break together with the rest of a scenario."""

from collections.abc import Iterator, Sequence
from typing import Any

from errsurf.scenario.lines import KeyPath
from errsurf.scenario.translations import Translation
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.words.tags import plain_tag


def translation_findings(translations: Sequence[Translation], groups: int, claims: int) -> Iterator[Finding]:
    """Languages given twice, and lists that do not have one text for each table."""
    first: dict[str, int] = {}
    for k, each in enumerate(translations):
        path: KeyPath = ("translation", k)
        if first.setdefault(plain_tag(each.lang), k) != k:
            problem = f"is the language of translation[{first[plain_tag(each.lang)] + 1}] too"
            yield Finding((*path, "lang"), problem, value_text(each.lang))
        lists: dict[str, tuple[Any, int, str]] = {
            "labels": (each.labels, groups, "optimizer"),
            "says": (each.says, claims, "claim"),
        }
        for key, (given, count, table) in lists.items():
            if given is not None and len(given) != count:
                words = f"a list of {count}, one text for each [[{table}]]" if count else f"none without [[{table}]]"
                texts, tables = (f"{n} {word}{'s' * (n != 1)}" for n, word in ((len(given), "text"), (count, "table")))
                yield Finding((*path, key), f"{texts} for {tables} [[{table}]]", value_text(given), words)
        twice = [label for j, label in enumerate(each.labels or ()) if label in (each.labels or ())[:j]]
        if twice:
            yield Finding((*path, "labels"), "two groups cannot have one label", value_text(twice[0]))
