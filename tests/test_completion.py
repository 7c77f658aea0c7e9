"""What the Tab key offers, and that it loads no compiler and no plotting for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errsurf.cli import main
from helpers.command_line import TWO_GROUPS, CommandLine


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("sw", {"sweep"}),
        ("run saddle", {"saddle_escape"}),
        ("run --theme pro", {"projector", "projector_dark"}),
        ("run small.", {"small.toml"}),
        ("inspect rosenb", {"rosenbrock"}),
        ("run small.toml --set optimizer.momen", {"optimizer.momentum="}),
        ("run small.toml --set slow.momen", {"slow.momentum="}),
        ("sweep small.toml --vary surface.ti", {"surface.tilt="}),
        ("run --set optimizer.amsg", {"optimizer.amsgrad="}),
        ("export small.toml --follow f", {"fast"}),
        ("export small.toml --chart stabi", {"stability"}),
        ("export small.toml talk.m", {"talk.mp4"}),
        ("run --lang z", {"zh"}),
        ("measure x --statistic time_to_le", {"time_to_leave"}),
        (
            "list optimizers ada",
            {"adabelief", "adadelta", "adagrad", "adahessian", "adam", "adam_mini", "adamax", "adamw"},
        ),
        ("list the", {"themes"}),
        ("nonsense sm", set()),
    ],
)
def test_the_tab_key_offers(
    errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch, words: str, offered: set[str]
) -> None:
    errsurf.file(TWO_GROUPS)
    for name, value in _asked(words).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        main([])
    out, err = errsurf._capsys.readouterr()
    found = {line.partition(",")[2] for line in out.splitlines()} - {""}
    assert offered <= found if "adam" in offered else offered == found, (found, err)


def _asked(words: str) -> dict[str, str]:
    return {
        "_ERRSURF_COMPLETE": "bash_complete",
        "COMP_WORDS": f"errsurf {words}",
        "COMP_CWORD": str(len(words.split())),
    }


HEAVY = ("numba", "matplotlib", "scipy", "sympy", "pygame", "PIL")


@pytest.mark.parametrize("words", ["s", "run sad", "run saddle_escape --set optimizer.m", "export saddle_escape a.g"])
def test_completion_loads_nothing_heavy(tmp_path: Path, words: str) -> None:
    script = (
        "import sys\nfrom errsurf.cli import main\ntry:\n    main([])\nexcept SystemExit:\n    "
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | _asked(words),
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    *offered, last = done.stdout.splitlines()
    assert offered
    assert last == "LOADED"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(
    errsurf: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert errsurf("completion", shell) == 0
    script = errsurf.out
    assert f"_ERRSURF_COMPLETE={shell}_complete" in script
    assert errsurf("completion", shell, "--install") == 0
    file = Path(errsurf.out.partition(";")[0].strip())
    assert file.is_relative_to(tmp_path / "home")
    assert file.read_text(encoding="utf-8").strip() == script.strip()
