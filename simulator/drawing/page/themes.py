"""Colours of the page, in light and in dark."""

from typing import Any

from errsurf.drawing.colours import Theme, colour_list, contrasting, hexadecimal, theme
from errsurf.drawing.group_looks import scenario_colours
from errsurf.drawing.map.maps import CURVE, Maps


def bright_and_dark(name: str) -> tuple[str, str]:
    """Names of the themes for people who prefer light and for those who prefer dark, in a scenario with this theme."""
    return ("projector", "projector_dark") if name.startswith("projector") else ("light", "dark")


def opening_theme(name: str) -> str:
    """The attribute that opens the page in the scenario's theme; in the default one, light, as its reader prefers."""
    return "" if name == "light" else f' data-theme="{"dark" if name in bright_and_dark(name)[1:] else "light"}"'


def page_themes(maps: Maps) -> dict[str, Any]:
    """Group colours as texts; areas and lines of the map from low loss to high, by tones, as numbers to 255."""
    picture = maps.result.scenario.picture
    return {
        key: _page_theme(theme(each, picture.colormap), maps)
        for key, each in zip(("light", "dark"), bright_and_dark(picture.theme), strict=True)
    }


def page_variables(name: str) -> str:
    """A theme as variables of CSS."""
    chosen = theme(name)
    colours = {"paper": chosen.background, "halo": chosen.background, "ink": chosen.foreground}
    colours |= {"quiet": chosen.grey, "pale": chosen.pale, "warning": chosen.warning}
    return " ".join(f"--{key}: {hexadecimal(colour)};" for key, colour in colours.items()) + f" --type: {chosen.type};"


def _page_theme(chosen: Theme, maps: Maps) -> dict[str, Any]:
    colours = [hexadecimal(each) for each in scenario_colours(chosen, maps.result.scenario.optimizer, maps.shown)]
    fills, lines = maps.tones(chosen)
    texts = [hexadecimal(contrasting(fill, chosen)) for fill in colour_list(fills[:, fills.shape[1] // 2])]
    told = {"groups": colours, "fills": fills.tolist(), "lines": lines.tolist(), "texts": texts}
    return told | {"thick": chosen.line, "contour": CURVE if maps.level is not None else 1.0}
