"""Progress of commands: what stands on a terminal, what in a log, and which files the last line names."""

import sys
from pathlib import Path

import pytest

from errsurf.cli import bar as bars
from errsurf.cli.bar import STAGES, Bar, StageColumn
from errsurf.cli.written import written
from errsurf.engine import kernel_cache
from errsurf.system.compiling import begun, compiling, ended


def _at(monkeypatch: pytest.MonkeyPatch, times: list[float]) -> None:
    monkeypatch.setattr(bars, "monotonic", iter(times).__next__)


def test_a_bar_never_stands_at_its_end() -> None:
    bar = Bar()
    for share, total in ((0.0, None), (0.5, 1.0), (1.0, None)):
        bar.progress("updates", share)
        assert bar._bar.tasks[0].total == total
    bar.progress("pictures", 0.25)
    assert (bar._bar.tasks[0].description, bar._bar.tasks[0].percentage) == ("drawing", 25.0)


def test_compiling_is_said_only_while_it_compiles() -> None:
    column, task = StageColumn(), Bar()._bar.tasks[0]
    assert not compiling()
    assert column.render(task).plain.strip() == STAGES["kernels"]
    begun("kernel")
    assert column.render(task).plain.strip() == bars.COMPILING
    ended("kernel")
    assert column.render(task).plain.strip() == STAGES["kernels"]


def test_a_function_that_is_loaded_is_not_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path))
    seen: list[bool] = []
    save = kernel_cache.KernelCache.save_overload

    def watched(self: kernel_cache.KernelCache, sig: object, data: object) -> None:
        seen.append(compiling())
        save(self, sig, data)

    monkeypatch.setattr(kernel_cache.KernelCache, "save_overload", watched)
    assert kernel_cache.cached_njit()(_double)(2.0) == 4.0
    assert (seen, compiling()) == ([True], False)
    assert kernel_cache.cached_njit()(_double)(2.0) == 4.0
    assert (seen, compiling()) == ([True], False)


def _double(value: float) -> float:
    return 2.0 * value


def test_a_log_gets_one_line_about_a_long_wait(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    _at(monkeypatch, [0.0, 0.0, 5.0, 30.0])
    with Bar() as bar:
        for share in (0.01, 0.1, 0.11, 0.5, 1.0):
            bar.progress("updates", share)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "errsurf: running: 10% done, about 4 minutes left\n")


@pytest.mark.parametrize(
    ("times", "shares"), [([0.0, 0.0, 5.0, 8.0], (0.01, 0.1)), ([0.0, 0.0, 20.0, 40.0], (0.5, 0.9))]
)
def test_a_short_wait_is_not_worth_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], times: list[float], shares: tuple[float, ...]
) -> None:
    _at(monkeypatch, times)
    with Bar() as bar:
        for share in shares:
            bar.progress("updates", share)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert not Bar()._bar.disable
    assert Bar(quiet=True)._bar.disable


def test_every_file_is_named_and_many_are_counted(tmp_path: Path) -> None:
    names = ("a.gif", "figure.png", "table.csv", "summary.json", "b.toml")
    for name in names:
        (tmp_path / name).touch()
    for k in range(12):
        (tmp_path / f"{k}-group").mkdir()
    assert written(tmp_path) == f"{tmp_path}/: figure.png, a.gif, table.csv, summary.json, b.toml, " + (
        "folders 0-group to 11-group"
    )
    for k in range(5):
        (tmp_path / f"{k}.toml").touch()
    assert ", 6 .toml files, " in written(tmp_path)
