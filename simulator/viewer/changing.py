"""What changes the run: each function can be undone, since it remembers all changes so far first."""

from collections.abc import Callable
from typing import Any

from errsurf.viewer.view_state import Step, ViewState

_MOST = 100


def steered(state: ViewState, act: Callable[[], object]) -> bool:
    """Change the run by ``act``, or show its error; returns whether it succeeded.

    All changes of one drag are undone together.
    """
    step = Step(state.live.bookmark(), state.clock, state.chosen)
    done = state.attempt(act)
    if done and (state.grip is None or state.grip is not state.undoes):
        state.steps = [*state.steps[1 - _MOST :], step]
        state.undoes = state.grip
    return done


def change(state: ViewState, **settings: Any) -> bool:
    """Change settings of the steered group from the next update on; discards what came later."""

    def act() -> None:
        if state.clock < state.newest:
            state.live.rewind(state.clock)
        state.live.change(state.steered, **settings)

    if state.clock >= state.end:
        state.notify("the run has ended; Restart runs it again with this change")
    return steered(state, act)


def restart(
    state: ViewState, seed: int | None = None, at: tuple[float, float] | None = None, *, add: bool = False
) -> bool:
    """Start again, with another seed or from a cloud at another place, or with an additional cloud."""
    done = steered(state, lambda: state.live.restart(seed, at, add=add))
    if done:
        state.clock = 0.0
    return done


def replace_optimizer(state: ViewState, kind: str) -> None:
    """Start again with another optimizer in the steered group, which keeps its colour and its other settings."""
    place, before = state.place, state.chosen
    if not steered(state, lambda: state.live.replace(state.steered, kind)):
        return
    state.clock = 0.0
    now = state.live.steered.optimizer[place].label
    state.hidden = frozenset(now if label == before else label for label in state.hidden)
    state.steer(now)
    state.notify(f"{kind} takes the place of the optimizer of {before}; the run starts again", name="optimizer")


def undo(state: ViewState) -> None:
    """Take the last change back, and run to the moment at which it was made."""
    if not state.steps:
        state.notify("nothing to undo", name="undo")
        return
    _return(state, state.steps.pop())
    state.notify("the last change is undone", name="undo")


def reset(state: ViewState) -> None:
    """Take all changes back, and start again; an undo brings them back."""
    if not state.steps:
        state.notify("nothing was changed", name="undo")
        return
    first = state.steps[0]._replace(clock=0.0)
    steered(state, lambda: _return(state, first))
    state.notify("all changes are taken back", name="undo")


def _return(state: ViewState, step: Step) -> None:
    state.live.restore(step.mark)
    state.steer(step.chosen)
    state.set_picture(clock=step.mark.scenario.picture.clock)
    state.clock = step.clock
    state.live.aim(step.clock)
