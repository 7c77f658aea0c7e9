"""Themes: what must be told apart can be, by every eye and on every map."""

from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from errsurf.drawing.colours import Theme, contrast, contrasting, group_colours, map_colours, theme
from errsurf.scenario import Picture

THEMES = {name: theme(name) for name in get_args(get_type_hints(Picture)["theme"])}

# Machado, Oliveira, Fernandes 2009, IEEE TVCG 15(6): linear RGB as seen without red, without green cones.
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


def lab(coded: Any, eye: Any) -> Any:
    """CIE Lab of colours in [0, 1], shape (n, 3), as an eye sees them."""
    linear = np.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)
    seen = np.clip(linear @ np.asarray(eye).T, 0, 1)
    xyz = seen @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=-1)


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("eye", [np.eye(3), PROTAN, DEUTAN])
def test_group_colours_differ_for_every_eye(look: Theme, eye: Any) -> None:
    ends = np.array(map_colours(look, 5))[[0, -1]]
    colours = lab(np.concatenate([group_colours(look, range(8)) / 255, ends]), eye)
    apart = np.linalg.norm(colours[:, None] - colours, axis=-1) + 1e3 * np.eye(len(colours))
    assert apart[:8].min() > 12


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_texts_and_groups_stand_out_from_paper_and_map(look: Theme) -> None:
    maps = [tuple(round(255 * part) for part in colour) for colour in map_colours(look, 9)]
    for colour in (look.foreground, look.grey, look.warning):
        assert contrast(colour, look.background) > 5
    assert min(contrast(look.foreground, colour) for colour in maps) > 7
    usual = [tuple(colour) for colour in group_colours(look, range(7))]
    assert min(contrast(group, look.background) for group in usual) > 3.5
    assert min(contrast(group, colour) for group in usual for colour in maps) > 2
    assert max(contrast(look.contour, colour) for colour in maps) < 2.8
    for group in look.groups:
        assert contrast(contrasting(group, look), group) > 3.5


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_map_colours_step_evenly_and_are_nearly_grey(look: Theme) -> None:
    colours = np.array(map_colours(look, 14))
    lightness = lab(colours, np.eye(3))[:, 0]
    steps = np.diff(lightness)
    assert (steps > 0).all()
    assert np.ptp(steps) < 0.3 * steps.mean()
    assert np.ptp(colours, axis=1).max() < 0.15
    assert lightness.min() > 75 or lightness.max() < 35


def test_a_projector_gets_larger_type_and_stronger_colours() -> None:
    light, projector = THEMES["light"], THEMES["projector"]
    assert projector.type > 1.3 * light.type
    for strong, usual in zip(projector.groups[:7], light.groups, strict=False):
        assert contrast(strong, projector.background) > contrast(usual, light.background)


def test_colours_repeat_beyond_eight_groups() -> None:
    colours = group_colours(THEMES["light"], range(10))
    assert np.array_equal(colours[8:], colours[:2])
    assert np.array_equal(group_colours(THEMES["light"], [3, 1]), colours[[3, 1]])
