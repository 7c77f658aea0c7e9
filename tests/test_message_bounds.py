"""However large a file is and whatever it says: few lines, short ones, and soon."""

import os
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.errors import DataFileError, ScenarioError
from errsurf.records.names import listed, nearest
from errsurf.scenario import read_scenario, scenario_from
from errsurf.scenario.paths import MAX_FONT_BYTES
from errsurf.scenario.value_text import value_text
from errsurf.surfaces.formulas import columns
from errsurf.surfaces.shared.table import csv_columns

LONG = "a" * 300_000
BASE = '[surface]\nkind = "saddle"\n[run]\nupdates = 5\n[[optimizer]]\nkind = "sgd"\n'
LABELS = [f"{'a' * 76}{k:04d}" for k in range(256)]
HUGE = {
    "key": f"{BASE}{LONG} = 1\n",
    "quoted key": f'{BASE}"{LONG}" = 1\n',
    "label": f'{BASE}label = "{LONG}"\n',
    "title": f'title = "{LONG}"\n{BASE}',
    "kind": BASE.replace("saddle", LONG),
    "kind of optimizer": BASE.replace("sgd", LONG),
    "data": BASE.replace("saddle", f'linear_regression"\ndata = "{"a/" * 150_000}'),
    "formula": BASE.replace("saddle", f'expression"\nloss = "{LONG}'),
    "column": BASE.replace('saddle"', f'expression"\nloss = "x*a"\ncolumns = {{ a = "{LONG}" }}'),
    "name of a column": BASE.replace('saddle"', f'expression"\nloss = "x"\ncolumns = {{ {LONG} = 1 }}'),
    "losses": BASE.replace("saddle", f'grid"\ndata = "g.npz"\nlosses = "{LONG}'),
    "font": f'{BASE}[picture]\nfont = "{LONG}.ttf"\n',
    "output": f'{BASE}[output]\ngif = "{LONG}.gif"\n',
    "nested list": f"{BASE}label = {'[' * 60}{','.join(['1'] * 400_000)}{']' * 60}\n",
    "twice": f'{BASE}x = {{ "{LONG[:150_000]}" = 1, "{LONG[:150_000]}" = 2 }}\n',
    "no end": f'{BASE}x = "{LONG}\n',
}


def many_columns() -> str:
    names = ", ".join(f'c{k} = "normal(0, {k})"' for k in range(30_000))
    return BASE.replace(
        'saddle"', f'expression"\nloss = "{"+".join(f"q{k}" for k in range(350))}"\ncolumns = {{ {names} }}'
    )


def many_claims() -> str:
    groups = "".join(f'[[optimizer]]\nkind = "sgd"\nlabel = "{label}"\n' for label in LABELS)
    above = ", ".join(f'"{"a" * 76}b{k}"' for k in range(100))
    claim = f'[[claim]]\nsays = "x"\nstatistic = "share_diverged"\nabove = [{above}]\n'
    return BASE.partition("[[")[0] + groups + 30 * claim


MANY = {
    "keys": lambda: BASE + "".join(f"k{k} = 1\n" for k in range(20_000)),
    "groups": lambda: BASE + '[[optimizer]]\nkind = "sdg"\n' * 20_000,
    "columns": many_columns,
    "claims": many_claims,
}


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if the block takes more time of this process."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def message(folder: Path, text: str) -> str:
    """What is said of a scenario file with this text."""
    path = folder / "huge.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    return str(caught.value)


def faults_of(folder: Path, **tables: Any) -> list[str]:
    plain = {"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    with pytest.raises(ScenarioError) as caught:
        scenario_from(plain | tables, folder)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("name", HUGE)
def test_one_huge_text_makes_a_short_line(name: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "g.npz", x=np.arange(4.0), y=np.arange(4.0))
    said = message(tmp_path, HUGE[name])
    assert len(said.splitlines()) < 5
    assert max(map(len, said.splitlines())) < 1100 + len(str(tmp_path))


@pytest.mark.parametrize("name", MANY)
def test_many_faults_are_counted_and_take_no_time(name: str, tmp_path: Path) -> None:
    text = MANY[name]()
    with within(15):
        lines = message(tmp_path, text).splitlines()
    assert len(lines) <= 202
    assert max(map(len, lines)) < 1100


def test_lists_of_names_end() -> None:
    assert listed([f"n{k}" for k in range(10**6)]).endswith("n19 and 999,980 more")
    assert listed(["a", "b"]) == "a, b"
    assert len(listed([LONG, "b"])) < 400
    assert listed([]) == ""
    assert len(value_text([[[[["a" * 100] * 50] * 50] * 50] * 50])) < 100_000


def test_the_nearest_name_is_found_soon() -> None:
    with within(1):
        assert nearest(LABELS[7] + "x", LABELS) in LABELS
        assert nearest(LONG, [LONG, *LABELS]) == LABELS[0] or nearest(LONG, [LONG, *LABELS])
        assert nearest("c99x", (f"c{k}" for k in range(10**7))) == "c99"
    assert nearest("sadle", ["saddle", "rastrigin"]) == "saddle"
    assert nearest(3, ["3"]) == nearest("quite else", ["saddle"]) == ""


# CSV files


def table(folder: Path, text: str) -> Path:
    path = folder / "d.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_million_columns_are_not_listed(tmp_path: Path) -> None:
    header = ",".join(f"c{k}" for k in range(10**6))
    with pytest.raises(DataFileError, match=r"no column `x`; the header has c0, .* and 999,980 more$") as caught:
        csv_columns(table(tmp_path, f"{header}\n"), ["x"])
    assert len(str(caught.value)) < 500 + len(str(tmp_path))
    (said,) = faults_of(tmp_path, surface={"kind": "linear_regression", "data": "d.csv"})
    assert len(said) < 500


def test_columns_are_read_in_little_memory(tmp_path: Path) -> None:
    rows = 60_000
    path = table(tmp_path, "a,b,c,d\n" + "".join(f"{k}.25,{k},text {k},1e-3\n" for k in range(rows)))
    tracemalloc.start()
    found = csv_columns(path, ["d", "a"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * path.stat().st_size
    assert np.array_equal(found, np.column_stack([np.full(rows, 1e-3), np.arange(rows) + 0.25]))


def test_a_row_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("errsurf.surfaces.shared.table.MAX_LETTERS", 50)
    fine = "a,b\n" + "1,2\n" * 100
    assert csv_columns(table(tmp_path, fine), ["b"]).shape == (100, 1)
    for text, line in ((f"{',' * 60}\n", 1), (f"{fine}{'1' * 60}", 102), (fine + '"' + "x\n" * 60, 126)):
        with pytest.raises(DataFileError, match=f"line {line}.*: a row of more than 50 letters"):
            csv_columns(table(tmp_path, text), ["b"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n\n3,x\n", "line 4, column `b`: `x` is not a finite number"),
        ("a,b\r\n1,2\r\n3,1e999\r\n", "line 3, column `b`: `1e999` is not a finite number"),
        ('a,b\n"1\n",2\n3\n', "line 4, column `b`: `` is missing; leave the row out, or fill it in"),
        (f"a,b\n1,{LONG[:100_000]}\n", f"line 2, column `b`: `{'a' * 57}...` is not a finite number"),
        ("a,b\n", "no rows below the header; at least one example is needed"),
        ("", "line 1: no column `a`; the header has nothing"),
        (f'a,b\n"{LONG}', "cannot be read (field larger than field limit (131072))"),
    ],
)
def test_the_place_of_a_fault(tmp_path: Path, text: str, said: str) -> None:
    path = table(tmp_path, text)
    with pytest.raises(DataFileError) as caught:
        csv_columns(path, ["a", "b"])
    assert str(caught.value).removeprefix(str(path)).lstrip(":, ") == said


def test_each_file_of_an_expression_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[str]] = []

    def reading(path: str, names: list[str]) -> Any:
        read.append(names)
        return csv_columns(path, names)

    monkeypatch.setattr(columns, "csv_columns", reading)
    table(tmp_path, "p,q,r\n1,2,3\n4,5,6\n")
    used = {"a": "d.csv:r", "b": "d.csv:p"}
    surface = {"kind": "expression", "loss": "a*x + b*y", "columns": used}
    plain: dict[str, Any] = {"run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    scenario = scenario_from({"surface": surface} | plain, tmp_path)
    assert scenario.surface.train.examples == 2
    assert read == [["r", "p"]]
    said = faults_of(tmp_path, surface=surface | {"columns": {"a": "d.csv:z", "b": "d.csv:q", "c": "d.csv:w"}})
    assert [line.partition(":")[0] for line in said] == ["surface.columns.a", "surface.columns.c"]


# Files that are none


@pytest.mark.parametrize(("key", "name"), [("data", "d.csv"), ("font", "d.ttf")])
def test_data_and_fonts_follow_one_rule(tmp_path: Path, key: str, name: str) -> None:
    home, secret = tmp_path / "home", tmp_path / "secret"
    home.mkdir()
    secret.write_text("secret", encoding="utf-8")
    place = home / name

    def said() -> str:
        tables: dict[str, Any] = {"picture": {"font": name}}
        if key == "data":
            tables = {"surface": {"kind": "linear_regression", "data": name}}
        with within(5):
            (line,) = faults_of(home, **tables)
        return line

    assert "no such file" in said()
    place.symlink_to(secret)
    assert f"points outside the scenario's folder, to {secret}" in said()
    place.unlink()
    place.symlink_to("/dev/zero")
    assert "points outside the scenario's folder" in said()
    place.unlink()
    place.mkdir()
    assert "is a folder" in said()
    place.rmdir()
    os.mkfifo(place)
    assert "is not a regular file" in said()
    place.unlink()
    with place.open("wb") as file:
        file.truncate(MAX_FONT_BYTES + 1 if key == "font" else 2**28 + 1)
    assert "the file is larger than" in said()


def test_a_font_of_the_folder_is_taken_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.ttf").write_bytes(b"x")
    (tmp_path / "own.ttf").symlink_to("real.ttf")
    tables: dict[str, Any] = {"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    assert scenario_from(tables | {"picture": {"font": "own.ttf"}}, tmp_path).picture.font == "own.ttf"


def test_a_scenario_that_is_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ScenarioError, match="is not a regular file"):
        read_scenario(tmp_path / "pipe.toml")


@pytest.mark.parametrize("wide", [False, True])
def test_an_archive_of_many_files_is_not_opened(tmp_path: Path, wide: bool) -> None:
    entries = 30_000
    names = b"".join(b"PK\1\2" + bytes(24) + b"\7" + bytes(17) + b"%07d" % k for k in range(entries))
    end = b"PK\5\6" + bytes(8) + len(names).to_bytes(4, "little") + bytes(6)
    if wide:
        end = b"PK\6\7" + bytes(16) + b"PK\5\6" + bytes(18)
    (tmp_path / "g.npz").write_bytes(names + end)
    (said,) = faults_of(tmp_path, surface={"kind": "grid", "data": "g.npz"})
    assert said == "surface.data: g.npz: its list of arrays is larger than 1,048,576 bytes"
