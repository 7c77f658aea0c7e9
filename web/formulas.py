"""The formulas of records as one JavaScript text: rates, starts, constants of rules and statistics, for a page.

The text defines ``elementary``, ``np``, ``formulas`` and the functions of ``formulas.js``.  It needs no network, no
``eval`` and no module loader: in a page, in a worker and in node it is read the same way.

    const rule = ruleOf("adam", ["lookahead"]);
    const table = inUpdates({ decay: "cosine", settings: { eta_min: 0 }, warmup: "5%" }, updatesAnEpoch, updates);
    const lr = formulas.rates(table, 0.1, updates);                                // (updates,)
    formulas.step_constants(rule, [adamSettings, lookaheadSettings], lr, first, "float32").data;  // (updates, numbers)
    formulas.settings_row([adamSettings, lookaheadSettings], { most: 0, noise: 0, alpha: 0 }, "float32").data;
    const theta = formulas.positions({ start: "cloud", particles: 1000, settings: { at: [0, 0], spread: 0.1 } }, seed);
    [...formulas.first_memory(rule, [adamSettings, lookaheadSettings], theta)];   // a number or (particles,) each

    const landscape = landscapeOf(engine, evaluations);     // of engine.js, and Landscape.evaluations of Python
    const phases = formulas.phases([[0, batchPlan(examples, 5)], [20, batchPlan(examples, 10)]]);
    const group = groupOf({ label: "sgd", update, position, diverged, lr, phases, ... });  // claims.js says the rest
    const findings = { result: { groups: [group] }, landscape, minima, names, examples, replacement: false };
    checkedClaims(findings, claims);     // [{ verdict, comparisons: [{ group, estimate: { value, low, high }, ... }] }]
    formulas.statistics.sharpness.values(viewOf(findings, "sgd", "50%"), {});    // one number a particle

Claims are ``Claim._asdict()``.  Settings are objects that hold every field of the record's settings, in order, None as
null.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np

from errsurf.analysis import basin_labels, batch_covariance
from errsurf.analysis.arguments import vectors
from errsurf.claims.checking import checked_claim
from errsurf.engine.rule import first_memory, settings_row, step_constants
from errsurf.errors import RecordError
from errsurf.measures import view
from errsurf.measures.intervals import (
    FEWEST_RESAMPLES,
    RESAMPLES,
    TAIL,
    expanded_tail,
    poisson_bounds,
    ranks,
    resamples_of,
    student,
)
from errsurf.measures.intervals import MAX_DRAWN as MAX_ROWS_DRAWN
from errsurf.optimizers import Optimizer, optimizer, optimizer_names
from errsurf.portable import rounded
from errsurf.sampling import batches
from errsurf.sampling.particles import LOSS_PARTICLES, MEASURED_EVALUATIONS, evenly
from errsurf.sampling.philox import Draw
from errsurf.schedules import Schedule, rates, schedule, schedule_names
from errsurf.settings.durations import least_updates
from errsurf.starts import Start, positions, start, start_names
from errsurf.statistics import Statistic, View, statistic, statistic_names, where_finite
from errsurf.statistics._view import Surface, Trajectories
from errsurf.web.compact import compact, short_names
from errsurf.web.javascript import literal
from errsurf.web.translate import Translation
from errsurf.wrappers import Wrapper, wrapper, wrapper_names

NAMES = {
    "optimizer": optimizer_names,
    "wrapper": wrapper_names,
    "schedule": schedule_names,
    "start": start_names,
    "statistic": statistic_names,
}
RECORDS: dict[str, Callable[[str], Any]] = {
    "optimizer": optimizer,
    "wrapper": wrapper,
    "schedule": schedule,
    "start": start,
    "statistic": statistic,
}
ALWAYS: tuple[Callable[..., Any], ...] = (
    step_constants,
    first_memory,
    settings_row,
    rates,
    positions,
    where_finite,
    batches.phases,
    batches.phase_at,
    batches.all_seen,
    batches.updates_within,
    batches.updates_to,
)
FOR_CLAIMS: tuple[Callable[..., Any], ...] = (checked_claim, evenly, batch_covariance, basin_labels)
"""What ``claims.js`` needs besides."""
RUN_CONSTANTS = {"LOSS_PARTICLES": LOSS_PARTICLES}
"""What runs need of ``sampling.particles``, with claims and without."""
CONSTANTS = {
    "FEWEST_RESAMPLES": FEWEST_RESAMPLES,
    "RESAMPLES": RESAMPLES,
    "MAX_ROWS_DRAWN": MAX_ROWS_DRAWN,
    "TAIL": TAIL,
    "EVALUATIONS": MEASURED_EVALUATIONS,
} | {name: getattr(view, name) for name in ("POSITIONS", "MAX_DRAWN", "MAX_GRADIENTS")}
"""Bounds of views, of ``measures.view``."""
STANDS_FOR = {look: f"formulas.{kind}" for kind, look in RECORDS.items()} | {
    Draw: "new np.Draw",
    rounded: "((formula) => formula)",  # all of JavaScript is portable
    vectors: "np.asarray",
    view.view: "viewOf",
    resamples_of: "resamplesOf",
    ranks: "ranksOf",
    student: "studentOf",
    expanded_tail: "expandedTail",
    poisson_bounds: "poissonBounds",
    np.random.default_rng: "generatorOf",
}
METHODS = frozenset(name for kind in (View, Trajectories, Surface) for name in vars(kind) if not name.startswith("_"))


RUNTIME = ("elementary", "arrays", "reductions", "searches", "python", "random")
"""The scripts that define ``np``, in order."""


class Formulas(NamedTuple):
    """JavaScript, and the records, as (kind, name), that it lacks, with the reason in words."""

    text: str
    missing: dict[tuple[str, str], str]


def every_record() -> Iterator[tuple[str, str]]:
    """Kind and name of every record that has formulas."""
    return ((kind, name) for kind, names in NAMES.items() for name in names())


def formulas(chosen: Iterable[tuple[str, str]] | None = None, also: Iterable[Callable[..., Any]] = ()) -> Formulas:
    """The text for the records ``chosen`` by kind and name, by default for all of them, and for functions ``also``.

    Records that cannot be translated are left out and said in ``missing``; RecordError only for what all pages need.
    """
    translation, missing, also = Translation(STANDS_FOR, METHODS), {}, tuple(also)
    tables: dict[str, dict[str, str]] = {kind: {} for kind in RECORDS}
    for kind, name in dict.fromkeys(_with_others(every_record() if chosen is None else chosen)):
        try:
            tables[kind][name] = _object(_parts(translation, RECORDS[kind](name)))
        except RecordError as error:
            missing[kind, name] = str(error)
    shared = {
        each.__name__: translation.name(each) for each in (*ALWAYS, *(FOR_CLAIMS if tables["statistic"] else ()), *also)
    }
    looks = {kind: f"(name) => formulas.{kind}s[name]" for kind in tables}
    made = _object({f"{kind}s": _object(table) for kind, table in tables.items()} | looks | shared)
    inside = short_names(f"{translation.text}return {made};")
    text = compact(f"const formulas = (() => {{ {inside} }})();")
    scripts = (
        _constants(RUN_CONSTANTS) + script("formulas") + (script("landscape") if also or tables["statistic"] else "")
    )
    scripts += _for_claims() if tables["statistic"] else ""
    return Formulas("".join([*map(script, RUNTIME), text, scripts]), missing)


def _for_claims() -> str:
    """Bounds, the random numbers of intervals, and the script that checks claims."""
    start = np.random.PCG64(0).state["state"]
    generator = f'const generatorOf = () => new np.Generator(["{start["state"]}", "{start["inc"]}"]);\n'
    return _constants(CONSTANTS) + generator + script("claims")


def _constants(values: Mapping[str, float]) -> str:
    return f"const {','.join(f'{name}={value}' for name, value in values.items())};"


@cache
def script(name: str) -> str:
    """One of this folder's scripts, on one line."""
    return compact(files("errsurf.web").joinpath(f"{name}.js").read_text("utf-8"))


def _with_others(chosen: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The records, and the statistics that their settings name."""
    known = set(statistic_names())
    for kind, name in chosen:
        yield kind, name
        if kind == "statistic":
            kinds = get_type_hints(statistic(name).settings).values()
            named = {each for kind in kinds if get_origin(kind) is Literal for each in get_args(kind)}
            yield from (("statistic", each) for each in sorted(named & known))


def _parts(translation: Translation, record: Any) -> dict[str, str]:
    """The parts of a record that a page uses."""
    if isinstance(record, Optimizer | Wrapper):
        return _rule_parts(translation, record)
    if isinstance(record, Schedule):
        hints = get_type_hints(record.settings, include_extras=True)
        least = {key: str(least_updates(hint)) for key, hint in hints.items()}
        return _functions(translation, record, ("rate", "follows")) | {
            "fall": str(literal(record.fall)),
            "warmup": str(literal(record.warmup)),
            "defaults": _object({key: str(literal(value)) for key, value in record.settings._field_defaults.items()}),
            "least": _object(least),
        }
    if isinstance(record, Start):
        return _functions(translation, record, ("place",))
    assert isinstance(record, Statistic)
    plain = {key: str(literal(getattr(record, key))) for key in ("words", "share", "take", "rate", "pooled")}
    return _functions(translation, record, ("values", "number")) | plain


def _rule_parts(translation: Translation, record: Optimizer | Wrapper) -> dict[str, str]:
    memory, constants = record.memory, get_type_hints(record.step_constants)["return"]
    complete = len(memory._field_defaults) == len(memory._fields)
    found = _functions(translation, record, ("step_constants", "start")) | {
        "memory": f"() => ({literal(memory())})" if complete else "null",
        "fields": str(literal(memory._fields)),
        "constants": str(literal(constants._fields)),
        "pair": str(literal(record.pair)),
        "shown": str(literal(record.shown)),
    }
    for name in ("rate", "gradient_weight", "max_stable_sharpness", "stable_product", "fault"):
        try:
            found |= _functions(translation, record, (name,) if hasattr(record, name) else ())
        except RecordError:
            continue
    return found


def _functions(translation: Translation, record: Any, names: Iterable[str]) -> dict[str, str]:
    values = {name: getattr(record, name) for name in names}
    return {name: translation.name(value) for name, value in values.items() if value is not None}


def _object(parts: dict[str, str]) -> str:
    return f"{{ {', '.join(f'{key}: {value}' for key, value in parts.items())} }}"
