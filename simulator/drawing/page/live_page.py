"""The page that computes its run, put together: the kernels as WebAssembly, its worker, and what it knows."""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.page.assembly import FOLDER, filled_page, json_text, map_arrays, page_run, shortened
from errsurf.drawing.page.content import Content
from errsurf.drawing.page.live import live
from errsurf.drawing.page.pack import byte_planes, packed, places, plane_codes
from errsurf.web.formulas import formulas
from errsurf.words import said

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

BITS = 16
WORKER = ("clock", "batches", "frame_numbers", "thinning", "planning", "worker")


def live_page(scenario: "Scenario") -> str:
    """The whole page; the scenario's groups are computed in the browser, with settings that its user changes."""
    found = live(scenario, rules_of(scenario))
    arrays = _map_arrays(found.content) | found.arrays | {"worker": _bytes(worker_text())}
    modules: dict[str, NDArray[np.uint8]] = {}
    told = found.told | {"modules": list(modules)}
    arrays |= {f"wasm_{name}": module for name, module in modules.items()} | {"live": _bytes(json_text(told))}
    directory, data = packed(arrays, noisy=False)
    scale = places(found.content.scene.maps.window, BITS)
    run = page_run(found.content, scale, directory, 0) | {"trails": []}
    language = scenario.language
    made = said(f"Made by errsurf {version('errsurf')}, seed {scenario.seed}.", language)
    return filled_page(found.content, run, data, made, live=True)


def _map_arrays(told: Content) -> dict[str, NDArray[Any]]:
    """As ``map_arrays``, the loss to a ``STEPS``-th of the band between two contours."""
    arrays = map_arrays(told)
    maps = told.scene.maps
    rows, columns = maps.grid[2].shape
    levels = maps.contours(maps.surface_loss).levels - maps.contours(maps.surface_loss).levels[0]
    place = np.interp(arrays.pop("grid").reshape(rows, columns), levels, np.arange(len(levels)))
    arrays["grid_codes"] = byte_planes(plane_codes(np.rint(place * steps(len(levels)))))
    if (light := arrays.pop("light", None)) is not None:
        arrays["light_codes"] = byte_planes(plane_codes(light.reshape(rows, columns)))
    return arrays


def steps(levels: int) -> int:
    """How finely the band between two of so many contours is told."""
    return min(2000, 60_000 // levels)


def rules_of(scenario: "Scenario") -> dict[str, Any]:
    """The optimizers that the page has kernels of."""
    from errsurf.optimizers import optimizer_names

    return dict.fromkeys(optimizer_names())


def worker_text() -> str:
    """The scripts of the worker as one function."""
    parts = [shortened(FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8")) for name in WORKER]
    return "\n".join(
        ["(() => {", '"use strict";', "let [run, recording] = [null, null];", formulas().text, *parts, "})();"]
    )


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
