"""Fixed words in other languages: that a language has all of them, and that they are shown wherever texts are."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

import errsurf
from errsurf import scenario_from
from errsurf.batch_times.words import LECTURE
from errsurf.drawing.charts import chart_names
from errsurf.drawing.lettering import text as lettering
from errsurf.drawing.page import page
from errsurf.drawing.page.assembly import FOLDER
from errsurf.drawing.page.markup import FIXED
from errsurf.drawing.views import painter as view_painter
from errsurf.run.language import translated, translated_result
from errsurf.scenario import resolved_toml
from errsurf.statistics import statistic, statistic_names
from errsurf.words import BLANK, languages, said, texts
from helpers.command_line import CommandLine, any_names
from helpers.literals import strings_of, texts_of
from helpers.page_script import NODE, by_script
from helpers.synthetic_results import made_run, read, walks

ROOT = Path(errsurf.__file__).parent
SHOWN = (
    *sorted(ROOT.glob("drawing/*/*.py")),
    *sorted(ROOT.glob("drawing/*.py")),
    *sorted(ROOT.glob("viewer/*.py")),
    *(
        ROOT / "cli" / f"{name}.py"
        for name in ("final_numbers", "areas", "points", "batch_rows", "show", "comparison_rows")
    ),
    *(ROOT / "batch_times" / f"{name}.py" for name in ("words", "summary")),
    ROOT / "claims/wording.py",
    ROOT / "slides/slide.py",
    ROOT / "claims/checking.py",
    ROOT / "analysis/names.py",
)
# Files with texts of several words that are no fixed words: names of formats, fonts, notices on stderr.
APART = ("formats/", "moving/", "lettering/", "page/", "files.py", "display.py", "showing.py", "worker_client.py")
# Parts of errors, and names by which the code knows actions of the window.
UNSEEN = {
    "sgd without dampening, nesterov, movement, wrappers and changes, with one lr",
    "particle {} among the recorded ones",
    "run.record = [{}]",
    *("page down", "page up", "next seed", "zoom in", "zoom out", "whole map", "first chart", "second chart"),
}
EDGES = re.compile(r"\{\w*\}|[.:;,()\n\N{MINUS SIGN}\N{MULTIPLICATION SIGN}\N{PLUS-MINUS SIGN}]")
TRANSLATED = [each for each in languages() if each != "en"]
# Names of algorithms, parameters, keys and commands, and units.
NAMES = "sgd|lr|epoch|theta|picture|window|errsurf|inspect|help|json|Hessian|tr|ms|xx|xy|yy|Home|End|Shift|JavaScript"
ARROWS, SURFACES, VIEWS = ("none", "batch"), ("train", "batch", "train"), ("flat", "3d")
SMALL = """
title = "小"
[surface]
kind = "saddle"
[swarm]
particles = 8
start = "point"
at = [0.0, 0.5]
[run]
updates = 30
[[optimizer]]
label = "甲"
kind = "sgd"
lr = 0.2
[[optimizer]]
label = "乙"
kind = "sgd"
batch = 5
[[claim]]
lecture = 21
says = "停在鞍点。"
statistic = "share_near"
point = [0.0, 0.0]
radius = 0.2
group = "甲"
above = 0.5
[[claim]]
says = "更陡。"
statistic = "sharpness"
at = 10
group = "乙"
above = "甲"
times = 0.5
"""


def known(text: str, language: str) -> bool:
    """Whether a language has a text of the source, with ``{}`` for what is filled in, or one that it is a part of."""
    if said(text, language) != text:
        return True
    keys = "\0".join(BLANK.sub("{}", key) for key in texts(language))
    parts = [re.escape(part) for part in re.split(r"^(?:\{\})?[ ,;]*|\{\}|[ ,;]*$", text)]
    if re.search("[^\0]*?".join(parts), keys):
        return True
    lines = text.split("\n")
    return len(lines) > 1 and all(known(line, language) for line in lines)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_source_is_in_the_language(language: str) -> None:
    files = [file for file in SHOWN if not any(part in str(file) for part in APART)]
    unknown = {
        f"{file.relative_to(ROOT)}: {text}"
        for file in files
        for text in texts_of(file)
        if text not in UNSEEN and not known(text, language)
    }
    assert len(files) > 100
    assert not unknown


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_page_is_in_the_language(language: str) -> None:
    html = "".join(file.read_text(encoding="utf-8") for file in FOLDER.iterdir() if file.name.endswith(".html"))  # type: ignore[attr-defined]
    found = [text for text in FIXED.findall(html) if re.search("[a-z]{2}", text) and "&" not in text]
    assert len(found) > 30
    assert not [text for text in found if text not in texts(language)]
    script = "".join(file.read_text(encoding="utf-8") for file in FOLDER.iterdir() if file.name.endswith(".js"))  # type: ignore[attr-defined]
    asked = [re.sub(r"\$\{.*?\}+", "{}", text) for text in re.findall(r"(?:said|toldError)\(`([^`]+)`\)", script)]
    asked += re.findall(r"(?:said|toldError)\(\"([^\"]+)\"", script)
    assert len(asked) > 4
    assert not [text for text in asked if not known(text, language)]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_claim_can_be_told(language: str) -> None:
    words = [statistic(name).words for name in statistic_names()]
    assert not [each for each in words if not known(re.sub(r"\{\w+\}", "{}", each), language)]
    assert not [each for each in LECTURE.values() if said(each, language) == each]


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_blanks_of_their_texts(language: str) -> None:
    for english, text in texts(language).items():
        parts = [f"<{k}>" for k in range(len(BLANK.findall(english)))]
        filled = text.format(*parts)
        assert [filled.count(part) for part in parts] == [1] * len(parts), english
        assert not re.search('[<>"&$]', text), english
        assert english.count("\n") >= text.count("\n"), english


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_of_a_text_that_is_gone(language: str) -> None:
    source = "\n".join(
        "\n".join(strings_of(file)) if file.suffix == ".py" else file.read_text(encoding="utf-8")
        for file in ROOT.rglob("*")
        if file.suffix in (".py", ".js", ".html") and "words" not in file.parts
    )
    source = " ".join(source.split())
    for english in texts(language):
        for part in re.split(EDGES, english):
            words = part.split()
            pairs = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(len(words) + 1)]
            assert any(one.removesuffix("s") in source and two.removesuffix("s") in source for one, two in pairs), (
                english
            )


def english_in(text: str) -> list[str]:
    """Words of a Chinese text that are neither names nor commands nor units."""
    return [word for word in re.findall(r"[A-Za-z]*[a-z]{2,}", text) if not re.fullmatch(NAMES, word)]


def test_pictures_of_every_kind_show_no_english(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()

    def heard(text: str, language: str) -> str:
        asked.add(said(text, language))
        return said(text, language)

    monkeypatch.setattr(lettering, "said", heard)
    run = made_run(*walks(3, 6, 6), title="标题", labels=("甲", "乙", "丙"), size=[480, 270])
    shown, found, names = translated_result(run, ["zh"]), read(run), chart_names()
    for k in range(0, len(names), 2):
        look = shown.scenario.picture._replace(
            chart=names[k : k + 2], panels=k % 4 == 0, colorbar=k % 3 == 0, noise=k == 0, members=k == 0,
            arrows=ARROWS[k % 4 // 2], surface=SURFACES[k % 3], test=k % 3 == 2, stability=k % 4 == 2, markers=(2, 5),
            view=VIEWS[k in (4, 8)],
        )  # fmt: skip
        view = replace(shown, scenario=replace(shown.scenario, picture=look))
        view_painter(view, **found).frame(40.0)
    assert len(asked) > 100
    assert not [each for each in asked if english_in(each)]


def test_the_window_shows_no_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pygame")
    from helpers.window_driver import scenario, watched

    asked: set[str] = set()

    def heard(text: str, language: str) -> str:
        asked.add(said(text, language))
        return said(text, language)

    monkeypatch.setattr(lettering, "said", heard)
    groups = [{"kind": "sgd", "label": label, "batch": batch} for label, batch in (("甲", "full"), ("乙", 1))]
    chinese = translated(scenario(title="标题", about="看什么。", optimizer=groups), ["zh"])
    with watched(tmp_path, chinese) as window:
        for name in ("more", "help"):
            window.click(window.middle(name))
            window.key("escape")
        window.key("o")
        titles = [item.name for item in window.state.menu.items]  # type: ignore[union-attr]
        window.key("return")
        assert window.state.moment.result.scenario.language == "zh"
    assert all(max(title) >= "\u4e00" for title in titles)
    assert len(asked) > 100
    keys = r"(Ctrl )?([A-Z0-9]|Page up|Page down|Home|Left|Right|Down|Up|Tab|Delete|Backspace|F\d+|End|Escape|[-+=?.,])"
    own = re.compile(rf"{keys}(, {keys})*|MM Pause|.*[\u4e00-\u9fff].*")
    assert not [each for each in asked if english_in(each) and not own.fullmatch(each)]
    assert not [each for each in asked if re.search("[Cc]laim|key|update|batch", each)]


def test_a_page_is_in_the_language_and_its_script_knows_the_same() -> None:
    result = translated_result(made_run(*walks(), title="标题", labels=("甲", "乙", "丙"), markers=[2, 5]), ["zh"])
    found = page(result, **read(result))
    assert '<html lang="zh"' in found
    body = unescape(re.sub(r"(?s)<(script|style|pre)[^>]*>.*?</\1>|<[^>]*?>", " ", found))
    labels = " ".join(re.findall(r'(?:aria-label|title)="([^"]*)"', found))
    assert not english_in(body.replace(result.scenario.about, "")), body
    assert not english_in(labels)
    if NODE:
        told = [
            "12 updates",
            "median loss 0.3",
            "12 examples seen, epoch 3",
            "saddle <1%",
            "flat 67%, sharp 3%",
            "A 40%",
            "no such text",
        ]
        assert by_script(found, f"return {json.dumps(told)}.map(said)") == [said(each, "zh") for each in told]
    plain = page(made_run(*walks()))
    assert '<html lang="en"' in plain
    assert 'aria-label="Chart over examples seen, one curve a group"' in plain


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("run", "small.toml", "--no-pictures"), marks=any_names),
        ("inspect", "flat_or_sharp"),
        ("basins", "small.toml", "--size", "8", "-o", "basins.npz"),
    ],
)
def test_a_command_prints_no_english(errsurf: CommandLine, command: tuple[str, ...]) -> None:
    Path("small.toml").write_text(SMALL, encoding="utf-8")
    assert errsurf(*command, "--lang", "zh") == 0
    assert not english_in(re.sub(r"wells|basins\.npz|results/small/: .*", "", errsurf.out)), errsurf.out
    if command[0] == "run":
        assert "讲座的断言 21 成立: 停在鞍点。" in errsurf.out
        assert "极小值 A" in errsurf.out


def test_groups_without_labels_are_named_in_the_language() -> None:
    plain = scenario_from({"surface": {"kind": "saddle"}, "run": {"updates": 4}, "optimizer": [{"kind": "sgd"}]})
    shown = translated(plain, ["zh"])
    assert [group.label for group in shown.optimizer] == [said("sgd, full batch", "zh")]
    assert resolved_toml(shown) == resolved_toml(plain)
    assert translated(shown, ["en"]) == plain


def test_texts_of_users_are_left_alone() -> None:
    for text in (
        "the first 10 updates",
        "minimum found",
        "median of mine",
        "my loss 3",
        "Adam; dashed: test",
        "at noon",
    ):
        assert said(text, "zh") == text
    assert said("12 updates", "zh") == "12 次更新"
    assert said("minimum B", "zh") == "极小值 B"
    assert said("flat 67%, sharp 33%", "zh") == "平坦 67%, 尖锐 33%"
    assert said("flat 67%, mine", "zh") == "flat 67%, mine"
    assert said("12 examples seen, epoch 3", "zh") == "看过 12 个样本，第 3 个 epoch"  # noqa: RUF001
