"""A test of the tests: whatever sign of a rule is turned round, the comparison of test_optimizers_torch.py fails."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from errsurf.optimizers import Optimizer, optimizer, optimizer_names
from errsurf.wrappers import wrapper_names
from helpers import optimizer_cases
from helpers.optimizer_cases import TOLERANCE, cases, rule_difference, wrapper_cases

LISTED = [name for name in optimizer_names() if cases(name)]
# A wrong sign that changes nothing: a positive factor of a mean of which only the sign counts, or only eigenvectors;
# the sign of what only counts by its size.
HARMLESS = {
    "signsgd": ["1 + s.momentum"],
    "soap": ["1 + s.shampoo_beta"],
    "prodigy": ["constants.beta3 * memory.s_x - weight * gx", "constants.beta3 * memory.s_y - weight * gy"],
}


class OneSign(ast.NodeTransformer):
    """Turns the plus or minus with this number round, leaving out what only pictures and messages use."""

    def __init__(self, number: int) -> None:
        self.number, self.seen, self.line = number, 0, ""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return (
            node
            if node.name in ("rate", "gradient_weight", "max_stable_sharpness", "stable_product", "fault")
            else self.generic_visit(node)
        )

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Sub):
            if self.seen == self.number:
                node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                self.line = ast.unparse(node)
            self.seen += 1
        return node


def broken(file: str) -> Iterator[tuple[str, Any]]:
    """Copies of a record's module, each with one sign turned round: the expression, and the record."""
    source = inspect.getsource(import_module(file))
    number = 0
    while True:
        wrong = OneSign(number)
        tree = ast.fix_missing_locations(wrong.visit(ast.parse(source)))
        if not wrong.line:
            return
        module = ModuleType(f"broken {file}")
        exec(compile(tree, f"<{file} with {wrong.line}>", "exec"), module.__dict__)
        yield wrong.line, module.RECORD
        number += 1


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_one_wrong_sign_is_seen(name: str) -> None:
    """The comparison with torch fails for every copy of the rule with one sign turned round."""
    unseen, count = [], 0
    for line, record in broken(f"errsurf.optimizers.{name}"):
        count += 1
        if not any(differs(record, case, updates) for updates in (10, 1000) for case in cases(name)):
            unseen.append(line)
    assert unseen == HARMLESS.get(name, [])
    assert count > 0
    assert not any(differs(optimizer(name), case, 100) for case in cases(name))


@pytest.mark.parametrize("name", [name for name in wrapper_names() if wrapper_cases(name)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_one_wrong_sign_of_a_wrapper_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [(optimizer(case.optimizer), case) for case in wrapper_cases(name)]
    unseen = []
    for line, record in broken(f"errsurf.wrappers.{name}"):
        monkeypatch.setattr(optimizer_cases, "wrapper", lambda _kind, broken=record: broken)
        if not any(differs(*run, updates) for updates in (10, 1000) for run in runs):
            unseen.append(line)
    assert unseen == []


def differs(record: Optimizer, case: Any, updates: int) -> bool:
    """Whether the comparison of test_optimizers_torch.py would fail."""
    try:
        return not rule_difference(record, case, updates) < TOLERANCE
    except (OverflowError, ZeroDivisionError):
        return True
