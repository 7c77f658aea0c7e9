"""docs/adding_an_optimizer.md: its listing, as a file of its own, is an optimizer and does what its formula says."""

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf.engine import group_plan
from errsurf.engine.link import KNOWN
from errsurf.optimizers import Optimizer
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import run
from helpers.optimizer_cases import all_step_constants, case_problem, first_memory

PAGE = Path(__file__).parents[1] / "docs" / "adding_an_optimizer.md"
UPDATES = 60
SETTINGS = ({}, {"lr": 0.3, "momentum": 0.5, "nu": 1.0}, {"lr": 0.1, "momentum": 0.99, "nu": 0.25}, {"nu": 0.0})


def listing() -> str:
    """The page's only listing."""
    (found,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Optimizer:
    """The listing's record, loaded from a file in a folder of the user's."""
    file = tmp_path / "qhm.py"
    file.write_text(listing(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("qhm", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "qhm", module)
    spec.loader.exec_module(module)
    assert isinstance(module.RECORD, Optimizer)
    return module.RECORD


def closed_form(settings: Any, theta: float, slope: float) -> NDArray[np.float64]:
    """Theta after each update under a constant gradient, as the page says for a gradient of 1."""
    t = np.arange(1, UPDATES + 1)
    lag = settings.nu * settings.momentum * (1 - settings.momentum**t) / (1 - settings.momentum)
    return np.asarray(theta - settings.lr * slope * (t - lag))


def test_the_listing_is_short() -> None:
    code = [line for line in listing().splitlines() if line.strip()]
    assert len(code) < 40


@pytest.mark.parametrize("chosen", SETTINGS)
def test_the_rule_follows_the_closed_form(record: Optimizer, chosen: dict[str, float]) -> None:
    settings = record.settings(**chosen)
    theta, memory, path = 0.7, first_memory(record, settings), []
    for constants in all_step_constants(record, np.full(UPDATES, settings.lr), settings):
        theta, memory = record.update(theta, -1.5, memory, constants, settings)
        path.append(theta)
    np.testing.assert_allclose(path, closed_form(settings, 0.7, -1.5), rtol=1e-13)


def test_the_kernel_follows_the_closed_form(record: Optimizer) -> None:
    """On a plane, which is the bowl times 0 plus a tilt, both parameters have a constant gradient."""
    plane = np.array([[0.1, 0.2, 0.0, -2.0, 0.25], [0.0, 0.1, 0.0, -1.0, 0.75]])
    problem = case_problem("quadratic_bowl")._replace(train=plane)
    with patch.object(group_plan, "optimizer", lambda _name: record):
        for chosen in SETTINGS:
            settings = record.settings(**chosen)
            path, _ = run(
                problem,
                "qhm",
                settings,
                BatchPlan(2, 2),
                updates=UPDATES,
                particles=1,
                lr=np.full(UPDATES, settings.lr),
                theta=np.array([[0.7, -0.2]]),
            )
            np.testing.assert_allclose(path[:, 0, 0], closed_form(settings, 0.7, -1.5), rtol=1e-12)
            np.testing.assert_allclose(path[:, 0, 1], closed_form(settings, -0.2, 0.5), rtol=1e-12)


def test_the_page_names_all_functions_that_formulas_may_call() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## What `update` may do")[2].partition("## ")[0]
    assert [name for name in re.findall(r"\w+", KNOWN) if name != "and" and not re.search(rf"\b{name}\b", page)] == []
