"""Modules with the facts that a page needs with them; those of rules."""

from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from errsurf.engine.rule import Rule, constants_type, memory_rows
from errsurf.web import layout
from errsurf.web.rule_modules import rule_kernels, rule_make
from errsurf.web.sources import Make, Module
from errsurf.web.store import stored


class Part(NamedTuple):
    """A module, and facts that the page needs with it."""

    module: Module
    facts: Mapping[str, Any]


def rule_part(rule: Rule, precision: str, scratch: int = layout.SCRATCH_ROWS) -> Part:
    """The module of a rule; its gradient options are the page's, and it records nothing."""
    plain, module = _plain(rule), stored(*rule_source(rule, precision, scratch))
    first = layout.SCRATCH + scratch
    rows = {row: first + k for k, row in enumerate(memory_rows(plain))}
    rows |= {row: k for k, row in enumerate(layout.THETA)}
    facts = {
        "constants": sum((1 + rule.rate_each) * len(constants_type(part)._fields) for part in rule.parts),
        "memory": [first, len(memory_rows(plain))],
        "shown": [rows[row] for row in plain.shown],
        "normal": rule.optimizer.takes("normal"),
        "curvature": rule.optimizer.takes("curvature"),
    }
    return Part(module, facts)


@cache
def rule_source(rule: Rule, precision: str, scratch: int) -> tuple[ModuleType, Make]:
    """The linked sources of a rule, and what its module is made of."""
    kernels = rule_kernels("rule", _plain(rule), precision, scratch)
    return kernels, rule_make(kernels, precision)


def _plain(rule: Rule) -> Rule:
    return rule._replace(clip="", noise="", recorded=False)
