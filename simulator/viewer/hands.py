"""What pointer, wheel and keyboard do to what is shown."""

from time import perf_counter
from typing import Any

import numpy as np

from errsurf.drawing.relief import Camera
from errsurf.viewer.actions import action, action_of_key
from errsurf.viewer.dialogs import menu_places
from errsurf.viewer.elements import Scrub, Slider, hit
from errsurf.viewer.map_view import moved, pixel_of, zoomed
from errsurf.viewer.panel import swatch_box
from errsurf.viewer.picking import picked
from errsurf.viewer.relieved import turned
from errsurf.viewer.screen import Screen
from errsurf.viewer.show import Grip, Show, Typed
from errsurf.viewer.steering import KNOBS

_STILL, _NEAR, _AT_ONCE = 4, 12, 0.15


def press(show: Show, screen: Screen, place: tuple[int, int]) -> None:
    """The pointer's first button goes down."""
    point(show, screen, place)
    _take_typed(show)
    if show.helped:
        show.helped = False
    elif show.menu is not None:
        _press_menu(show, screen, place)
    else:
        _press_window(show, screen, place)


def point(show: Show, screen: Screen, place: tuple[int, int]) -> None:
    """The pointer goes to a pixel; what it holds goes with it."""
    before, show.pointer = show.pointer, place
    show.rests_since = perf_counter()
    if show.menu is not None and show.grip is None and before != place:
        _, boxes, first = menu_places(show.menu, screen.at)
        at = _inside(boxes, place)
        show.menu = show.menu if at is None else show.menu._replace(at=first + at)
    grip = show.grip
    if grip is None:
        return
    if grip.name != "map":
        _pull(show, screen, grip.name, place[0])
    elif grip.moved or max(abs(place[0] - grip.place[0]), abs(place[1] - grip.place[1])) > _STILL:
        start = before if grip.moved else grip.place
        _drag_map(show, screen, (place[0] - start[0], place[1] - start[1]))
        show.grip = grip._replace(moved=True)


def release(show: Show, screen: Screen, *, add: bool = False) -> None:
    """The button goes up: what was turned is taken, and a click into the map drops a cloud or picks a particle.

    With ``add`` the cloud joins those that are there.
    """
    grip, show.grip = show.grip, None
    if grip is None:
        return
    if show.turned is not None:
        _turn(show, *show.turned)
        show.turned = None
    if grip.name == "map" and not grip.moved:
        _click_map(show, screen, grip.place, add=add)


def wheel(show: Show, screen: Screen, by: float) -> None:
    """The wheel turns: a list moves, and the map is zoomed at the pointer."""
    if show.menu is not None:
        show.menu = show.menu.moved(-1 if by > 0 else 1)
    elif _inside(screen.maps, show.pointer) is not None:
        window, at = show.view or show.home, screen.theta_at(show, show.pointer)
        if window is not None and at is not None:
            show.view = zoomed(window, at, float(0.85**by))


def key(show: Show, name: str, text: str) -> None:
    """A key goes down: it types, picks from a list, or does what the table says."""
    if show.typed is not None and _type(show, name, text):
        return
    if show.menu is not None and _key_menu(show, name):
        return
    asked = action_of_key(text) or action_of_key(name)
    if asked is not None:
        asked.act(show)


def held(show: Show) -> None:
    """Let the value that is being dragged take effect now and then."""
    if show.turned is not None and perf_counter() - show.turned_at > _AT_ONCE:
        _turn(show, *show.turned)


def _drag_map(show: Show, screen: Screen, by: tuple[int, int]) -> None:
    """The map goes with the pointer; a relief turns."""
    assert screen.stage is not None
    if screen.stage.on_relief(show):
        show.camera = turned(show.camera or Camera(), by)
        return
    window = show.view or show.home
    assert window is not None
    show.view = moved(window, screen.map, by)


def _press_window(show: Show, screen: Screen, place: tuple[int, int]) -> None:
    element = hit(screen.elements, place)
    if element is None:
        if _inside(screen.maps, place) is not None:
            show.grip = Grip("map", place)
        return
    if isinstance(element, Slider):
        if element.shut:
            return
        if _inside([element.field], place) is not None:
            show.typed = Typed(element.name, "")
            return
        show.grip = Grip(element.name, place)
        _pull(show, screen, element.name, place[0])
    elif isinstance(element, Scrub):
        show.grip = Grip("scrub", place)
        _pull(show, screen, "scrub", place[0])
    elif element.name.startswith("group "):
        _press_group(show, screen, int(element.name[6:]), place)
    elif element.name != "title":
        action(element.name).act(show)


def _press_group(show: Show, screen: Screen, k: int, place: tuple[int, int]) -> None:
    element = next(each for each in screen.elements if each.name == f"group {k}")
    label = show.labels[k]
    if place[0] < swatch_box(element.box, screen.at.look).right + 4:
        show.hide(label)
    else:
        show.steer(label)


def _press_menu(show: Show, screen: Screen, place: tuple[int, int]) -> None:
    assert show.menu is not None
    sheet, boxes, first = menu_places(show.menu, screen.at)
    at = _inside(boxes, place)
    if at is not None:
        picked(show, show.menu._replace(at=first + at))
    elif _inside([sheet], place) is None:
        show.menu = None


def _pull(show: Show, screen: Screen, name: str, x: int) -> None:
    """A slider's grip follows the pointer."""
    element = next((each for each in screen.elements if each.name == name), None)
    if isinstance(element, Scrub):
        show.playing = False
        show.go(min(element.share_at(x, screen.at.look) * show.end, max(show.newest, 0.0)))
    elif isinstance(element, Slider):
        value = KNOBS[name].at(show, element.share_at(x, screen.at.look))
        if name == "speed":
            _turn(show, name, value)
        elif show.turned is None or show.turned[1] != value:
            show.turned = (name, value)


def _turn(show: Show, name: str, value: float) -> None:
    show.turned_at = perf_counter()
    now = KNOBS[name].value(show)
    if now is not None and now != value:
        KNOBS[name].turn(show, value)


def _click_map(show: Show, screen: Screen, place: tuple[int, int], *, add: bool) -> None:
    near, at = _particle_at(show, screen, place), screen.theta_at(show, place)
    if near is not None:
        show.steer(near)
        return
    if at is None:
        return
    x, y = at
    if show.begin_again(at=(float(f"{x:.4g}"), float(f"{y:.4g}")), add=add):
        show.say(f"{'one more' if add else 'a'} cloud of particles starts at ({x:.4g}, {y:.4g})")


def _particle_at(show: Show, screen: Screen, place: tuple[int, int]) -> str | None:
    """The group of the particle with a trail at a pixel, if there is one."""
    window = show.view or show.home
    assert window is not None
    if show.relief:
        return None
    for k in show.shown():
        for theta in show.moment.position[k][show.tracks.chosen]:
            x, y = pixel_of(window, screen.map, (float(theta[0]), float(theta[1])))
            if np.hypot(x - place[0], y - place[1]) < _NEAR * screen.at.look.unit * 0.5:
                return show.labels[k]
    return None


def _type(show: Show, name: str, text: str) -> bool:
    """A key while a value is typed; whether it was used for that."""
    assert show.typed is not None
    if name in ("return", "enter", "tab"):
        _take_typed(show)
    elif name == "backspace":
        show.typed = show.typed._replace(text=show.typed.text[:-1])
    elif name == "escape":
        show.typed = None
    elif text and text.isprintable():
        show.typed = show.typed._replace(text=(show.typed.text + text)[:20])
    return True


def _take_typed(show: Show) -> None:
    """What was typed takes effect."""
    typed, show.typed = show.typed, None
    if typed is None or not typed.text.strip():
        return
    knob: Any = KNOBS[typed.name]
    try:
        value = knob.read(show, typed.text.strip())
    except ValueError:
        show.say(f"{knob.label}: {typed.text} is no number")
        return
    knob.turn(show, value)


def _key_menu(show: Show, name: str) -> bool:
    """A key while a list is open; whether it was used for that."""
    assert show.menu is not None
    if name in ("up", "down"):
        show.menu = show.menu.moved(-1 if name == "up" else 1)
    elif name in ("pageup", "pagedown"):
        step = -8 if name == "pageup" else 8
        show.menu = show.menu._replace(at=min(max(show.menu.at + step, 0), len(show.menu.items) - 1))
    elif name in ("return", "enter", "space"):
        picked(show, show.menu)
    elif name == "escape":
        show.menu = None
    return True


def _inside(boxes: Any, place: tuple[int, int]) -> int | None:
    """Which of the boxes has a pixel."""
    x, y = place
    return next((k for k, b in enumerate(boxes) if b.left <= x < b.right and b.top <= y < b.bottom), None)
