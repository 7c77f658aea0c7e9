"""What `import errsurf` offers: every name with types and an example that runs, and nothing loaded too early."""

import inspect
from collections.abc import Iterator
from doctest import ELLIPSIS, DocTestFinder, DocTestRunner
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import errsurf
from errsurf import errors, optimizers, surfaces
from errsurf.records import listing
from errsurf.scenario import building
from errsurf.scenario.models import scenario_model
from helpers.command_line import process

NAMES = [name for name in errsurf.__all__ if name != "__version__"]


@pytest.fixture
def own_records(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Folders that a test adds to the records are taken out again: the names of cells depend on them."""
    monkeypatch.setattr(listing, "_added", {})
    for package in (optimizers, surfaces):
        monkeypatch.setattr(package, "__path__", list(package.__path__))
    yield
    monkeypatch.undo()
    for forget in listing._forget:
        forget()


@pytest.mark.usefixtures("own_records")
@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_every_name_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDL_VIDEODRIVER", "nosuch")
    (example,) = DocTestFinder(recurse=False).find(getattr(errsurf, name), name, globs={})
    assert example.examples
    said: list[str] = []
    assert DocTestRunner(optionflags=ELLIPSIS).run(example, out=said.append).failed == 0, "".join(said)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_type(name: str) -> None:
    for function in _functions(getattr(errsurf, name)):
        hints, known = get_type_hints(function), inspect.signature(function)
        assert "return" in hints, function
        untyped = {key for key, each in known.parameters.items() if each.annotation is each.empty}
        assert untyped <= {"self"}, function


def _functions(found: Any) -> Iterator[Any]:
    """A function, or the methods that a class of errsurf defines for its users."""
    if not inspect.isclass(found):
        yield found
        return
    for name, part in vars(found).items():
        part = part.fget if isinstance(part, property) else getattr(part, "func", part)
        if inspect.isfunction(part) and not name.startswith("_"):
            assert part.__doc__, part
            yield part


def test_every_error_is_public() -> None:
    found = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)}
    assert found <= set(errsurf.__all__)
    assert all(name in str(errors.__doc__) for name in found)


def test_dir_and_star_show_what_is_public_and_nothing_else() -> None:
    shown: dict[str, Any] = {}
    exec("from errsurf import *", shown)
    assert set(shown) - {"__builtins__"} == set(errsurf.__all__) == set(dir(errsurf))
    assert all(
        f"``{name}``" in str(errsurf.__doc__) for name in NAMES if not name.endswith("Error") and name != "Fault"
    )
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        errsurf.nosuch  # noqa: B018


def test_importing_is_quick_and_loads_nothing_that_is_heavy(tmp_path: Path) -> None:
    script = (
        "import sys, time; began = time.perf_counter(); import errsurf; print(time.perf_counter() - began); "
        "print({'numba', 'matplotlib', 'numpy', 'pydantic', 'pygame'} & set(sys.modules), errsurf.__version__)"
    )
    said = [process(folder=tmp_path, script=script).communicate() for _ in range(3)]
    assert min(float(out.split()[0]) for out, _ in said) < 0.1
    assert all((out.split()[1:], err) == (["set()", errsurf.__version__], "") for out, err in said)


def test_arguments_of_build_scenario_are_the_tables_of_a_file() -> None:
    parameters = inspect.signature(errsurf.build_scenario).parameters
    assert set(parameters) - {"folder", "name"} == set(scenario_model().model_fields)


@pytest.mark.parametrize(
    ("keys", "table"),
    [
        (building.SurfaceKeys, "surface"),
        (building.GroupKeys, "optimizer"),
        (building.SwarmKeys, "swarm"),
        (building.RunKeys, "run"),
    ],
)
def test_keys_that_editors_complete_are_keys_of_the_table(keys: Any, table: str) -> None:
    assert set(get_type_hints(keys)) <= _keys(scenario_model().model_fields[table].annotation)


def _keys(annotation: Any) -> set[str]:
    """Keys of all tables in an annotation."""
    if hasattr(annotation, "model_fields"):
        return set(annotation.model_fields)
    return set().union(*map(_keys, get_args(annotation)))
