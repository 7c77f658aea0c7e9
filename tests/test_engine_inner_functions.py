"""Functions that linked modules define alike are compiled once, those that differ in anything are not shared."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from errsurf.engine.inner_functions import _InnerLibrary
from errsurf.engine.link import Sources, linked

PAIR = 'Pair = namedtuple("Pair", "a b")\n'


@pytest.fixture(autouse=True)
def _nothing_is_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache of kernels without any."""
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path))


def module(name: str, body: str, *before: str) -> ModuleType:
    """A linked module whose kernel ``entry(x)`` calls ``outer(x)``, which calls ``inner(x)``, whose body is given."""
    inner = f"@inlined\ndef inner(x):\n    {body}\n"
    outer = "@inlined\ndef outer(x):\n    return inner(x) + x\n"
    entry = f"@kernel\ndef entry(x):\n    return outer(x) * {len(name)}\n"
    return linked(name, "float64", (*before, inner, outer, entry))


def test_functions_of_the_same_meaning_are_one_and_kernels_are_not() -> None:
    one, other = module("same", "return 2 * x"), module("equal", "return 2 * x")
    assert one.inner is other.inner
    assert one.outer is other.outer
    assert one.entry is not other.entry
    assert (one.entry(1.5), other.entry(1.5)) == (4 * 4.5, 5 * 4.5)
    assert len(one.outer.overloads) == 1


@pytest.mark.parametrize(
    ("body", "another"),
    [
        ("return 3 * x", "return 3.0 * x"),
        ("return x + 0.0", "return x + -0.0"),
        ("return x + 4", "return x - 4"),
        ("return math.sin(x)", "return math.cos(x)"),
    ],
)
def test_functions_that_differ_or_whose_functions_do_are_two(body: str, another: str) -> None:
    one, other = module("first", body), module("second", another)
    assert one.inner is not other.inner
    assert one.outer is not other.outer


def test_constants_and_named_tuples_of_a_module_count() -> None:
    body = "return Pair(x, SIZE).a + SIZE"
    three, four, again = (
        module(name, body, PAIR, f"SIZE = {size}\n") for name, size in [("three", 3), ("four", 4), ("again", 3)]
    )
    assert three.Pair is four.Pair is again.Pair
    assert three.inner is again.inner
    assert three.inner is not four.inner
    assert (three.entry(1.0), four.entry(1.0)) == (25.0, 24.0)


def test_names_of_attributes_that_are_those_of_functions_do_not_go_round_in_circles() -> None:
    parts = (
        'Kept = namedtuple("Kept", "inner outer")\n',
        "@inlined\ndef inner(x):\n    return Kept(x, x).outer + Kept(x, x).inner\n",
        "@inlined\ndef outer(x):\n    return inner(x) + Kept(x, x).outer\n",
        "@kernel\ndef entry(x):\n    return outer(x)\n",
    )
    assert linked("circle", "float64", parts).entry(2.0) == 6.0


def test_only_kernels_have_machine_code_and_numba_still_lets_a_library_be_given() -> None:
    made = module("code", "return 5 * x")
    assert made.entry(1.0) == 24.0

    def library(function: Any) -> Any:
        (compiled,) = function.overloads.values()
        return compiled.library

    where = "numba's inside has changed; errsurf.engine.inner_functions must follow it"
    assert isinstance(library(made.inner), _InnerLibrary), where
    assert not isinstance(library(made.entry), _InnerLibrary)
    assert _InnerLibrary.get_pointer_to_function(library(made.inner), "") == 0
    assert Sources().target.header.count("InnerCompiler") == 2
