"""The formula box of a page that computes its run: which scenarios can have one, and what the page knows of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_type_hints

from errsurf.analysis.basin import basin_labels
from errsurf.analysis.critical import newton
from errsurf.drawing.history.contours import drawable, even_levels
from errsurf.drawing.page.fields import Field, field
from errsurf.sampling.philox import Stream
from errsurf.scenario.tables import GenericExamples
from errsurf.settings.bounds import EDGES, NARROWEST
from errsurf.surfaces import surface
from errsurf.surfaces.shared.examples import generic_examples
from errsurf.web.formulas import script

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

KIND = "expression"
WORKER = ("contours", "critical", "kinks", "own_surface")
"""Scripts of the worker of a page with a formula box."""
FORMULAS: tuple[Callable[..., Any], ...] = (
    generic_examples, drawable, even_levels, newton, basin_labels,
)  # fmt: skip
"""What these scripts ask of ``formulas``."""
EXAMPLES = ("tilt", "shift", "scale", "seed")


def can_have_box(scenario: "Scenario") -> bool:
    """Whether the surface is a formula of the two parameters alone, which another can replace."""
    chosen = scenario.surface
    return chosen.kind == KIND and surface(KIND, chosen.settings).examples is None


def worker_script() -> str:
    """The object ``ownFormula`` of a worker: formulas are read, derived and written as WebAssembly."""
    parts = "derived: derivedFormula, batches: formulaBatches, totals: formulaTotals"
    return _object(("formula", "formula_module"), parts)


def page_script() -> str:
    """The object ``ownFormula`` of a page: what is wrong with a formula."""
    return _object(("formula",), "fault: formulaFault")


def _object(scripts: Sequence[str], parts: str) -> str:
    return f"const ownFormula = (() => {{\n{''.join(map(script, scripts))}return {{ {parts} }};\n}})();\n"


def surface_fields(scenario: "Scenario") -> list[Field]:
    """The settings of the surface that its page can change, the formula first."""
    names = scenario.surface.settings.parameters
    words = f"a formula of {' and '.join(names)}"
    hints = get_type_hints(GenericExamples, include_extras=True)
    examples = [field(key, hints[key]) for key in EXAMPLES]
    return [
        {"key": "loss", "kind": "formula", "names": list(names), "means": "loss", "takes": words, "default": None},
        *(_edges(axis, words) for axis, words in (("x", "left and right edge"), ("y", "lower and upper edge"))),
        *(each | ({"kind": "number", "least": 0} if each["key"] == "shift" else {}) for each in examples),
    ]


def _edges(axis: str, words: str) -> Field:
    parts = [{"kind": "number"}, {"kind": "number"}]
    told = {"key": f"window.{axis}", "means": f"{words} of the map", "takes": EDGES, "default": None}
    return told | {"kind": "numbers", "parts": parts, "apart": NARROWEST}


def own_tables(tables: dict[str, Any]) -> dict[str, Any]:
    """The scenario's tables; test examples have what the training examples have unless it differs."""
    own = tables["surface"]
    test = {key: value for key, value in own["test"].items() if key == "examples" or value != own[key]}
    return tables | {"surface": own | {"test": test}}


def box_facts(scenario: "Scenario", told: Mapping[str, Any], presets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a page with a box is told in place of what others are, and besides."""
    formula = {"streams": {"train": Stream.TRAIN, "test": Stream.TEST}, "scale": scenario.picture.level_scale}
    return {
        "tables": own_tables(told["tables"]),
        "records": told["records"] | {"surface": surface_fields(scenario)},
        "formula": formula | {"presets": list(presets)},
    }
