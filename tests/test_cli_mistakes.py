"""Whatever is wrong: one clear line on stderr, exit code 2, nothing written."""

import pytest

from errsurf.scenario import bundled
from helpers.command_line import SMALL, CommandLine

REGRESSION = (
    '[surface]\nkind = "linear_regression"\ndata = "points.csv"\n[run]\nepochs = 1\n[[optimizer]]\nkind = "sgd"\n'
)

FILES = {
    "unknown key": (SMALL.replace("frames", "framez"), "run.framez", "did you mean `frames`"),
    "misspelled kind": (SMALL.replace('"saddle"', '"sadle"'), "surface.kind", "did you mean `saddle`"),
    "wrong type": (SMALL.replace("= 12", '= "12"'), "run.updates", "a whole number"),
    "out of range": (SMALL.replace("0.05", "-0.05"), "optimizer[1].lr = -0.05", "at least 0"),
    "no optimizer": (SMALL.partition("[[")[0], "optimizer: missing", "[[optimizer]]"),
    "two groups with one label": (
        SMALL + 'label = "a"\n[[optimizer]]\nkind = "adam"\nlabel = "a"\n',
        "optimizer[2].label",
        "label of its own",
    ),
    "epochs and updates": (SMALL.replace("frames", "epochs"), "run.updates = 12", "either `epochs` or `updates`"),
    "batch larger than N": (SMALL + "batch = 21\n", "optimizer[1].batch = 21", "from 1 to 20"),
    "broken TOML": ("[surface\n", "line 1", "not TOML"),
    "no data file": (REGRESSION, "surface.data", "no such file"),
}

CELLS = {"text": "input,target\n1,2\n2,hello\n", "NaN": "input,target\n1,2\n2,nan\n"}

LINES = {
    "missing file": (["run", "nothing.toml"], "no such file"),
    "near a bundled name": (["run", "sadle_escape"], "did you mean `saddle_escape`"),
    "a folder as scenario": (["run", "."], "is a folder"),
    "one bad file among several": (["run", "small.toml", "nothing.toml"], "no such file"),
    "the same name twice": (["run", "small.toml", "small.toml", "--out", "o"], "would both be written"),
    "--set without value": (["run", "small.toml", "--set", "seed"], "must look like KEY=VALUE"),
    "--set without key": (["check", "small.toml", "--set", "=1"], "must look like KEY=VALUE"),
    "--set of a group that there is not": (
        ["run", "small.toml", "--set", "optimizer[7].lr=1"],
        "optimizer[7].lr = 1: leads to no part of a list; allowed: numbers from 1 to 1 in brackets",
    ),
    "--set of nothing": (["run", "small.toml", "--set", "foo=1"], "leads to no key"),
    "--set of a key without its table": (["run", "small.toml", "--set", "lr=1"], "did you mean `optimizer.lr`"),
    "--set of a kind": (["run", "small.toml", "--set", "adam.lr=1"], "instead of the table: sgd, full batch"),
    "--set of an unknown key": (["run", "small.toml", "--set", "run.frame=1"], "did you mean `frames`"),
    "--particles 0": (["run", "small.toml", "--particles", "0"], "swarm.particles = 0"),
    "--particles text": (["run", "small.toml", "--particles", "x"], "'x' is not a valid integer"),
    "--seed -1": (["run", "small.toml", "--seed", "-1"], "seed = -1"),
    "--device": (["run", "small.toml", "--device", "gpu"], "'auto', 'cpu', 'cuda'"),
    "--device cuda": (["run", "small.toml", "--device", "cuda"], "run with --device cpu"),
    "--optimizers of a file": (
        ["run", "small.toml", "--optimizers", "small.toml"],
        "a file, not a folder; name",
    ),
    "an optimizer of somebody's own": (
        ["run", "small.toml", "--set", "optimizer.kind=zzyzx"],
        "not known; --optimizers DIR names the folder of one of your own",
    ),
    "--surfaces of no folder": (["run", "small.toml", "--surfaces", "no"], "no folder with .py files"),
    "no scenario": (["run"], "name scenarios, or give --all"),
    "misspelled command": (["rnu", "small.toml"], "did you mean `run`"),
    "misspelled option": (["run", "small.toml", "--quit"], "--quiet"),
    "unknown option of errsurf": (["--frobnicate"], "no such option '--frobnicate'"),
    "too much memory": (
        ["run", "small.toml", "--particles", "1000000000"],
        "lower swarm.particles (now 1,000,000,000)",
    ),
    "too many updates": (["run", "small.toml", "--set", "run.updates=1000000000"], "lower run.updates"),
    "too many examples": (["run", "small.toml", "--set", "surface.examples=1000000000"], "lower surface.examples"),
    "too much to check": (["check", "small.toml", "--particles=1"], "no such option '--particles"),
    "too large to check": (["check", "small.toml", "--set", "swarm.particles=1000000000"], "of memory"),
    "list of nothing": (["list", "optimisers"], "did you mean `optimizers`"),
    "list of an unknown name": (["list", "optimizers", "SDG"], "did you mean `sgd`"),
    "list of a name from elsewhere": (
        ["list", "optimizers", "momentum"],
        '`kind = "sgd", momentum = 0.9`',
    ),
    "list of a name without its kind": (["list", "warmup"], "did you mean `scenarios warmup`"),
    "list of three": (["list", "optimizers", "adam", "sgd"], "unexpected extra argument (sgd)"),
    "new without toml": (["new", "mine"], "such as mine.toml"),
    "new in no folder": (["new", "no/mine.toml"], "there is no folder no"),
    "new over an old file": (["new", "small.toml"], "small.toml exists"),
    "new from nothing": (["new", "mine.toml", "--from", "nothing"], "no such file"),
    "new of two": (["new", "mine.toml", "--formula", "x^2", "--surface", "wells"], "only one can be given"),
    "new from with optimizers": (["new", "a.toml", "--from", "wells", "--optimizers", "sgd"], "only one can be given"),
    "new of no surface": (["new", "mine.toml", "--surface", "rosenbrok"], "did you mean `rosenbrock`"),
    "new of no optimizer": (["new", "mine.toml", "--optimizers", "adamm"], "did you mean `adam`"),
    "new of a wrong formula": (["new", "mine.toml", "--formula", "x^2 +"], "ends where a number"),
    "new of no csv": (["new", "mine.toml", "--csv", "no.csv"], "no.csv: cannot be read"),
    "new of a csv elsewhere": (["new", "mine.toml", "--csv", "/etc/hosts"], "copy it to ."),
    "export of nothing": (["export", "nothing.toml", "a.gif"], "no such file"),
    "export nowhere": (["export", "small.toml"], "missing argument 'OUTPUT...'"),
    "export to a strange suffix": (["export", "small.toml", "a.jpg"], "a.jpg: unknown suffix; allowed: .apng, .gif, "),
    "export to no folder": (["export", "small.toml", "no/a.gif"], "there is no folder no"),
    "export over an old file": (["export", "small.toml", "old.png"], "old.png exists"),
}


def assert_mistake(errsurf: CommandLine, code: int, *words: str) -> None:
    """One line on stderr with these words, nothing on stdout, no new file."""
    assert code == 2
    assert errsurf.out == ""
    assert errsurf.err.startswith("errsurf: ")
    assert errsurf.err.count("\n") == 1
    for word in words:
        assert word in errsurf.err
    assert errsurf.names() <= {"small.toml", "old.png", "points.csv", "in_the_way", "kept"}


@pytest.mark.parametrize("name", FILES)
def test_faulty_file(errsurf: CommandLine, name: str) -> None:
    text, *words = FILES[name]
    for command in ("run", "check"):
        assert_mistake(errsurf, errsurf(command, errsurf.file(text)), "small.toml: ", *words)


@pytest.mark.parametrize("name", CELLS)
def test_faulty_table(errsurf: CommandLine, name: str) -> None:
    errsurf.file(CELLS[name], "points.csv")
    assert_mistake(errsurf, errsurf("run", errsurf.file(REGRESSION)), "points.csv, line 3, column `target`")


@pytest.mark.parametrize("name", LINES)
def test_faulty_line(errsurf: CommandLine, name: str) -> None:
    errsurf.file()
    errsurf.file("", "old.png")
    arguments, word = LINES[name]
    assert_mistake(errsurf, errsurf(*arguments), word)


def test_a_result_folder_is_no_scenario_but_holds_one(errsurf: CommandLine) -> None:
    (errsurf.folder / "kept").mkdir()
    errsurf.file(name="kept/scenario.toml")
    assert_mistake(errsurf, errsurf("run", "kept"), "is a folder", "did you mean `kept/scenario.toml`")


@pytest.mark.parametrize(
    ("out", "word"),
    [
        ("in_the_way", "in_the_way is a file"),
        ("in_the_way/deep/new", "in_the_way is a file"),
        ("kept", "is not a result folder"),
        (".", "is the working folder"),
        ("..", "is the working folder or above it"),
        ("", "is the working folder"),
        ("a" * 300, "too long"),
    ],
)
def test_folder_that_cannot_be_made(errsurf: CommandLine, out: str, word: str) -> None:
    errsurf.file("", "in_the_way")
    (errsurf.folder / "kept").mkdir()
    errsurf.file("mine", "kept/notes.txt")
    for more in ((), ("--force",)):
        code = errsurf("run", errsurf.file(), "--out", out, *more)
        assert_mistake(errsurf, code, word, "name another folder with --out")
    assert (errsurf.folder / "kept/notes.txt").read_text(encoding="utf-8") == "mine"


def test_folder_that_cannot_be_written(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    for arguments in (["run", errsurf.file()], ["new", "mine.toml"], ["export", "small.toml", "a.gif"]):
        assert_mistake(errsurf, errsurf(*arguments), "cannot be written")


def test_faults_of_all_files_are_told(errsurf: CommandLine) -> None:
    good, bad = errsurf.file(), errsurf.file(SMALL.replace("frames", "framez"), "bad.toml")
    assert errsurf("check", bad, good, "nothing.toml") == 2
    assert errsurf.out.startswith(f"{good}: good; 1 group of 16 particles, ")
    assert [line.split(": ")[0] for line in errsurf.err.splitlines()] == ["errsurf", "errsurf"]
    assert "framez" in errsurf.err
    assert "nothing.toml" in errsurf.err


def test_names_are_shown_with_what_there_is(errsurf: CommandLine) -> None:
    errsurf("run", "zzzz")
    assert "`errsurf list scenarios`" in errsurf.err
    assert errsurf("list", "scenarios") == 0
    assert all(name in errsurf.out for name in bundled())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "small.toml", "--beta1", "0.9"], "did you mean `--set 'optimizer.betas=[0.9, 0.999]'`?"),
        (["run", "small.toml", "--momentum", "0.9"], "did you mean `--set optimizer.momentum=...`?"),
        (
            ["export", "small.toml", "a.png", "--size", "50%"],
            "--size 50%: a size is in pixels; 50% of 960x540 is 480x270",
        ),
        (["check", "small.toml", "--set", "swarm.particle=5"], "did you mean `particles`?"),
        (["check", "small.toml", "--set", "optimizer.kind=adma"], "did you mean `adam`?"),
    ],
)
def test_a_hint_is_what_is_meant(errsurf: CommandLine, arguments: list[str], words: str) -> None:
    errsurf.file()
    assert errsurf(*arguments) == 2
    assert words in errsurf.err
