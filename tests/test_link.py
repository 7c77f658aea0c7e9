"""Linking: the precision of numbers, names that clash or are unknown, and a cache that is never stale."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from errsurf.engine import link
from errsurf.engine.kernel_sources import Shape, update_kernels
from errsurf.engine.link import Sources, linked
from errsurf.engine.random_lanes import Order, fill_order
from errsurf.engine.rule import Rule
from errsurf.errors import RecordError
from errsurf.optimizers import optimizer
from errsurf.surfaces import surface
from helpers.engine_cases import example_problem
from helpers.machine_code import function as function_lines

HALF = 0.5


class Row(NamedTuple):
    a: float = 1.0


def unknown_function(x: Any, y: Any, _row: Row) -> Any:
    return np.tanh(x), y


def unknown_name(x: Any, y: Any, _row: Row) -> Any:
    return undefined_helper(x), y  # type: ignore[name-defined]  # noqa: F821


def numbers(x: Any, y: Any, _row: Row) -> Any:
    return 0.1 * x + HALF * y**2 - 3 * x**3 + helped(x), y / 3


def helped(x: Any, by: float = 0.7) -> Any:
    return 2.5 * x if x > 1.5 else by


def unrolled(x: Any, y: Any, _row: Row) -> Any:
    for _ in range(3):
        x = 0.1 + 0.3 * x
    return x, y


def counted(x: Any, y: Any, _row: Row) -> Any:
    for k in range(3):
        x = x + 0.1 * k
    return x, y


def powers(x: Any, y: Any, _row: Row) -> Any:
    return x**2 + x**3 + x**4 + x**5 + x**7 + x**16, y


def linked_function(function: Callable[..., Any], precision: str) -> Any:
    """A gradient formula as a compiled function of x, y and a tuple."""
    parts = Sources()
    parts.add_formula(function, "gradient", precision)
    parts.add("entry", "@njit\ndef entry(x, y, e):\n    return gradient(x, y, e)\n")
    return linked("formula", precision, tuple(parts.values())).entry


def changed(record: Any, **parts: Any) -> Any:
    from dataclasses import replace

    return replace(record, **parts)


@pytest.mark.parametrize("function", [numbers, unrolled], ids=lambda f: f.__name__)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_numbers_of_a_formula_have_the_kernels_precision(function: Callable[..., Any], precision: str) -> None:
    import numba

    real = getattr(numba, precision)
    gradient = linked_function(function, precision)
    gradient.compile((real, real, numba.typeof(Row(real(1)))))
    (overload,) = gradient.overloads.values()
    assert set(overload.signature.return_type) == {real}
    if precision == "float32":
        assert not re.search(r"\bdouble\b", "\n".join(function_lines(overload.library.get_llvm_str(), "entry")))
    got = gradient(real(0.3), real(-1.7), Row(1.0))
    np.testing.assert_allclose(got, function(0.3, -1.7, Row(1.0)), rtol=4 * float(np.finfo(precision).eps))


def test_powers_are_products() -> None:
    x = 1.37
    got, _ = linked_function(powers, "float64")(x, 0.0, Row())
    assert got == pytest.approx(powers(x, 0.0, Row())[0], rel=1e-14)


@pytest.mark.parametrize(
    ("function", "name"), [(unknown_function, "np"), (unknown_name, "undefined_helper"), (counted, "range")]
)
def test_an_unknown_name_is_named(function: Callable[..., Any], name: str) -> None:
    record = changed(surface("saddle"), gradient=function, row=Row)
    with pytest.raises(RecordError, match=f"`{name}`") as caught:
        update_kernels("x", record, Rule(optimizer("sgd")), "float32", Shape(1, (3, 4)))
    assert function.__name__ in str(caught.value)


def module_with(folder: Path, name: str, text: str) -> Any:
    import importlib.util

    file = folder / f"{name}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GRADIENT = "def helper(x):\n    return {0} * x\ndef gradient(x, y, s):\n    return helper(x), y\n"
UPDATE = (
    "def helper(x):\n    return {0} * x\n"
    "def update(theta, gradient, memory, constants, s):\n    return theta - constants.lr * helper(gradient), memory\n"
)


def test_two_helpers_of_one_name_are_refused_unless_they_are_the_same(tmp_path: Path) -> None:
    rule = changed(optimizer("adagrad"), update=module_with(tmp_path, "rule", UPDATE.format(2)).update)
    other = module_with(tmp_path, "other", GRADIENT.format(3)).gradient
    same = module_with(tmp_path, "same", GRADIENT.format(2)).gradient
    with pytest.raises(RecordError, match="`helper`"):
        update_kernels("x", changed(surface("saddle"), gradient=other), Rule(rule), "float32", Shape(1, ()))
    update_kernels("x", changed(surface("saddle"), gradient=same), Rule(rule), "float32", Shape(1, ()))


class Constants(NamedTuple):
    lr: float


def test_a_rule_may_call_its_memory_by_any_name(tmp_path: Path) -> None:
    text = (
        "from typing import NamedTuple, Any\n"
        "class Buffer(NamedTuple):\n    b: float = 0.0\n"
        "def update(theta, gradient, memory, constants, s):\n"
        "    b = memory.b + gradient\n"
        "    return theta - constants.lr * b, Buffer(b)\n"
    )
    module = module_with(tmp_path, "buffered", text)
    rule = changed(optimizer("adagrad"), update=module.update, memory=module.Buffer, start=None)
    problem = example_problem("quadratic_bowl", 4)
    kernels = update_kernels("buffered", problem.surface, Rule(rule), "float64", Shape(1, ()))
    assert kernels.Memory._fields == ("b",)
    assert kernels.update.py_func(1.0, 2.0, kernels.Memory(3.0), Constants(0.5), None) == (-1.5, (5.0,))


def test_an_edited_formula_is_another_module(tmp_path: Path) -> None:
    names = set()
    for factor in ("2.0", "3.0"):
        gradient = module_with(tmp_path, f"edited_{factor[0]}", GRADIENT.format(factor)).gradient
        record = changed(surface("saddle"), gradient=gradient)
        names.add(update_kernels("x", record, Rule(optimizer("sgd")), "float32", Shape(1, ())).__name__)
        names.add(update_kernels("x", record, Rule(optimizer("sgd")), "float64", Shape(1, ())).__name__)
    assert len(names) == 4


SCRIPT = """
import numpy as np
from errsurf.engine.random_lanes import Order, fill_order
index = np.empty((40, 4), np.uint8)
fill_order(Order("reshuffle", 20, 7), index, 0, 0)
print(index.tobytes().hex())
"""


@pytest.mark.parametrize("place", ["below a file", "read only"])
def test_without_a_cache_folder_kernels_work_from_memory(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "cache"
    if place == "below a file":
        folder.write_text("not a folder")
        folder = folder / "kernels"
    else:
        folder.mkdir(mode=0o555)
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write anywhere")
    environment = os.environ | {"ERRSURF_CACHE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    index = np.empty((40, 4), np.uint8)
    fill_order(Order("reshuffle", 20, 7), index, 0, 0)
    assert bytes.fromhex(done.stdout) == index.tobytes()


def test_two_threads_may_link_one_kernel_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They get one module, and it comes from the cache folder."""
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep

    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path))
    write_whole = link.whole_file

    def written_slowly(path: Path) -> Any:
        sleep(0.2)
        return write_whole(path)

    monkeypatch.setattr(link, "whole_file", written_slowly)
    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(linked, "race", "float64", ("value = 5\n",)) for _ in range(2)]
        first, second = (task.result() for task in tasks)
    assert first is second
    assert Path(getattr(first, "__file__", "in memory")).parent == tmp_path / "kernels"


def test_the_cache_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path / "a" / "b"))
    linked("chosen", "float64", ("value = 3\n",))
    files = (tmp_path / "a" / "b" / "kernels").glob("errsurf_chosen_float64_*")
    assert {file.suffix for file in files} == {".py", ".code"}
