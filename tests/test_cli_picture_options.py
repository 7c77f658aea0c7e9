"""Options of the picture: one for every key of [picture], with the meaning that the key has."""

import shutil
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

from errsurf.cli.main import commands
from errsurf.cli.picture_options import picture_changes
from errsurf.drawing.lettering.fonts import bundled_face
from errsurf.scenario import Picture, read_scenario
from helpers.command_line import TWO_GROUPS, CommandLine

WRITTEN = [
    (["--size", "1080x1080"], "size = [1080, 1080]"),
    (["--size", "[480, 270]"], "size = [480, 270]"),
    (["--theme", "dark"], 'theme = "dark"'),
    (["--font", "DejaVu Serif"], 'font = "DejaVu Serif"'),
    (["--seconds", "3", "--fps", "50"], "seconds = 3\nfps = 50"),
    (["--hold-first", "0.5", "--hold", "2", "--loop", "1"], "hold_first = 0.5\nhold = 2\nloop = 1"),
    (["--caption", "5"], 'caption = "5"'),
    (["--caption", "true, [x] and \"y\""], 'caption = "true, [x] and \\"y\\""'),
    (["--groups", "slow"], 'groups = ["slow"]'),
    (["--groups", "2", "--groups", "slow"], 'groups = [2, "slow"]'),
    (["--panels", "--no-legend", "--chart", "none"], 'panels = true\nlegend = false\nchart = "none"'),
    (["--chart", "loss", "--chart", "gradient norm"], 'chart = ["loss", "gradient norm"]'),
    (["--chart", "near", "--near", "{ at = [0, 1] }"], 'chart = "near"\nnear = { at = [0, 1] }'),
    (["--levels", "30", "--level-scale", "log"], 'levels = 30\nlevel_scale = "log"'),
    (["--levels", "0.1,0.2,4"], "levels = [0.1, 0.2, 4]"),
    (["--markers", "10"], "markers = [10]"),
    (["--markers", "10,200"], "markers = [10, 200]"),
    (["--trails", "0", "--trail-length", "0.5"], "trails = 0\ntrail_length = 0.5"),
    (["--window=-2,2,-1,1.5"], "window = { x = [-2, 2], y = [-1, 1.5] }"),
    (["--clock", "updates"], 'clock = "updates"'),
    ([], ""),
]  # fmt: skip


@pytest.mark.parametrize("command", ["run", "export"])
def test_every_key_has_an_option(command: str) -> None:
    found = commands.get_command(click.Context(commands), command)
    assert found is not None
    names = {option for parameter in found.params for option in parameter.opts}
    assert {f"--{key.replace('_', '-')}" for key in Picture._fields} <= names


@pytest.mark.parametrize(("arguments", "lines"), WRITTEN)
def test_options_say_what_the_keys_say(tmp_path: Path, arguments: list[str], lines: str) -> None:
    export = commands.get_command(click.Context(commands), "export")
    assert export is not None
    given = export.make_context("export", [*arguments, "source", "out.gif"]).params
    plain, written = tmp_path / "plain.toml", tmp_path / "written.toml"
    plain.write_text(TWO_GROUPS, encoding="utf-8")
    written.write_text(f"{TWO_GROUPS}\n[picture]\n{lines}\n", encoding="utf-8")
    changes = picture_changes({name: value for name, value in given.items() if name.startswith("picture_")})
    assert read_scenario(plain, changes).picture == read_scenario(written).picture
    assert len(changes) == len(lines.splitlines())


def test_a_result_is_drawn_with_another_title_and_theme(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    assert errsurf("run", file, "--out", "r", "--caption", "below", "--size", "480x270") == 0
    assert 'caption = "below"' in Path("r/scenario.toml").read_text(encoding="utf-8")
    assert errsurf("export", "r", "a.png", "b.png") == 0
    assert errsurf("export", "r", "c.png", "--title", "Dark", "--theme", "dark", "--panels") == 0
    a, b, c = (np.asarray(Image.open(name)) for name in ("a.png", "b.png", "c.png"))
    assert np.array_equal(a, b)
    assert a.shape == c.shape == (270, 480, 3)
    assert c.mean() < 100 < a.mean()


def test_what_a_picture_cannot_show_is_said_in_a_line(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    unknown = chr(0x10FF23)
    assert errsurf("export", file, "a.png", "--title", f"a {unknown}", "--caption", r"$\frac{a$") == 0
    said = [line for line in errsurf.err.splitlines() if line]
    assert len(said) == 2
    assert "no font has" in said[0]
    assert "(U+10FF23)" in said[0]
    assert "cannot be read as a formula" in said[1]


def test_wrong_values_are_faults_of_the_key(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    assert errsurf("export", file, "a.png", "--size", "961x540", "--groups", "quick", "--groups", "7") == 2
    assert "picture.size[1] = 961" in errsurf.err
    assert 'picture.groups[1] = "quick": no such group' in errsurf.err or "picture.size" in errsurf.err
    assert errsurf("export", file, "a.png", "--groups", "fasd", "--groups", "7") == 2
    assert "did you mean `fast`" in errsurf.err
    assert "picture.groups[2] = 7: no such group; allowed: a number from 1 to 2" in errsurf.err


def test_a_font_may_lie_anywhere(errsurf: CommandLine) -> None:
    """The file is found where the command runs, also for a result folder, which gets a copy when it is made."""
    errsurf.file()
    assert errsurf("run", "small.toml", "--no-pictures", "--out", "done") == 0
    fonts = errsurf.folder / "fonts"
    fonts.mkdir()
    shutil.copy(bundled_face().file, fonts / "Mine.ttf")
    for given in ("fonts/Mine.ttf", "./fonts/Mine.ttf"):
        assert errsurf("export", "done", "a.png", "--font", given, "--force") == 0, errsurf.err
    assert errsurf("run", "small.toml", "--out", "other", "--font", fonts / "Mine.ttf", "--size=480x270") == 0
    assert (errsurf.folder / "other/Mine.ttf").is_file()
    assert errsurf("export", "done", "b.png", "--font", "fonts/None.ttf") == 2
    assert "--font fonts/None.ttf: no such file; the path starts where the command runs" in errsurf.err
