"""Texts: any script, formulas, and lines that fit."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import features

from errsurf.drawing import painter
from errsurf.drawing.lettering import fonts
from errsurf.drawing.lettering.fonts import Face, bundled_face, faces, has
from errsurf.drawing.lettering.formulas import Formula, formula, parts
from errsurf.drawing.lettering.notices import notices
from errsurf.drawing.lettering.text import (
    Type,
    balanced,
    fitted,
    line_height,
    longest,
    shortened,
    text_mask,
    text_width,
    wrapped,
)
from errsurf.drawing.panel.legend import legend_texts
from errsurf.drawing.scene import scene
from errsurf.scenario import Scenario, scenario_from
from helpers.drawing_result import cloud, group, result

BUNDLED = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
PLAIN = Type(15, (bundled_face(),))
NONE = chr(0x10FF23)


@pytest.mark.parametrize("room", [0, 5, 40, 90, 200, 1000])
def test_shortened_text_fits_and_begins_alike(room: int) -> None:
    text = "batch 1, momentum, warmup then cosine"
    short = shortened(text, room, PLAIN)
    assert text_width(short, PLAIN) <= room
    assert text.startswith(short.removesuffix("…"))
    assert short.endswith("…") or short in (text, "")
    assert (short == text) == (text_width(text, PLAIN) <= room)


def test_a_formula_is_never_cut() -> None:
    text = r"full batch, $\eta_{t+1} = \frac{a}{b}$ and more words"
    for room in range(0, text_width(text, PLAIN), 3):
        assert shortened(text, room, PLAIN).count("$") in (0, 2)


def test_fitted_text_becomes_smaller_before_it_is_cut() -> None:
    text = "Small batches end in the flat minimum"
    full = text_width(text, PLAIN)
    assert fitted(text, full, PLAIN) == (text, PLAIN)
    smaller, kind = fitted(text, full - 5, PLAIN)
    assert (smaller, kind.size < 15) == (text, True)
    cut, kind = fitted(text, full // 2, PLAIN)
    assert cut.endswith("…")
    assert text_width(cut, kind) <= full // 2
    assert longest(("abc", "ab", "a"), text_width("ab", PLAIN), PLAIN) == "ab"


@pytest.mark.parametrize("text", ["one two three four five six", "粒子从同一点出发粒子从同一点出发，二十个样本。"])  # noqa: RUF001
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    room = text_width(text, PLAIN) // 2 + 20
    lines = wrapped(text, room, PLAIN, 3)
    assert len(lines) in (2, 3)
    assert all(text_width(line, PLAIN) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not any(line.startswith(("，", "。")) for line in lines)  # noqa: RUF001
    assert wrapped(text, room, PLAIN, 1)[0].endswith("…")


def test_formulas_stand_between_dollars() -> None:
    assert list(parts(r"rate $\eta = 0.1$, $b$")) == [
        ("rate ", False),
        (r"$\eta = 0.1$", True),
        (", ", False),
        ("$b$", True),
    ]
    for plain in ("5 $ a batch", r"\$5 and \$6", ""):
        assert all(not is_formula for _, is_formula in parts(plain))
    assert np.array_equal(text_mask(r"\$5", PLAIN), text_mask("$5", PLAIN))


def test_a_formula_is_drawn_and_fits_its_line() -> None:
    greek, high = formula(r"$\eta$", 15, 18), formula(r"$\frac{a_1}{b^2}$", 15, line_height(PLAIN))
    assert isinstance(greek, Formula)
    assert isinstance(high, Formula)
    assert greek.mask.max() > 200
    assert len(high.mask) <= line_height(PLAIN)
    mask = text_mask(r"$\frac{a_1}{b^2}$", PLAIN)
    assert mask.shape == (line_height(PLAIN), text_width(r"$\frac{a_1}{b^2}$", PLAIN))
    assert mask.any()
    assert formula(r"$\frac{a$", 15, 18) is None


def test_latin_greek_and_cyrillic_need_no_other_font() -> None:
    found = faces(["Größe des Schritts, Ångström, η → 0, шаг"])
    assert found == ((bundled_face(),), (bundled_face(bold=True),), "", "")


def test_each_character_is_drawn_by_the_first_font_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = str(BUNDLED / "STIXGeneral.ttf")
    special = next(c for c in map(chr, range(0x2A00, 0x2B00)) if has(Face(signs), c) and not has(bundled_face(), c))
    monkeypatch.setattr(fonts, "_of_system", lambda characters, _: Face(signs) if special in characters else None)
    found = faces([f"a {special} b"])
    assert found.regular == (bundled_face(), Face(signs))
    assert found.missing == ""
    both, alone = Type(20, found.regular), Type(20, (Face(signs),))
    a, rest = text_width("a ", both), text_mask(special, alone)
    drawn = text_mask(f"a {special} b", both)[:, a : a + rest.shape[1]]
    assert drawn.any()
    assert np.count_nonzero(drawn) == np.count_nonzero(rest)


def test_a_character_that_no_font_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_of_system", lambda _characters, _bold: None)
    assert faces([f"a {NONE}", NONE, "b"]).missing == NONE
    said = notices(scenario(title=f"a {NONE} b", caption="plain"))
    assert len(said) == 1
    assert "(U+10FF23)" in said[0]
    mask = text_mask(NONE, PLAIN)
    assert np.array_equal(mask, text_mask("\N{REPLACEMENT CHARACTER}", PLAIN))


def test_a_formula_that_is_none_is_told() -> None:
    (said,) = notices(scenario(title=r"rate $\frac{a$"))
    assert said.startswith(r"title: $\frac{a$ cannot be read as a formula (")
    assert notices(scenario(title=r"rate $\eta$ costs \$5", caption="x")) == ()


def test_a_notice_about_letters_names_a_few_of_the_picture_and_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_of_system", lambda _characters, _bold: None)
    shown = replace(scenario(), title="\u566a\u58f0\u79bb\u5f00\u978d\u70b9", language="zh")
    (told,) = notices(shown)
    assert "\u566a (U+566A), \u58f0" in told
    assert told.count("U+") == 5
    assert (
        " and more, so a diamond with a question mark is drawn; install Noto Sans CJK (`fonts-noto-cjk` on Debian)"
        in told
    )


def test_a_font_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "no font family Nowhere Sans" in notices(scenario(font="Nowhere Sans"))[0]
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert "broken.ttf" in notices(scenario(tmp_path, font="broken.ttf"))[0]


def test_a_font_of_ones_own_comes_first(tmp_path: Path) -> None:
    shutil.copyfile(BUNDLED / "DejaVuSerif.ttf", tmp_path / "own.ttf")
    own = scenario(tmp_path, font="own.ttf")
    assert notices(own) == ()
    run = result(*cloud(1, 3))
    frames = []
    for each in (own, scenario(tmp_path)):
        run.scenario = each
        frames.append(painter(run).frame(0.0))
    assert not np.array_equal(*frames)


@pytest.mark.skipif(not shutil.which("fc-list"), reason="no fontconfig")
def test_fontconfig_finds_a_font_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    shutil.copyfile(BUNDLED / "STIXGeneral.ttf", folder / "signs.ttf")
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>", encoding="utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    family = subprocess.run(
        ["fc-list", ":", "family"], capture_output=True, encoding="utf-8", check=True
    ).stdout.strip()
    special = next(c for c in map(chr, range(0x2A00, 0x2B00)) if not has(bundled_face(), c))
    for cached in (fonts._of_system, fonts._of_family):
        cached.cache_clear()
    try:
        assert faces([special]).regular == (bundled_face(), Face(str(folder / "signs.ttf")))
        assert faces(["a"], family).regular[0] == Face(str(folder / "signs.ttf"))
    finally:
        for cached in (fonts._of_system, fonts._of_family):
            cached.cache_clear()


def test_without_fontconfig_matplotlibs_list_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for cached in (fonts._of_system, fonts._of_family):
        cached.cache_clear()
    special = next(c for c in map(chr, range(0x2A00, 0x2B00)) if not has(bundled_face(), c))
    try:
        found = faces([special])
        assert found.missing == ""
        assert has(found.regular[1], special)
        assert faces(["a"], "DejaVu Serif").regular[0].file.endswith("DejaVuSerif.ttf")
    finally:
        for cached in (fonts._of_system, fonts._of_family):
            cached.cache_clear()


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow without Raqm")
def test_letters_from_right_to_left_are_turned_round_and_scripts_may_mix() -> None:
    large = PLAIN._replace(size=60)
    alef, bet = "\N{HEBREW LETTER ALEF}", "\N{HEBREW LETTER BET}"
    both, first = (text_mask(text, large).astype(float) for text in (alef + bet, alef))
    width = first.shape[1]
    at_right, at_left = (np.abs(part - first).mean() for part in (both[:, -width:], both[:, :width]))
    assert at_right < at_left / 2
    mixed = text_mask(f"ab {alef}{bet} cd", large)
    start, end = text_mask("ab", large), text_mask("cd", large)
    assert np.array_equal(mixed[:, : start.shape[1] - 2], start[:, :-2])
    assert np.abs(mixed[:, -end.shape[1] :].astype(float) - end).mean() < 20


def scenario(folder: Path | None = None, title: str = "A title", **picture: object) -> Scenario:
    tables = {"title": title, "surface": {"kind": "saddle"}, "run": {"updates": 10}, "optimizer": [{"kind": "sgd"}]}
    return scenario_from(tables | {"picture": picture}, folder)


@pytest.mark.parametrize("text", ["four optimizers on the function of Beale", "四个优化器在比尔函数的误差曲面上"])
def test_lines_of_a_title_are_about_equally_long(text: str) -> None:
    """Of a title that just does not fit one line, the second is no single word or character."""
    kind = Type(20, (bundled_face(),))
    room = text_width(text, kind) - 1
    lines = balanced(text, room, kind, 2)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert min(map(len, lines)) > 0.35 * len(text)


def test_labels_have_one_size() -> None:
    """A long label is set smaller, and the short one with it."""
    short, long = "a", "a label that has just no room"
    shown = scene(result(*(group(np.zeros((3, 2, 2)), label) for label in (short, long)), size=(960, 540)))
    style, width = shown.plan.style, text_width(long, shown.plan.style.label)
    rows = [row._replace(label=row.label._replace(right=row.label.left + width - 1)) for row in shown.plan.rows]
    texts, kind = legend_texts(rows, shown.labels, shown.histories, style)
    assert texts == [short, long]
    assert kind.size < style.label.size
