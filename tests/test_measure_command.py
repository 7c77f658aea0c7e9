"""`errsurf measure` and ``errsurf.measure``: any statistic of a finished run."""

import json
from pathlib import Path

import numpy as np
import pytest

import errsurf as package
from errsurf.measures.intervals import median_interval
from helpers.command_line import CommandLine, process

DISC = ("--statistic", "time_to_leave", "--set", "point=[0,0]", "--set", "radius=0.5")
RUN = ("run", "saddle_escape", "--quiet", "--no-pictures", "--out", "made", "--set", "claim=[]")
FEW = ("--particles", "40", "--set", "run.updates=60", "--set", "swarm.at=[0,0]")
OWN = '''"""Distance from the line of mine."""

from errsurf.statistics import Statistic

RECORD = Statistic("my number", lambda view, settings: abs(view.theta[:, 0]))
'''


@pytest.fixture
def made(errsurf: CommandLine) -> CommandLine:
    assert errsurf(*RUN, *FEW) == 0
    return errsurf


def test_a_statistic_of_every_group_is_that_of_python(made: CommandLine) -> None:
    assert made("measure", "made", *DISC, "--json") == 0
    told = json.loads(made.out)
    found = package.measure(package.open_result("made"), "time_to_leave", point=(0, 0), radius=0.5)
    assert [row["group"] for row in told] == list(found) == ["full batch", "batch 5", "batch 1"]
    for row, each in zip(told, found.values(), strict=True):
        numbers = [np.inf if row[key] == "inf" else row[key] for key in ("value", "low", "high")]
        assert (*numbers, row["n"]) == (*each.estimate, 40)


def test_at_take_and_group_are_followed(made: CommandLine) -> None:
    result = package.open_result("made")
    away = np.hypot(*result["batch 1"].position[30].T.astype(float))
    found = package.measure(result, "distance", point=(0, 0), at=30, group="batch 1")
    assert found["batch 1"].estimate == pytest.approx(median_interval(away))
    assert (
        made("measure", "made", "--statistic", "distance", "--set", "point=[0,0]", "--at", "30", "--take", "mean") == 0
    )
    assert f"{away.mean():.4g}" in made.out.splitlines()[3]


def test_what_is_measured_is_said_and_a_time_that_never_came_is_longer_than_the_run(made: CommandLine) -> None:
    assert made("measure", "made", "--statistic", "time_to_leave", "--set", "point=[0,0]", "--set", "radius=9") == 0
    assert made.out.splitlines() == [
        "updates to leave a radius of 9 around (0, 0)",
        "  full batch  not within 60 updates, n = 40",
        "  batch 5     not within 60 updates, n = 40",
        "  batch 1     not within 60 updates, n = 40",
    ]
    assert made("measure", "made", *DISC, "--at", "30", "--group", "batch 5") == 0
    first, second = made.out.splitlines()
    assert first == "updates to leave a radius of 0.5 around (0, 0) at 30 updates"
    assert second == "  batch 5  not within 30 updates, n = 40"


def test_a_statistic_of_ones_own(made: CommandLine) -> None:
    folder = Path("mine/statistics")
    folder.mkdir(parents=True)
    (folder / "own_number.py").write_text(OWN, encoding="utf-8")
    asked = ("measure", "made", "--statistic", "own_number", "--plugins", "mine", "--group", "batch 5")
    own = process(*asked, folder=made.folder)  # in this process, every later test would have the statistic too
    out, err = own.communicate(timeout=120)
    assert (own.returncode, err) == (0, "")
    assert out.startswith("my number\n  batch 5  ")
    assert "n = 40" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--statistic", "distanc"), "did you mean `distance`?"),
        (("--statistic", "distance"), "point: missing"),
        ((*DISC, "--set", "radus=1"), "unknown key for time_to_leave"),
        ((*DISC, "--group", "batch 2"), "no group `batch 2`; there are full batch, batch 5, batch 1; did you mean"),
        ((*DISC, "--at", "soon"), 'at = "soon": not possible'),
        ((*DISC, "--at", "61"), "at = 61: after the end of the run; allowed: up to 60 updates"),
        ((*DISC, "--take", "men"), "did you mean `mean`?"),
        (("--statistic", "share_diverged", "--take", "mean"), "is one number of all particles"),
        (("--statistic", "effective_rate", "--set", "axis=x"), 'needs run.record = ["effective_rate"]'),
        ((*DISC, "--set", "radius"), "must look like KEY=VALUE"),
    ],
)
def test_wrong_input_is_said(made: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    assert made("measure", "made", *arguments) == 2
    assert said in made.err
    assert "measure[1]" not in made.err
    assert "--set measure" not in made.err


def test_a_folder_that_is_no_result_is_said(errsurf: CommandLine) -> None:
    assert errsurf("measure", "nowhere", *DISC) == 2
    assert errsurf.err == "errsurf: nowhere: there is no such folder\n"
    errsurf.file("", "sweep.toml")
    assert errsurf("measure", ".", *DISC) == 2
    assert "a sweep, which keeps no runs; its numbers are in table.csv" in errsurf.err
    (errsurf.folder / "late.part").mkdir()
    for name in ("scenario.toml", "resume.json"):
        (errsurf.folder / "late.part" / name).touch()
    assert errsurf("measure", "late", "--statistic", "train_loss") == 2
    assert "late: there is no such folder; late.part has an unfinished run" in errsurf.err
