"""Words that people bring from other programs: each is answered with what a scenario file says instead."""

from pathlib import Path

import pytest

from errsurf import ScenarioError, read_scenario

FILE = """[surface]
kind = "wells"
[swarm]
particles = 5
[run]
epochs = 3
[[optimizer]]
kind = "sgd"
lr = 0.1
"""
ANSWERS = {
    "momentum": ('"sgd"', '"momentum"', 'kind = "sgd", momentum = 0.9'),
    "nesterov": ('"sgd"', '"Nesterov"', 'kind = "sgd", momentum = 0.9, nesterov = true'),
    "gradient descent": ('"sgd"', '"gradient descent"', 'kind = "sgd", batch = "full"'),
    "sphere": ('"wells"', '"sphere"', 'kind = "quadratic_bowl"'),
    "alpha": ('"sgd"\nlr', '"adam"\nalpha', "lr"),
    "beta1": ('"sgd"\nlr = 0.1', '"adam"\nbeta1 = 0.8', "betas = [0.9, 0.999]"),
    "steps": ("epochs", "steps", "updates"),
    "iterations": ("epochs", "iterations", "updates"),
    "learning_rate": ("lr", "learning_rate", "lr"),
    "batch_size": ("lr = 0.1", "batch_size = 4", "batch"),
    "all": ("lr = 0.1", 'batch = "all"', '"full"'),
    "leading zero": ("epochs = 3", 'epochs = "03"', "3"),
    "100 updates": ("epochs = 3", 'updates = "100 updates"', "100"),
    "number as text": ("lr = 0.1", 'lr = "0.1"', "0.1"),
    "ln": ('"wells"', '"expression"\nloss = "ln(x^2 + 1) + y^2"', "log"),
    "sigmoid": ('"wells"', '"expression"\nloss = "sigmoid(x) + y^2"', "1 / (1 + exp(-u))"),
    "no quotes": ('"wells"', "wells", 'kind = "wells"'),
    "curly quotes": ('"wells"', "\u201cwells\u201d", 'kind = "wells"'),
    "decimal comma": ("0.1", "0,1", "lr = 0.1"),
    "no zero": ("0.1", ".1", "lr = 0.1"),
    "no digit": ("0.1", "1.", "lr = 1.0"),
    "parentheses": ('"sgd"\nlr = 0.1', '"adam"\nbetas = (0.9, 0.99)', "betas = [0.9, 0.99]"),
    "True": ("lr = 0.1", "momentum = 0.9\nnesterov = True", "nesterov = true"),
    "colon": ("lr = 0.1", "lr: 0.1", "lr = 0.1"),
    "a number for a name": ("particles = 5", 'start = "5"', ""),
    "nothing near": ('"wells"', '"xqzzz"', ""),
}


def faults(text: str, folder: Path) -> ScenarioError:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    return caught.value


@pytest.mark.parametrize("name", ANSWERS)
def test_a_word_from_elsewhere_is_answered(name: str, tmp_path: Path) -> None:
    given, instead, meant = ANSWERS[name]
    (fault,) = faults(FILE.replace(given, instead, 1), tmp_path).faults
    assert fault.nearest == meant
    assert fault.line is not None


def test_all_slips_are_said_at_once(tmp_path: Path) -> None:
    text = FILE.replace('"wells"', "wells").replace("0.1", "0,1").replace("epochs =", "epochs:")
    assert [fault.line for fault in faults(text, tmp_path).faults] == [2, 6, 9]


WRONG: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "one bracket": ("[[optimizer]]", "[optimizer]", "line 7: optimizer", ("[[optimizer]]", "two brackets")),
    "plural": ("[[optimizer]]", "[[optimizers]]", "line 7: optimizers", ("unknown key", "`optimizer`")),
    "no kind": ('kind = "wells"\n', "", "line 1: surface.kind", ("missing", "himmelblau")),
    "no length": ("epochs = 3\n", "", "line 5: run", ("needs a length", "`epochs` or `updates`")),
    "two lengths": ("epochs = 3", "epochs = 3\nupdates = 5", "line 7: run.updates = 5", ("one length", "either")),
    "batch 0": ("lr = 0.1", "lr = 0.1\nbatch = 0", "line 10: optimizer[1].batch = 0", ("out of range", "from 1 to")),
    "large batch": ("lr = 0.1", "lr = 0.1\nbatch = 99", "line 10: optimizer[1].batch = 99", ("from 1 to 20", '"full"')),
    "batch 4.0": ("lr = 0.1", "lr = 0.1\nbatch = 4.0", "line 10: optimizer[1].batch = 4.0", ("wrong type", "`4`")),
    "epochs 1e3": ("epochs = 3", "epochs = 1e3", "line 6: run.epochs = 1000.0", ("a whole number", "`1000`")),
    "epochs 2.5": ("epochs = 3", "epochs = 2.5", "line 6: run.epochs = 2.5", ("a whole number from 1",)),
    "lr below 0": ("lr = 0.1", "lr = -0.1", "line 9: optimizer[1].lr = -0.1", ("out of range", "at least 0")),
    "lr nan": ("lr = 0.1", "lr = nan", "line 9: optimizer[1].lr = nan", ("not possible", "a number")),
    "three lr": ("lr = 0.1", "lr = [1, 2, 3]", "line 9: optimizer[1].lr", ("--set optimizer.lr=1,2,3",)),
    "lr as text": ("lr = 0.1", 'lr = "1e-3"', "line 9: optimizer[1].lr", ("wrong type", "`1e-3`")),
    "camel case": ("lr = 0.1", "learningRate = 0.1", "line 9: optimizer[1].learningRate", ("unknown", "`lr`")),
    "hyphen": ("lr = 0.1", "weight-decay = 0.1", "line 9: optimizer[1].weight-decay", ("`weight_decay`",)),
    "lr_schedule": ("lr = 0.1", 'lr_schedule = "cosine"', "line 9: optimizer[1].lr_schedule", ("`schedule`",)),
    "cosine decay": ("lr = 0.1", 'schedule = "cosine decay"', "line 9: optimizer[1].schedule", ("`cosine`",)),
    "capitals": ('"sgd"', '"SGD"', "line 8: optimizer[1].kind", ("not known", "`sgd`")),
    "a letter less": ('"sgd"', '"adm"', "line 8: optimizer[1].kind", ("not known", "`adam`")),
    "a word more": ('"wells"', '"Rosenbrock function"', "line 2: surface.kind", ("`rosenbrock`",)),
    "one number for a point": ("particles = 5", "at = 1", "line 4: swarm.at = 1", ("a list of 2",)),
    "three numbers for a point": ("particles = 5", "at = [1, 2, 3]", "line 4: swarm.at", ("a list of 2",)),
    "no particles": ("particles = 5", "particles = 0", "line 4: swarm.particles = 0", ("from 1 to",)),
    "gaussian": ("particles = 5", 'start = "gaussian"', "line 4: swarm.start", ('`start = "cloud"`',)),
    "double": ("epochs = 3", 'epochs = 3\nprecision = "double"', "line 7: run.precision", ('`"float64"`',)),
    "64": ("epochs = 3", "epochs = 3\nprecision = 64", "line 7: run.precision = 64", ('`"float64"`',)),
    "seed -1": ("[surface]", "seed = -1\n[surface]", "line 1: seed = -1", ("from 0 to",)),
    "key twice": ("epochs = 3", "epochs = 3\nepochs = 4", "line 7", ("column 11: this key is given twice",)),
    "table twice": ("[run]", "[swarm]", "line 5", ("twice", "[swarm]")),
    "open quotation": ('"wells"', '"wells', "line 2", ('`kind = "wells"`',)),
    "single curly quotes": ('"wells"', "\u2018wells\u2019", "line 2", ('`kind = "wells"`',)),
    "full-width equals": ("lr = 0.1", "lr \uff1d 0.1", "line 9", ("`lr = 0.1`",)),
    "full-width comma": ("lr = 0.1", "lr = 0.1\uff0c", "line 9", ("`lr = 0.1`",)),
    "semicolon": ("lr = 0.1", "lr = 0.1;", "line 9", ("`lr = 0.1`",)),
    "comma at the end": ("lr = 0.1", "lr = 0.1,", "line 9", ("`lr = 0.1`",)),
    "comment of C": ("lr = 0.1", "lr = 0.1 // rate", "line 9", ("`lr = 0.1 # rate`",)),
    "comment of MATLAB": ("lr = 0.1", "lr = 0.1 % rate", "line 9", ("`lr = 0.1 # rate`",)),
    "two equals": ("lr = 0.1", "lr == 0.1", "line 9", ("`lr = 0.1`",)),
    "no equals": ("lr = 0.1", "lr 0.1", "line 9", ("`lr = 0.1`",)),
    "a fraction": ("lr = 0.1", "lr = 1/10", "line 9", ("`lr = 0.1`",)),
    "a share": ("lr = 0.1", 'lr = "10%"', "line 9: optimizer[1].lr", ("`0.1`",)),
    "percent": ("lr = 0.1", "lr = 2.5%", "line 9", ("`lr = 0.025`",)),
    "a power": ("lr = 0.1", "lr = 1^-3", "line 9", ("`lr = 1e-3`",)),
    "a power of ten": ("lr = 0.1", "lr = 10**-3", "line 9", ("`lr = 1e-3`",)),
    "a multiple of a power": ("lr = 0.1", "lr = 2.5 * 10^-3", "line 9", ("`lr = 2.5e-3`",)),
    "None": ("lr = 0.1", "lr = 0.1\nclip = None", "line 10", ("`# clip = None`",)),
    "yes": ("lr = 0.1", "lr = 0.1\nnesterov = yes", "line 10", ("`nesterov = true`",)),
    "JSON": ("lr = 0.1", 'schedule = {decay: "cosine"}', "line 9", ('`schedule = {decay = "cosine"}`',)),
    "thousands": ("particles = 5", "particles = 1,000", "line 4", ("`particles = 1000`",)),
    "2x": ('"wells"', '"expression"\nloss = "2x + y^2"', "line 3: surface.loss", ("column 2", "operator", "*")),
    "superscript": ('"wells"', '"expression"\nloss = "x² + y"', "line 3: surface.loss", ("column 2", "`^2`")),
    "sin x": ('"wells"', '"expression"\nloss = "sin(x) + sin y"', "line 3", ("column 10", "sin(...)")),
    "attribute": ('"wells"', '"expression"\nloss = "y + np.exp(x)"', "line 3", ("column 5", "no name `np`")),
    "comma in a formula": ('"wells"', '"expression"\nloss = "0,5*x^2 + y"', "line 3", ("column 2", "0.5")),
    "relu": ('"wells"', '"expression"\nloss = "relu(x) + y"', "line 3", ("column 1", "`max(u, 0)`")),
    "bars": ('"wells"', '"expression"\nloss = "|x| + y"', "line 3", ("column 1", "abs(...)")),
    "equation": ('"wells"', '"expression"\nloss = "y = x^2"', "line 3", ("column 3", "without `=`")),
    "open bracket": ('"wells"', '"expression"\nloss = "(x + 1^2"', "line 3", ("column 1", "never closed")),
    "no such file": ('"wells"', '"linear_regression"\ndata = "a.csv"', "line 3: surface.data", ("no such file",)),
    "file elsewhere": ('"wells"', '"linear_regression"\ndata = "../a.csv"', "line 3: surface.data", ("without ..",)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_input_is_answered_with_place_reason_and_way_out(name: str, tmp_path: Path) -> None:
    given, instead, place, words = WRONG[name]
    text = FILE.replace(given, instead, 1)
    assert text != FILE
    said = str(faults(text, tmp_path))
    (line,) = [part for part in said.splitlines() if place in part and words[0] in part][:1]
    assert all(word in line for word in words)


@pytest.mark.parametrize("name", ["nothing near", "a number for a name"])
def test_no_name_is_offered_where_nothing_is_near(name: str, tmp_path: Path) -> None:
    given, instead, _ = ANSWERS[name]
    assert "did you mean" not in str(faults(FILE.replace(given, instead, 1), tmp_path))


def test_faults_behind_a_slip_are_said_too(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("input,target\n1,x\n", encoding="utf-8")
    text = FILE.replace('"wells"', 'linear_regression\ndata = "points.csv"').replace(
        "epochs = 3", "epochs = 3\nepochs = 4"
    )
    text = text.replace("0.1", "-0,1").replace("particles", "partikles")
    found = [(fault.line, fault.key) for fault in faults(text, tmp_path).faults]
    assert found == [
        (2, ""),
        (3, "surface.data"),
        (5, "swarm.partikles"),
        (8, ""),
        (11, ""),
        (11, "optimizer[1].lr"),
    ]
