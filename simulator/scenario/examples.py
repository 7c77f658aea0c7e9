"""The training and test examples that a scenario's [surface] table means."""

from pathlib import Path
from typing import Any

import surfaces
from simulator.philox import Draw, Stream
from simulator.scenario.faults import shown
from simulator.scenario.lines import KeyPath
from simulator.scenario.models import filled
from simulator.scenario.scenario import Draws, Surface
from simulator.scenario.wording import Finding
from surfaces._table import Csv, TableError

TRAIN_EXAMPLES, TEST_EXAMPLES = 20, 500


def resolved_surface(model: Any, seed: int, findings: list[Finding]) -> Surface:
    """The surface with its training and test examples; what is wrong with its data files joins the findings."""
    record = surfaces.surface(model.kind)
    settings = filled(record.settings, model)
    if record.examples is None:
        train = _generic(model, settings, Draws(0, settings))
        return Surface(model.kind, settings, train, _generic(model.test, settings, train))
    changed = {key: getattr(model.test, key) for key in settings._fields if key in model.test.model_fields_set}
    test = settings._replace(**changed)
    findings += _needless_examples(model, settings, ("surface",))
    findings += _needless_examples(model.test, test, ("surface", "test"))
    train_rows = _rows(record, settings, ("surface",), seed, findings)
    same_file = _data(test) == _data(settings)
    test_rows = train_rows if same_file else _rows(record, test, ("surface", "test"), seed, findings)
    return Surface(
        model.kind,
        settings,
        Draws(train_rows or model.examples or TRAIN_EXAMPLES, settings),
        Draws(test_rows or model.test.examples or TEST_EXAMPLES, test),
    )


def _generic(draws: Any, settings: Any, inherited: Draws) -> Draws:
    """Generic examples; what a table leaves open is inherited.  A shift is a spread or an offset, not both."""
    spread, offset = inherited.shift, inherited.offset
    if isinstance(draws.shift, tuple):
        offset = draws.shift
    elif draws.shift is not None:
        spread = draws.shift
    scale = inherited.scale if draws.scale is None else draws.scale
    return Draws(draws.examples, settings, spread, offset, scale, inherited.tilt if draws.tilt is None else draws.tilt)


def _data(settings: Any) -> dict[str, Csv]:
    """The settings that name data files."""
    return {key: value for key, value in settings._asdict().items() if isinstance(value, Csv)}


def _needless_examples(model: Any, settings: Any, path: KeyPath) -> list[Finding]:
    if model.examples is None or not _data(settings):
        return []
    problem = f"follows from the data file; take out `examples` or `{next(iter(_data(settings)))}`"
    return [Finding((*path, "examples"), problem, shown(model.examples))]


def _rows(record: Any, settings: Any, path: KeyPath, seed: int, findings: list[Finding]) -> int | None:
    """Number of examples in the data file, None without one or where it cannot be used."""
    for key, file in _data(settings).items():
        try:
            return len(record.examples(settings, 1, Draw(seed, Stream.TRAIN)))
        except TableError as error:
            problem = str(error).replace(file, Path(file).name)
            findings.append(Finding((*path, key), problem))
    return None
