"""Runs at their limits, with every chart, overlay and format: run by hand, its result is in docs/trust.md.

``python tests/campaigns/limits.py FOLDER [names]`` runs each scenario of ``helpers.limit_cases`` as ``errsurf run``
does, and draws it in every format, with every chart as pixels, vectors and page, and with every overlay as a relief
too.  What cannot be drawn is refused in words; anything else is a fault.  The pictures stay in FOLDER, to look at.
"""

import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from errsurf.drawing import write_picture
from errsurf.drawing.charts import chart_names
from errsurf.drawing.formats import format_names
from errsurf.errors import UserError
from errsurf.results.pictures import picture_request, redrawn
from errsurf.results.run import run_scenario
from errsurf.run.result import Result
from errsurf.scenario import scenario_from
from helpers.limit_cases import CASES, OVERLAYS

MOVING = {"size": [640, 400], "seconds": 0.2, "hold": 0.0}


def wishes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Names of files and keys of [picture]."""
    for suffix in format_names():
        yield f"plain.{suffix}", {}
    names = chart_names()
    for pair in zip(names[::2], names[1::2] + names[-1:], strict=False):
        for suffix in ("png", "svg", "html"):
            yield f"{'-'.join(pair).replace(' ', '_')}.{suffix}", {"chart": list(dict.fromkeys(pair))}
    for name, keys in OVERLAYS.items():
        for suffix in ("png", "svg", "html"):
            yield f"{name}.{suffix}", keys
        yield f"{name}-3d.png", {"view": "3d", **keys}
    yield "live.html", {"page": "live"}
    yield "panels.png", {"panels": True}
    yield "log.png", {"level_scale": "log", "colorbar": True}


def drawn(result: Result, file: Path, keys: dict[str, Any]) -> str:
    """What came of a picture: drawn, refused, or the fault."""
    try:
        write_picture(picture_request(redrawn(result, MOVING | keys)), file)
    except UserError as error:
        return f"refused: {error}"
    except Exception:
        return "FAULT " + traceback.format_exc()
    return "drawn"


def main(folder: Path, names: list[str]) -> None:
    warnings.simplefilter("error")
    counts: Counter[str] = Counter()
    for name in names or list(CASES):
        place = folder / name
        report = run_scenario(scenario_from(CASES[name], name=name), place / "run", force=True)
        for file, keys in wishes():
            said = drawn(report.findings.result, place / file, keys)
            counts[f"{name}: {said.split(':')[0].split(chr(10))[0]}"] += 1
            if said != "drawn":
                sys.stdout.write(f"{name} {file} {said}\n")
    for each, count in counts.items():
        sys.stdout.write(f"{count} {each}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
