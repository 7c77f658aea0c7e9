"""`errsurf site`: a playground of plain files, whose pages share what they are told alike."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from test_html_page import Parts

from errsurf.drawing.page import live_page
from errsurf.drawing.page.parts import common, joined, without
from errsurf.run.simulation import simulate
from errsurf.scenario import read_scenario
from errsurf.site import writing
from errsurf.site.addresses import relative
from errsurf.site.lecture import lecture
from errsurf.site.pages import Site, first_sentence
from errsurf.site.surface_scenarios import surface_scenario
from errsurf.words import languages
from helpers.chromium import Page, browser, opened
from helpers.command_line import CommandLine

PROGRAM = browser()
HOSTILE = "</script><img src=x onerror=errsurf.state.taken=1>"
OWN = f"""
title = "{HOSTILE}"
about = "{HOSTILE}. More."
[surface]
kind = "saddle"
tilt = 0.4
[swarm]
particles = 40
[run]
updates = 20
[[optimizer]]
label = "{HOSTILE}"
kind = "sgd"
lr = 0.05
[[claim]]
says = "{HOSTILE}"
statistic = "train_loss"
below = 5.0
lecture = 21
[[claim]]
says = "It is low."
statistic = "train_loss"
below = -50.0
lecture = 20
"""
KINDS = ("sgd", "adam")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two scenarios and one surface, with two optimizers."""
    above = tmp_path_factory.mktemp("site")
    (above / "own & odd.toml").write_text(OWN, encoding="utf-8")
    scenarios = [read_scenario(above / "own & odd.toml"), read_scenario("saddle_escape", {"swarm.particles": 60})]
    site = Site(scenarios, [surface_scenario("saddle")], languages())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_page, "optimizer_names", lambda: KINDS)
        live_page.known_modules.cache_clear()
        writing.written(above / "site", site, force=False, progress=lambda _stage, _share: None)
        live_page.known_modules.cache_clear()
    return above / "site"


def pages(folder: Path) -> dict[str, Parts]:
    """The pages of a site by their places."""
    return {
        file.relative_to(folder).as_posix(): Parts(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }


def test_every_page_is_there_in_every_language(folder: Path) -> None:
    english = {
        "index.html", "lesson.html", "surfaces.html", "scenarios/own & odd.html", "scenarios/saddle_escape.html",
        "surfaces/saddle.html",
    }  # fmt: skip
    assert set(pages(folder)) == english | {f"zh/{page}" for page in english}
    for place, page in pages(folder).items():
        html = next(attrs for name, attrs, _ in page.found if name == "html")
        assert html["lang"] == ("zh" if place.startswith("zh/") else "en")
        assert len([name for name, *_ in page.found if name == "h1"]) == 1


def test_every_page_has_a_policy_that_allows_nothing_by_default(folder: Path) -> None:
    """Pages of the frame and pages that simulate alike."""
    for place, page in pages(folder).items():
        rules = [tag["content"] for name, tag, _ in page.found if name == "meta" and "http-equiv" in tag]
        assert len(rules) == 1, place
        assert {"default-src 'none'", "base-uri 'none'", "form-action 'none'"} <= {*rules[0].split("; ")}, place


def test_files_are_small(folder: Path) -> None:
    def size(name: str) -> int:
        return (folder / name).stat().st_size

    assert 100_000 < size("shared/errsurf.js") < 250_000
    for page in ("scenarios/saddle_escape", "surfaces/saddle"):
        assert size(f"{page}.html") < 14_000
        assert size(f"shared/{page}.js") < 60_000
        assert 1_000 < size(f"shared/{page}.webp") < 15_000


def test_links_lead_to_files_of_the_site_and_nowhere_else(folder: Path) -> None:
    checked = 0
    for place, page in pages(folder).items():
        ids = {attrs["id"] for _, attrs, _ in page.found if "id" in attrs}
        for name, attrs, _ in page.found:
            keys = (
                "href",
                "src",
                "data-page",
                *(("value",) if name == "option" and attrs.get("value", "x").endswith(".html") else ()),
            )  # type: ignore[union-attr]
            for address in filter(None, (attrs.get(key) for key in keys)):
                file, _, anchor = re.sub(r"\?embed$", "", address).partition("#")
                assert "//" not in address
                assert (folder / place).parent.joinpath(unquote(file)).exists() if file else anchor in ids
                checked += 1
    assert checked > 100
    for file in folder.rglob("*.*"):
        if file.suffix in (".css", ".js", ".html"):
            assert not re.search(r"https?://(?!www\.w3\.org/)|@import|url\(", file.read_text(encoding="utf-8"))


def test_only_files_of_the_site_run(folder: Path) -> None:
    for place, page in pages(folder).items():
        rule = next(attrs["content"] for _, attrs, _ in page.found if "http-equiv" in attrs) or ""
        live = "/" in place.removeprefix("zh/")
        assert f"script-src 'self'{chr(32) + chr(39) + 'wasm-unsafe-eval' + chr(39) if live else ''};" in rule
        assert "style-src 'self';" in rule
        assert "unsafe-inline" not in rule
        assert ("worker-src blob:" in rule) == live
        inside = [attrs for name, attrs, _ in page.found if name == "script" and "src" not in attrs]
        assert {attrs.get("type") for attrs in inside} <= {
            "application/json",
            "application/toml",
            "application/octet-stream",
        }
        assert not [
            attrs for _, attrs, _ in page.found if "style" in attrs or any(key.startswith("on") for key in attrs)
        ]


def test_hostile_words_stay_words(folder: Path) -> None:
    found = pages(folder)
    own = found["scenarios/own & odd.html"]
    assert own.text("title") == own.text("h1") == HOSTILE
    for page in found.values():
        images = [attrs.get("src") or "" for name, attrs, _ in page.found if name == "img"]
        assert all(source.endswith(".webp") for source in images)
    assert (
        sum(HOSTILE in "".join(words) for name, _, words in found["index.html"].found if name in ("a", "p", "li")) == 3
    )


def test_chinese_pages_are_chinese(folder: Path) -> None:
    found = pages(folder)
    assert found["zh/lesson.html"].text("h1") == "课程"
    assert found["zh/scenarios/saddle_escape.html"].text("h1") == read_scenario("saddle_escape").translation[0].title
    words = " ".join(
        "".join(words) for name, _, words in found["zh/lesson.html"].found if name not in ("script", "style")
    )
    left = re.sub(
        "errsurf|batches|English|Ge|Huang|Jin|Yuan|theta|lr_t|sigma_t|m_t|html|[^a-z]*", " ", words.replace(HOSTILE, "")
    )
    assert {each for each in left.split() if len(each) > 2} <= {"low"}
    english, chinese = lecture("en"), lecture("zh")
    for one, other in zip(english, chinese, strict=True):
        assert [each[4:] for each in one.claims] == [each[4:] for each in other.claims]
        assert all(re.search("[\u4e00-\u9fff]", each.says) for each in other.claims)
        assert [bool(each.note) for each in one.claims] == [bool(each.note) for each in other.claims]
    assert [each.number for part in english for each in part.claims] == list(range(1, 27))


def test_parts_make_what_they_were_made_of() -> None:
    draw = np.random.default_rng(5)

    def value(depth: int) -> object:
        kind = draw.integers(4 if depth else 2)
        if kind == 0:
            return int(draw.integers(3))
        if kind == 1:
            return [int(draw.integers(2)), None]
        return {key: value(depth - 1) for key in "abcd" if draw.random() < 0.8}

    shared = 0
    for _ in range(200):
        tables = [{"k": value(3), "tables": value(2), "n": {"x": value(1)}} for _ in range(3)]
        base = common(tables)
        pair = without(common(tables[:2]), base)
        for table in tables[:2]:
            known = joined(base, pair)
            assert joined(known, without(table, known)) == table
        shared += json.dumps(base) != "{}"
    assert shared > 150


def test_addresses() -> None:
    assert relative("index.html", "zh/a b.html") == "zh/a%20b.html"
    assert relative("zh/scenarios/x.html", "zh/scenarios/y.html") == "y.html"
    assert relative("zh/scenarios/x.html", "shared/e.js") == "../../shared/e.js"
    assert first_sentence("Batch 1.5 is\nhalf. More.") == "Batch 1.5 is half."
    assert first_sentence("两个极小值。全批量停留。") == "两个极小值。"


def test_a_browser_computes_a_page_of_the_site(folder: Path, tmp_path: Path) -> None:
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine")
    with opened(PROGRAM, folder / "zh/scenarios/own & odd.html", tmp_path / "profile") as shown:
        _wait(shown, "errsurf.finished()")
        (tmp_path / "saved.toml").write_text(shown.ask("errsurf.stateToml()"), encoding="utf-8")
        ends = shown.ask("errsurf.exactPlaces().then((groups) => groups.map((places) => [...places]))")
        result = simulate(read_scenario(tmp_path / "saved.toml"))
        assert np.array_equal(np.float32(ends[0]).reshape(-1, 2), result.groups[0].position[-1])
        shown.ask("errsurf.setValue('0.kind', 'adam')")
        shown.ask("document.querySelector('a[hreflang=en]').click()")
        _wait(shown, "window.errsurf?.link?.() === '0.kind=adam' && document.documentElement.lang === 'en'")
        assert shown.ask("errsurf.state.taken ?? null") is None
        assert shown.said == []
        assert all(address.startswith(("file:", "blob:")) for address in shown.asked)


def test_a_lesson_is_told_the_verdicts(folder: Path, tmp_path: Path) -> None:
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine")
    with opened(PROGRAM, folder / "lesson.html", tmp_path / "profile") as shown:
        shown.ask("document.querySelector('[data-name=\"own & odd\"]').scrollIntoView()")
        marks = "[...document.querySelectorAll('[data-name=\"own & odd\"] .verdict')]"
        _wait(shown, f"{marks}.every((each) => each.dataset.verdict)")
        verdicts = shown.ask(f"{marks}.map((each) => each.textContent)")
        assert sorted(verdicts) == ["does not hold", "holds"]
        assert shown.said == []


def _wait(shown: Page, condition: str) -> None:
    """Ask again until it is so; a page that is being left does not answer."""
    for _ in range(600):
        with suppress(AssertionError):
            if shown.ask(f"Boolean({condition})"):
                return
        time.sleep(0.05)
    raise AssertionError(condition)


def test_what_cannot_be_is_said_before_anything_is_written(errsurf: CommandLine) -> None:
    assert errsurf("site", "playground", "no_such_scenario") == 2
    assert "no_such_scenario" in errsurf.err
    (errsurf.folder / "mine").mkdir()
    (errsurf.folder / "mine" / "own.txt").write_text("mine")
    for force in ((), ("--force",)):
        assert errsurf("site", "mine", "saddle_escape", *force) == 2
        assert "own.txt" in errsurf.err
    errsurf.file(name="saddle_escape.toml")
    assert errsurf("site", "playground", "saddle_escape", "./saddle_escape.toml") == 2
    assert "two scenarios of a site have the name saddle_escape" in errsurf.err
    assert errsurf.names() == {"mine", "saddle_escape.toml"}


def test_a_site_is_replaced_as_a_whole_or_not_at_all(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_files", lambda *_: iter([("index.html", b"one")]))
    file = errsurf.file()
    assert errsurf("site", "playground", file) == 0
    assert re.search(r"playground.index\.html: 2 pages, 1 file, ", errsurf.out)
    assert errsurf("site", "playground", file) == 2
    assert "--force" in errsurf.err
    monkeypatch.setattr(writing, "_files", lambda *_: iter([("shared/en.js", b"two")]))
    assert errsurf("site", "playground", file, "--force") == 0
    assert {each.name for each in Path("playground").iterdir()} == {"manifest.json", "shared"}

    def full(*_: object) -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"three"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_files", full)
    assert errsurf("site", "playground", file, "--force") == 1, errsurf.err
    assert "the disk is full" in errsurf.err
    assert {each.name for each in Path("playground").iterdir()} == {"manifest.json", "shared"}
    assert errsurf.names() == {"playground", "small.toml"}
