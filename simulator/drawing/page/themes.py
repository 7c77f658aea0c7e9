"""Colours of the page, in light and in dark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from errsurf.drawing.colours import Theme, hexadecimal, map_colours, theme
from errsurf.drawing.group_looks import scenario_colours

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


def bright_and_dark(name: str) -> tuple[str, str]:
    """Names of the themes for people who prefer light and for those who prefer dark, in a scenario with this theme."""
    return ("projector" if name == "projector" else "light"), "dark"


def page_themes(scenario: "Scenario", groups: Sequence[int], levels: int) -> dict[str, Any]:
    """Group colours as texts, fills of the map from low loss to high and the colour of its lines as numbers to 255."""
    return {
        key: _page_theme(theme(each), scenario, groups, levels)
        for key, each in zip(("light", "dark"), bright_and_dark(scenario.picture.theme), strict=True)
    }


def page_variables(name: str) -> str:
    """A theme as variables of CSS."""
    chosen = theme(name)
    colours = {"paper": chosen.background, "halo": chosen.background, "ink": chosen.foreground}
    colours |= {"quiet": chosen.grey, "pale": chosen.pale, "warning": chosen.warning}
    return " ".join(f"--{key}: {hexadecimal(colour)};" for key, colour in colours.items()) + f" --type: {chosen.type};"


def _page_theme(chosen: Theme, scenario: "Scenario", groups: Sequence[int], levels: int) -> dict[str, Any]:
    colours = [hexadecimal(colour) for colour in scenario_colours(chosen, scenario.optimizer, groups)]
    fills = [[round(255 * part) for part in fill] for fill in map_colours(chosen, levels)]
    return {"groups": colours, "fills": fills, "line": chosen.contour, "thick": chosen.line}
