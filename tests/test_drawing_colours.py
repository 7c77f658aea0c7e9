"""Themes: what must be told apart can be, by every eye and on every map."""

from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from matplotlib import colormaps

from errsurf.drawing.colours import (
    COLORMAPS,
    TONES,
    Theme,
    contrast,
    contrasting,
    group_colours,
    map_colours,
    map_tones,
    ramp_colours,
    theme,
)
from errsurf.drawing.group_looks import group_shape, scenario_colours, shape_corners
from errsurf.errors import ScenarioError
from errsurf.scenario import Picture, scenario_from

THEMES = {name: theme(name) for name in get_args(get_type_hints(Picture)["theme"])}

# Machado, Oliveira, Fernandes 2009, IEEE TVCG 15(6): linear RGB as seen without red, green and blue cones.
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
TRITAN = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


def lab(coded: Any, eye: Any) -> Any:
    """CIE Lab of colours in [0, 1], shape (n, 3), as an eye sees them."""
    linear = np.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)
    seen = np.clip(linear @ np.asarray(eye).T, 0, 1)
    xyz = seen @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=-1)


EYES = [np.eye(3), PROTAN, DEUTAN, TRITAN]


def apart(colours: Any) -> Any:
    """Distances of rows from each other, with large ones of each from itself."""
    return np.linalg.norm(colours[:, None] - colours, axis=-1) + 1e3 * np.eye(len(colours))


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_group_colours_differ_for_every_eye(look: Theme, eye: Any) -> None:
    colours = np.array([*look.groups, look.full])
    assert apart(lab(colours / 255, eye)).min() > 18
    for count, least in ((2, 29), (4, 7), (6, 5)):
        ramp = np.array([*ramp_colours(look, count), look.full])
        assert apart(lab(ramp / 255, eye)).min() > least


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_six_groups_differ_in_grey(look: Theme) -> None:
    grey = lab(np.array([*look.groups[:6], look.full]) / 255, np.eye(3))[:, :1]
    assert apart(grey).min() > 3.5
    for count, least in ((4, 3), (6, 2)):
        steps = np.diff(lab(np.array([*ramp_colours(look, count), look.full]) / 255, np.eye(3))[:, 0])
        assert (np.abs(steps) > least).all()
        assert len(set(np.sign(steps))) == 1


def groups(*tables: dict[str, Any]) -> Any:
    made = [{"kind": "sgd", "label": str(k), **table} for k, table in enumerate(tables)]
    return scenario_from({"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": made}).optimizer


def test_twelve_groups_differ_in_colour_and_shape() -> None:
    twelve = groups(*[{"kind": "adam"}] * 12)
    colours = scenario_colours(THEMES["light"], twelve, range(12))
    looks = [(*colour.tolist(), group_shape(k)) for k, colour in enumerate(colours)]
    assert len(set(looks)) == 12
    assert len({corners for k in range(7) for corners in [shape_corners(k, 1.0).tobytes()]}) == 7


@pytest.mark.parametrize("shape", range(1, 7))
def test_shapes_are_as_large_as_a_disc(shape: int) -> None:
    x, y = shape_corners(shape, 3.0).T
    assert abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2 == pytest.approx(9 * np.pi)


def test_full_batch_has_one_colour_and_batch_sizes_are_in_order() -> None:
    look = THEMES["light"]
    sizes = groups({"batch": 4}, {"batch": "full"}, {"batch": 1}, {"batch": 10})
    colours = scenario_colours(look, sizes, range(4))
    assert np.array_equal(colours[1], look.full)
    assert np.array_equal(colours[[2, 0, 3]], ramp_colours(look, 3))
    kinds = groups({"batch": 1}, {"kind": "adam", "batch": 4}, {"batch": "full"})
    assert scenario_colours(look, kinds, range(3)).tolist() == [*map(list, look.groups[:2]), list(look.full)]
    both = groups({}, {"kind": "adam"})
    assert scenario_colours(look, both, [1]).tolist() == [list(look.groups[1])]


def test_a_group_has_the_color_that_its_table_names() -> None:
    own = groups({"color": "#0a14FF"}, {"kind": "adam"})
    assert scenario_colours(THEMES["dark"], own, range(2)).tolist() == [[10, 20, 255], list(THEMES["dark"].groups[0])]
    with pytest.raises(ScenarioError, match="a # and six hexadecimal digits"):
        groups({"color": "red"})


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_texts_and_groups_stand_out_from_paper_and_map(look: Theme) -> None:
    maps = [(r, g, b) for r, g, b in map_colours(look, 9).tolist()]
    for colour in (look.foreground, look.grey, look.warning):
        assert contrast(colour, look.background) > 5
    assert min(contrast(look.foreground, colour) for colour in maps) > 3.4
    assert min(contrast(contrasting(colour, look), colour) for colour in maps) > 3.4
    # On the map rims of background are between the groups' colours and the map's.
    usual = [tuple(colour) for colour in group_colours(look, range(7))]
    assert min(contrast(group, look.background) for group in usual) > 3.5
    for group in look.groups:
        assert contrast(contrasting(group, look), group) > 3.5


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_groups_differ_from_every_map_colour(look: Theme) -> None:
    groups, colours = (lab(each / 255, np.eye(3)) for each in (group_colours(look, range(8)), map_colours(look, 14)))
    assert np.linalg.norm(groups[:, None] - colours, axis=-1).min() > 20


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_down_is_visible_in_even_steps_of_one_hue(look: Theme) -> None:
    colours = map_colours(look, 14)
    steps = np.diff(lab(colours / 255, np.eye(3))[:, 0])
    assert (steps > 0).all()
    assert np.ptp(steps) < 0.2 * steps.mean()
    assert contrast(colours[0], colours[-1]) > 4
    assert np.ptp(colours.astype(int), axis=1).max() < 110


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_contours_are_seen_on_every_map_colour_and_light_changes_little(look: Theme) -> None:
    areas, lines = map_tones(look, 24)
    middle = areas[:, TONES // 2]
    for area, line in zip(middle, lines[:, TONES // 2], strict=True):
        assert 1.35 < contrast(area, line) < 2.8
    lightness = lab(areas.reshape(-1, 3) / 255, np.eye(3))[:, 0].reshape(24, TONES)
    assert (np.diff(lightness[1:-1]) > 0).all()
    assert np.ptp(lightness, axis=1).max() < 0.3 * np.ptp(lightness)
    assert len(np.unique(areas.reshape(-1, 3), axis=0)) < 80


@pytest.mark.parametrize("name", get_args(get_type_hints(Picture)["colormap"])[1:])
def test_named_colour_maps_are_those_of_matplotlib(name: str) -> None:
    low, *_, high = map_colours(theme("dark", name), 9).astype(int)
    assert np.abs(low - 255 * np.array(colormaps[COLORMAPS[name]](0.0))[:3]).max() <= 2
    if name == "blue_red":
        assert low[2] > low[0]
        assert high[0] > high[2]
    else:
        assert contrast(tuple(low), tuple(high)) > 4


def test_a_projector_gets_larger_type_and_stronger_colours() -> None:
    light, projector = THEMES["light"], THEMES["projector"]
    assert projector.type > 1.3 * light.type
    for strong, usual in zip(projector.groups[:7], light.groups, strict=False):
        assert contrast(strong, projector.background) > contrast(usual, light.background)


def test_colours_repeat_beyond_eight_groups() -> None:
    colours = group_colours(THEMES["light"], range(10))
    assert np.array_equal(colours[8:], colours[:2])
    assert np.array_equal(group_colours(THEMES["light"], [3, 1]), colours[[3, 1]])
