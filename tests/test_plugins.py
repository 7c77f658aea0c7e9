"""A folder with a record of each kind, named by ``--plugins``: used by a scenario that is run and exported."""

import json
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from PIL import Image
from test_own_records import command

from errsurf.catalogue import RECORDS
from helpers.command_line import process

PLUGINS = Path(__file__).parent.parent / "examples" / "plugins"
LATE = """
import errsurf
from errsurf.drawing.overlays import overlay_names

def read(**changes):
    return errsurf.scenario_from(tables | changes)

tables = {"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
read()
overlay_names()
for kind in ("starts", "schedules", "charts", "overlays", "formats"):
    errsurf.add_records(kind, f"mine/{kind}")
assert read(picture={"chart": "mean x"}).picture.charts == ("mean x",)
assert read(output={"tsv": "a.tsv"}).output == {"tsv": "a.tsv"}
assert read(swarm={"start": "line"}).swarm.settings.first == (-1.0, -1.0)
assert "horizon" in overlay_names()
try:
    read(swarm={"start": "lne"})
except errsurf.ScenarioError as error:
    assert "did you mean `line`?" in str(error), error
"""
WORKERS = """
import pickle, subprocess, sys
from pathlib import Path
from time import sleep

from errsurf import read_scenario, simulate
from errsurf.catalogue import add_plugins
from errsurf.records import listing
from errsurf.system.child_process import python_command
from errsurf.viewer.worker import picture_file
from errsurf.viewer.worker_client import WorkerClient

add_plugins(Path("mine"))
scenario = read_scenario("mine/tub.toml", {"run.updates": 4})
sent = pickle.dumps(listing.added()) + pickle.dumps(scenario)
ahead = subprocess.run(python_command("errsurf.engine.precompile"), input=sent, stdout=subprocess.PIPE)
assert ahead.stdout.split() == [b"1", b"0"], ahead

shop, said = WorkerClient(), []
shop.ask(picture_file, simulate(scenario), None, Path("worker.tsv"), done=said.append, failed=sys.exit)
while not said:
    shop.poll()
    sleep(0.01)
shop.close()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugins in the folder ``mine``, and the result of the scenario that needs all of them."""
    home = tmp_path_factory.mktemp("plugins")
    copytree(PLUGINS, home / "mine")
    code, _, err = command(home, "run", "mine/tub.toml", "--quiet", "--plugins", "mine")
    assert (code, err) == (0, "")
    return home


def test_every_kind_of_record_has_an_example() -> None:
    assert {each.name for each in PLUGINS.iterdir() if each.is_dir()} == {*RECORDS}


def test_a_run_uses_the_records(folder: Path) -> None:
    result = folder / "results" / "tub"
    x, y = np.load(result / "0-normalized" / "position.npy")[0].T
    np.testing.assert_allclose(x, np.linspace(-1.5, 1.5, 64), rtol=1e-6)
    assert (y == 1).all()
    lr = np.load(result / "0-normalized" / "lr.npy")
    update = np.load(result / "0-normalized" / "update.npy")
    np.testing.assert_allclose(lr[1:-1], 0.1 / (1 + 0.5 * np.log1p(update[1:-1] - 5)), rtol=1e-12)
    claim = json.loads((result / "summary.json").read_text(encoding="utf-8"))["claims"][0]
    assert (claim["statistic"], claim["settings"], claim["words"]) == ("height", {}, "height y")
    assert claim["verdict"] == "holds"


def test_its_picture_has_the_chart_and_the_overlay(folder: Path) -> None:
    drawn = np.asarray(Image.open(folder / "results" / "tub" / "tub.png").convert("RGB"))
    assert ((drawn == 128).all(axis=2).mean(axis=1) > 0.3).sum() == 1
    arguments = ("export", "results/tub", "other.png", "--plugins", "mine", "--chart", "loss")
    assert command(folder, *arguments)[0] == 0
    other = np.asarray(Image.open(folder / "other.png").convert("RGB"))
    assert (other != drawn).any()


def test_a_result_is_exported_in_the_format(folder: Path) -> None:
    code, _, err = command(folder, "export", "results/tub", "ends.tsv", "--plugins", "mine")
    assert (code, err) == (0, "")
    assert (folder / "ends.tsv").read_bytes() == (folder / "results" / "tub" / "ends.tsv").read_bytes()
    rows = [line.split("\t") for line in (folder / "ends.tsv").read_text(encoding="utf-8").splitlines()]
    assert [row[0] for row in rows] == ["normalized"] * 64 + ["sgd"] * 64
    ends = np.load(folder / "results" / "tub" / "1-sgd" / "position.npy")[-1]
    np.testing.assert_allclose([[float(number) for number in row[1:]] for row in rows[64:]], ends, rtol=1e-6)


def test_other_processes_know_the_records(folder: Path) -> None:
    running = process(folder=folder, script=WORKERS)
    out, err = running.communicate()
    assert running.returncode == 0, out + err
    assert len((folder / "worker.tsv").read_text(encoding="utf-8").splitlines()) == 128


def test_records_may_be_added_after_a_scenario_was_read(folder: Path) -> None:
    running = process(folder=folder, script=LATE)
    out, err = running.communicate()
    assert running.returncode == 0, out + err


def test_without_the_option_the_names_are_unknown(folder: Path) -> None:
    code, _, err = command(folder, "check", "mine/tub.toml")
    assert code == 2
    for name in ("tub", "line", "normalized", "halved", "height", "mean x"):
        assert f'"{name}": not known' in err


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("surfaces", "tub"),
        ("starts", "line"),
        ("optimizers", "normalized"),
        ("schedules", "logarithmic"),
        ("wrappers", "halved"),
        ("statistics", "height"),
    ],
)
def test_a_record_of_ones_own_is_listed(folder: Path, kind: str, name: str) -> None:
    code, out, _ = command(folder, "list", kind, name, "--plugins", "mine")
    assert code == 0
    assert (PLUGINS / kind / f"{name}.py").read_text(encoding="utf-8").partition("\n")[0].strip('"') in out


def test_the_schema_has_the_names(folder: Path) -> None:
    code, out, _ = command(folder, "schema", "--plugins", "mine")
    assert code == 0
    names = {text for text in ("tub", "line", "normalized", "logarithmic", "height", "mean x") if f'"{text}"' in out}
    assert len(names) == 6


FAULTS: list[tuple[str, str, tuple[str, ...]]] = [
    ("surfices/tub.py", "x = 1", ("surfices", "no kind of record", "surfaces, starts", "did you mean `surfaces`?")),
    ("starts/line.py", "x = 1", ("line.py", "has no RECORD = Start")),
    ("schedules/cosine.py", "x = 1", ("cosine.py", "there is a `cosine` already")),
    ("charts/new.py", "RECORD = None", ("new.py", "has no RECORD = ChartKind")),
    ("formats/gif.py", "x = 1", ("gif.py", "there is a `gif` already")),
    ("overlays/new.py", "1 / 0", ("new.py", "cannot be loaded (ZeroDivisionError")),
    ("statistics/README", "", ("statistics", "no folder with .py files")),
    ("new.py", "x = 1", ("plugins", "no folder with folders of records in it", "surfaces, starts")),
]


@pytest.mark.parametrize(("file", "text", "words"), FAULTS)
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, file: str, text: str, words: tuple[str, ...]) -> None:
    place = tmp_path / "plugins" / file
    place.parent.mkdir(parents=True)
    place.write_text(text)
    code, _, err = command(tmp_path, "list", "--plugins", "plugins")
    assert code == 2
    assert [word for word in words if word not in err] == []
    assert "Traceback" not in err


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    code, _, err = command(tmp_path, "list", "--plugins", "nowhere")
    assert code == 2
    assert "nowhere: no folder with folders of records in it" in err
