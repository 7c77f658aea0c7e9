"""Strings of other people's files are text everywhere: on a terminal, in a page, in XML, in a spreadsheet."""

import ast
import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from rich.table import Table
from rich.text import Text

from errsurf.cli.console import PlainConsole
from errsurf.drawing import PictureRequest
from errsurf.drawing.canvas.vector import VectorCanvas
from errsurf.drawing.figures.files import FIGURE_SETTINGS, figure_bytes
from errsurf.drawing.formats import picture_format
from errsurf.drawing.lettering.fonts import bundled_face
from errsurf.drawing.lettering.formulas import formula, formula_fault, parts
from errsurf.drawing.lettering.notices import notices
from errsurf.drawing.lettering.text import Type, text_mask
from errsurf.drawing.page import page
from errsurf.drawing.page.formula import label_markup
from errsurf.drawing.page.markup import Markup, filled
from errsurf.errors import RunError, ScenarioError, UserError
from errsurf.results.folder import write_statistics
from errsurf.run.result import Result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, data_files, scenario_from
from errsurf.system.text import printable, xml_text
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine, any_names
from helpers.synthetic_results import made_run, walks

ESCAPES = "\x1b]0;pwned\x07\x1b[31m\x9b2J\r\x7f"
BIDI = "".join(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
OBEYED = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{BIDI}\ud800-\udfff]")
EVIL = f"{ESCAPES}{BIDI}[red]:smile:[/x]"
NORMAL = (
    "\u6587\u5b57\u3000\uff1a\u4e2d",
    "Gr\xf6\xdfe \xc5ngstr\xf6m e\u0301",
    "\U0001f469\u200d\U0001f52c \u2764\ufe0f",
    "\u0633\u0637\u062d \u05d0\u05d1",
    "a\xa0b",
    "\\x1b [red] {} $x$",
)
REGRESSION = '[surface]\nkind = "linear_regression"\ndata = "{}"\n[run]\nepochs = 1\n[[optimizer]]\nkind = "sgd"\n'
GRID = '[surface]\nkind = "grid"\ndata = "g.npz"\nlosses = "{}"\n[run]\nupdates = 1\n[[optimizer]]\nkind = "sgd"\n'
MARKUP = "</title></script></style><meta http-equiv=refresh content='0;url=/x'><base href=/x><b onclick=\"x()\">&amp;"
NOT_XML = "\ufffe\uffff\x00\x01\x0b\x1f\ud800"
FORMULAS = {
    "sixty brackets": "$" + "{" * 60 + "$",
    "a hundred brackets that close": "$" + "{" * 100 + "x" + "}" * 100 + "$",
    "nested roots": "$" + r"\sqrt{" * 40 + "x" + "}" * 40 + "$",
    "nested delimiters": "$" + r"\left(" * 25 + "x" + r"\right)" * 25 + "$",
    "a fraction of high brackets": r"$\genfrac{(}{)}{100000}{0}{1}{2}$",
    "a thick fraction": r"$\genfrac{}{}{100000}{0}{1}{2}$",
    "a wide space": r"$a\hspace{1000000}b$",
    "out and back": r"$a\hspace{-10000}b\hspace{10000}$",
    "not closed": r"$\frac{a$",
    "unknown": r"$\nothing$",
}
BLANK = (r"$\quad$", r"$\ $", "${}$", r"$\phantom{b^2]}$")


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def picture(result: Result, kind: str) -> bytes:
    file = BytesIO()
    picture_format(kind).write(PictureRequest(result), file)
    return file.getvalue()


def hostile_run(text: str, **texts: Any) -> Result:
    """A run whose title, about, caption and labels are this text, past all checks of a scenario file."""
    run = made_run(*walks(2, 5, 4), caption="x")
    told = {"title": text, "about": text, "picture": run.scenario.picture._replace(caption=text)} | texts
    groups = [replace(group, label=f"{text}{k}") for k, group in enumerate(run.groups)]
    optimizer = tuple(group._replace(label=f"{text}{k}") for k, group in enumerate(run.scenario.optimizer))
    return replace(run, groups=groups, scenario=replace(run.scenario, optimizer=optimizer, **told))


def said(errsurf: CommandLine, *arguments: object) -> str:
    """What a command prints on both streams, which holds nothing that a terminal obeys."""
    errsurf(*arguments)
    text = errsurf.out + errsurf.err
    assert not OBEYED.search(text), ascii(text)
    return text


# A terminal


@pytest.mark.parametrize("text", NORMAL)
def test_normal_text_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_what_a_terminal_obeys_is_made_visible() -> None:
    assert printable("\x1b[2J\u202e\n\t\udcff\x9b") == r"\x1b[2J\u202e\n\t\udcff\x9b"
    assert not OBEYED.search(printable(EVIL))
    assert printable(printable(EVIL)) == printable(EVIL)
    for most in (3, 10, 50):
        assert len(printable(EVIL * 9, most)) == most


def test_names_in_data_files(errsurf: CommandLine) -> None:
    errsurf.file(f"{ESCAPES.replace(chr(13), '')}{BIDI},target\n1,2\n", "d.csv")
    text = said(errsurf, "check", errsurf.file(REGRESSION.format("d.csv")))
    assert r"the header has \x1b]0, pwned\x07\x1b[31m" in text
    errsurf.file(f"input,target\n1,\x1b[2J{BIDI}\n", "d.csv")
    assert r"`\x1b[2J\u061c" in said(errsurf, "check", errsurf.file(REGRESSION.format("d.csv")))
    np.savez(errsurf.folder / "g.npz", **{"x": np.arange(4.0), f"\x1b[2J{BIDI}": np.zeros(3)})
    text = said(errsurf, "check", errsurf.file(GRID.format(r"\u001b[31m\u202e")))
    assert r"no `\x1b[31m\u202e`" in text
    assert r"\x1b[2J\u061c" in text


@any_names
def test_a_files_name_makes_no_line_and_no_colour(errsurf: CommandLine) -> None:
    name = f"a\n\x1b[31merrsurf: good{BIDI}[red]:smile:.toml"
    errsurf.file(SMALL, name)
    (line,) = said(errsurf, "check", name).splitlines()
    assert line.startswith(r"a\n\x1b[31merrsurf: good\u061c")
    (line,) = said(errsurf, "check", name, "--set", "swarm.particles=1000000000").splitlines()
    assert "of memory" in line
    (line,) = said(errsurf, "check", name, "--set", "run.x=1").splitlines()
    assert "unknown key" in line
    (line,) = said(errsurf, "run", name, "--quiet", "--no-pictures").splitlines()
    assert line == f"results/{printable(name.removesuffix('.toml'))}"
    assert r"\u202e: must look like" in said(errsurf, "check", name, "--set", "\u202e")
    assert r"no suffix" in said(errsurf, "export", name, "\x1b[31m")


@any_names
def test_a_links_target(errsurf: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "data.csv").symlink_to(f"/nowhere/{EVIL.replace('/', '')}")
    assert r"points outside the scenario's folder, to /nowhere/\x1b]0" in said(
        errsurf, "check", errsurf.file(REGRESSION.format("data.csv"))
    )


def test_tables_show_labels_as_they_are(errsurf: CommandLine) -> None:
    label = f"[red]:smile:{BIDI[3]}[/x]"
    scenario = errsurf.file(TWO_GROUPS.replace("slow", label))
    other = errsurf.file(SMALL, "[bold].toml")
    text = said(errsurf, "run", scenario, other, "--no-pictures")
    assert r"[red]:smile:\u202a[/x]" in text
    assert text.count("[bold]") == 3


def test_no_text_gets_to_richs_control_codes() -> None:
    stream = StringIO()
    console = PlainConsole(file=stream, force_terminal=True, width=400, color_system="truecolor")
    table = Table("head", title=EVIL)
    table.add_row(EVIL, end_section=True)
    table.add_row(Text(EVIL, style="bold"))
    console.print(table, EVIL, Text(EVIL, style="red"))
    assert not OBEYED.search(re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()))
    assert r"\x1b[31m" in stream.getvalue()
    assert "[red]:smile:[/x]" in stream.getvalue()


def test_an_error_is_made_of_lines() -> None:
    for kind in (UserError, RunError):
        assert str(kind(f"a\n{ESCAPES}", "b")).split("\n") == [r"a\n" + printable(ESCAPES), "b"]
        assert len(str(kind("x" * 10**6))) <= 2000


def test_commands_print_in_one_place() -> None:
    """Where a terminal is written to: nothing else calls click.echo, print or rich's own console."""
    folder = Path(__file__).parents[1] / "simulator"
    for file in folder.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        names = {ast.unparse(call.func) for call in calls}
        allowed = {"terminal.py": {"click.echo"}, "main.py": {"click.echo"}}.get(file.name, set())
        assert names & {"click.echo", "click.secho", "print", "Console", "rich.print"} <= allowed, file


# A page


@pytest.mark.parametrize("text", [MARKUP, NOT_XML, f"${MARKUP}$", "-->", "${title}"])
def test_a_page_holds_texts_only_as_texts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Tags(page(hostile_run("plain")))
    monkeypatch.setattr("errsurf.drawing.map.maps.axis_names", lambda *_: (text, text))
    found = Tags(page(hostile_run(text)))
    drawn = {"svg", "path"} if formula_fault(text) == "" and "$" in text else set()
    assert [tag for tag, _ in found.tags if tag not in drawn] == [tag for tag, _ in plain.tags if tag not in drawn]
    names = {name for _, attributes in plain.tags for name in attributes}
    assert {name for _, attributes in found.tags for name in attributes} == names
    assert f" in {xml_text(text)} and " in found.text
    assert xml_text(found.text) == found.text


def test_the_page_allows_nothing_that_it_does_not_need() -> None:
    text = page(made_run(*walks(1, 3, 3)))
    (rule,) = [dict(attributes)["content"] for tag, attributes in Tags(text).tags if "http-equiv" in attributes]
    allowed = dict(part.strip().split(" ", 1) for part in (rule or "").split(";"))
    nothing = dict.fromkeys(("default-src", "base-uri", "form-action", "trusted-types"), "'none'")
    assert nothing.items() <= allowed.items()
    assert set(allowed) == {*nothing, "script-src", "style-src", "require-trusted-types-for"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", text)


def test_a_template_escapes_what_is_not_markup() -> None:
    assert filled("<p title='$a'>$b$c", a="'\"", b="<", c=Markup("<br>")) == "<p title='&#x27;&quot;'>&lt;<br>"


# XML


@pytest.mark.parametrize("kind", ["svg", "pdf", "png", "html"])
def test_every_picture_takes_characters_that_xml_cannot_hold(kind: str) -> None:
    content = picture(hostile_run(NOT_XML), kind)
    if kind == "svg":
        assert ElementTree.fromstring(content).tag.endswith("svg")
        assert NOT_XML[:2] not in content.decode()


def test_xml_text_changes_nothing_else() -> None:
    kept = "".join(map(chr, (9, 10, 13, 0x20, 0x85, 0xD7FF, 0xE000, 0xFFFD, 0x1FFFE, 0x10FFFF)))
    assert xml_text(kept) == kept
    assert xml_text(NOT_XML) == "\ufffd" * len(NOT_XML)
    ElementTree.fromstring(f"<a>{xml_text(''.join(map(chr, range(0x10000))).replace('&', '').replace('<', ''))}</a>")


def test_a_fonts_own_name_stays_in_its_quotes(tmp_path: Path) -> None:
    font = TTFont(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
    for name in font["name"].names:
        if name.nameID in (1, 4, 16):
            name.string = "a}</style><script>alert(1)</script><style>"
    font.save(tmp_path / "own.ttf")
    run = made_run(*walks(1, 3, 3))
    scenario = replace(run.scenario, folder=tmp_path, picture=run.scenario.picture._replace(font="own.ttf"))
    found = ElementTree.fromstring(picture(replace(run, scenario=scenario), "svg"))
    assert not [each for each in found.iter() if str(each.tag).endswith("script")]
    rules = "".join(each.text or "" for each in found.iter() if str(each.tag).endswith("style"))
    assert r"'a\7d \3c \2f style" in rules


# Formulas


def test_formulas_that_cannot_be_drawn_are_drawn_as_text_everywhere() -> None:
    for name, text in FORMULAS.items():
        assert formula_fault(text), name
        assert list(parts(f"a {text} b")) == [(f"a {text} b", False)], name
        assert formula(text, 15, 18) is None
        assert label_markup(text) == label_markup(text.replace("$", r"\$"))
        kind = Type(15, (bundled_face(),))
        assert np.array_equal(text_mask(text, kind), text_mask(text.replace("$", r"\$"), kind))


def test_each_of_them_is_told_once() -> None:
    for text in FORMULAS.values():
        told = notices(scenario_with(picture={"caption": text}))
        assert len(told) == 1
        assert "so it is drawn as it is written" in told[0]


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_figures_with_such_formulas(kind: str) -> None:
    canvas = VectorCanvas((800, 900), (255, 255, 255))
    for k, text in enumerate((*FORMULAS.values(), *BLANK)):
        canvas.write(f"a {text} b", 5, 50 * k, Type(18, (bundled_face(),)), (0, 0, 0))
    with matplotlib.rc_context(FIGURE_SETTINGS):
        content = figure_bytes(canvas.figure, kind, "title", "")
    assert len(content) < 300_000
    if kind == "svg":
        drawn = "".join(ElementTree.fromstring(content).itertext())
        assert all(text in drawn for text in FORMULAS.values())


@pytest.mark.parametrize("kind", ["png", "html"])
def test_pictures_with_such_formulas(kind: str) -> None:
    for text in (*FORMULAS.values(), *BLANK):
        assert picture(hostile_run(f"a {text} b"), kind)


def test_a_blank_formula_is_a_space() -> None:
    for text in BLANK:
        assert not formula_fault(text)
        assert "<svg" in label_markup(text)
        for size in (8, 15, 40):
            drawn = formula(text, size, 60)
            assert drawn is not None
            assert drawn.mask.size == 0
            assert drawn.width == pytest.approx(size if text == r"$\quad$" else drawn.width, abs=1)


def test_a_formula_fits_any_line() -> None:
    for k in (1, 8):
        text = "$" + r"\frac{1}{" * k + "x" + "}" * k + "$"
        for height in (1, 18):
            drawn = formula(text, 15, height)
            assert drawn is None or len(drawn.mask) <= height


# Files


def test_a_table_holds_no_formula_of_a_spreadsheet(tmp_path: Path) -> None:
    labels = ("=1+1", "+1", "-1", "@sum", "plain")
    run = made_run(*walks(5, 4, 3), labels=labels)
    found = Findings(run)
    write_statistics(found, tmp_path)
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["group"] for row in rows] == [f"'{label}" for label in labels[:4]] + ["plain"]
    loss = [float(row["train_loss_q05"]) for row in rows]
    assert min(loss) < 0
    assert loss == [each.train_loss.low for each in found.statistics]


@pytest.mark.parametrize("name", ["CON.gif", "nul.gif", "Aux.x.gif", "com1.gif", "LPT9 .gif"])
def test_no_picture_is_called_like_a_device(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"output\.gif"):
        scenario_with(output={"gif": name})
    assert scenario_with(output={"gif": f"x{name}"}).output["gif"] == f"x{name}"


def test_figure_png_is_errsurfs_in_any_case() -> None:
    with pytest.raises(ScenarioError, match=r"not figure\.png"):
        scenario_with(output={"png": "Figure.png"})


def test_copies_of_data_have_names_of_their_own(tmp_path: Path) -> None:
    for name in ("A.gif", "Aux.csv", "a|b.csv", "points.csv."):
        (tmp_path / name).write_text("input,target\n1,2\n", encoding="utf-8")
        scenario = scenario_with(tmp_path, surface=data_surface(name), output={"gif": "a.gif"})
        (copy,) = data_files(scenario)
        assert copy.lower() not in ("a.gif", "aux.csv")
        assert not re.search(r'[:*?"<>|]|[. ]$', copy)
    (tmp_path / "points.csv").write_text("input,target\n1,2\n", encoding="utf-8")
    assert list(data_files(scenario_with(tmp_path, surface=data_surface("points.csv")))) == ["points.csv"]


def scenario_with(folder: Path | None = None, **tables: Any) -> Scenario:
    plain = {"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    return scenario_from(plain | tables, folder)


def data_surface(name: str) -> dict[str, Any]:
    return {"kind": "linear_regression", "data": name}
