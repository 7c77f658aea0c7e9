"""Input: what pointer, wheel and keyboard do to the view."""

from time import perf_counter
from typing import Any

import numpy as np

from errsurf.drawing.relief import Camera
from errsurf.viewer.actions import action, action_of_key
from errsurf.viewer.changing import restart
from errsurf.viewer.elements import Scrub, Slider, hit
from errsurf.viewer.map_relief import turned
from errsurf.viewer.menu_layer import menu_places
from errsurf.viewer.panel import swatch_box
from errsurf.viewer.picking import picked
from errsurf.viewer.screen import Screen
from errsurf.viewer.steering import KNOBS
from errsurf.viewer.view_state import Grip, Typed, ViewState
from errsurf.viewer.viewport import moved, pixel_of, zoomed

_STILL, _NEAR, _AT_ONCE = 4, 12, 0.15


def press(state: ViewState, screen: Screen, place: tuple[int, int]) -> None:
    """Press the pointer's first button."""
    point(state, screen, place)
    _take_typed(state)
    if state.helped:
        state.helped = False
    elif state.menu is not None and (state.menu.large or not isinstance(hit(screen.elements, place), Slider | Scrub)):
        _press_menu(state, screen, place)
    else:
        _press_window(state, screen, place)


def point(state: ViewState, screen: Screen, place: tuple[int, int]) -> None:
    """Move the pointer to a pixel, with what it drags."""
    before, state.pointer = state.pointer, place
    state.rests_since = perf_counter()
    if state.menu is not None and state.grip is None and before != place:
        found = menu_places(state.menu, screen.at)
        at = _inside(found.items, place)
        state.menu = state.menu if at is None else state.menu._replace(at=found.first + at)
    grip = state.grip
    if grip is None:
        return
    if grip.name != "map":
        _pull(state, screen, grip.name, place[0])
    elif grip.moved or max(abs(place[0] - grip.place[0]), abs(place[1] - grip.place[1])) > _STILL:
        start = before if grip.moved else grip.place
        _drag_map(state, screen, (place[0] - start[0], place[1] - start[1]))
        state.grip = grip._replace(moved=True)


def release(state: ViewState, screen: Screen, *, add: bool = False) -> None:
    """Release the button: apply the dragged value; a click on the map drops a cloud or chooses a particle.

    With ``add`` the cloud is added to the existing ones.
    """
    grip = state.grip
    if grip is None:
        return
    if state.dragged is not None:
        _turn(state, *state.dragged)
        state.dragged = None
    state.grip = None
    if grip.name == "map" and not grip.moved:
        _click_map(state, screen, grip.place, add=add)


def wheel(state: ViewState, screen: Screen, by: float) -> None:
    """Turn the wheel: scroll a list, or zoom the map at the pointer."""
    if state.menu is not None and (state.menu.large or _inside(screen.maps, state.pointer) is None):
        state.menu = state.menu.moved(-1 if by > 0 else 1)
    elif _inside(screen.maps, state.pointer) is not None:
        window, at = state.view or state.home, screen.theta_at(state, state.pointer)
        if window is not None and at is not None:
            state.view = zoomed(window, at, float(0.85**by))


def key(state: ViewState, name: str, text: str) -> None:
    """Press a key: type, choose from a list, or run its action."""
    if state.typed is not None and _type(state, name, text):
        return
    if state.menu is not None and _key_menu(state, name):
        return
    asked = action_of_key(text) or action_of_key(name)
    if asked is not None:
        asked.act(state)


def apply_drag(state: ViewState) -> None:
    """Apply the value that is being dragged, a few times a second."""
    if state.dragged is not None and perf_counter() - state.dragged_at > _AT_ONCE:
        _turn(state, *state.dragged)


def _drag_map(state: ViewState, screen: Screen, by: tuple[int, int]) -> None:
    """Move the map with the pointer, or turn a relief."""
    assert screen.run_map is not None
    if screen.run_map.on_relief(state):
        state.camera = turned(state.camera or Camera(), by)
        return
    window = state.view or state.home
    assert window is not None
    state.view = moved(window, screen.map, by)


def _press_window(state: ViewState, screen: Screen, place: tuple[int, int]) -> None:
    element = hit(screen.elements, place)
    if element is None:
        if _inside(screen.maps, place) is not None:
            state.grip = Grip("map", place)
        return
    if isinstance(element, Slider):
        if element.shut:
            return
        if _inside([element.field], place) is not None:
            state.typed = Typed(element.name, "")
            return
        state.grip = Grip(element.name, place)
        _pull(state, screen, element.name, place[0])
    elif isinstance(element, Scrub):
        state.grip = Grip("scrub", place)
        _pull(state, screen, "scrub", place[0])
    elif element.name.startswith("group "):
        _press_group(state, screen, int(element.name[6:]), place)
    elif element.name not in ("title", "claim"):
        action(element.name).act(state)


def _press_group(state: ViewState, screen: Screen, k: int, place: tuple[int, int]) -> None:
    element = next(each for each in screen.elements if each.name == f"group {k}")
    label = state.labels[k]
    if place[0] < swatch_box(element.box, screen.at.style).right + 4:
        state.hide(label)
    else:
        state.steer(label)


def _press_menu(state: ViewState, screen: Screen, place: tuple[int, int]) -> None:
    assert state.menu is not None
    found = menu_places(state.menu, screen.at)
    at = _inside(found.items, place)
    if at is not None:
        picked(state, state.menu._replace(at=found.first + at))
    elif _inside([found.sheet], place) is None:
        state.menu = None


def _pull(state: ViewState, screen: Screen, name: str, x: int) -> None:
    """Move a slider's grip to the pointer."""
    element = next((each for each in screen.elements if each.name == name), None)
    if isinstance(element, Scrub):
        state.playing = False
        state.seek(min(element.share_at(x, screen.at.style) * state.end, max(state.newest, 0.0)))
    elif isinstance(element, Slider):
        value = KNOBS[name].at(state, element.share_at(x, screen.at.style))
        if name == "speed":
            _turn(state, name, value)
        elif state.dragged is None or state.dragged[1] != value:
            state.dragged = (name, value)


def _turn(state: ViewState, name: str, value: float) -> None:
    state.dragged_at = perf_counter()
    now = KNOBS[name].value(state)
    if now is not None and now != value:
        KNOBS[name].turn(state, value)


def _click_map(state: ViewState, screen: Screen, place: tuple[int, int], *, add: bool) -> None:
    near, at = _particle_at(state, screen, place), screen.theta_at(state, place)
    if near is not None:
        state.steer(near)
        return
    if at is None:
        return
    x, y = at
    if restart(state, at=(float(f"{x:.4g}"), float(f"{y:.4g}")), add=add):
        state.notify(f"{'one more' if add else 'a'} cloud of particles starts at ({x:.4g}, {y:.4g})")


def _particle_at(state: ViewState, screen: Screen, place: tuple[int, int]) -> str | None:
    """The group of the particle with a trail at a pixel, or None."""
    window = state.view or state.home
    assert window is not None
    if state.relief:
        return None
    for k in state.shown():
        for theta in state.moment.position[k][state.tracks.chosen]:
            x, y = pixel_of(window, screen.map, (float(theta[0]), float(theta[1])))
            if np.hypot(x - place[0], y - place[1]) < _NEAR * screen.at.style.unit * 0.5:
                return state.labels[k]
    return None


def _type(state: ViewState, name: str, text: str) -> bool:
    """Handle a key while a value is typed; returns whether it was used."""
    assert state.typed is not None
    if name in ("return", "enter", "tab"):
        _take_typed(state)
    elif name == "backspace":
        state.typed = state.typed._replace(text=state.typed.text[:-1])
    elif name == "escape":
        state.typed = None
    elif text and text.isprintable():
        state.typed = state.typed._replace(text=(state.typed.text + text)[:20])
    return True


def _take_typed(state: ViewState) -> None:
    """Apply what was typed."""
    typed, state.typed = state.typed, None
    if typed is None or not typed.text.strip():
        return
    knob: Any = KNOBS[typed.name]
    try:
        value = knob.read(state, typed.text.strip())
    except ValueError:
        state.notify(f"{knob.label}: {typed.text} is not a number")
        return
    knob.turn(state, value)


def _key_menu(state: ViewState, name: str) -> bool:
    """Handle a key while a list is open; returns whether it was used."""
    assert state.menu is not None
    if name in ("up", "down"):
        state.menu = state.menu.moved(-1 if name == "up" else 1)
    elif name in ("pageup", "pagedown"):
        step = -8 if name == "pageup" else 8
        state.menu = state.menu._replace(at=min(max(state.menu.at + step, 0), len(state.menu.items) - 1))
    elif name in ("return", "enter", "space"):
        picked(state, state.menu)
    elif name == "escape":
        state.menu = None
    return True


def _inside(boxes: Any, place: tuple[int, int]) -> int | None:
    """Index of the box that contains a pixel, or None."""
    x, y = place
    return next((k for k, b in enumerate(boxes) if b.left <= x < b.right and b.top <= y < b.bottom), None)
