"""Scenario files that are wrong: every fault is reported, at its place, in words, and nothing else happens."""

import copy
import math
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from errsurf.errors import Fault, ScenarioError
from errsurf.scenario import Scenario, bundled, read_scenario, scenario_from
from errsurf.scenario.lines import key_lines

RIGHT = """title = "right"

[surface]
kind = "saddle"
tilt = 0.4
test = { shift = [0.2, 0.0] }

[run]
epochs = 40

[[optimizer]]
label = "a"
kind = "sgd"
lr = 0.05

[[optimizer]]
label = "b"
kind = "adam"
batch = 1
betas = [0.9, 0.99]
"""


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    path = folder / "one.toml"
    path.write_text(text)
    return raised(lambda: read_scenario(path))


def raised(read: Callable[[], Scenario]) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioError) as caught:
        read()
    assert all(str(fault) and "pydantic" not in str(fault).lower() for fault in caught.value.faults)
    return caught.value.faults


def test_what_was_meant_stands_before_all_that_is_allowed(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, RIGHT.replace('"saddle"', '"sadle"'))
    assert "not known; did you mean `saddle`? allowed: ackley, " in str(fault)


# old text, new text, key, line, words of the message
WRONG = [
    ("tilt =", "titl =", "surface.titl", 5, "unknown key for saddle; did you mean `tilt`?"),
    ('"saddle"', '"sadle"', "surface.kind", 4, "not known; allowed: ackley; did you mean `saddle`?"),
    ('kind = "adam"', "", "optimizer[2].kind", 16, "missing; allowed; adagrad; adam"),
    ("0.05", '"0.05"', "optimizer[1].lr", 14, '"0.05"; wrong type; a number of at least 0'),
    ("0.05", "-1", "optimizer[1].lr", 14, "-1; out of range; a number of at least 0"),
    ("0.05", "nan", "optimizer[1].lr", 14, "nan; a number of at least 0"),
    ("0.05", "true", "optimizer[1].lr", 14, "true; wrong type; a number"),
    ("0.05", "2020-01-01", "optimizer[1].lr", 14, "2020-01-01; is a date"),
    ("0.05", "0.05\nlearning_rate = 1", "optimizer[1].learning_rate", 15, "unknown key for sgd; did you mean `lr`?"),
    ("0.99]", "1.0]", "optimizer[2].betas[2]", 20, "1.0; out of range; a number of at least 0, below 1"),
    ("batch = 1", "batch = 1.0", "optimizer[2].batch", 19, '1.0; wrong type; a whole number; or "full"'),
    ("batch = 1", "batch = 21", "optimizer[2].batch", 19, "21; more than there are examples; from 1 to 20"),
    ("batch = 1", 'batch = "ful"', "optimizer[2].batch", 19, "not known; did you mean `full`?"),
    ("batch = 1", "accumulate = 0", "optimizer[2].accumulate", 19, "0; out of range; from 1"),
    ('"b"', '"a"', "optimizer[2].label", 17, "names optimizer[1] too; label of its own"),
    ("0.05", "0.05\nnesterov = true", "optimizer[1]", 11, "nesterov needs a momentum"),
    ("0.05", '0.05\nschedule = { decay = "cosin" }', "optimizer[1].schedule.decay", 15, "did you mean `cosine`?"),
    ("0.05", '0.05\nschedule = { warmup = "5" }', "optimizer[1].schedule.warmup", 15, '"2 epochs"; "5%"'),
    ("0.05", '0.05\nschedule = { decay = "step" }', "optimizer[1].schedule.step_size", 15, "missing"),
    ("epochs = 40", "epochs = 40\nupdates = 5", "run.updates", 10, "5; one length; epochs = 40"),
    ("epochs = 40", "frames = 10", "run", 8, "needs a length; `epochs` or `updates`"),
    ("epochs = 40", "epochs = 40\nframes = 1", "run.frames", 10, 'from 2; or "all"'),
    ("epochs = 40", "epochs = 40\nlr = 1", "run.lr", 10, "unknown key; did you mean `optimizer.lr`?"),
    ("epochs = 40", "epochs = 99999999999999999999", "run.epochs", 9, "too large for a whole number of 64 bits"),
    ('title = "right"', "epochs = 3", "epochs", 1, "unknown key; did you mean `run.epochs`?"),
    ('title = "right"', 'title = "\\u001b[31m"', "title", 1, "control characters"),
    ('title = "right"', "seed = -1", "seed", 1, "from 0 to 9223372036854775807"),
    ("[0.2, 0.0]", "[0.2]", "surface.test.shift[2]", 6, "missing"),
    ("[0.2, 0.0]", "-0.5", "surface.test.shift", 6, "-0.5; a number of at least 0, or a list of 2"),
    ("[run]", '[swarm]\nstart = "ring"\nspread = 1\n[run]', "swarm.spread", 10, "unknown key for ring; radius"),
    ("[run]", '[swarm]\nstart = "rign"\n[run]', "swarm.start", 9, "did you mean `ring`?"),
    ("[run]", '[swarm]\nstart = "points"\n[run]', "swarm.points", 8, "missing"),
    ("[run]", "[picture]\nsize = [961, 540]\n[run]", "picture.size[1]", 9, "961; a multiple of 2"),
    ("[run]", "[picture]\nwindow = { x = [2, 1], y = [0, 1] }\n[run]", "picture.window.x", 9, "the smaller one first"),
    ("[run]", '[output]\ngif = "../x.gif"\n[run]', "output.gif", 9, "a plain file name that ends in .gif"),
    ("[run]", '[output]\npng = "x.gif"\n[run]', "output.png", 9, "a plain file name that ends in .png"),
]


@pytest.mark.parametrize(("old", "new", "key", "line", "words"), WRONG)
def test_one_fault_at_its_place_in_words(tmp_path: Path, old: str, new: str, key: str, line: int, words: str) -> None:
    assert RIGHT.count(old) == 1
    (fault,) = faults_of(tmp_path, RIGHT.replace(old, new))
    assert (fault.key, fault.line) == (key, line)
    for word in words.split("; "):
        assert word in str(fault)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Also those that show only once a misspelled kind is read as the nearest one, and those between tables."""
    text = RIGHT
    for old, new in (
        ('"saddle"', '"sadle"'),
        ("tilt", "titl"),
        ("40", "0"),
        ('"b"', '"a"'),
        ("0.05", "-1"),
        ("0.99", "2"),
    ):
        text = text.replace(old, new)
    found = [fault.key for fault in faults_of(tmp_path, text)]
    assert found == [
        "surface.kind",
        "surface.titl",
        "run.epochs",
        "optimizer[1].lr",
        "optimizer[2].label",
        "optimizer[2].betas[2]",
    ]


def test_the_message_names_the_file_once_and_every_line(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(RIGHT.replace("tilt", "titl").replace("0.05", "-1"))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(tmp_path / "one.toml")
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{tmp_path / 'one.toml'}: 2 faults"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["line 5", "line 14"]


def test_no_optimizer_and_one_pair_of_brackets(tmp_path: Path) -> None:
    without = RIGHT.partition("[[optimizer]]")[0]
    (fault,) = faults_of(tmp_path, without)
    assert (fault.key, fault.problem) == ("optimizer", "missing")
    (fault,) = faults_of(tmp_path, "optimizer = []\n" + without)
    assert fault.key == "optimizer"
    (fault,) = faults_of(tmp_path, without + '[optimizer]\nkind = "sgd"\n')
    assert "[[optimizer]]" in fault.problem


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[run]\nepochs = \n", 2, "epochs ="),
        ("[run\nepochs = 3", 1, "column 5"),
        ("a = 1\na = 2", 2, "a = 2"),
        ("title = 'x", 1, "not TOML"),
        ("a = " + "[" * 5000, None, "nested too deep"),
        ("a = " + "9" * 5000, None, "too many digits"),
        ("\n" + ".".join(["a"] * 100_000) + " = 1", 2, "more than 32 parts"),
    ],
)
def test_broken_toml_is_shown(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    fault = next(fault for fault in faults_of(tmp_path, text) if words in str(fault))
    assert fault.line == line


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "valley.toml").write_text(RIGHT)
    (tmp_path / "large.toml").write_text("# " + "x" * 1_000_000)
    (tmp_path / "latin.toml").write_bytes(b"title = 'x'\nabout = '\xe9'")
    assert "folder" in raised(lambda: read_scenario(tmp_path))[0].problem
    assert "1,000,000 bytes" in raised(lambda: read_scenario("large.toml"))[0].problem
    assert raised(lambda: read_scenario("latin.toml"))[0].line == 2
    assert raised(lambda: read_scenario("valey.toml"))[0].nearest == "valley.toml"
    assert raised(lambda: read_scenario("valey"))[0].nearest == "valley.toml"
    for name in bundled():
        assert raised(lambda name=name: read_scenario(name + "x"))[0].nearest == name
    for name in ("a\0b", "a" * 5000, ""):
        raised(lambda name=name: read_scenario(name))


DATA = {"kind": "linear_regression", "data": "points.csv"}


def data_faults(folder: Path, surface: dict[str, Any]) -> tuple[Fault, ...]:
    tables = {"surface": surface, "run": {"epochs": 1}, "optimizer": [{"kind": "sgd"}]}
    return raised(lambda: scenario_from(tables, folder))


@pytest.mark.parametrize("cell", ["text", "nan", "inf", ""])
def test_a_cell_that_is_no_number(tmp_path: Path, cell: str) -> None:
    (tmp_path / "points.csv").write_text(f"input,target\n1,2\n3,{cell}\n")
    (fault,) = data_faults(tmp_path, DATA)
    assert fault.key == "surface.data"
    assert "points.csv, line 3, column `target`" in fault.problem
    assert str(tmp_path) not in fault.problem


@pytest.mark.parametrize(
    "name",
    ["../points.csv", "/etc/passwd", "C:/points.csv", "sub\\points.csv", "link.csv", "out/points.csv", "", "sub", "."],
)
def test_data_stay_below_the_folder(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    (tmp_path / "points.csv").write_text("input,target\n1,2\n")
    (home / "link.csv").symlink_to(tmp_path / "points.csv")
    (home / "out").symlink_to(tmp_path)
    assert [fault.key for fault in data_faults(home, DATA | {"data": name})] == ["surface.data"]


def test_data_say_how_many_examples_there_are(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("input,target\n1,2\n")
    found = data_faults(tmp_path, DATA | {"examples": 1, "test": {"examples": 5}})
    assert [fault.key for fault in found] == ["surface.examples", "surface.test.examples"]
    (fault,) = data_faults(tmp_path, DATA | {"data": "point.csv"})
    assert fault.nearest == "points.csv"


@pytest.mark.parametrize(
    ("changes", "key", "nearest"),
    [
        ({"rum.epochs": 1}, "rum.epochs", "run"),
        ({"run": 1}, "run", ""),
        ({"run.epoch": 1}, "run.epoch", "epochs"),
        ({"c.lr": 1}, "c.lr", ""),
        ({"optimizer[9].lr": 1}, "optimizer[9].lr", ""),
        ({"optimizer[0].lr": 1}, "optimizer[0].lr", ""),
        ({"run.epochs.x": 1}, "run.epochs.x", ""),
        ({"": 1}, "", ""),
        ({"run.epochs": 1, "run.updates": 2}, "run.updates", ""),
        ({"a.lr": "fast"}, "optimizer[1].lr", ""),
    ],
)
def test_changes_that_lead_nowhere(tmp_path: Path, changes: dict[str, object], key: str, nearest: str) -> None:
    path = tmp_path / "one.toml"
    path.write_text(RIGHT)
    fault = raised(lambda: read_scenario(path, changes))[0]
    assert (fault.key, fault.nearest) == (key, nearest)


def test_lines_of_keys_in_every_form() -> None:
    text = '''# "not" = a key
"quoted key" = 1
a.b . 'c' = [ 1, # x = 2
  [2, 3],
  { d = """
e = 1
""", f = 1 } ]
[t]
u = {}
v = 1979-05-27 07:32:00
[[t.list]]
w = 'x = ]'
[[t.list]]
[t.list.sub]
z = "\\"["
'''
    expected = {
        ("quoted key",): 2,
        ("a", "b", "c"): 3,
        ("a", "b", "c", 0): 3,
        ("a", "b", "c", 1, 1): 4,
        ("a", "b", "c", 2, "d"): 5,
        ("a", "b", "c", 2, "f"): 7,
        ("t",): 8,
        ("t", "u"): 9,
        ("t", "v"): 10,
        ("t", "list", 0): 11,
        ("t", "list", 0, "w"): 12,
        ("t", "list", 1): 13,
        ("t", "list", 1, "sub", "z"): 15,
    }
    lines = key_lines(text)
    assert {path: lines.get(path) for path in expected} == expected
    assert not any("e" in path or "x" in path for path in lines)


HOSTILE: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        2**63,
        10**400,
        1.5,
        math.nan,
        math.inf,
        -math.inf,
        1e308,
        "",
        "x",
        "\ud800",
        "\0",
        "5%",
        "all",
    ),
    *(
        [],
        [[]],
        [1],
        [1, "x"],
        {},
        {"kind": "sgd"},
        {"<sgd>": {"<sgd>": 1}},
        {"": {"": {}}},
        date(2020, 1, 1),
        b"x",
        object(),
    ),
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with every key of it, at any depth."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


def mutated(tables: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    result = copy.deepcopy(tables)
    for _ in range(draw.randint(1, 3)):
        holder, key = draw.choice(places(result))
        if draw.random() < 0.2:
            del holder[key]
        elif draw.random() < 0.3 and isinstance(holder, dict):
            holder[draw.choice(["x", "kind", "data", "test", "at", "<sgd>", "\0"])] = copy.deepcopy(
                draw.choice(HOSTILE)
            )
        else:
            holder[key] = copy.deepcopy(draw.choice(HOSTILE))
        if not places(result):
            break
    return result


def test_nothing_but_faults_comes_of_mutations(tmp_path: Path) -> None:
    draw = random.Random(1)
    tables = {
        "title": "t",
        "seed": 1,
        "surface": {
            "kind": "wells",
            "wells": [{"at": [0.0, 1.0], "depth": 1.0}],
            "shift": 0.1,
            "test": {"shift": [0, 1]},
        },
        "swarm": {"start": "grid", "particles": 4, "size": [1, 1]},
        "run": {"epochs": 2, "sampling": {"kind": "once"}, "frames": "all"},
        "optimizer": [
            {"kind": "adam", "betas": [0.9, 0.99], "schedule": {"decay": "step", "step_size": "5%"}},
            {"kind": "sgd", "label": "b", "batch": 4},
        ],
        "picture": {"window": {"x": [0, 1], "y": [0, 1]}},
        "output": {"gif": "a.gif"},
    }
    assert scenario_from(tables)
    outcomes = [is_right(mutated(tables, draw), tmp_path / "one.toml") for _ in range(300)]
    assert 0.02 < sum(outcomes) / len(outcomes) < 0.5


def found(read: Callable[[], Scenario]) -> set[tuple[str, str, str]]:
    """What is wrong, lines apart; empty if nothing is."""
    try:
        read()
    except ScenarioError as error:
        return {(fault.key, fault.problem, fault.given) for fault in error.faults} or {("", "", "")}
    return set()


def is_right(tables: dict[str, Any], path: Path) -> bool:
    """Whether the tables make a scenario; as a file, if TOML can hold them, they must have the same faults."""
    direct = found(lambda: scenario_from(tables))
    text = None
    with suppress(TypeError, ValueError, AttributeError):
        text = tomli_w.dumps(tables).encode()
    if text is not None:
        path.write_bytes(text)
        assert found(lambda: read_scenario(path)) == direct
    return not direct
