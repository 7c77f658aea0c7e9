"""Texts in other languages: which is chosen, where it is shown, and what does not depend on it."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from errsurf import open_result, read_scenario, scenario_from
from errsurf.run.language import translated, translated_result, translation
from errsurf.scenario import Scenario, bundled, carried_text, resolved_toml, scenario_text
from errsurf.words.tags import languages_of
from helpers.command_line import SMALL, CommandLine

FILE = """
title = "Two groups"
about = "What to see."
[surface]
kind = "saddle"
tilt = 0.4
[swarm]
particles = 8
at = [0.2, 0.3]
[run]
updates = 4
[[optimizer]]
label = "full batch"
kind = "sgd"
[[optimizer]]
label = "batch 1"
kind = "sgd"
batch = 1
[picture]
caption = "A caption"
groups = ["batch 1", 1]
size = [480, 270]
[[claim]]
says = "They go nowhere."
statistic = "distance"
point = [0.0, 0.0]
group = "batch 1"
equals = "full batch"
within = 1
[[translation]]
lang = "de"
title = "Zwei Gruppen"
labels = ["alle Beispiele", "eins"]
says = ["Sie bleiben."]
[[translation]]
lang = "pt-BR"
title = "Dois grupos"
"""


def scenario(**tables: Any) -> Scenario:
    return scenario_from(tomllib.loads(FILE) | tables)


# environment, languages
ENVIRONMENTS = [
    ({"LANG": "zh_CN.UTF-8"}, ("zh-CN",)),
    ({"LANG": "zh_CN.UTF-8", "LC_ALL": "de_DE@euro"}, ("de-DE",)),
    ({"LANG": "de_DE", "LC_MESSAGES": "fr_FR"}, ("fr-FR",)),
    ({"LANG": "de_DE", "LANGUAGE": "pt_BR:zh_CN:en"}, ("pt-BR", "zh-CN", "en")),
    ({"LANG": "C.UTF-8", "LANGUAGE": "zh"}, ()),
    ({"LC_ALL": "POSIX", "LANG": "de_DE"}, ()),
    ({}, ()),
]


@pytest.mark.parametrize(("environment", "expected"), ENVIRONMENTS)
def test_the_locale_chooses_by_the_rules_of_gettext(environment: dict[str, str], expected: tuple[str, ...]) -> None:
    assert languages_of(environment) == expected


# languages asked for, language found
CHOICES = [
    (("de",), "de"),
    (("de-AT",), "de"),
    (("pt",), "pt-BR"),
    (("pt_br",), "pt-BR"),
    (("fr", "de"), "de"),
    (("en", "de"), None),
    (("fr",), None),
    ((), None),
]


@pytest.mark.parametrize(("languages", "found"), CHOICES)
def test_the_nearest_translation_is_taken(languages: tuple[str, ...], found: str | None) -> None:
    chosen = translation(scenario(), languages)
    assert (chosen.lang if chosen else None) == found


def test_texts_are_translated_and_the_others_stay() -> None:
    shown = translated(scenario(), ["de"])
    assert (shown.title, shown.about, shown.picture.caption) == ("Zwei Gruppen", "What to see.", "A caption")
    assert [group.label for group in shown.optimizer] == ["alle Beispiele", "eins"]
    assert shown.picture.groups == ("eins", 1)
    assert [claim.says for claim in shown.claim] == ["Sie bleiben."]
    again = translated(shown, ["pt"])
    assert (again.title, again.optimizer[0].label) == ("Dois grupos", "full batch")
    assert translated(again, ["en"]) == scenario()


def test_a_scenario_is_written_as_it_was_whatever_language_it_is_shown_in() -> None:
    shown = translated(scenario(), ["de"])
    assert resolved_toml(shown) == resolved_toml(scenario())
    assert carried_text(shown) == carried_text(scenario())
    assert scenario_from(tomllib.loads(resolved_toml(shown))) == scenario()


def test_a_plain_scenario_is_shown_as_it_is() -> None:
    plain = scenario(translation=[])
    assert translated(plain, ["de"]) is plain


def test_texts_changed_from_outside_are_shown_in_every_language(errsurf: CommandLine) -> None:
    file = errsurf.file(FILE.replace("[picture]", "[picture]\ngroups = [2]").replace('groups = ["batch 1", 1]\n', ""))
    changes = {"title": "Mine", "picture.caption": "Mine, too", "claim[1].equals": 0, "full batch.label": "all"}
    shown = translated(read_scenario(file, changes), ["de"])
    assert (shown.title, shown.picture.caption, shown.optimizer[0].label) == ("Mine", "Mine, too", "all")
    assert shown.claim[0].says == "Sie bleiben."
    said = translated(read_scenario(file, {"claim[1].says": "They stay."}), ["de"])
    assert (said.claim[0].says, said.optimizer[1].label) == ("They stay.", "eins")
    assert not translated(read_scenario(file, {"claim": []}), ["de"]).claim


def test_a_run_shows_the_language_and_keeps_the_labels(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    file = errsurf.file(FILE)
    assert errsurf("run", file, "--no-pictures", "--out", "locale") == 0
    german = errsurf.out.replace("locale", "")
    assert errsurf("run", file, "--no-pictures", "--lang", "de", "--out", "option") == 0
    assert errsurf.out.replace("option", "") == german
    assert german.startswith("Zwei Gruppen")
    assert "claim holds: Sie bleiben." in german
    assert "eins" in german
    assert "batch 1" not in german
    assert errsurf("run", file, "--no-pictures", "--lang", "en", "--out", "own") == 0
    assert errsurf.out.startswith("Two groups")
    assert errsurf.err == ""
    for name in ("scenario.toml", "table.csv"):
        assert Path("own", name).read_bytes() == Path("locale", name).read_bytes()
    assert {path.name for path in Path("own").iterdir()} == {path.name for path in Path("locale").iterdir()}
    assert json.loads(Path("locale/summary.json").read_text(encoding="utf-8"))["title"] == "Two groups"
    result = translated_result(open_result(Path("locale")), ["de"])
    assert [group.label for group in result.groups] == ["alle Beispiele", "eins"]


def test_a_language_that_a_scenario_lacks_is_told(errsurf: CommandLine) -> None:
    assert errsurf("run", errsurf.file(FILE), "--no-pictures", "--lang", "fr") == 0
    assert errsurf.err == "errsurf: small: no texts in fr; showing the file's own; there are de, pt-BR\n"
    assert errsurf.out.startswith("Two groups")


def test_pictures_are_in_the_language_and_carry_the_scenario_as_written(errsurf: CommandLine) -> None:
    assert errsurf("run", errsurf.file(FILE), "--no-pictures", "--out", "out") == 0
    assert errsurf("export", "out", "de.html", "--lang", "de") == 0
    assert "<title>Zwei Gruppen" in Path("de.html").read_text(encoding="utf-8")
    assert read_scenario("de.html") == read_scenario("out/scenario.toml")
    assert errsurf("export", "out", "own.html", "--lang", "en") == 0
    assert "<title>Two groups" in Path("own.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_have_all_texts_in_chinese(name: str) -> None:
    tables = tomllib.loads(scenario_text(name))
    (chinese,) = (each for each in tables["translation"] if each["lang"] == "zh")
    assert all(max(chinese[key]) >= "\u4e00" for key in ("title", "about"))
    assert len(chinese["labels"]) == len(tables["optimizer"])
    assert len(chinese["says"]) == len(tables["claim"])


def test_lists_are_in_the_language(errsurf: CommandLine) -> None:
    assert errsurf("list", "scenarios", "--lang", "zh") == 0
    assert "全批量停在那里" in errsurf.out
    assert errsurf("list", "claims", "21", "--lang", "zh") == 0
    assert "全批量仍在鞍点。" in errsurf.out


def test_texts_of_a_file_that_are_in_the_language_are_not_said_to_lack_it(errsurf: CommandLine) -> None:
    name = errsurf.file('title = "\u566a\u58f0"\n' + SMALL)
    assert errsurf("export", name, "a.svg", "--lang", "zh") == 0
    assert "no texts" not in errsurf.err
    assert errsurf("export", name, "b.svg", "--lang", "de") == 0
    assert "no texts in de" in errsurf.err


def test_a_text_of_the_file_in_the_language_stays(errsurf: CommandLine) -> None:
    """A copy of a bundled scenario keeps its translation; a title that is written into the file is no longer of it."""
    assert errsurf("new", "slide.toml", "--from", "flat_or_sharp") == 0
    file = errsurf.folder / "slide.toml"
    text = file.read_text(encoding="utf-8")
    own = read_scenario(file)
    file.write_text(text.replace(f'title = "{own.title}"', 'title = "我的标题"'), encoding="utf-8")
    shown = translated(read_scenario(file), ["zh"])
    assert shown.title == "我的标题"
    assert (
        [group.label for group in shown.optimizer]
        == [group.label for group in translated(own, ["zh"]).optimizer]
        != [group.label for group in own.optimizer]
    )


def test_measures_are_told_in_the_language(errsurf: CommandLine) -> None:
    errsurf.file()
    assert errsurf("run", "small.toml", "--no-pictures", "--out", "done") == 0
    assert errsurf("measure", "done", "--statistic", "train_loss", "--lang", "zh") == 0
    assert errsurf.out.startswith("训练损失\n  sgd，全批量  ")  # noqa: RUF001
