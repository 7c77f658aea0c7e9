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
    "True": ("lr = 0.1", "nesterov = True", "nesterov = true"),
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
