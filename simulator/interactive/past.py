"""Moments before the present one: from recorded frames, or run again from a checkpoint."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.interactive.clocks import Clocks
from errsurf.interactive.group_runner import GroupRunner
from errsurf.interactive.moment import Moment
from errsurf.settings.learning_rates import Lr, lr_at


class Past(NamedTuple):
    """Every group after some updates: the next rate, positions (particles, 2), and when particles diverged."""

    lr: tuple[Lr, ...]
    position: tuple[NDArray[Any], ...]
    diverged: tuple[NDArray[np.int64], ...]


def recorded_past(now: Moment, known: Clocks, clock: float, updates: Sequence[int], exact: Past | None) -> Moment:
    """The moment at which the groups had made these updates: ``exact``, or else the last frames up to then."""
    groups, stood = now.result.groups, list(updates)
    if exact is None:
        frames = [int(np.searchsorted(g.update, u, side="right")) - 1 for g, u in zip(groups, updates, strict=True)]
        stood = [int(g.update[frame]) for g, frame in zip(groups, frames, strict=True)]
        exact = Past(
            tuple(lr_at(g.lr, frame) for g, frame in zip(groups, frames, strict=True)),
            tuple(g.position[frame] for g, frame in zip(groups, frames, strict=True)),
            tuple(np.where(g.diverged > u, -1, g.diverged) for g, u in zip(groups, stood, strict=True)),
        )
    return replace(
        now,
        clock=clock,
        update=tuple(stood),
        examples_seen=tuple(int(known.seen(k, update)) for k, update in enumerate(stood)),
        lr=exact.lr,
        position=exact.position,
        diverged=exact.diverged,
        exact=stood == list(updates),
    )


def exact_past(
    runners: Sequence[GroupRunner], updates: Sequence[int], pool: ThreadPoolExecutor, stop: Event
) -> Past | None:
    """All groups, run again from their checkpoints to these updates; None if stopped."""
    again = [each.back(update) for each, update in zip(runners, updates, strict=True)]
    for each, update in zip(again, updates, strict=True):
        each.advance(update, np.empty(0, np.int64), pool, stop)
    if stop.is_set():
        return None
    return Past(
        tuple(each.rate(update) for each, update in zip(again, updates, strict=True)),
        tuple(each.position() for each in again),
        tuple(each.state.diverged for each in again),
    )
