"""The page put together: template, style, scripts and data in one file that fetches nothing."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.group_looks import group_shape, shape_corners
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.history.numbers import BasinOf, History
from errsurf.drawing.page.content import (
    Content,
    content,
    curve_table,
    described,
    history_table,
    points,
    trail_arrays,
)
from errsurf.drawing.page.formula import label_pieces
from errsurf.drawing.page.pack import Directory, Places, changes, compact, packed, place_codes, places
from errsurf.drawing.page.template import FOLDER as FOLDER
from errsurf.drawing.page.template import page_texts, put_together
from errsurf.drawing.page.themes import page_themes
from errsurf.words import said, texts

if TYPE_CHECKING:
    from errsurf.analysis import Critical, Regions
    from errsurf.run.result import Result

MAX_BYTES = 2_900_000


class Detail(NamedTuple):
    """How finely the page keeps a run: bits a coordinate, and every how many recorded frames and particles."""

    bits: int = 16
    frames: int = 1
    particles: int = 1


DETAILS = (
    *(Detail(bits) for bits in (16, 15, 14, 13, 12, 11, 10)),
    *(Detail(10, k) for k in (2, 3, 4)),
    *(Detail(10, 4, k) for k in (2, 4, 8, 16, 32)),
)


def page(
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    regions: "Regions | None" = None,
    most_bytes: int = MAX_BYTES,
) -> str:
    """The whole page; ``critical``, ``basin_of`` and ``regions`` are as for ``scene``.

    Places are kept to a 54,000th of the window, or less finely, to an 850th at least, until the page has at most
    ``most_bytes``; then frames and particles are left out evenly.  The page says what it keeps.
    """
    told = content(result, critical, basin_of, regions)
    text = ""
    for detail in _likely(told, most_bytes):
        text = _page(told, detail)
        if len(text.encode()) <= most_bytes:
            break
    return text


def _likely(told: Content, most_bytes: int) -> tuple[Detail, ...]:
    """The details without the first ones that have no chance."""
    for k, detail in enumerate(DETAILS[:-1]):
        if sum(_entropy(plane) for planes in _planes(told, detail) for plane in planes) * 4 / 3 < 1.1 * most_bytes:
            return DETAILS[k:]
    return DETAILS[-1:]


def _entropy(plane: NDArray[np.uint8]) -> float:
    """Bytes that these bytes take when each is coded by its frequency."""
    share = np.bincount(plane.ravel(), minlength=256) / plane.size
    return float(-np.sum(share * np.log2(share, where=share > 0, out=np.zeros(256))) * plane.size / 8)


def _planes(told: Content, detail: Detail) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Low and high bytes of each group's places."""
    shown, scale = _kept(told, detail)[0], places(told.scene.maps.window, detail.bits)
    for group, h in zip(told.groups, told.scene.histories, strict=True):
        yield changes(place_codes(points(group, h.frame[_rows(h, detail)], shown), scale))


def _rows(h: History, detail: Detail) -> Ints:
    """Rows of a history that are kept, the last one among them."""
    return np.union1d(np.arange(0, len(h.frame), detail.frames), len(h.frame) - 1).astype(np.int64)


def _kept(told: Content, detail: Detail) -> tuple[Ints, list[int]]:
    """Particles that are kept, and the places of those with trails among them."""
    kept = np.union1d(told.shown[:: detail.particles], told.shown[told.trails]).astype(np.int64)
    return kept, [int(k) for k in np.searchsorted(kept, told.shown[told.trails])]


def _page(told: Content, detail: Detail) -> str:
    scale, (shown, trails) = places(told.scene.maps.window, detail.bits), _kept(told, detail)
    directory, data = packed(_arrays(told, detail, shown))
    run = page_run(told, scale, directory, len(shown)) | {"trails": trails}
    return filled_page(told, run, data, _precision(told, detail, scale, len(shown)))


def page_run(told: Content, scale: Places, directory: Directory, shown: int) -> dict[str, Any]:
    """What a page is told of a run, without its numbers."""
    scene = told.scene
    return described(scene, told.overlay) | {
        "arrays": directory,
        "words": texts(scene.result.scenario.language),
        "places": {"low": scale.low.tolist(), "high": scale.high.tolist(), "codes": scale.codes},
        "themes": page_themes(scene.maps),
        "groups": [
            {"label": g.label, "pieces": label_pieces(g.label), "particles": len(g.diverged), "shown": shown}
            | {"corners": shape_corners(group_shape(k), 1.0).round(3).tolist()}
            for k, g in zip(scene.maps.shown, told.groups, strict=True)
        ],
    }


def _arrays(told: Content, detail: Detail, shown: Ints) -> dict[str, NDArray[Any]]:
    """All numbers of the page by their names there, those of several bytes first."""
    arrays: dict[str, NDArray[Any]] = {}
    for k, h in enumerate(told.scene.histories):
        rows = _rows(h, detail)
        arrays |= {f"clock{k}": h.clock[rows].astype(np.float64), f"particle{k}": shown.astype(np.float64)}
        arrays[f"history{k}"] = history_table(h)[rows]
        arrays |= trail_arrays(told.scene, k)
        for c, chart in enumerate(told.scene.charts.values()):
            arrays[f"chart{c}group{k}"] = curve_table(chart.curves[k])[rows]
            if (profile := chart.curves[k].profile) is not None:
                arrays[f"profile{c}group{k}"] = profile[rows].astype(np.float32)
    arrays |= map_arrays(told)
    for k, (low, high) in enumerate(_planes(told, detail)):
        arrays |= {f"low{k}": low, f"high{k}": high}
    return arrays


def map_arrays(told: Content) -> dict[str, NDArray[Any]]:
    """The map's loss and light, and the strokes of overlays."""
    maps = told.scene.maps
    contours = maps.contours(maps.surface_loss)
    arrays: dict[str, NDArray[Any]] = {"grid": compact(contours.clipped - contours.levels[0])}
    if contours.light is not None:
        arrays["light"] = np.rint(255 * contours.light).astype(np.uint8)
    arrays |= {"overlay_points": told.overlay.points, "overlay_strokes": told.overlay.strokes}
    return arrays | {"overlay_moments": told.overlay.moments.astype(np.float64)}


def _precision(told: Content, detail: Detail, scale: Places, shown: int) -> str:
    """What the page keeps of the run, and what made it, in words."""
    x, y = told.scene.maps.names
    errors = [np.format_float_positional(float(f"{error:.1g}"), trim="-") for error in scale.error]
    words = [f"Places are exact to \N{PLUS-MINUS SIGN}{errors[0]} in {x} and \N{PLUS-MINUS SIGN}{errors[1]} in {y}."]
    particles = len(told.groups[0].diverged)
    if shown < particles:
        words.append(f"Drawn are {shown:,} of {particles:,} particles of each group; the numbers are of all.")
    recorded = max(len(group.update) for group in told.groups)
    kept = max(len(_rows(h, detail)) for h in told.scene.histories)
    if kept < recorded:
        words.append(f"{kept:,} of {recorded:,} recorded frames.")
    words.append(f"Made by errsurf {version('errsurf')}, seed {told.scene.result.scenario.seed}.")
    return " ".join(said(each, told.scene.result.scenario.language) for each in words)


def filled_page(told: Content, run: dict[str, Any], data: str, precision: str) -> str:
    """The page of a run, its style and its scripts in it."""
    return put_together(page_texts(told, run), run, data, precision)
