"""The thread of an experiment that is watched and steered while it runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any, Literal

from errsurf.engine.landscape import Landscape
from errsurf.errors import UserError
from errsurf.interactive import steering
from errsurf.interactive.controller import Bookmark, Command, controller
from errsurf.interactive.experiment import Piece
from errsurf.interactive.experiment_setup import experiment
from errsurf.interactive.moment import Moment
from errsurf.interactive.past import Past, exact_past, recorded_past
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.system.processors import threads

MEMORY = 1_000_000_000
KEPT_PASTS = 16


class Live:
    """An experiment that computes, in its own thread, towards the clock value set by ``aim``.

    All methods may be called from any thread, and all but ``wait`` and ``close`` return immediately.  ``chosen`` is a
    scenario, or a result, whose recorded frames are then available from the start, with the clock at their end.
    Frames and checkpoints take up to ``memory`` bytes, and at most a quarter of the free memory; when they are full,
    every second frame is dropped.  Raises TooLargeError.

    ``now().trouble`` describes an error in the thread; ``restart`` may help.
    """

    def __init__(self, chosen: Scenario | Result, *, memory: int = MEMORY) -> None:
        result = chosen if isinstance(chosen, Result) else None
        scenario = chosen.scenario if isinstance(chosen, Result) else chosen
        self._memory, self._lock, self._interrupt = memory, Condition(), Event()
        self._experiment = experiment(scenario, memory, 0, result)
        self._controller = controller(scenario, self._experiment.updates)
        self._aim = self._experiment.clock
        self._commands: list[Command] = []
        self._requested: tuple[int, ...] | None = None
        self._replaying: tuple[int, ...] | None = None
        self._pasts: dict[tuple[int, ...], Past] = {}
        self._closed, self._busy, self._trouble = False, False, ""
        self._moment, self._clocks = self._experiment.moment(), self._experiment.clocks
        self._pool = ThreadPoolExecutor(threads())
        self._thread = Thread(target=self._work, name="live", daemon=True)
        self._thread.start()

    @property
    def scenario(self) -> Scenario:
        """What ``save`` would write now: every change so far, and a run long enough for what was reached."""
        with self._lock:
            return steering.lengthened(self._controller.scenario, self._controller.reached)

    @property
    def steered(self) -> Scenario:
        """The scenario with every change so far, as long as its own run."""
        return self._controller.scenario

    @property
    def landscape(self) -> Landscape:
        """The training and test surface of ``now()``; it changes with the seed."""
        return self._moment.result.landscape

    def aim(self, clock: float) -> None:
        """Compute up to this clock value, which may be infinite; stop immediately if it was reached already."""
        with self._lock:
            self._aim = max(0.0, clock)
            self._lock.notify_all()

    def now(self) -> Moment:
        """The newest state."""
        return self._moment

    def at(self, clock: float, *, exact: bool = False) -> Moment:
        """The experiment at a clock value that was reached before; ``now()`` for later values.

        Each group is at its last recorded frame up to then; ``Moment.exact`` says whether that is the frame of this
        clock value.  If it is not, and ``exact`` is True, the thread runs the groups again from a checkpoint, and a
        later call with the same clock value returns the exact moment.
        """
        with self._lock:
            moment, known = self._moment, self._clocks
            if clock >= moment.clock:
                return moment
            updates = tuple(min(known.update(k, clock), made) for k, made in enumerate(moment.update))
            found = recorded_past(moment, known, clock, updates, self._pasts.get(updates))
            if exact and not found.exact and updates not in (self._requested, self._replaying):
                self._requested = updates
                self._interrupt.set()
                self._lock.notify_all()
            return found

    def following(self, clock: float) -> float:
        """The next clock value at which any group has made one more update."""
        return float(self._clocks.following(clock))

    def preceding(self, clock: float) -> float:
        """The clock value at which the last update before this one was made."""
        return float(self._clocks.preceding(clock))

    def epoch(self, clock: float) -> float:
        """The length of an epoch at a clock value; in updates, that of the group that makes the most."""
        return float(self._clocks.epoch(clock))

    def change(self, group: int, **settings: Any) -> None:
        """Change settings of a group from its next update on: lr, momentum, ..., batch, accumulate, schedule.

        Keys and values are those of ``changes`` in scenario files.  Raises ScenarioError if they are not possible.
        """
        self._steer(lambda: self._controller.change(group, settings))

    def restart(
        self,
        seed: int | None = None,
        at: tuple[float, float] | None = None,
        *,
        spread: float = 0.05,
        add: bool = False,
        forget: bool = False,
    ) -> None:
        """Start again at clock 0, and stop there.

        Another ``seed`` draws new examples and a new order.  With ``at``, all groups start from a cloud around that
        point or, with ``add``, from such a cloud and their old starts; clouds are as wide as the scenario's own, or
        have the standard deviation ``spread`` if it has none.  Changes made during the run apply from the start,
        unless ``forget``.  Raises TooLargeError, and ScenarioError for settings that do not go together.
        """

        self._restart(lambda: self._controller.restart(self._memory, seed, at, spread, add=add, forget=forget))

    def replace(self, group: int, kind: str) -> None:
        """Start again with another optimizer in a group, which keeps its other settings where the new one has them.

        Raises ScenarioError and TooLargeError.
        """
        self._restart(lambda: self._controller.replace(self._memory, group, kind))

    def bookmark(self) -> Bookmark:
        """The changes so far, for ``restore``."""
        with self._lock:
            return self._controller.bookmark()

    def restore(self, mark: Bookmark) -> None:
        """Start again with the changes of an earlier time, each at its update; later ones are discarded."""
        self._restart(lambda: self._controller.restore(self._memory, mark))

    def rewind(self, clock: float) -> None:
        """Go back to a clock value that was reached, stop there, and discard what came after it, with its changes."""

        def command() -> Command:
            self._aim = min(clock, self._moment.clock)
            return self._controller.rewind(self._aim)

        self._steer(command)

    def count(self, unit: Literal["examples", "updates"]) -> None:
        """Make the clock count examples seen or updates; it stops at the value of the group that is furthest."""

        def command() -> Command:
            self._aim = 0.0
            return self._controller.count(unit)

        self._steer(command)

    def add(self, table: dict[str, Any]) -> None:
        """Add a group, given as an ``[[optimizer]]`` table; it catches up from its start.  Raises ScenarioError."""
        self._steer(lambda: self._controller.add(table))

    def remove(self, group: int) -> None:
        """Remove a group; raises UserError for the last one."""
        self._steer(lambda: self._controller.remove(group))

    def save(self, file: Path) -> None:
        """Write a scenario file that reproduces this run bit for bit, and its data files beside it.  Raises OSError."""
        steering.save(self.scenario, file)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the thread has nothing to do or cannot continue; False if that takes longer than ``timeout``."""
        with self._lock:
            return self._lock.wait_for(lambda: self._closed or not (self._busy or self._due()), timeout)

    def close(self) -> None:
        """End the thread; moments handed out stay valid."""
        with self._lock:
            self._closed = True
            self._interrupt.set()
            self._lock.notify_all()
        self._thread.join()
        self._pool.shutdown()

    def _restart(self, turned: Callable[[], Command]) -> None:
        """Queue a command that starts again, instead of what is pending."""

        def command() -> Command:
            found = turned()
            self._commands, self._trouble, self._aim = [], "", 0.0
            return found

        self._steer(command)

    def _steer(self, turned: Callable[[], Command]) -> None:
        """Queue a command for the thread, which runs it between two pieces."""
        with self._lock:
            command = turned()
            if self._commands and command.kind and self._commands[-1].kind == command.kind:
                self._commands.pop()
            self._commands.append(command)
            self._pasts, self._requested = {}, None
            self._interrupt.set()
            self._lock.notify_all()

    def _due(self) -> bool:
        """Whether the thread has something to do; call it with the lock held."""
        made = self._experiment
        if self._trouble:
            return False
        return bool(
            self._commands or self._requested is not None or not made.ready or made.late or made.plan(self._aim)
        )

    def _work(self) -> None:
        """The thread's loop."""
        while not self._closed:
            try:
                with self._lock:
                    self._busy = False
                    self._lock.notify_all()
                    self._lock.wait_for(lambda: self._closed or self._due())
                    self._busy = True
                    self._interrupt.clear()
                    job = self._next()
                if not self._closed:
                    job()
                moment, trouble = self._experiment.moment(), ""
            except Exception as error:
                moment, trouble = replace(self._moment, doing=""), _error_text(error)
            with self._lock:
                self._trouble = self._trouble or trouble
                self._moment, self._clocks = replace(moment, trouble=self._trouble), self._experiment.clocks

    def _next(self) -> Callable[[], Any]:
        """The next job; call it with the lock held."""
        made = self._experiment
        if self._commands:
            commands, self._commands = self._commands, []
            return partial(self._run_commands, commands)
        if not made.ready:
            self._moment = replace(self._moment, doing="compiling kernels")
            return partial(made.prepare, self._pool, self._interrupt)
        if self._requested is not None:
            self._replaying, self._requested = self._requested, None
            return partial(self._replay, self._replaying)
        piece = made.plan(self._aim)
        return partial(made.settle, self._pool) if piece is None else self._piece(piece)

    def _piece(self, piece: Piece) -> Callable[[], Any]:
        """Compute a piece; before the first one beyond the scenario's own run, set the rates for it."""
        made = self._experiment
        totals = made.clocks.totals
        over = [k for k, until in piece.until.items() if until > totals[k] and k not in self._controller.held]
        if over:
            return partial(self._run_commands, [self._controller.hold(k) for k in over])
        for k, until in piece.until.items():
            self._controller.reached[k] = max(self._controller.reached[k], until)
        return partial(made.advance, piece, self._aim, self._pool, Event())

    def _run_commands(self, commands: list[Command]) -> None:
        for command in commands:
            self._experiment = command.act(self._experiment, self._pool)

    def _replay(self, updates: tuple[int, ...]) -> None:
        """Run the groups again up to these updates."""
        found = exact_past(self._experiment.runners, updates, self._pool, self._interrupt)
        with self._lock:
            self._replaying = None
            if found is not None and not self._commands:
                self._pasts = dict([*list(self._pasts.items())[1 - KEPT_PASTS :], (updates, found)])


def _error_text(error: Exception) -> str:
    """Why the thread cannot continue."""
    if isinstance(error, MemoryError):
        return "there is not enough memory to continue; restart with fewer particles"
    return str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
