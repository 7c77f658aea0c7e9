"""The modules of rules: the loop of updates, with a rule and its wrappers."""

from typing import Any

from numba import from_dtype, int64
from numba.core import types
from numpy import dtype

from errsurf.engine import templates
from errsurf.engine.group_plan import VECTOR
from errsurf.engine.kernel_sources import EVERY_BIT, LANES, add_row_sums, gradient_evaluations
from errsurf.engine.link import Sources, linked
from errsurf.engine.rule import Rule, memory_rows
from errsurf.engine.rule_sources import add_rule, summed
from errsurf.settings.gradient_options import Numbers
from errsurf.web import layout, rule_templates
from errsurf.web.calls import IMPORTS
from errsurf.web.layout import SUMS
from errsurf.web.sources import Export, Make
from errsurf.web.target import BROWSER

OUTLINED = ("prepared_update",)
BOTH = {"begin": "begin_all", "add": "add_all", "scaled": "scaled_all"}
# Regions are watched by engine.js: the same module serves runs with and without them.
OTHER = {
    "sum_batch": "summed_batch",
    "load_options": "options_row",
    "load_terms": "own_terms",
    "apply_update": "prepared_update",
    "record_parts": "no_parts",
    "observe": "",
    "hold_table": "",
}


def rule_kernels(name: str, rule: Rule, precision: str, scratch: int) -> Any:
    """Module with ``updates`` and, for matched noise, ``matched_updates``, which average all sums."""
    sources = Sources(BROWSER)
    shown = [_row(rule, name, scratch) for name in rule.shown]
    sources.add(
        "LANES",
        layout.constants(scratch)
        + f"EVALUATIONS = {gradient_evaluations(rule.optimizer)}\nOPTIONS = {len(Numbers._fields)}\nWHOLE = {-VECTOR}\n"
        + f"SHOWN_X, SHOWN_Y = {shown[0] * LANES}, {shown[1] * LANES}\n",
    )
    add_row_sums(sources, summed(rule))
    add_row_sums(sources, SUMS, "_all")
    add_rule(sources, rule, precision)
    for part in (templates.apply_update, templates.record_position):
        sources.add_plain(part)
    for part_name in (*filter(None, OTHER.values()), "at_theta"):
        decorator = "called" if part_name in OUTLINED else "inlined"
        sources.add_plain(getattr(rule_templates, part_name), decorator)
    renamed = OTHER | EVERY_BIT | ({} if rule.optimizer.probe else {"place": "at_theta"})
    sources.add_plain(templates.updates, "kernel", "updates", renamed)
    sources.add_plain(templates.updates, "kernel", "matched_updates", renamed | BOTH)
    return linked(name, precision, tuple(sources.values()), BROWSER)


def _row(rule: Rule, name: str, scratch: int) -> int:
    """The row of theta or of a memory."""
    if name in layout.THETA:
        return layout.THETA.index(name)
    return layout.SCRATCH + scratch + memory_rows(rule).index(name)


def rule_make(kernels: Any, precision: str) -> Make:
    """How a rule's module is made."""
    real = from_dtype(dtype(precision))
    row, numbers = _array(real, 1), _array(int64, 1)
    arguments = (
        ("s", row),
        ("width", int64),
        ("index", int64),
        ("particle", int64),
        ("table", int64),
        ("terms_table", int64),
        ("batch_of", numbers),
        ("slot_of", numbers),
        ("weight", row),
        ("constants", _array(real, 2)),
        ("settings_row", row),
        ("normal", _array(real, 3)),
        ("frame_at", numbers),
        ("frames", _array(real, 3)),
        ("watched", int64),
        ("parts", row),
    )
    exports = (Export(name, getattr(kernels, name), arguments) for name in ("updates", "matched_updates"))
    return Make(tuple(exports), IMPORTS, OUTLINED)


def _array(kind: Any, axes: int) -> Any:
    return types.Array(kind, axes, "C")
