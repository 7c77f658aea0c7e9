"""The loop of the window: events in, one frame out, sixty times a second."""

import gc
import sys
from typing import TYPE_CHECKING

import numpy as np
import pygame

from errsurf.drawing.colours import Pixels
from errsurf.viewer.display import closed
from errsurf.viewer.hands import held, key, point, press, release, wheel
from errsurf.viewer.knowledge import seek
from errsurf.viewer.runs import show_of
from errsurf.viewer.screen import Screen
from errsurf.viewer.show import Show

if TYPE_CHECKING:
    from errsurf.run.result import Result
    from errsurf.scenario import Scenario

FPS = 60
_SWITCH = 0.0005
"""Seconds for which another thread may keep the interpreter's lock while a frame waits for it."""


def watch(window: pygame.Window, chosen: "Scenario | Result") -> None:
    """Show a run in a window, and close it when the user leaves.

    Raises what ``Live`` raises for a run that cannot be.
    """
    try:
        show = show_of(chosen, _pixels(window))
        try:
            _run(window, show)
        finally:
            for part in (show.live, show.maps, show.files, show.searches):
                part.close()
    finally:
        closed(window)


def _run(window: pygame.Window, show: Show) -> None:
    """One frame after the other until the user leaves; what the first one made stays out of garbage collection."""
    screen, clock = Screen(), pygame.time.Clock()
    sys.setswitchinterval(_SWITCH)
    frame(window, show, screen, 0.0)
    gc.collect()
    gc.freeze()
    while not show.over:
        frame(window, show, screen, min(clock.tick(FPS) / 1000, 0.1))


def frame(window: pygame.Window, show: Show, screen: Screen, seconds: float) -> None:
    """Everything that happens once: what came in, the state that follows, and its picture.

    While nothing moves and nothing comes in, nothing is drawn.
    """
    events = pygame.event.get()
    for event in events:
        heed(event, window, show, screen)
    _fill_screen(window, show)
    heard = [workshop.heard() for workshop in (show.maps, show.files, show.searches)]
    if events or any(heard):
        show.wake()
    if not show.awake:
        return
    held(show)
    seek(show)
    show.advance(seconds)
    screen.draw(show)
    put(window, screen)


def heed(event: pygame.Event, window: pygame.Window, show: Show, screen: Screen) -> None:
    """One event; places are taken to the pixels of high-density displays."""
    kind = event.type
    if kind in (pygame.QUIT, pygame.WINDOWCLOSE):
        show.over = True
    elif kind == pygame.KEYDOWN:
        key(show, _name(event), event.unicode)
    elif screen.layout is None:
        return
    elif kind == pygame.MOUSEBUTTONDOWN and event.button == 1:
        press(show, screen, _place(event.pos, window, show))
    elif kind == pygame.MOUSEBUTTONUP and event.button == 1:
        point(show, screen, _place(event.pos, window, show))
        release(show, screen, add=bool(pygame.key.get_mods() & pygame.KMOD_SHIFT))
    elif kind == pygame.MOUSEMOTION:
        point(show, screen, _place(event.pos, window, show))
    elif kind == pygame.MOUSEWHEEL:
        wheel(show, screen, float(getattr(event, "precise_y", event.y) or event.y))
    elif kind == pygame.WINDOWLEAVE:
        show.pointer = (-1, -1)


def put(window: pygame.Window, screen: Screen) -> None:
    """Bring the pixels onto the window."""
    assert screen.stage is not None
    surface = window.get_surface()
    chrome = _surface(screen.chrome)
    surface.blit(chrome, (0, 0))
    part = screen.stage.visible
    surface.blit(
        _surface(screen.stage.canvas),
        (screen.at.map.left, screen.at.map.top),
        (part.left, part.top, part.width, part.height),
    )
    for box in screen.on_map:
        surface.blit(chrome, (box.left, box.top), (box.left, box.top, box.width, box.height))
    for layer in screen.layers:
        surface.blit(_surface(layer.pixels), (layer.left, layer.top))
    window.flip()


def _fill_screen(window: pygame.Window, show: Show) -> None:
    """Fill the screen, or leave it, as asked; then follow the size that the window has."""
    if show.full != show.filling:
        show.filling = show.full
        if show.full:
            window.set_fullscreen(desktop=True)
        else:
            window.set_windowed()
    show.size = _pixels(window)


def _surface(pixels: Pixels) -> pygame.Surface:
    """An image of the same memory."""
    return pygame.image.frombuffer(pixels.data, (pixels.shape[1], pixels.shape[0]), "RGB")


def _pixels(window: pygame.Window) -> tuple[int, int]:
    width, height = window.get_surface().get_size()
    return int(width), int(height)


def _place(pos: tuple[int, int], window: pygame.Window, show: Show) -> tuple[int, int]:
    across, down = (np.array(show.size) / np.array(window.size)).tolist()
    return int(pos[0] * across), int(pos[1] * down)


def _name(event: pygame.Event) -> str:
    """What a key is called in the table."""
    name = str(pygame.key.name(event.key))
    name = {"enter": "return", "page up": "pageup", "page down": "pagedown"}.get(name, name)
    return f"ctrl {name}" if event.mod & pygame.KMOD_CTRL else name
