"""errsurf run: what it prints, what it writes, and what it never overwrites."""

import json
from itertools import chain
from pathlib import Path

import pytest

from errsurf import open_result
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine, any_names


def test_a_run_prints_its_numbers_and_where_it_is(errsurf: CommandLine) -> None:
    assert errsurf("run", errsurf.file('title = "Two rates"\n' + TWO_GROUPS), "--set", "output.png=last.png") == 0
    assert errsurf.err == ""
    assert "\x1b" not in errsurf.out
    first, *table, last = errsurf.out.splitlines()
    assert first == "Two rates"
    rows = [line.split() for line in table if line.startswith(("slow", "fast"))]
    assert [row[:3] for row in rows[:2]] == [["slow", "12", "240"], ["fast", "12", "48"]]
    assert any(line.startswith("minimum A at (-1.00, 0.00); minimum B at (1.00, 0.00)") for line in table)
    assert all(word in " ".join(table) for word in ("at A", "at B", "on the"))
    place, _, names = last.partition(": ")
    assert place == "results/small/"
    assert names.split(", ")[:4] == ["figure.png", "last.png", "table.csv", "manifest.json"]
    assert {name.rstrip("/") for name in names.split(", ")} == {path.name for path in Path(place).iterdir()}


def test_quiet_prints_only_folders(errsurf: CommandLine) -> None:
    other = errsurf.file(SMALL, "other.toml")
    assert errsurf("run", errsurf.file(), other, "--quiet", "--set", "output.png=last.png") == 0
    assert (errsurf.out, errsurf.err) == ("results/small\nresults/other\n", "")
    assert errsurf("run", errsurf.file(), other, "--quiet", "--out", "all") == 0
    assert (errsurf.out, errsurf.err) == ("all/small\nall/other\n", "")


def test_old_results_stay(errsurf: CommandLine) -> None:
    errsurf("run", errsurf.file(), "small.toml", "--quiet")
    (errsurf.folder / "results/small-3.part").mkdir()
    errsurf("run", "small.toml", "--quiet")
    assert errsurf.out == "results/small-4\n"
    before = _content(errsurf.folder / "results/small")
    assert errsurf("run", "small.toml", "--out", "results/small", "--seed", "1") == 2
    assert "--force" in errsurf.err
    assert _content(errsurf.folder / "results/small") == before
    assert errsurf("run", "small.toml", "--out", "results/small", "--seed", "1", "--force") == 0
    assert _content(errsurf.folder / "results/small") != before
    assert {path.name for path in (errsurf.folder / "results").iterdir()} == {
        "small",
        "small-2",
        "small-3.part",
        "small-4",
    }


def test_a_folder_that_another_run_writes_is_left_alone(errsurf: CommandLine) -> None:
    (errsurf.folder / "mine.part").mkdir()
    assert errsurf("run", errsurf.file(), "--out", "mine") == 2
    assert "mine.part, which exists and was not made by errsurf" in errsurf.err
    assert errsurf.names() == {"small.toml", "mine.part"}


def test_an_empty_folder_and_a_link_take_a_result(errsurf: CommandLine) -> None:
    (errsurf.folder / "empty").mkdir()
    (errsurf.folder / "link").symlink_to("empty")
    for more in ((), ("--force",)):
        assert errsurf("run", errsurf.file(), "--out", "link", *more) == 0
    assert (errsurf.folder / "link").is_symlink()
    assert (errsurf.folder / "empty/summary.json").is_file()
    assert errsurf.names() == {"small.toml", "empty", "link"}


def test_changes_from_the_command_line(errsurf: CommandLine) -> None:
    changes = ["run.frames='all'", "optimizer.momentum=0.5", "fast.batch=2", "optimizer[1].lr=0.2", 'title="a = b"']
    options = chain.from_iterable(("--set", change) for change in changes)
    assert errsurf("run", errsurf.file(TWO_GROUPS), *options, "--particles", 9, "--seed", 5, "--quiet") == 0
    result = open_result(Path("results/small"))
    slow, fast = result.scenario.optimizer
    assert (slow.settings.momentum, fast.settings.momentum, slow.settings.lr, fast.batch) == (0.5, 0.5, 0.2, 2)
    assert (result.scenario.seed, result.scenario.title) == (5, "a = b")
    assert result["slow"].position.shape == (13, 9, 2)


def test_the_scenario_of_a_result_gives_it_again(errsurf: CommandLine) -> None:
    (errsurf.folder / "data").mkdir()
    errsurf.file("input,target\n1,2\n2,3.5\n3,1\n4,2\n", "data/points.csv")
    errsurf.file(
        TWO_GROUPS.replace('kind = "saddle"\ntilt = 0.4', 'kind = "linear_regression"\ndata = "data/points.csv"'),
        "fit.toml",
    )
    errsurf("run", "fit.toml", errsurf.file(TWO_GROUPS), "--quiet")
    (errsurf.folder / "data/points.csv").unlink()
    errsurf("run", "results/fit/scenario.toml", "results/small/scenario.toml", "--quiet")
    assert errsurf.out == "results/fit-2\nresults/small-2\n"
    for name in ("fit", "small"):
        first, again = (_content(errsurf.folder / "results" / folder) for folder in (name, f"{name}-2"))
        assert first == again
        assert len([path for path in first if path.endswith("position.npy")]) == 2


def test_divergence_is_no_error(errsurf: CommandLine) -> None:
    code = errsurf("run", errsurf.file(TWO_GROUPS), "--set", "slow.lr=1e9", "--set", "output.gif=a.gif")
    assert code == 0
    assert [line.partition(": slow: ")[2][:26] for line in errsurf.err.splitlines()] == [
        "lr 1e+09 is above 2, 2 / s",
        "16 of 16 particles diverge",
    ]
    groups = json.loads(Path("results/small/summary.json").read_text(encoding="utf-8"))["groups"]
    assert [group["diverged"] for group in groups] == [16, 0]
    assert groups[0]["train_loss"] is None
    assert "none" in errsurf.out
    assert Path("results/small/a.gif").is_file()


@pytest.mark.parametrize(
    "label",
    [
        "a/b\\\\c",
        "..",
        ".hidden",
        "CON",
        pytest.param("日本語", marks=any_names),
        "🚀",
        "a:*?<>|b. ",
        "[red]x[/red]",
        "x" * 80,
    ],
)
def test_labels_make_safe_folder_names(errsurf: CommandLine, label: str) -> None:
    assert errsurf("run", errsurf.file(SMALL + f'label = "{label}"\n')) == 0
    folder = next(path for path in Path("results/small").iterdir() if path.is_dir())
    assert folder.name.startswith("0-")
    assert not set(folder.name) & set('/\\:*?"<>|')
    assert not folder.name.endswith((".", " "))
    assert len(folder.name.encode()) <= 255
    result = open_result(Path("results/small"))
    assert result.groups[0].label == label.replace("\\\\", "\\")


def _content(folder: Path) -> dict[str, bytes]:
    """All files of a result folder but those that hold the time of a run, or a hash of it."""
    timed = {"summary.json", "examples.npz", "manifest.json"}
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in timed)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_ends_outside_the_map_is_said(errsurf: CommandLine) -> None:
    file = errsurf.file(SMALL.replace("[run]", "[picture]\nwindow = { x = [5.0, 6.0], y = [5.0, 6.0] }\n[run]"))
    assert errsurf("run", file, "--no-pictures") == 0
    assert "16 of 16 particles end outside the map" in errsurf.out
    assert errsurf("run", errsurf.file(SMALL, "seen.toml"), "--no-pictures") == 0
    assert "outside" not in errsurf.out


def test_a_run_beside_an_older_one_says_where_it_is(errsurf: CommandLine) -> None:
    assert errsurf("run", errsurf.file(), "--no-pictures") == 0
    assert "belongs to another run" not in errsurf.out
    assert errsurf("run", "small.toml", "--no-pictures") == 0
    told = "results/small belongs to another run; this run is in results/small-2"
    assert errsurf.out.splitlines()[-2] == told
    assert errsurf.out.splitlines()[-1].startswith("results/small-2/: ")


def test_measures_are_printed_with_what_they_are_of(errsurf: CommandLine) -> None:
    leave = '\n[[measure]]\nstatistic = "time_to_leave"\npoint = [0.0, 0.0]\nradius = 50.0\nunit = "epochs"\n'
    assert errsurf("run", errsurf.file(TWO_GROUPS + leave + '[[measure]]\nstatistic = "train_loss"\n')) == 0
    lines = errsurf.out.splitlines()
    k = lines.index("epochs to leave a radius of 50 around (0, 0)")
    assert lines[k + 1 : k + 3] == ["  slow  not within 12 epochs, n = 16", "  fast  not within 2.4 epochs, n = 16"]
    assert lines[k + 3] == "training loss"
    assert all(len(line) <= 80 for line in lines[k : k + 6])
