"""Figures for paper and slides: the map, losses, where particles ended; and frames in a row."""

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.lettering.notices import scenario_faces
from errsurf.drawing.lettering.text import line_height, longest, shortened, text_width, wrapped
from errsurf.drawing.look import Look, look, scenario_look
from errsurf.drawing.painter import clock_texts
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.charts import draw_chart, draw_shares
from errsurf.drawing.vector.keys import group_key, key_height, marker_key, marker_room
from errsurf.drawing.vector.maps import draw_map
from errsurf.drawing.vector.sheet import Sheet, sheet, write
from errsurf.drawing.vector.wish import Wish

PAPER = (720, 380)
SLIDE = (1334, 750)
_FADE = 0.5
_SHARES = (
    "share of particles in each basin, 95% interval",
    "share in each basin, 95% interval",
    "shares, 95% interval",
    "shares",
)


def paper(wish: Wish) -> Sheet:
    """Three parts on white, 18 cm wide, the width of a page; no title, that is the caption's."""
    how = look(PAPER, theme("light"), scenario_faces(wish.result.scenario))
    page = sheet(PAPER, how.theme.paper)
    margin = round(8 * how.unit)
    _parts(page, wish, how, Box(margin, margin, PAPER[0] - margin, PAPER[1] - margin))
    return page


def slide(wish: Wish) -> Sheet:
    """Three parts with title and caption in the scenario's theme, 13.3 by 7.5 inches, the size of a slide."""
    scenario = wish.result.scenario
    how = scenario_look(scenario, SLIDE)
    page = sheet(SLIDE, how.theme.paper)
    margin = round(18 * how.unit)
    body = Box(margin, margin, SLIDE[0] - margin, SLIDE[1] - margin)
    if title := scenario.title.strip():
        write(page, shortened(title, body.width, how.title), body.left, body.top, how.title, how.theme.ink)
        body = body._replace(top=body.top + line_height(how.title) + round(8 * how.unit))
    for line in reversed(wrapped(scenario.picture.caption, body.width, how.number, 2)):
        body = body._replace(bottom=body.bottom - line_height(how.number))
        write(page, line, body.left, body.bottom, how.number, how.theme.grey)
    _parts(page, wish, how, body)
    return page


def _parts(page: Sheet, wish: Wish, how: Look, body: Box) -> None:
    """(a) the map at the left, charts at the right, the key of the groups below."""
    first, tick = line_height(how.number), line_height(how.tick)
    probe, clock = wish.scene(Box(0, 0, 300, 200))
    updates = wish.result.scenario.picture.markers
    room = body.width - marker_room(updates, how)
    key = body._replace(top=body.bottom - key_height(probe, how, room))
    below, above = key.top - tick - round(16 * how.unit), body.top + first + round(4 * how.unit)
    left = body.left + text_width("\N{MINUS SIGN}0.25", how.tick) + 7
    area = Box(left, above, body.left + round(0.56 * body.width), below)
    shown, clock = wish.scene(area)
    everybody = list(range(len(shown.groups)))
    draw_map(page, area, shown, clock, how, groups=everybody, fade=_FADE)
    _heading(page, "a", clock_texts(clock, shown.epoch), area, how)
    right = Box(area.right + text_width("\N{MINUS SIGN}0.25 (b)", how.tick) + 7, above, body.right - 4, below)
    _charts(page, right, shown, clock, how)
    group_key(page, key._replace(right=key.left + room), shown, how)
    marker_key(page, key._replace(left=key.left + room, top=key.bottom - first), updates, how)


def _charts(page: Sheet, right: Box, shown: Scene, clock: float, how: Look) -> None:
    """(b) the picture's chart, or the losses, and below it (c) its second one, or the shares if there are any."""
    charts = [chart for name, chart in shown.charts.items() if name != "basins"] or [shown.losses]
    upper = right
    if shown.basins or len(charts) > 1:
        upper = right._replace(bottom=right.top + round(0.42 * right.height))
        gap = line_height(how.tick) + line_height(how.number) + round(20 * how.unit)
        lower = right._replace(top=upper.bottom + gap)
    if len(charts) > 1:
        draw_chart(page, lower, shown, charts[1], clock, how)
        _heading(page, "c", charts[1].titles, lower, how)
    elif shown.basins:
        draw_shares(page, lower, shown, clock, how)
        _heading(page, "c", _SHARES, lower, how)
    draw_chart(page, upper, shown, charts[0], clock, how)
    _heading(page, "b", charts[0].titles, upper, how)


def _heading(page: Sheet, letter: str, titles: tuple[str, ...], box: Box, how: Look) -> None:
    """A letter in bold and the longest title that fits above a part."""
    top = box.top - line_height(how.number) - round(4 * how.unit)
    mark = how.number._replace(faces=how.label.faces)
    write(page, f"({letter})", box.left, top, mark, how.theme.ink)
    indent = text_width(f"({letter}) ", mark)
    write(page, longest(titles, box.width - indent, how.number), box.left + indent, top, how.number, how.theme.ink)


def strip(wish: Wish) -> Sheet:
    """Frames in a row from the start to the clock value, on white, as wide as a page; wider beyond five frames."""
    width = round(PAPER[0] * max(1.0, wish.frames / 5))
    how = look(PAPER, theme("light"), scenario_faces(wish.result.scenario))
    margin, gap, tick = round(8 * how.unit), round(7 * how.unit), line_height(how.tick)
    left = margin + text_width("\N{MINUS SIGN}0.25", how.tick) + 7
    side = (width - left - margin - (wish.frames - 1) * gap) // wish.frames
    top = margin + line_height(how.number) + round(4 * how.unit)
    area = Box(left, top, left + side, top + round(0.85 * side))
    shown, end = wish.scene(area)
    key = Box(margin, area.bottom + tick + round(12 * how.unit), width - margin, 0)
    updates = wish.result.scenario.picture.markers
    room = key.width - marker_room(updates, how)
    key = key._replace(bottom=key.top + key_height(shown, how, room))
    page = sheet((width, key.bottom + margin), how.theme.paper)
    share = side * area.height / (0.4 * PAPER[0] * PAPER[1])
    small = how._replace(line=how.line * max(0.6, min(1.0, share**0.25)))
    for k, clock in enumerate(np.linspace(0.0, end, wish.frames)):
        box = area._replace(left=area.left + k * (side + gap), right=area.right + k * (side + gap))
        everybody = list(range(len(shown.groups)))
        draw_map(
            page, box, shown, float(clock), small, groups=everybody, fade=_FADE, outer=(k == 0, True), names=k == 0
        )
        words = longest(clock_texts(float(clock), shown.epoch), side, how.number)
        write(page, words, box.left, margin, how.number, how.theme.ink)
    group_key(page, key._replace(right=key.left + room), shown, how)
    marker_key(page, key._replace(left=key.left + room, top=key.bottom - line_height(how.number)), updates, how)
    return page
