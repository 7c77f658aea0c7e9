"""Helps: each command has examples, and they run."""

import shlex
from pathlib import Path

import click
import pytest

from errsurf.cli.main import commands
from helpers.command_line import TWO_GROUPS, CommandLine

PARSED = ("site", "slides", "watch")
"""Commands that take long or open a window: of their examples, and those of live pages, only the options are read."""
BUNDLED = ("saddle_escape", "flat_or_sharp")
SWEEP = ("--vary=optimizer.lr=0.01,0.1", "--vary=optimizer.batch=1,4", "-o", "lab", "--quiet")


def _command(name: str) -> click.Command:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    return command


def _examples() -> list[str]:
    names = commands.list_commands(click.Context(commands))
    helps = [(_command(name).help or "").splitlines() for name in names]
    return [line.strip() for lines in helps for line in lines if line.startswith("  errsurf ")]


def _is_long(example: str) -> bool:
    return example.split()[1] in PARSED or "--page live" in example


@pytest.fixture(scope="module", autouse=True)
def small_scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small scenarios that are called as bundled ones."""
    folder = tmp_path_factory.mktemp("bundled")
    for name in BUNDLED:
        (folder / f"{name}.toml").write_text(TWO_GROUPS, encoding="utf-8")
    return folder


@pytest.fixture
def prepared(errsurf: CommandLine, small_scenarios: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A folder with a scenario, two results and a sweep, as the examples name them."""
    monkeypatch.setattr("errsurf.scenarios.FOLDER", small_scenarios)
    monkeypatch.setenv("HOME", str(errsurf.folder))
    errsurf.file(TWO_GROUPS, "mine.toml")
    errsurf.file("km,price\n1,2\n2,3.5\n3,1\n4,2\n", "points.csv")
    return errsurf


@pytest.mark.parametrize("name", commands.list_commands(click.Context(commands)))
def test_every_command_has_examples(name: str) -> None:
    assert any(f"  errsurf {name}" in line for line in (_command(name).help or "").splitlines())


@pytest.mark.parametrize("example", [each for each in _examples() if not _is_long(each)])
def test_the_examples_of_helps_run(prepared: CommandLine, example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shlex.split(example)[1:]
    if words[0] == "list":
        monkeypatch.undo()
    if "results/mine" in words or "results/other" in words:
        assert prepared("run", "mine.toml", "--out", "results/mine", "--no-pictures", "--quiet") == 0
        assert prepared("run", "mine.toml", "--out", "results/other", "--no-pictures", "--quiet") == 0
    if "lab" in words:
        assert prepared("sweep", "mine.toml", *SWEEP) == 0
    if words[0] == "new":
        Path("mine.toml").unlink()
    assert prepared(*words) == 0, prepared.err
    assert prepared.out


@pytest.mark.parametrize("example", [each for each in _examples() if _is_long(each)])
def test_the_options_of_long_examples_are_read(prepared: CommandLine, example: str) -> None:
    name, *words = shlex.split(example)[1:]
    assert prepared(name, "--no-such-option") == 2
    context = _command(name).make_context(name, words)
    assert context.params["source" if name in ("watch", "export") else "scenario"]
