"""The loop of the window: events in, one frame out, sixty times a second."""

import gc
import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pygame

from errsurf.drawing.colours import Pixels
from errsurf.scenario import Scenario
from errsurf.viewer.background_search import check_claims, start_search
from errsurf.viewer.display import closed, waiting
from errsurf.viewer.input import apply_drag, key, point, press, release, wheel
from errsurf.viewer.runs import new_state
from errsurf.viewer.screen import Screen
from errsurf.viewer.view_state import ViewState

if TYPE_CHECKING:
    from errsurf.run.result import Result

FPS = 60
_SWITCH = 0.0005
"""Seconds that another thread may keep the interpreter's lock while a frame waits for it."""


def watch(window: pygame.Window, chosen: "Scenario | Result") -> None:
    """Show a run in a window until the user quits.

    Raises the errors of ``Live``.
    """
    scenario = chosen if isinstance(chosen, Scenario) else chosen.scenario
    say = partial(waiting, window, dark="dark" in scenario.picture.theme)
    try:
        say("Preparing the run")
        state = new_state(chosen, _pixels(window))
        say("Drawing the map; its kernels are compiled if this machine has not drawn it before")
        try:
            _run(window, state)
        finally:
            for part in (state.live, state.maps, state.files, state.searches):
                part.close()
    finally:
        closed(window)


def _run(window: pygame.Window, state: ViewState) -> None:
    """Draw frames until the user quits; objects of the first frame are excluded from garbage collection."""
    screen, clock = Screen(), pygame.time.Clock()
    sys.setswitchinterval(_SWITCH)
    frame(window, state, screen, 0.0)
    gc.collect()
    gc.freeze()
    while not state.quitting:
        frame(window, state, screen, min(clock.tick(FPS) / 1000, 0.1))


def frame(window: pygame.Window, state: ViewState, screen: Screen, seconds: float) -> None:
    """One frame: handle events, advance the state, and draw.

    Nothing is drawn while nothing changes.
    """
    events = pygame.event.get()
    for event in events:
        handle_event(event, window, state, screen)
    _fill_screen(window, state)
    arrived = [client.poll() for client in (state.maps, state.files, state.searches)]
    if events or any(arrived):
        state.wake()
    if not state.awake:
        return
    apply_drag(state)
    start_search(state)
    check_claims(state)
    state.advance(seconds)
    screen.draw(state)
    show_pixels(window, screen)


def handle_event(event: pygame.Event, window: pygame.Window, state: ViewState, screen: Screen) -> None:
    """Handle one event; positions are scaled to the pixels of high-density displays."""
    kind = event.type
    if kind in (pygame.QUIT, pygame.WINDOWCLOSE):
        state.quitting = True
    elif kind == pygame.KEYDOWN:
        key(state, _name(event), event.unicode)
    elif screen.layout is None:
        return
    elif kind == pygame.MOUSEBUTTONDOWN and event.button == 1:
        press(state, screen, _place(event.pos, window, state))
    elif kind == pygame.MOUSEBUTTONUP and event.button == 1:
        point(state, screen, _place(event.pos, window, state))
        release(state, screen, add=bool(pygame.key.get_mods() & pygame.KMOD_SHIFT))
    elif kind == pygame.MOUSEMOTION:
        point(state, screen, _place(event.pos, window, state))
    elif kind == pygame.MOUSEWHEEL:
        wheel(state, screen, float(getattr(event, "precise_y", event.y) or event.y))
    elif kind == pygame.WINDOWLEAVE:
        state.pointer = (-1, -1)


def show_pixels(window: pygame.Window, screen: Screen) -> None:
    """Copy the pixels to the window."""
    assert screen.run_map is not None
    surface = window.get_surface()
    chrome = _surface(screen.chrome)
    surface.blit(chrome, (0, 0))
    part = screen.run_map.visible
    surface.blit(
        _surface(screen.run_map.canvas),
        (screen.at.map.left, screen.at.map.top),
        (part.left, part.top, part.width, part.height),
    )
    for box in screen.on_map:
        surface.blit(chrome, (box.left, box.top), (box.left, box.top, box.width, box.height))
    for layer in screen.layers:
        surface.blit(_surface(layer.pixels), (layer.left, layer.top))
    window.flip()


def _fill_screen(window: pygame.Window, state: ViewState) -> None:
    """Enter or leave full screen as requested, then read the window's size."""
    if state.full != state.filling:
        state.filling = state.full
        if state.full:
            window.set_fullscreen(desktop=True)
        else:
            window.set_windowed()
    state.size = _pixels(window)


def _surface(pixels: Pixels) -> pygame.Surface:
    """An image of the same memory."""
    return pygame.image.frombuffer(pixels.data, (pixels.shape[1], pixels.shape[0]), "RGB")


def _pixels(window: pygame.Window) -> tuple[int, int]:
    width, height = window.get_surface().get_size()
    return int(width), int(height)


def _place(pos: tuple[int, int], window: pygame.Window, state: ViewState) -> tuple[int, int]:
    across, down = (np.array(state.size) / np.array(window.size)).tolist()
    return int(pos[0] * across), int(pos[1] * down)


def _name(event: pygame.Event) -> str:
    """The name of a key in the table of actions."""
    name = str(pygame.key.name(event.key))
    name = {"enter": "return", "page up": "pageup", "page down": "pagedown"}.get(name, name)
    return f"ctrl {name}" if event.mod & pygame.KMOD_CTRL else name
