"""How the source is built: which package may import which, and how long files are."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from errsurf.engine.size import check_size
from errsurf.scenario import bundled, read_scenario

ROOT = Path(__file__).parents[1]
FOLDERS = ("surfaces", "simulator", "gpu", "web", "scenarios")
SOURCES = [file for package in FOLDERS for file in (ROOT / package).rglob("*.py")]
MAX_LINES = 300
ASKS_FOR_GPU = {"simulator/run/device.py", "simulator/cli/doctor_command.py"}


def test_imports_point_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_gpu_is_imported_only_inside_functions_that_ask_for_a_device() -> None:
    asked: set[str] = set()
    for file in SOURCES:
        name = file.relative_to(ROOT).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        inside = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
        }
        for node in ast.walk(tree):
            if name.startswith("simulator/") and any(
                f"{module}.".startswith("errsurf.gpu.") for module in _modules(node)
            ):
                asked.add(name)
                assert name in ASKS_FOR_GPU, f"{name}:{node.lineno}"
                assert id(node) in inside, f"{name}:{node.lineno}"
    assert asked == ASKS_FOR_GPU


def _modules(node: ast.AST) -> set[str]:
    """The modules that a statement imports, or imports names from."""
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    if isinstance(node, ast.ImportFrom):
        return {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    return set()


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_files_are_short_and_finished(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES
    assert not any(word in text for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X"))
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_fit_and_have_texts(name: str) -> None:
    """test_bundled_claims.py runs them."""
    scenario = read_scenario(name)
    check_size(scenario, ROOT)
    assert scenario.title
    assert scenario.about
    assert scenario.output["gif"] == f"{name}.gif"
