"""Letters and fonts: where formulas stand on a line, how texts shrink, and which font is chosen."""

import subprocess
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from errsurf.drawing.lettering import fonts
from errsurf.drawing.lettering.fonts import Face, bundled_face, faces, needs_glyph
from errsurf.drawing.lettering.formulas import formula, formula_fault, outline
from errsurf.drawing.lettering.text import (
    Type,
    _is_shaped,
    ascent,
    balanced,
    fitted,
    line_height,
    pieces,
    shortened,
    text_mask,
    text_width,
    wrapped,
)

PLAIN = Type(15, (bundled_face(),))


@pytest.mark.parametrize("text", ["letters", r"$\eta y$", r"a $\frac{a_1}{b^2}$ b"])
@pytest.mark.parametrize("halo", [1, 3])
def test_a_halo_surrounds_its_letters(text: str, halo: int) -> None:
    plain, wide = text_mask(text, PLAIN), text_mask(text, PLAIN, halo)
    assert plain.shape == (line_height(PLAIN), text_width(text, PLAIN))
    assert wide.shape == (plain.shape[0] + 2 * halo, plain.shape[1] + 2 * halo)
    inner = wide[halo:-halo, halo:-halo]
    rows, columns = np.nonzero(plain > 200)
    assert (inner[rows, columns] > 200).all()
    reached = [(inner[rows, np.clip(columns + step, 0, plain.shape[1] - 1)] > 100).mean() for step in (-halo, halo)]
    assert min(reached) > 0.85
    assert np.count_nonzero(wide) < (1 + 2 * halo) ** 2 * np.count_nonzero(plain)


def test_letters_of_a_formula_stand_on_the_base_line() -> None:
    """So those without descenders end there, and those with one go on below it, as letters of a text do."""
    base = ascent(PLAIN)
    for sign, below in (("x", False), ("y", True), ("E", False)):
        ready = formula(f"${sign}$", 15, line_height(PLAIN))
        assert ready is not None
        assert (ready.text, ready.size) == (f"${sign}$", 15)
        assert (len(ready.mask) > ready.above + 1) == below
        assert abs(ready.width - text_width(sign, PLAIN)) < 4
        bottoms = [np.flatnonzero((text_mask(text, PLAIN) > 100).any(axis=1))[-1] for text in (f"${sign}$", sign)]
        assert abs(bottoms[0] - bottoms[1]) <= 1
        assert (bottoms[0] >= base + 1) == below
    assert text_mask("$E$", PLAIN).any()
    blank = formula(r"$\quad$", 15, 18)
    assert blank is not None
    assert (len(blank.mask), blank.above) == (0, 0)
    assert 10 < blank.width < 20


def test_a_high_formula_is_as_high_as_its_line_and_no_higher() -> None:
    text = r"$\frac{a_1}{\frac{b}{c}}$"
    free, small, tiny = (formula(text, 40, height) for height in (999, 40, 20))
    assert free is not None
    assert small is not None
    assert tiny is not None
    assert free.size == 40
    assert 34 <= len(small.mask) <= 40 < len(free.mask)
    assert 15 <= len(tiny.mask) <= 20
    assert small.size < free.size
    assert np.flatnonzero(free.mask.any(axis=1))[[0, -1]].tolist() == [0, len(free.mask) - 1]


def test_an_outline_has_the_size_of_its_type() -> None:
    one, two = (outline(r"$x_1$", size) for size in (10.0, 20.0))
    assert two.width == pytest.approx(2 * one.width, rel=0.1)
    assert np.ptp(two.path.vertices, axis=0) == pytest.approx(2 * np.ptp(one.path.vertices, axis=0))
    ready = formula(r"$x_1$", 20.0, 99)
    assert ready is not None
    assert np.ptp(two.path.vertices, axis=0)[1] == pytest.approx(len(ready.mask), abs=2)
    assert two.width == pytest.approx(ready.width, abs=1.5)
    assert len(outline(r"$\quad$", 10.0).path.vertices) == 0


@pytest.mark.parametrize(
    ("fits", "wrong"),
    [("{" * 8 + "x" + "}" * 8, "{" * 9 + "x" + "}" * 9), ("x" * 99, "x" * 900), ("x", r"\nosuch"), ("{}", r"\frac{}")],
)
def test_formulas_have_bounds(fits: str, wrong: str) -> None:
    assert formula_fault(f"${wrong}$")
    assert not formula_fault(f"${fits}$")


def test_type_shrinks_by_a_quarter_at_most_and_not_below_ten() -> None:
    text = "Small batches end in the flat minimum"
    for size, least in ((40, 30), (20, 15), (12, 10), (9, 9)):
        kind = PLAIN._replace(size=size)
        full = text_width(text, kind)
        sizes = {fitted(text, full - less, kind)[1].size for less in range(0, full // 2, 3)}
        assert (min(sizes), max(sizes)) == (least, size)
    middle = fitted(text, text_width(text, PLAIN._replace(size=35)), PLAIN._replace(size=40))
    assert middle == (text, PLAIN._replace(size=35))


def test_lines_are_no_more_and_no_longer_than_they_must_be() -> None:
    text = "one two three four five six seven eight nine ten"
    room = text_width(text, PLAIN) // 2
    for most in (2, 3, 9):
        lines = wrapped(text, room, PLAIN, most)
        assert len(lines) == min(most, 3)
        assert all(text_width(line, PLAIN) <= room for line in lines)
        assert all(text_width(f"{line} {after.split(' ')[0]}", PLAIN) > room for line, after in pairwise(lines))
        even = balanced(text, room, PLAIN, most)
        assert len(even) == len(lines)
        assert max(text_width(line, PLAIN) for line in even) <= max(text_width(line, PLAIN) for line in lines)
    assert balanced(text, room, PLAIN, 3) != wrapped(text, room, PLAIN, 3)
    assert wrapped("", 100, PLAIN, 2) == []
    assert wrapped("a  b", 100, PLAIN, 2) == ["a b"]
    assert len(wrapped("w" * 90, 100, PLAIN, 4)) == 1
    assert shortened("word, word", text_width("word…", PLAIN), PLAIN) == "word…"


def test_texts_are_cut_where_their_font_changes() -> None:
    signs = Face(str(bundled_face().file).replace("DejaVuSans.ttf", "STIXGeneral.ttf"))
    special = next(
        c for c in map(chr, range(0x2A00, 0x2B00)) if fonts.has(signs, c) and not fonts.has(bundled_face(), c)
    )
    kind = PLAIN._replace(faces=(bundled_face(), signs))
    runs: Any = pieces(f"a b{special}{special} c", kind)
    assert [(run.text, run.face) for run in runs] == [
        ("a b", bundled_face()),
        (special * 2 + " ", signs),
        ("c", bundled_face()),
    ]
    assert [(run.text, run.width > 0) for run in pieces("plain words", PLAIN)] == [("plain words", True)]  # type: ignore[union-attr]
    assert not any(map(needs_glyph, " \n\t\u200c\u200d\ufeff\u2028"))
    assert all(map(needs_glyph, "aZ1$é\u4e00\u0301"))


def test_signs_belong_to_letters_that_are_joined_on_both_sides_of_them() -> None:
    """Of Hebrew and Latin letters, of which only the former are joined and turned around."""
    alef, bet = "\N{HEBREW LETTER ALEF}", "\N{HEBREW LETTER BET}"
    for text, joined in (
        (f"{alef} - {bet}", "11111"), (f"a - {bet}", "00001"), (f"{alef} - b", "10000"), (f"{alef}-", "10"),
        (f"a {alef}1{bet}", "00101"), (f"{alef} {bet} c", "11100"), (f"a b {alef}", "00001"),
    ):  # fmt: skip
        assert "".join(str(int(_is_shaped(text, place))) for place in range(len(text))) == joined, text


def entry(name: str, file: str, style: str = "normal", weight: Any = 400) -> fonts._Entry:
    return fonts._Entry(name, file, style, weight)


def test_a_family_is_searched_for_its_upright_face_of_the_nearest_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        entry("Own", "light", weight="light"), entry("Own", "slanted", "italic"), entry("Own", "black", weight="black"),
        entry("Own", "demi", weight=600), entry("Own", "thin", weight=100), entry("Other", "other"),
    ]  # fmt: skip
    monkeypatch.setattr(fonts, "_listed", lambda: listed)
    monkeypatch.setattr(fonts, "_program", lambda _: None)
    find = fonts._of_family.__wrapped__
    assert [find("own", bold) for bold in (False, True)] == [Face("light"), Face("demi")]
    assert find("nowhere", False) is None
    listed += [entry("Own", "medium", weight="medium"), entry("Own", "bold", weight="bold")]
    assert [find("OWN", bold) for bold in (False, True)] == [Face("medium"), Face("bold")]


def test_of_listed_fonts_those_come_first_that_have_most_letters_and_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = {"a": "xyz", "b": "xyz", "c": "xyz", "d": "x", "e": "xyz", "f": "xyz", "g": "xyz", "bb": "xyz"}
    monkeypatch.setattr(fonts, "has", lambda face, c: c in letters[face.file])
    listed = [
        entry("Serif Face", "a"), entry("Some Sans", "b", weight=700), entry("Some Sans", "c"), entry("Meiryo", "d"),
        entry("PingFang SC", "e"), entry("Microsoft YaHei", "f"), entry("Some Sans", "g", "italic"),
        entry("Some Sans", "bb", weight="normal"),
    ]  # fmt: skip
    monkeypatch.setattr(fonts, "_listed", lambda: listed)
    assert [face.file for face in fonts._by_list("xyz")] == ["f", "e", "bb", "c", "b", "a"]
    assert fonts._by_list("w") == []


@pytest.mark.parametrize(
    ("text", "language"), [("\u566a\u3042", "ja"), ("\u30a2", "ja"), ("\ud55c", "ko"), ("\u566a", "zh-cn"), ("abc", "")]
)
def test_han_letters_are_asked_for_in_their_language(text: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def answer(command: list[str], **_: Any) -> Any:
        asked.append(command)
        return SimpleNamespace(stdout="/one.ttc\n65538\n/two.ttf\n0\n/three.ttf\n")

    monkeypatch.setattr(subprocess, "run", answer)
    monkeypatch.setattr(fonts, "_program", lambda name: f"/bin/{name}")
    for bold in (False, True):
        assert list(fonts._matches(text, bold)) == [Face("/one.ttc", 2), Face("/two.ttf", 0)]
        program, form, _, pattern = asked[-1]
        assert (program, form) == ("/bin/fc-match", "-f")
        assert pattern.startswith("sans:bold:" if bold else "sans:")
        assert pattern.endswith(":charset=" + " ".join(f"{ord(c):x}" for c in text))
        assert (f":lang={language}:" in pattern) == bool(language)
    assert fonts._of_family.__wrapped__("My-Font: a", True) == Face("/one.ttc", 2)
    assert asked[-2][3] == ":family=My\\-Font\\: a"
    assert asked[-1][3] == "My\\-Font\\: a:bold"


def test_no_answer_of_a_program_is_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise subprocess.TimeoutExpired("fc-match", 30)

    monkeypatch.setattr(fonts, "_program", lambda _: None)
    assert fonts._asked_fontconfig("fc-match", "x") == []
    monkeypatch.setattr(fonts, "_program", lambda name: f"/bin/{name}")
    monkeypatch.setattr(subprocess, "run", fails)
    assert fonts._asked_fontconfig("fc-match", "x") == []


def test_a_family_that_is_asked_for_comes_first_in_regular_and_in_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    serif = {bold: Face(bundled_face(bold=bold).file.replace("DejaVuSans", "DejaVuSerif")) for bold in (False, True)}
    monkeypatch.setattr(fonts, "_of_family", lambda _, bold: serif[bold])
    assert faces(["a"], "any") == ((serif[False], bundled_face()), (serif[True], bundled_face(bold=True)), "", "")
    monkeypatch.setattr(fonts, "_of_family", lambda _, bold: None if bold else serif[False])
    assert faces(["a"], "any").bold == (serif[False], bundled_face(bold=True))
