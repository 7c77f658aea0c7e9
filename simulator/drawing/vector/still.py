"""One frame as lines and letters, laid out as in all other pictures."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import tells_basins
from errsurf.drawing.colours import Colour, contrasting, group_colours, mixed
from errsurf.drawing.frames import clock_end, latest
from errsurf.drawing.layout_parts import Layout, Row, map_look
from errsurf.drawing.lettering.text import fitted, line_height, longest, shortened, text_width
from errsurf.drawing.painter import clock_texts
from errsurf.drawing.panel import counted, loss_texts, lost_text, updates_fit
from errsurf.drawing.scene import Scene
from errsurf.drawing.stage import picture_plan
from errsurf.drawing.vector.charts import draw_chart
from errsurf.drawing.vector.keys import marker_key
from errsurf.drawing.vector.maps import draw_map
from errsurf.drawing.vector.overlays import Over, overlay_key
from errsurf.drawing.vector.sheet import Sheet, fill, sheet, write, write_right
from errsurf.drawing.vector.wish import Wish


def still(wish: Wish) -> Sheet:
    """The frame at the wished clock value, in the size and with the parts that the scenario's pictures have."""
    scenario, picture = wish.result.scenario, wish.result.scenario.picture
    size = (int(picture.size[0]), int(picture.size[1]))
    longest_clock = clock_texts(float(clock_end(wish.result)), wish.epoch)[0]
    plan, caption = picture_plan(wish.result, size, wish.groups, len(wish.charts), longest_clock)
    look = plan.look
    shown, clock = wish.scene(plan.map)
    page = sheet(size, look.theme.paper)
    title = shortened(scenario.title, plan.title.width, look.title)
    write(page, title, *plan.title[:2], look.title, look.theme.ink)
    for k, line in enumerate(caption):
        top = plan.caption.top + k * line_height(look.number)
        write(page, line, plan.caption.left, top, look.number, look.theme.grey)
    overlay_key(page, plan.foot, _maps(page, plan, shown, clock), look)
    decimals = shown.losses.scale.decimals
    updates = shown.epoch is not None and updates_fit(plan.rows, shown.histories, decimals, look)
    for k, row in enumerate(plan.rows):
        _legend_row(page, row, plan, shown, k, clock, updates=updates)
    if plan.rest.height:
        words = f"and {len(shown.groups) - len(plan.rows)} more groups"
        write(page, shortened(words, plan.rest.width, look.number), *plan.rest[:2], look.number, look.theme.grey)
    for space, chart in zip(plan.charts, shown.charts.values(), strict=False):
        heading = longest(chart.titles, space.title.width, look.tick)
        write(page, heading, *space.title[:2], look.tick, look.theme.ink)
        draw_chart(page, space.box, shown, chart, clock, look)
    words = longest(clock_texts(clock, shown.epoch), plan.clock.width, look.label)
    write(page, words, *plan.clock[:2], look.label, look.theme.ink)
    marker_key(page, plan.key, picture.markers, look)
    return page


def _maps(page: Sheet, plan: Layout, shown: Scene, clock: float) -> Over:
    """One map of all groups, or one a group; the overlays of one of them."""
    every = list(range(len(shown.groups)))
    each = [every] if len(plan.maps) == 1 else [[k] for k in every]
    for area, outer, groups in zip(plan.maps, plan.outer, each, strict=True):
        over = draw_map(page, area, shown, clock, map_look(plan), groups=groups, outer=outer)
    return over


def _legend_row(page: Sheet, row: Row, plan: Layout, shown: Scene, k: int, clock: float, *, updates: bool) -> None:
    """Swatch, label, particles that are lost, and the loss or the shares of the basins."""
    look, h = plan.look, shown.histories[k]
    at, colour = latest(h.clock, clock), group_colours(look.theme, [shown.numbers[k]])[0]
    own = (int(colour[0]), int(colour[1]), int(colour[2]))
    fill(page, row.swatch, own)
    lost = lost_text(row, h, at, look)
    write_right(page, lost, row.label.right, row.label.bottom - line_height(look.tick), look.tick, look.theme.warning)
    room = row.label.width - (text_width(lost, look.tick) + look.label.size if lost else 0)
    label, kind = fitted(shown.groups[k].label, room, look.label)
    write(page, label, row.label.left, row.label.bottom - line_height(kind), kind, look.theme.ink)
    if row.numbers and shown.basins and tells_basins(shown.result.scenario.picture.charts):
        _share_bar(page, row.numbers, shown, k, at, own, plan)
    elif row.numbers:
        loss = longest(loss_texts(h, at, shown.losses.scale.decimals), row.numbers.width, look.number)
        write(page, loss, *row.numbers[:2], look.number, look.theme.grey)
        if updates:
            words = counted(int(h.update[at]), "update")
            write_right(page, words, row.numbers.right, row.numbers.top, look.number, look.theme.grey)


def _share_bar(page: Sheet, box: Box, shown: Scene, k: int, at: int, colour: Colour, plan: Layout) -> None:
    """The share of particles in each basin, from left to right as on the map; the flattest in the full colour."""
    basins, kind, theme = shown.basins, plan.look.tick, plan.look.theme
    assert basins
    bar, left = Box(box.left, box.top + 1, box.right, box.bottom - 1), float(box.left)
    fill(page, bar, theme.pale)
    for m in basins.order:
        share = float(shown.histories[k].share[at, m])
        right = left + share * bar.width
        part = bar._replace(left=round(left), right=round(right))
        hue = mixed(colour, theme.paper, 0.0 if m == basins.followed else 0.7)
        fill(page, part, hue)
        text = longest((f"{basins.names[m]} {share:.0%}", f"{share:.0%}"), part.width - kind.size // 2, kind)
        middle = (part.left + part.right - text_width(text, kind)) / 2
        top = (bar.top + bar.bottom - line_height(kind)) / 2
        write(page, text, middle, top, kind, contrasting(hue, theme))
        left = right
