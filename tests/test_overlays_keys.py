"""Overlays as a user asks for them: keys and their faults, what is recorded, every picture that has them."""

from dataclasses import replace
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import pytest

from errsurf.drawing import PictureRequest, format_of
from errsurf.drawing.boxes import Box
from errsurf.drawing.overlays import overlay, overlay_names
from errsurf.drawing.page.content import content
from errsurf.drawing.page.recorded import CODES
from errsurf.errors import ScenarioError
from errsurf.scenario import Picture, scenario_from
from helpers.canvas_recorder import Recorder
from helpers.overlay_cases import painted, part, run, without_overlays

ALL: dict[str, Any] = {"test": True, "members": True, "rates": True, "stability": True, "noise": True}
GROUPS = [{"kind": "sgd", "label": "slow", "batch": 3}, {"kind": "adam", "label": "adam"}]


def tables(**picture: Any) -> dict[str, Any]:
    return {
        "surface": {"kind": "saddle", "examples": 12},
        "swarm": {"particles": 100},
        "run": {"updates": 3},
        "optimizer": GROUPS,
        "picture": picture,
    }


def test_a_page_keeps_the_strokes_of_every_moment() -> None:
    """Decoded as overlays.js does: shares of the map from -0.5 to 1.5, a gap where the code is 0."""
    told = content(run({"batch": 3}, {"batch": 1}, surface={"shift": 0.5}, members=True), (), None)
    kept, shown = told.overlay, told.scene
    places = np.where(kept.points > 0, (kept.points.astype(float) - 1) / CODES * 2 - 0.5, np.nan)
    seen = set()
    for clock in range(13):
        canvas = Recorder()
        for each in shown.overlays:
            each.under(canvas, clock)
            each.over(canvas, clock)
        strokes = [stroke for _, drawing in canvas.drawings for stroke in drawing.strokes]
        at = np.searchsorted(kept.moments[1:, 0], clock, "right")
        _, first, count = kept.moments[at].astype(int)
        assert count == len(strokes) > 0
        for row, stroke in zip(kept.strokes[first : first + count], strokes, strict=True):
            begin, points, radius = int(row[0]), int(row[1]), row[2] * shown.maps.style.line
            path = places[begin : begin + points] * (shown.plan.map.width, shown.plan.map.height)
            assert path == pytest.approx(stroke.path, abs=0.011, nan_ok=True)
            assert radius == pytest.approx(stroke.radius)
        seen.add(at)
    assert len(seen) > 2


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        ({"beside": "train"}, 'picture.beside = "train": the first map shows it already'),
        (
            {"beside": "batch", "panels": True},
            'there is a map for each group already; allowed: picture.surface = "batch"',
        ),
        ({"surface": "test", "test": True}, "picture.test: the map shows the test loss already"),
        ({"follow": "fast"}, 'picture.follow = "fast": no such group is drawn; allowed: a number or label'),
        ({"follow": "slo"}, "did you mean `slow`?"),
        ({"follow": 2, "groups": [1]}, "picture.follow = 2: no such group is drawn"),
        ({"particle": 100}, "picture.particle = 100: no such particle; allowed: from 0 to 99"),
        ({"particle": 5, "rates": True}, "picture.particle = 5: arrows and rates need its updates"),
        ({"stability": True, "follow": "adam"}, "picture.stability: adam has no limit that follows from its lr"),
        ({"arrows": "batches"}, "did you mean `batch`?"),
        ({"view": "3d", "surface": "batch"}, 'picture.surface = "batch": a relief does not change with the batch'),
    ],
)
def test_faults_are_said(picture: dict[str, Any], fault: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables(**picture))
    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("picture", "recorded"),
    [
        ({}, ()),
        ({"arrows": "update"}, ("gradient", "movement", "effective_rate")),
        ({"arrows": "batch", "noise": True, "particle": 5}, ()),
        ({"rates": True, "particle": 6}, ("movement", "effective_rate")),
    ],
)
def test_a_picture_has_recorded_what_it_needs(picture: dict[str, Any], recorded: tuple[str, ...]) -> None:
    scenario = scenario_from(tables(**picture))
    assert scenario.run.record == recorded
    kept = scenario_from(tables(**picture) | {"run": {"updates": 3, "record": ["movement"]}})
    assert kept.run.record[0] == "movement"
    assert set(kept.run.record) == {"movement", *recorded}


def test_nothing_is_drawn_that_was_not_asked_for() -> None:
    ready = painted(run({"batch": 2}))
    assert not ready.scene.overlays
    assert not ready.layout.foot.height
    assert not ready.layout.beside.height
    assert [overlay(name).wanted(Picture()) for name in overlay_names()] == [False] * len(overlay_names())


def test_the_followed_group_is_the_one_of_the_smallest_batch_or_the_one_that_is_named() -> None:
    result = run({"batch": "full"}, {"batch": 4}, {"batch": 2}, {"batch": 2}, members=True)
    for picture, place in (({}, 2), ({"follow": 2}, 1), ({"follow": "group 3"}, 3), ({"groups": (1, 2)}, 1)):
        ready = painted(result, **picture)
        assert ready.scene.maps.shown[ready.scene.maps.follow] == place


SHAPES = [(960, 540), (480, 270), (400, 720)]


@pytest.mark.parametrize(
    ("size", "theme"), [*product(SHAPES, ["light"]), (SHAPES[1], "dark"), (SHAPES[0], "projector")]
)
def test_overlays_stay_in_the_maps_and_in_their_foot(size: tuple[int, int], theme: str) -> None:
    """In one map, two maps and panels, at every size and theme, at the first and the last frame."""
    surface = {"shift": 0.3, "tilt": 0.3, "test": {"shift": [0.3, 0.1]}}
    result = run({"batch": 2, "momentum": 0.5}, {"batch": "full"}, surface=surface, rates=True, arrows="update")
    shapes = ({"surface": "batch", "panels": True}, {"beside": "batch"}, {"beside": "test", "surface": "batch"})
    for shape, arrows in zip(shapes, ("update", "batch", "update"), strict=True):
        ready = painted(result, size=size, theme=theme, arrows=arrows, **ALL, **shape)
        areas = [*ready.layout.maps, *([ready.layout.beside] if ready.layout.beside.height else []), ready.layout.foot]
        assert all(area.inside(Box(0, 0, *size)) and area.height > 0 for area in areas)
        assert not any(one.overlaps(other) for k, one in enumerate(areas) for other in areas[:k])
        for clock in (0.0, ready.end):
            changed = ready.frame(clock) != without_overlays(ready).frame(clock)
            assert part(changed, areas[0]).any()
            assert part(changed, areas[-1]).any()
            for area in areas:
                changed[area.top - 1 : area.bottom + 1, area.left - 1 : area.right + 1] = False
            assert not changed.any()


@pytest.mark.parametrize("surface", ["test", "batch"])
def test_a_still_of_lines_has_all_overlays(surface: str) -> None:
    keys = {"test": surface == "batch", "stability": True, "noise": True, "members": True, "rates": True}
    examples = {"shift": 0.3, "test": {"shift": [0.2, 0.0]}}
    result = run({"batch": 2, "lr": 2.5}, surface=examples, arrows="update", **keys)
    picture = result.scenario.picture._replace(surface=surface, beside="train")
    result, said, file = replace(result, scenario=replace(result.scenario, picture=picture)), [], BytesIO()
    format_of("a.svg").write(PictureRequest(result, say=said.append), file)
    text = file.getvalue().decode()
    assert said == []
    for words in ("sharper than", "noise", "rates", *(["dashed"] if surface == "batch" else ["test loss"])):
        assert words in text
    assert "training loss: all" in text


def test_a_page_says_what_it_is_without() -> None:
    said: list[str] = []
    result = run({"batch": 2}, test=True, arrows="batch", members=True, surface={"shift": 0.3})
    picture = result.scenario.picture._replace(surface="batch")
    result = replace(result, scenario=replace(result.scenario, picture=picture))
    format_of("a.html").write(PictureRequest(result, say=said.append), BytesIO())
    assert said == ["this picture is without picture.members, picture.surface; .png, .gif and videos show that"]


def test_every_overlay_has_a_key_that_asks_for_it() -> None:
    """But for that of a chart; those without a key are asked for by name."""
    base = Picture()
    values = {"surface": "batch", "beside": "batch", "arrows": ("update", "batch"), "trajectory": "mine.csv"}
    wanted = {name for name in overlay_names() if overlay(name).wanted(base._replace(chart="near"))}
    for key in ("surface", "beside", "test", "members", "arrows", "rates", "stability", "noise", "trajectory"):
        for value in np.atleast_1d(values.get(key, True)):
            picture = base._replace(**{key: value if isinstance(value, str) else bool(value)})
            wanted |= {name for name in overlay_names() if overlay(name).wanted(picture)}
    assert set(overlay_names()) - wanted == {"iterate", "gradient_flow", "central_flow"}


@pytest.mark.parametrize("name", overlay_names())
def test_every_overlay_can_be_asked_for_by_its_name(name: str) -> None:
    """It is drawn as with its key, or nothing is drawn where there is no room for it; wrong names are said."""
    recorded = ["gradient", "movement", "effective_rate", "iterate"]
    result = run({"batch": 2}, run={"record": recorded}, overlays=[name], surface={"shift": 0.3})
    assert painted(result).frame(3.0).shape == (400, 640, 3)
    with pytest.raises(ScenarioError, match="did you mean"):
        scenario_from(tables(overlays=[name + "s"]))
