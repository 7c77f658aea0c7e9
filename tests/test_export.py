"""errsurf export: which files it writes, what it says, and pictures that are run again."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from errsurf import open_result
from errsurf.drawing.formats import format_names
from errsurf.scenario import read_scenario
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine, interrupted, process

FAST = ("--size", "320x240", "--seconds", "0.2", "--hold", "0")
LONG = ("--seconds", "600", "--size", "320x240")
FIT = (
    '[surface]\nkind = "linear_regression"\ndata = "data/points.csv"\n[swarm]\nparticles = 4\n[run]\nepochs = 2\n'
    '[[optimizer]]\nkind = "sgd"\nlr = 0.01\n'
)


@pytest.fixture(name="result")
def result_folder(errsurf: CommandLine) -> Path:
    """A result folder."""
    assert errsurf("run", errsurf.file(TWO_GROUPS), "--quiet", *FAST) == 0
    return Path("results/small")


def test_every_format_at_once_from_a_scenario_and_from_its_result(errsurf: CommandLine, result: Path) -> None:
    """About 5 s: all formats are written twice."""
    names = [f"a.{name}" for name in format_names()]
    assert errsurf("export", "small.toml", *names, *FAST) == 0
    assert errsurf.out == "".join(f"{name}\n" for name in names)
    first = {name: Path(name).read_bytes() for name in names}
    assert errsurf("export", result, *names, "--force") == 0
    assert {name: Path(name).read_bytes() for name in names} == first
    assert errsurf.names() == {"small.toml", "results", *names}


def test_a_picture_runs_again(errsurf: CommandLine, result: Path) -> None:
    errsurf("export", result, "a.gif", "a.png")
    for number, name in enumerate(("a.gif", "a.png"), 1):
        assert errsurf("run", name, "--out", f"again{number}", "--quiet") == 0
        for group in ("0-slow", "1-fast"):
            again, before = (folder / group / "position.npy" for folder in (Path(f"again{number}"), result))
            assert again.read_bytes() == before.read_bytes()
    assert errsurf("export", "a.gif", "b.gif") == 0
    assert Path("a.gif").read_bytes() == Path("b.gif").read_bytes()
    assert errsurf("check", "a.gif") == 0
    assert errsurf.out.startswith("a.gif: good; 2 groups of 16 particles")
    assert errsurf("run", "a.gif", "--quiet", "--seed", "9") == 0
    assert open_result(Path("results/a")).scenario.seed == 9


def test_the_figure_of_a_result_carries_it_too(result: Path) -> None:
    assert read_scenario(result / "figure.png") == read_scenario(result / "scenario.toml")


def test_a_picture_says_which_data_file_it_needs(errsurf: CommandLine) -> None:
    (errsurf.folder / "data").mkdir()
    errsurf.file("input,target\n1,2\n2,3.5\n3,1\n", "data/points.csv")
    assert errsurf("export", errsurf.file(FIT), "a.png", *FAST) == 0
    assert errsurf("check", "a.png") == 2
    assert errsurf.err.startswith("errsurf: a.png: ")
    assert 'surface.data = "points.csv": no such file in ' in errsurf.err
    Path("data/points.csv").rename("points.csv")
    assert errsurf("run", "a.png", "--quiet") == 0


def test_pictures_of_other_programs_are_no_scenarios(errsurf: CommandLine) -> None:
    Image.new("RGB", (8, 8)).save("a.png")
    Image.new("RGB", (8, 8)).save("a.gif", comment=b"# errsurf scenario, version 1\nseed = ")
    errsurf.file("<!doctype html><title>a</title>", "a.html")
    for name in ("a.png", "a.gif", "a.html"):
        assert errsurf("run", name) == 2
        assert f"{name}: a picture without a scenario" in errsurf.err
        assert errsurf.err.count("\n") == 1


def test_faults_of_a_carried_scenario_are_told(errsurf: CommandLine, result: Path) -> None:
    errsurf("export", result, "a.gif")
    Path("b.gif").write_bytes(Path("a.gif").read_bytes().replace(b'kind = "sgd"', b'kind = "sgx"'))
    assert errsurf("run", "b.gif") == 2
    assert "b.gif" in errsurf.err
    assert "did you mean `sgd`" in errsurf.err
    Path("c.gif").write_bytes(Path("a.gif").read_bytes().replace(b"[surface]", b"[surface "))
    assert errsurf("run", "c.gif") == 2
    assert "this is not TOML" in errsurf.err


def test_a_still_of_any_frame(errsurf: CommandLine, result: Path) -> None:
    for at, name in (("0", "a.png"), ("0%", "b.png"), ("100%", "c.png"), ("6", "d.png")):
        assert errsurf("export", result, name, "--at", at) == 0
    assert errsurf("export", result, "e.png") == 0
    a, b, c, d, e = (np.asarray(Image.open(f"{name}.png")) for name in "abcde")
    assert np.array_equal(a, b)
    assert np.array_equal(c, e)
    assert not np.array_equal(a, d)
    assert not np.array_equal(d, e)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.giff"], "a.giff: unknown suffix; allowed: .apng, .gif, "),
        (["a.mp5"], "a.mp5: unknown suffix; allowed: .apng, .gif, .html, .mp4, "),
        (["a"], "a: no suffix"),
        (["no/a.mp4"], "there is no folder no"),
        (["a.png", "--at", "soon"], "--at soon: no frame of this run; allowed: 0 to 12 updates, or 0% to 100%"),
        (["a.png", "--at", "13"], "--at 13: no frame"),
        (["a.png", "--at", "-1"], "--at -1: no frame"),
        (["a.png", "--at", "nan%"], "--at nan%: no frame"),
        (["a.gif", "b.mp4", "--at", "3"], "--at is for still pictures"),
        (["a.gif", "--layout", "paper"], "--layout is for still pictures"),
        (["a.pdf", "--layout", "papre"], "did you mean `paper`"),
        (["a.gif", "--max-size", "2"], "such as 2MB"),
        (["a.gif", "--max-size", "1kB"], "a.gif: cannot be made smaller than "),
        (["a.gif", "--size", "481x270"], "picture.size[1] = 481"),
        (["a.gif", "--fps", "0"], "picture.fps = 0"),
        (["a.gif", "--seconds", "0"], "picture.seconds = 0"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    errsurf: CommandLine, result: Path, arguments: list[str], words: str
) -> None:
    assert errsurf("export", result, *arguments) == 2
    assert words in errsurf.err
    assert errsurf.err.count("\n") == 1
    assert errsurf.names() == {"small.toml", "results"}


def test_an_impossible_output_does_not_cost_the_others(errsurf: CommandLine, result: Path) -> None:
    Path("old.png").write_text("mine", encoding="utf-8")
    assert errsurf("export", result, "a.png", "b.xyz", "no/c.png", "old.png", "d.svg") == 2
    assert errsurf.out == "a.png\nd.svg\n"
    first, *_, last = errsurf.err.splitlines()
    assert first.startswith("errsurf: b.xyz: unknown suffix; allowed: .apng, ")
    assert last.strip() == "old.png: it was not written"
    assert errsurf.names() == {"small.toml", "results", "a.png", "d.svg", "old.png"}
    assert Path("old.png").read_text(encoding="utf-8") == "mine"
    assert errsurf("export", result, "b.xyz", "c.xyz") == 2
    assert errsurf.err.count("unknown suffix") == 2


def test_a_file_that_fits_says_what_it_gave_up(errsurf: CommandLine, result: Path) -> None:
    """About 3 s: the search draws up to nine pictures."""
    assert errsurf("export", result, "a.gif", "--size", "640x360") == 0
    most = Path("a.gif").stat().st_size * 7 // 10
    for name, source, more in (
        ("b.gif", result, ("--max-size", f"{most / 1000:.3f}kB")),
        ("c.gif", "small.toml", ("--set", f"output.max_size='{most / 1000:.3f}kB'", *FAST)),
    ):
        assert errsurf("export", source, name, *more, "--size", "640x360") == 0
        assert Path(name).stat().st_size <= most
        assert errsurf.err.startswith(f"errsurf: {name}: ")
        assert " kB with " in errsurf.err


def test_a_run_writes_all_pictures_that_it_is_asked_for(errsurf: CommandLine) -> None:
    outputs = [f"--set=output.{name}='x.{name}'" for name in format_names() if name != "webm"]
    assert errsurf("run", errsurf.file(TWO_GROUPS), *FAST, *outputs, "--quiet") == 0
    found = {path.name for path in Path("results/small").glob("x.*")}
    assert found == {f"x.{name}" for name in format_names() if name != "webm"}


def test_a_missing_extra_is_said_before_anything_runs(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr("errsurf.drawing.formats.find_spec", lambda name: None if name == "av" else found(name))
    for arguments in (["run", errsurf.file(), "--set", "output.mp4=a.mp4"], ["export", errsurf.file(), "a.mp4"]):
        assert errsurf(*arguments) == 2
        assert "install it with: python -m pip install av\n" in errsurf.err
        assert errsurf.names() == {"small.toml"}


def test_a_picture_that_cannot_be_made_does_not_cost_the_numbers(errsurf: CommandLine) -> None:
    changes = ("--set=output.gif='a.gif'", "--set=output.max_size='1kB'")
    assert errsurf("run", errsurf.file(), *FAST, *changes) == 1
    assert "a.gif: cannot be made smaller than " in errsurf.err
    assert "everything else is kept" in errsurf.err
    assert open_result(Path("results/small")).complete
    assert not list(Path("results/small").glob("*a.gif*"))


@pytest.mark.parametrize("name", ["gif", "mp4", "png"])
def test_a_full_disk_leaves_no_file(
    errsurf: CommandLine, result: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The system refuses to write after the first thousand bytes."""
    real = Path.open

    def full(path: Path, *arguments: Any, **more: Any) -> Any:
        file = real(path, *arguments, **more)
        if path.name.endswith(".part"):
            return Full(file)
        return file

    monkeypatch.setattr(Path, "open", full)
    assert errsurf("export", result, f"a.{name}") == 1
    assert errsurf.err == f"errsurf: a.{name}: the disk is full; it was not written\n"
    assert errsurf.names() == {"small.toml", "results"}


class Full:
    """A file on a disk that has room for a thousand bytes."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __enter__(self) -> "Full":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        """What the file has."""
        return getattr(self.file, name)

    def write(self, data: bytes) -> int:
        """Write, or say that there is no room."""
        if self.file.tell() + len(data) > 1000:
            raise OSError(28, "No space left on device")
        return int(self.file.write(data))


@pytest.mark.parametrize("name", ["gif", "mp4"])
def test_ctrl_c_leaves_the_old_file_and_no_part(tmp_path: Path, name: str) -> None:
    """About 4 s: a process of its own."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / f"a.{name}").write_bytes(b"old")
    running = process("export", "small.toml", f"a.{name}", "--force", *LONG, folder=tmp_path)
    code, out, err = interrupted(running, lambda: any(tmp_path.glob(".a.*.part")))
    assert (code, out, err.strip()) == (130, "", "errsurf: stopped")
    assert (tmp_path / f"a.{name}").read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"small.toml", f"a.{name}"}
