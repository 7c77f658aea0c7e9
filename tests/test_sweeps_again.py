"""A sweep's folder: it says what made it, is computed again from itself alone, and opens without what made it."""

import shutil
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from test_own_records import GUIDE, command

from errsurf import UserError, open_sweep, sweep
from errsurf.run.made_with import machine
from helpers.command_line import SMALL, CommandLine

QHM = SMALL.replace('kind = "sgd"', 'kind = "qhm"')


@pytest.fixture(name="made")
def made_by_own_records(tmp_path: Path) -> Path:
    """A folder with the sweep ``s`` of an optimizer of somebody's own, which is gone."""
    (tmp_path / "mine" / "optimizers").mkdir(parents=True)
    listing = GUIDE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    for name in ("qhm", "other"):
        (tmp_path / "mine" / "optimizers" / f"{name}.py").write_text(listing, encoding="utf-8")
    measure = '\n[[measure]]\nstatistic = "share_near"\nname = "near"\npoint = [0, 0]\nradius = 0.5\n'
    (tmp_path / "qhm.toml").write_text(QHM + measure, encoding="utf-8")
    varied = ("--vary", "optimizer.lr=0.01,0.1", "--seeds", "3", "--plugins", "mine")
    code, _, err = command(tmp_path, "sweep", "qhm.toml", *varied, "-o", "s")
    assert code == 0, err
    shutil.rmtree(tmp_path / "mine")
    return tmp_path


def test_it_says_what_made_it_and_keeps_the_records_that_it_used(made: Path) -> None:
    text = (made / "s" / "sweep.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    assert found["made_with"] == [{**machine(), "device": "cpu", "rounding": "fast"}]
    copy = made / "s" / "own" / "optimizers" / "qhm.py"
    assert found["records"] == {"optimizers/qhm.py": sha256(copy.read_bytes()).hexdigest()}
    assert not (copy.parent / "other.py").exists()
    assert str(made) not in text


def test_its_numbers_open_without_the_records_that_made_them(made: Path) -> None:
    code, out, err = command(made, "table", "s", "--over-seeds", "--columns", "near")
    assert code == 0, err
    assert len(out.splitlines()) == 3
    assert command(made, "plot", "s", "a.png")[0] == 0
    assert open_sweep(made / "s").measures == ("near",)
    assert len(open_sweep(made / "s").rows) == 6


def test_it_is_computed_again_from_its_folder_alone(made: Path) -> None:
    code, _, err = command(made, "sweep", "s/sweep.toml", "-o", "again")
    assert code == 2
    assert "--plugins s/own loads it" in err
    again = ("sweep", "s/sweep.toml", "--plugins", "s/own", "-o", "again")
    assert command(made, *again)[0] == 0
    for name in ("table.csv", "sweep.toml"):
        assert (made / "again" / name).read_bytes() == (made / "s" / name).read_bytes()
    code, _, err = command(made, *again, "--vary", "optimizer.lr=3")
    assert (code, "a sweep has its own values" in err) == (2, True)
    code, _, err = command(made, "verify", "s")
    assert "`errsurf sweep s/sweep.toml --plugins s/own --out again`" in err


def test_data_files_are_copied_and_the_machines_folders_are_named_nowhere(errsurf: CommandLine) -> None:
    home = errsurf.folder / "home"
    (home / "data").mkdir(parents=True)
    for name, target in (("a", 3), ("b", 5)):
        (home / "data" / f"{name}.csv").write_text(f"input,target\n1,2\n2,{target}\n", encoding="utf-8")
    text = SMALL.replace('"saddle"\ntilt = 0.4', '"linear_regression"\ndata = "data/a.csv"')
    (home / "line.toml").write_text(text, encoding="utf-8")
    first = sweep(home / "line.toml", {"surface.data": ["data/a.csv", "data/b.csv"]}, folder="s")
    shutil.rmtree(home)
    assert str(errsurf.folder) not in Path("s/sweep.toml").read_text(encoding="utf-8")
    assert list(open_sweep("s").rows) == list(first.rows)
    assert list(sweep("s/sweep.toml", folder="again").rows) == list(first.rows)
    assert Path("again/table.csv").read_bytes() == Path("s/table.csv").read_bytes()
    with pytest.raises(UserError, match="a sweep has its own values"):
        sweep("s/sweep.toml", {"optimizer.lr": [0.1]}, folder="again")


def test_another_maker_is_told_beside_the_first(errsurf: CommandLine) -> None:
    sweep(errsurf.file(), {"optimizer.lr": "0.05"}, folder="s")
    file = Path("s/sweep.toml")
    file.write_text(file.read_text(encoding="utf-8").replace('system = "', 'system = "Other'), encoding="utf-8")
    sweep("small.toml", {"optimizer.lr": "0.05"}, folder="s")
    assert len(tomllib.loads(file.read_text(encoding="utf-8"))["made_with"]) == 1
    sweep("small.toml", {"optimizer.lr": "0.05,0.1"}, folder="s")
    made = tomllib.loads(file.read_text(encoding="utf-8"))["made_with"]
    assert [each["system"].startswith("Other") for each in made] == [True, False]
