"""What a sweep varies, its cells, and what is said of those that cannot be."""

from pathlib import Path

import numpy as np
import pytest

from errsurf.errors import ScenarioError, TooLargeError, UserError
from errsurf.scenario import read_scenario
from errsurf.scenario.reading import source_of
from errsurf.settings.value_lists import listed_values
from errsurf.sweeps.axes import Axis, axes_of, blocks_of, cells_file, read_axis
from errsurf.sweeps.cells import Cells, numeric_tables
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine


def cells(file: Path, varied: dict[str, object], seeds: int = 1, *, zipped: bool = False) -> Cells:
    """The cells of a scenario file."""
    source = source_of(file)
    blocks = blocks_of(axes_of(varied), zipped=zipped, seeds=range(seeds))
    return Cells(numeric_tables(source.tables), source.folder, source.name, blocks)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2, 4 ,full", (1, 2, 4, "full")),
        ("0.1", (0.1,)),
        ("lin:0:1:11", tuple(k / 10 for k in range(11))),
        ("lin:1:10:4", (1, 4, 7, 10)),
        ("log:1:1000:4,full", (1, 10, 100, 1000, "full")),
        ("log:1e-3:1:3", (0.001, 0.0316227766017, 1.0)),
        ("[0,1],[2,3]", ([0, 1], [2, 3])),
        ('{kind="normal",std=1},"a,b"', ({"kind": "normal", "std": 1}, "a,b")),
        ("true,false", (True, False)),
    ],
)
def test_values_of_texts(text: str, values: tuple[object, ...]) -> None:
    assert listed_values(text) == values


def test_values_of_lists_and_arrays() -> None:
    assert listed_values(np.array([0.5, 1.0])) == (0.5, 1.0)
    assert listed_values(range(3)) == (0, 1, 2)
    assert listed_values((1, "full")) == (1, "full")
    assert listed_values(0.1) == (0.1,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an empty value"),
        ("1,,2", "an empty value"),
        ("log:1e-3:1", "log:FIRST:LAST:COUNT"),
        ("log:0:1:3", "above 0"),
        ("log:1:2:1", "1 values; allowed: 2 to 100,000"),
        ("lin:0:1:1000000000", "1,000,000,000 values"),
        ("lin:1:1:3", "two different finite numbers"),
        ("lin:0:1e-300:3,lin:1:1.0000000000001:9", "too close to each other"),
        ([], "no values"),
    ],
)
def test_values_that_cannot_be_are_told(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        listed_values(text)


def test_cells_are_the_product_with_seeds_last(errsurf: CommandLine) -> None:
    found = cells(errsurf.file(), {"optimizer.lr": "0.1,0.2", "optimizer.batch": "1,full"}, seeds=2)
    assert len(found) == 8
    assert [tuple(found.values(k).values()) for k in (0, 1, 2, 7)] == [
        (0.1, 1, 0), (0.1, 1, 1), (0.1, "full", 0), (0.2, "full", 1),
    ]  # fmt: skip
    assert found.axes == (Axis("optimizer.lr", (0.1, 0.2)), Axis("optimizer.batch", (1, "full")))
    assert found.seeds == (0, 1)
    assert found.scenario(7).optimizer[0].settings.lr == 0.2
    assert found.scenario(7).seed == 1


def test_zipped_keys_take_their_values_together(errsurf: CommandLine) -> None:
    found = cells(errsurf.file(), {"optimizer.lr": "0.1,0.2", "optimizer.batch": "1,2"}, zipped=True)
    assert [tuple(found.values(k).values()) for k in range(len(found))] == [(0.1, 1), (0.2, 2)]
    with pytest.raises(UserError, match=r"a has 2, b has 3"):
        blocks_of(axes_of({"a": "1,2", "b": "1,2,3"}), zipped=True)


def test_keys_are_those_of_set(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    found = cells(file, {"fast.lr": "0.3,0.4", "optimizer[1].kind": "adam", "run.epochs": "3"})
    assert [group.settings.lr for group in found.scenario(1).optimizer] == [0.05, 0.4]
    assert found.scenario(0).optimizer[0].kind == "adam"
    assert (found.scenario(0).run.epochs, found.scenario(0).run.updates) == (3, None)


def test_a_file_lists_cells_and_empty_fields_keep_the_scenarios_value(errsurf: CommandLine) -> None:
    table = errsurf.file("optimizer.lr, optimizer.momentum\n0.1,\n\n0.2,0.9\n", "cells.csv")
    listed = cells_file(table)
    assert listed == (Axis("optimizer.lr", (0.1, 0.2)), Axis("optimizer.momentum", (None, 0.9)))
    source = source_of(errsurf.file())
    found = Cells(source.tables, source.folder, "small", blocks_of(axes_of({"optimizer.batch": "1,2"}), listed))
    assert [tuple(found.values(k).values()) for k in range(4)] == [
        (0.1, None, 1), (0.1, None, 2), (0.2, 0.9, 1), (0.2, 0.9, 2),
    ]  # fmt: skip
    assert found.scenario(0).optimizer[0].settings.momentum == 0.0
    for text, words in {
        "a\n": "needs a line of keys",
        "a,b\n1\n": "line 2: 1 value for 2 keys",
        "\ufeffa;b\r\n1;2\r\n": "line 1: keys are separated by semicolons; allowed: commas",
        "a\tb\n1\t2\n": "line 1: keys are separated by tabs",
        'a\n"1\n': r"cannot be read: it is not CSV \(unexpected end of data\)",
        "a,a\n1,2\n": "varied twice",
        "a,\n1,2\n": "line 1: an empty key",
        "\udcff": "UTF-8",
    }.items():
        table.write_text(text, encoding="utf-8", errors="surrogateescape")
        with pytest.raises(UserError, match=words):
            cells_file(table)
    with pytest.raises(UserError, match="cannot be read"):
        cells_file(table.with_name("none.csv"))


def test_a_product_too_large_is_refused_with_its_number() -> None:
    with pytest.raises(UserError, match=r"1,000,000,000 cells \(1,000 x 1,000 x 1,000\)"):
        blocks_of(axes_of({"a": range(1000), "b": range(1000), "c": range(1000)}))
    with pytest.raises(UserError, match="--seeds is given too"):
        blocks_of(axes_of({"seed": "1,2"}), seeds=range(3))
    with pytest.raises(UserError, match=r"a: 0\.1 is given twice"):
        blocks_of(axes_of({"a": "0.1,0.2,0.1"}))
    with pytest.raises(UserError, match="must look like KEY=VALUES"):
        read_axis("optimizer.lr")


def test_faults_name_their_cell_before_anything_runs(errsurf: CommandLine) -> None:
    file = errsurf.file()
    with pytest.raises(ScenarioError, match=r"cell optimizer.lrr = 1: .*did you mean `lr`\?"):
        cells(file, {"optimizer.lrr": "1,2"}).check()
    with pytest.raises(ScenarioError) as caught:
        cells(file, {"optimizer.lr": "0.1,-3", "optimizer.batch": "1,21"}).check()
    assert [(fault.file, fault.key) for fault in caught.value.faults] == [
        ("small, cell optimizer.lr = -3, optimizer.batch = 1", "optimizer[1].lr"),
        ("small, cell optimizer.lr = 0.1, optimizer.batch = 21", "optimizer[1].batch"),
    ]
    with pytest.raises(TooLargeError, match=r"cell swarm.particles = 1000000000: .*lower swarm.particles"):
        cells(file, {"swarm.particles": "16,1000000000"}).check()
    with pytest.raises(ScenarioError, match="momentum"):  # only the combination is at fault: nesterov needs momentum
        cells(file, {"optimizer.nesterov": "false,true", "optimizer.momentum": "0.9,0"}).check()


def test_of_many_cells_each_value_and_the_corners_are_checked(errsurf: CommandLine) -> None:
    file = errsurf.file()
    many = {"optimizer.lr": "lin:0.1:0.2:100", "optimizer.momentum": "lin:0:0.9:100"}
    found = cells(file, many)
    assert len(list(found._to_check())) < 250
    found.check()
    with pytest.raises(ScenarioError, match=r"momentum = -0.0050\S+: optimizer.1..momentum = -0.0050\S+: out of range"):
        cells(file, many | {"optimizer.momentum": "lin:0:-0.5:100"}).check()
    with pytest.raises(ScenarioError, match="nesterov"):
        cells(file, many | {"optimizer.nesterov": "false,true", "optimizer.momentum": "lin:0.9:0:100"}).check()


def test_names_say_what_numbers_depend_on(errsurf: CommandLine) -> None:
    file = errsurf.file('title = "One"\n' + SMALL)
    first = cells(file, {"optimizer.lr": "0.05,0.1"})
    names = [first.named(k) for k in range(2)]
    assert len(set(names)) == 2
    more = cells(file, {"optimizer.lr": "1,0.1", "optimizer.batch": "full"}, seeds=3)
    assert more.named(3) != names[1]  # batch is given here, and was not there
    other = cells(errsurf.file(SMALL + "\n[picture]\nlegend = false\n", "other.toml"), {"optimizer.lr": "0.1"}, seeds=2)
    assert other.named(0) == names[1]
    assert other.named(1) != names[1]
    window = SMALL + "\n[picture]\nwindow = [[-1.0, 1.0], [-1.0, 1.0]]\n"
    assert cells(errsurf.file(window), {"optimizer.lr": "0.1"}).named(0) != names[1]


def test_names_follow_the_content_of_data_files(errsurf: CommandLine) -> None:
    errsurf.file("input,target\n1,2\n2,3\n", "data.csv")
    file = errsurf.file(SMALL.replace('"saddle"\ntilt = 0.4', '"linear_regression"\ndata = "data.csv"'))
    before = cells(file, {"optimizer.lr": "0.1"})
    before.check()
    name = before.named(0)
    errsurf.file("input,target\n1,2\n2,4\n", "data.csv")
    assert cells(file, {"optimizer.lr": "0.1"}).named(0) != name


def test_the_table_of_a_file(errsurf: CommandLine) -> None:
    text = (
        SMALL + '\n[sweep]\nseeds = 4\n[sweep.vary]\noptimizer.lr = "log:1e-3:1:4"\n"optimizer.batch" = [1, "full"]\n'
    )
    scenario = read_scenario(errsurf.file(text))
    assert scenario.sweep.vary == {"optimizer.lr": "log:1e-3:1:4", "optimizer.batch": [1, "full"]}
    assert (scenario.sweep.zip, scenario.sweep.seeds) == (False, 4)
    for change, words in {
        'sweep.vary={"optimizer.lr"="log:0:1:3"}': "above 0",
        'sweep.vary={"optimizer.lr"=3}': "a list or a text",
        "sweep.zip=true": "has 4, optimizer.batch has 2",
        "sweep.sedes=3": "did you mean `seeds`",
    }.items():
        key, _, value = change.partition("=")
        with pytest.raises(ScenarioError, match=words):
            read_scenario(errsurf.folder / "small.toml", {key: value})


def test_scenarios_that_were_checked_are_not_resolved_again(errsurf: CommandLine) -> None:
    varied = {"optimizer.lr": "0.1,0.2", "optimizer.batch": "1,full"}
    found, fresh = (cells(errsurf.file(), varied, seeds=3) for _ in range(2))
    found.check()
    assert found.scenario(6) is found.scenario(6)
    assert [found.scenario(k) for k in range(12)] == [fresh.scenario(k) for k in range(12)]
    assert [found.scenario(k).seed for k in range(4)] == [0, 1, 2, 0]
