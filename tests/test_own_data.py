"""Points of one's own: CSV files as other programs write them, with columns of any name, standardized on request."""

import json
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from errsurf import Scenario, ScenarioError, resolved_toml, scenario_from
from errsurf.drawing.map.axes import axis_names
from errsurf.engine.examples import problem
from errsurf.errors import DataFileError
from errsurf.surfaces import surface, surface_names
from errsurf.surfaces.shared.line_columns import line_columns
from errsurf.surfaces.shared.points import InputTarget, points
from errsurf.surfaces.shared.table import csv_columns
from helpers.command_line import CommandLine

MODELS = [name for name in surface_names() if {"standardize", "data"} <= {*surface(name).settings._fields}]
UNDERSTOOD = {
    "semicolons": "input;target\n1.5;2.25\n",
    "tabs": "input\ttarget\n1.5\t2.25\n",
    "decimal commas": "input;target\n1,5;2,25\n",
    "decimal commas in quotation marks": 'input,target\n"1,5","2,25"\n',
    "mark of encoding, blanks, quoted names": '\ufeff"input"; "target"\r\n 1,5 ; "2,25"\r\n',
    "empty cells at the end": "input,target,\n1.5,2.25,\n",
    "empty lines": "\n\ninput,target\n\n1.5,2.25\n\n",
    "decimal commas and exponents": "input;target\n15e-1;0,225e1\n",
}
NUMBERS = {
    "1.234,5;2": [1234.5, 2],
    "1 234,5;1'000": [1234.5, 1000],
    "1,234,567;2": [1234567, 2],
    '"1,234.5";2': [1234.5, 2],
    "1.500;2,5": [1500, 2.5],
    "1,500;2.5": [1500, 2.5],
    "0,500;1.000": [0.5, 1000],
    "1,500;,25": [1.5, 0.25],
    "1\u202f000;-2": [1000, -2],
}
REFUSED = {
    "input;target\n1,500;2\n": ["line 2, column `input`: `1,500` can be 1.5 or 1500; write one of them"],
    "input;target\n1,5;2\n1;2.5\n": [
        "line 3, column `target`: `2.5` has a decimal point",
        "`1,5` in line 2 has a decimal comma",
    ],
    "input,target\n1,5,2,25\n": ["line 2: 4 cells for 2 columns; a decimal comma needs", "semicolons"],
    "input;target\n1,5;\n": ["line 2, column `target`: `` is missing; leave the row out, or fill it in"],
    "input,target\n1,NA\n": ["line 2, column `target`: `NA` is missing"],
    "input,target\n1,2 km\n": ["line 2, column `target`: `2 km` is not a finite number"],
    "input,target\n1.5.2,2\n": ["line 2, column `input`: `1.5.2` is not a finite number"],
    "input;target\n1,5;1.2,3.4\n": ["line 2, column `target`: `1.2,3.4` is not a finite number"],
    "1,2\n3,4\n": ["line 1: no column `input`", "its first line must name the columns"],
    "input target\n1 2\n": ["line 1: no column `input`", "commas, semicolons or tabs stand between columns"],
    "input,target,input\n1,2,3\n": ["line 1: two columns are called `input`; rename one"],
}


def table(folder: Path, text: str, name: str = "cars.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder / name


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_tables_of_other_programs_are_understood(name: str, tmp_path: Path) -> None:
    assert csv_columns(table(tmp_path, UNDERSTOOD[name]), ["input", "target"]).tolist() == [[1.5, 2.25]]


@pytest.mark.parametrize("row", NUMBERS)
def test_marks_between_thousands_are_told_from_decimal_marks(row: str, tmp_path: Path) -> None:
    assert csv_columns(table(tmp_path, f"input;target\n{row}\n"), ["input", "target"]).tolist() == [NUMBERS[row]]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_clear_is_refused_with_its_place_and_a_way_out(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        csv_columns(table(tmp_path, text), ["input", "target"])
    for words in REFUSED[text]:
        assert words in str(caught.value)


def test_other_encodings_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("größe,target\n1,2\n".encode("latin-1"))
    with pytest.raises(DataFileError, match="it is not UTF-8 text; save it as CSV in UTF-8"):
        csv_columns(tmp_path / "a.csv", ["target"])


def scenario(folder: Path, kind: str, **more: object) -> Scenario:
    tables = {
        "surface": {"kind": kind, "data": "cars.csv"} | more,
        "run": {"epochs": 2},
        "optimizer": [{"kind": "sgd"}],
    }
    return scenario_from(tables, folder)


@pytest.mark.parametrize("kind", MODELS)
def test_columns_have_any_names_and_are_standardized_as_the_training_examples_are(kind: str, tmp_path: Path) -> None:
    table(tmp_path, "name;km;y\na;10;0\nb;30;1\nc;50;1\n")
    table(tmp_path, "km;y\n40;1\n", "test.csv")
    second = surface(kind).row._fields[1]
    more = {"columns": {"input": "km", second: "y"}, "test": {"data": "test.csv"}}
    plain = problem(*scenario(tmp_path, kind, **more).drawn_from)
    assert (plain.train.tolist(), plain.test.tolist()) == ([[10, 0], [30, 1], [50, 1]], [[40, 1]])
    assert plain.column_names == ("km", "y")
    chosen = scenario(tmp_path, kind, standardize=True, **more)
    scaled = problem(*chosen.drawn_from)
    np.testing.assert_allclose(scaled.train[:, 0], [-(1.5**0.5), 0, 1.5**0.5], atol=1e-15)
    np.testing.assert_allclose(scaled.test[:, 0], [(40 - 30) / (800 / 3) ** 0.5])
    assert scaled.column_names[0] == "km (standardized)"
    assert all(name.endswith(" (standardized)") for name in axis_names(chosen.surface))
    if second == "label":
        assert scaled.train[:, 1].tolist() == [0, 1, 1]
    else:
        np.testing.assert_allclose(scaled.train[:, 1].mean(), 0, atol=1e-15)
        np.testing.assert_allclose(scaled.train[:, 1].std(), 1)


def test_a_constant_column_is_centred_only(tmp_path: Path) -> None:
    table(tmp_path, "input,target\n3,1\n3,2\n")
    assert problem(*scenario(tmp_path, "linear_regression", standardize=True).drawn_from).train[:, 0].tolist() == [0, 0]


def test_a_standardized_line_is_told_in_the_units_of_its_columns(errsurf: CommandLine) -> None:
    """At (0.5, 7.167) of the file the loss of standardized columns is lowest."""
    table(Path(), "km,price\n10,12.5\n30,21.5\n50,32.5\n")
    columns = {"input": "km", "target": "price"}
    chosen = {"kind": "linear_regression", "data": "cars.csv", "columns": columns, "standardize": True}
    tables = {"surface": chosen, "run": {"updates": 2}, "optimizer": [{"kind": "sgd", "batch": "full"}]}
    Path("line.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    assert errsurf("run", "line.toml", "--no-pictures", "--particles", "4") == 0
    for command in ([], ["inspect", "line.toml"]):
        assert not command or errsurf(*command) == 0
        assert "km is standardized: less its mean 30, over its deviation 16.33" in errsurf.out
        assert "minimum, for columns as they were: w = 0.5, b = 7.167" in errsurf.out
    found = json.loads(Path("results/line/summary.json").read_text(encoding="utf-8"))
    assert found["standardized"]["price"]["mean"] == pytest.approx(66.5 / 3)
    slope, intercept = np.polyfit([10, 30, 50], [12.5, 21.5, 32.5], 1)
    assert found["minima"][0]["in_units"] == pytest.approx({"w": slope, "b": intercept})


@pytest.mark.parametrize(
    ("text", "pair", "left_out"),
    [
        ("a;b;c\n1,5;2;3\n2,5;4;5\n", ("a", "c"), {"b": "a line has one input"}),
        ("id;a;b\nx;1;3\ny;2;5\n", ("a", "b"), {"id": "line 2, column `id`: `x` is not a finite number"}),
        ("a,b,c\n1,,3\n2,4,5\n", ("a", "c"), {"b": "line 2, column `b`: `` is missing; leave the row out, or fill"}),
        ("a,b,note\n1,2,7\n2,4,good\n3,5,bad\n", ("a", "b"), {"note": "line 3, column `note`: `good` is not"}),
    ],
)
def test_a_line_is_fitted_to_the_last_column_of_numbers(
    text: str, pair: tuple[str, str], left_out: dict[str, str], tmp_path: Path
) -> None:
    found = line_columns(table(tmp_path, text))
    assert (found.input, found.target) == pair
    assert found.left_out.keys() == left_out.keys()
    assert all(found.left_out[name].startswith(why) for name, why in left_out.items())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("54,2,210\n80,3,300\n", "line 1: numbers, `54`, `2`, `210`; the first line must name the columns"),
        ("a,b,c\n1,2,3\n2,4,\n", "line 3, column `c`: `` is missing"),
        ("a,b\n1,2\n,4\n3,5\n", "line 3, column `a`: `` is missing"),
        ("a,b\n1,x\n2,y\n", "line 2, column `b`: `x` is not a finite number"),
        ("a\n1\n", "has one column, `a`; a line needs two"),
    ],
)
def test_columns_that_a_line_cannot_have_are_not_passed_over(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        line_columns(table(tmp_path, text))
    assert words in str(caught.value)


def test_the_resolved_file_reads_back(tmp_path: Path) -> None:
    table(tmp_path, "km,y\n1,2\n3,4\n")
    found = scenario(tmp_path, "linear_regression", columns={"input": "km", "target": "y"}, standardize=True)
    (tmp_path / "again.toml").write_text(resolved_toml(found), encoding="utf-8")
    from errsurf import read_scenario

    assert read_scenario(tmp_path / "again.toml").surface == found.surface


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("km,price\n1,2\n", {}, 'columns = { input = "km", target = "price" }'),
        ("id,price,input\n1,2,3\n", {}, 'columns = { input = "input", target = "id" }'),
        ("input,target\n1,2\n", {"columns": {"inptu": "a"}}, "did you mean `input`?"),
        ("input,target\n1,2\n", {"test": {"standardize": True}}, "test examples are standardized as the training"),
        ("input,target\n1,2\n", {"data": None, "columns": {"input": "a"}}, "means nothing without a data file"),
        ("input,target\n1,2\n", {"data": "crs.csv"}, "did you mean `cars.csv`?"),
        ("input,target\n1,2\n", {"data": "../cars.csv"}, "without .."),
    ],
)
def test_faults_of_own_data_say_the_way_out(text: str, more: dict[str, object], words: str, tmp_path: Path) -> None:
    table(tmp_path, text)
    tables = {"kind": "linear_regression", "data": "cars.csv"} | more
    given = {key: value for key, value in tables.items() if value is not None}
    with pytest.raises(ScenarioError) as caught:
        scenario_from({"surface": given, "run": {"epochs": 2}, "optimizer": [{"kind": "sgd"}]}, tmp_path)
    assert words in str(caught.value)


def test_no_name_is_offered_for_a_file_that_shares_only_its_ending(tmp_path: Path) -> None:
    table(tmp_path, "input,target\n1,2\n", "test.csv")
    with pytest.raises(ScenarioError) as caught:
        scenario(tmp_path, "linear_regression", data="nope.csv")
    assert [fault.nearest for fault in caught.value.faults] == [""]


def test_a_header_that_says_one_name_twice_is_refused_for_any_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;a\n1;2\n", encoding="utf-8")
    for columns, said in ((InputTarget("a", "b"), "two columns are called `a`"), (InputTarget(), "no column `input`")):
        with pytest.raises(DataFileError, match=said):
            points(str(tmp_path / "a.csv"), columns)
