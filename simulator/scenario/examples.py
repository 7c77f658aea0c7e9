"""The training and test examples that a scenario's [surface] table means."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from errsurf import surfaces
from errsurf.errors import DataFileError, SettingsError, SettingsFault
from errsurf.records.names import listed
from errsurf.sampling.philox import Draw, Stream
from errsurf.scenario.files import data_values
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.scenario import ExampleSpec, Surface
from errsurf.scenario.table_models import filled
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.surfaces.formulas.columns import Columns
from errsurf.surfaces.shared.examples import is_generic

TRAIN_EXAMPLES, TEST_EXAMPLES = 20, 500


def resolved_surface(model: Any, seed: int, findings: list[Finding]) -> Surface:
    """The surface with its training and test examples; what is wrong with its settings or data joins the findings."""
    settings = filled(surfaces.surface(model.kind).settings, model)
    given = {key: getattr(model.test, key) for key in settings._fields if key in model.test.model_fields_set}
    test = _changed(settings, given, findings)
    record, faults = _made(model.kind, settings)
    test_record, test_faults = _made(model.kind, test)
    findings += _found(faults, ("surface",))
    known = set(faults)
    findings += _found([each for each in test_faults if each not in known], ("surface", "test"))
    if record is None or test_record is None:
        return Surface(model.kind, settings, ExampleSpec(TRAIN_EXAMPLES, settings), ExampleSpec(TEST_EXAMPLES, test))
    train_rows = test_rows = None
    if record.examples is not None:
        findings += _needless_examples(model, settings, ("surface",))
        findings += _needless_examples(model.test, test, ("surface", "test"))
        findings += [*_needless_columns(model, settings, ("surface",))]
        train_rows = _rows(record, settings, ("surface",), seed, findings)
        test_rows = train_rows if test == settings else _rows(record, test, ("surface", "test"), seed, findings)
    train = ExampleSpec(train_rows or model.examples or TRAIN_EXAMPLES, settings)
    tested = ExampleSpec(test_rows or model.test.examples or TEST_EXAMPLES, test)
    if is_generic(record):
        train = _generic(model, train, train)
        tested = _generic(model.test, tested, train)
    return Surface(model.kind, settings, train, tested)


def coefficient_findings(surface: Surface, precision: str) -> Iterator[Finding]:
    """Settings that are in range, but together give a formula numbers that the run's precision cannot hold."""
    record, most = surfaces.surface(surface.kind, surface.settings), float(np.finfo(precision).max)
    if record.terms and not (np.abs(np.array(record.terms(surface.settings), np.float64)) <= most).all():
        problem = f"its settings together give numbers that {precision} cannot hold"
        yield Finding(("surface",), problem, allowed=f"a size up to {most:.2g}")


def _changed(settings: Any, given: dict[str, Any], findings: list[Finding]) -> Any:
    """The settings of the test examples: of columns, those that are given take the place of the others."""
    for key, value in given.items():
        if isinstance(value, Columns):
            known = getattr(settings, key)
            strangers = (name for name in value if name not in known)
            findings += [
                Finding(("surface", "test", key, name), "not known", "", f"columns of [surface]: {listed(list(known))}")
                for name in strangers
            ]
            given = {**given, key: Columns({**known, **value})}
    return settings._replace(**given)


def _made(kind: str, settings: Any) -> tuple[surfaces.Surface | None, Sequence[SettingsFault]]:
    """The record of these settings, or None and their faults."""
    try:
        return surfaces.surface(kind, settings), ()
    except SettingsError as error:
        return None, error.faults


def _found(faults: Sequence[SettingsFault], path: KeyPath) -> list[Finding]:
    """Faults of settings below a path."""
    return [Finding((*path, *fault.key.split(".", 1)), *fault[1:]) for fault in faults]


def _generic(model: Any, draws: ExampleSpec, inherited: ExampleSpec) -> ExampleSpec:
    """The examples with the model's shift, scale and tilt, or those inherited; a shift is a spread or an offset."""
    spread, offset = inherited.shift, inherited.offset
    if isinstance(model.shift, tuple):
        offset = model.shift
    elif model.shift is not None:
        spread = model.shift
    scale = inherited.scale if model.scale is None else model.scale
    tilt = inherited.tilt if model.tilt is None else model.tilt
    return draws._replace(shift=spread, offset=offset, scale=scale, tilt=tilt)


def _data(settings: Any) -> dict[str, Any]:
    """The settings that name data files."""
    return {key: value for key, value in settings._asdict().items() if any(data_values(value))}


def _needless_examples(model: Any, settings: Any, path: KeyPath) -> list[Finding]:
    if "examples" not in model.model_fields_set or not _data(settings):
        return []
    problem = f"follows from the data file; take out `examples` or `{next(iter(_data(settings)))}`"
    return [Finding((*path, "examples"), problem, value_text(model.examples))]


def _needless_columns(model: Any, settings: Any, path: KeyPath) -> Iterator[Finding]:
    """Names of columns without a file, and test examples that are scaled in a way of their own."""
    named = {"data", "columns"} <= {*settings._fields} and settings.columns != settings._field_defaults.get("columns")
    if named and settings.data is None:
        yield Finding((*path, "columns"), "means nothing without a data file", allowed='data = "FILE.csv" beside it')
    if getattr(model.test, "standardize", None) is not None:
        problem = "test examples are standardized as the training examples are"
        yield Finding((*path, "test", "standardize"), problem, allowed="standardize in [surface]")


def _rows(record: Any, settings: Any, path: KeyPath, seed: int, findings: list[Finding]) -> int | None:
    """Number of examples in the data file, None without one or where it cannot be used."""
    for key, file in _data(settings).items():
        try:
            return len(record.examples(settings, 1, Draw(seed, Stream.TRAIN)))
        except DataFileError as error:
            problem = str(error).replace(file, Path(file).name)
            if problem not in {found.problem for found in findings}:
                findings.append(Finding((*path, key), problem))
        except SettingsError as error:
            findings += _found(error.faults, path)
    return None
