"""Colours of the page, in light and in dark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from errsurf.drawing.colours import Theme, colour_list, contrasting, hexadecimal, map_colours, map_tones, theme
from errsurf.drawing.group_looks import scenario_colours

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


def bright_and_dark(name: str) -> tuple[str, str]:
    """Names of the themes for people who prefer light and for those who prefer dark, in a scenario with this theme."""
    return ("projector", "projector_dark") if name.startswith("projector") else ("light", "dark")


def opening_theme(name: str) -> str:
    """The attribute that opens the page in the scenario's theme; in the default one, light, as its reader prefers."""
    return "" if name == "light" else f' data-theme="{"dark" if name in bright_and_dark(name)[1:] else "light"}"'


def page_themes(scenario: "Scenario", groups: Sequence[int], levels: int) -> dict[str, Any]:
    """Group colours as texts; areas and lines of the map from low loss to high, by tones, as numbers to 255."""
    picture = scenario.picture
    return {
        key: _page_theme(theme(each, picture.colormap), scenario, groups, levels)
        for key, each in zip(("light", "dark"), bright_and_dark(picture.theme), strict=True)
    }


def page_variables(name: str) -> str:
    """A theme as variables of CSS."""
    chosen = theme(name)
    colours = {"paper": chosen.background, "halo": chosen.background, "ink": chosen.foreground}
    colours |= {"quiet": chosen.grey, "pale": chosen.pale, "warning": chosen.warning}
    return " ".join(f"--{key}: {hexadecimal(colour)};" for key, colour in colours.items()) + f" --type: {chosen.type};"


def _page_theme(chosen: Theme, scenario: "Scenario", groups: Sequence[int], levels: int) -> dict[str, Any]:
    colours = [hexadecimal(colour) for colour in scenario_colours(chosen, scenario.optimizer, groups)]
    fills, lines = (tones.tolist() for tones in map_tones(chosen, levels))
    texts = [hexadecimal(contrasting(fill, chosen)) for fill in colour_list(map_colours(chosen, levels))]
    return {"groups": colours, "fills": fills, "lines": lines, "texts": texts, "thick": chosen.line}
