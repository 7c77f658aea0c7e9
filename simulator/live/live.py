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
from errsurf.live import steering
from errsurf.live.beginning import experiment
from errsurf.live.experiment import Piece
from errsurf.live.helm import Step, helm
from errsurf.live.moment import Moment
from errsurf.live.past import Past, exact_past, recorded_past
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.system.processors import threads

MEMORY = 1_000_000_000
KEPT_PASTS = 16


class Live:
    """An experiment that computes towards the clock value it is aimed at, in a thread of its own.

    All methods may be called from any thread, and all but ``wait`` and ``close`` return at once.  ``chosen`` is a
    scenario, or a result: then its recorded frames are there from the beginning, and the clock stands at their end.
    Frames, and what is needed to go back, take up to ``memory`` bytes, and never more than a quarter of what the
    machine has left; when they are full every second frame is dropped.  Raises TooLargeError.

    What goes wrong in the thread is said by ``now().trouble``; a ``restart`` may help.
    """

    def __init__(self, chosen: Scenario | Result, *, memory: int = MEMORY) -> None:
        result = chosen if isinstance(chosen, Result) else None
        scenario = chosen.scenario if isinstance(chosen, Result) else chosen
        self._memory, self._lock, self._interrupt = memory, Condition(), Event()
        self._experiment = experiment(scenario, memory, 0, result)
        self._helm = helm(scenario, self._experiment.updates)
        self._aim = self._experiment.clock
        self._steps: list[Step] = []
        self._wish: tuple[int, ...] | None = None
        self._looking: tuple[int, ...] | None = None
        self._pasts: dict[tuple[int, ...], Past] = {}
        self._closed, self._busy, self._trouble = False, False, ""
        self._moment, self._clocks = self._experiment.moment(), self._experiment.clocks
        self._pool = ThreadPoolExecutor(threads())
        self._thread = Thread(target=self._work, name="live", daemon=True)
        self._thread.start()

    @property
    def scenario(self) -> Scenario:
        """What it would be saved as now: with every change so far, and a run long enough for what was reached."""
        with self._lock:
            return steering.lengthened(self._helm.scenario, self._helm.heading)

    @property
    def landscape(self) -> Landscape:
        """The training and test surface of ``now()``; another seed draws other examples."""
        return self._moment.result.landscape

    def aim(self, clock: float) -> None:
        """Compute towards this clock value, which may be infinite, and stop there; at once, if it was reached."""
        with self._lock:
            self._aim = max(0.0, clock)
            self._lock.notify_all()

    def now(self) -> Moment:
        """The newest state."""
        return self._moment

    def at(self, clock: float, *, exact: bool = False) -> Moment:
        """The experiment at a clock value that was reached before; ``now()`` for later ones.

        Of each group the last recorded frame up to then, which is the very one where every update is recorded;
        ``Moment.exact`` says so.  If it is not and ``exact`` is asked for, the thread runs the groups again from a
        checkpoint before, and a later call with the same clock value gives what it found.
        """
        with self._lock:
            moment, known = self._moment, self._clocks
            if clock >= moment.clock:
                return moment
            updates = tuple(min(known.update(k, clock), made) for k, made in enumerate(moment.update))
            found = recorded_past(moment, known, clock, updates, self._pasts.get(updates))
            if exact and not found.exact and updates not in (self._wish, self._looking):
                self._wish = updates
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
        """How long an epoch takes at a clock value: of the group that makes most updates in it, if it counts them."""
        return float(self._clocks.epoch(clock))

    def change(self, group: int, **settings: Any) -> None:
        """Other settings for a group, from its next update on: lr, momentum, ..., batch, accumulate, schedule.

        Keys and values are those of ``changes`` in scenario files.  Raises ScenarioError if they are not possible.
        """
        self._steer(lambda: self._helm.change(group, settings))

    def restart(
        self,
        seed: int | None = None,
        at: tuple[float, float] | None = None,
        *,
        spread: float = 0.05,
        add: bool = False,
        forget: bool = False,
    ) -> None:
        """Begin again at clock 0, and stop there.

        With another ``seed`` everything random is drawn anew, the surface's examples too.  With ``at`` all groups
        start from a cloud around that point, or with ``add`` from such a cloud and the ones they started from; the
        clouds are as wide as the scenario's own, or have this ``spread`` as standard deviation if there is none.
        What was changed on the way holds from the start then, unless ``forget``.  Raises TooLargeError,
        and ScenarioError for settings that do not go together.
        """

        def step() -> Step:
            found = self._helm.restart(self._memory, seed, at, spread, add=add, forget=forget)
            self._steps, self._trouble, self._aim = [], "", 0.0
            return found

        self._steer(step)

    def rewind(self, clock: float) -> None:
        """Go back to a clock value that was reached, stop there, and forget what came after it, changes included."""

        def step() -> Step:
            self._aim = min(clock, self._moment.clock)
            return self._helm.rewind(self._aim)

        self._steer(step)

    def count(self, unit: Literal["examples", "updates"]) -> None:
        """Let the clock count examples seen or updates; it stops, and stands where the group stands that is ahead."""

        def step() -> Step:
            self._aim = 0.0
            return self._helm.count(unit)

        self._steer(step)

    def add(self, table: dict[str, Any]) -> None:
        """One more group, as an ``[[optimizer]]`` table says; it catches up from its start.  Raises ScenarioError."""
        self._steer(lambda: self._helm.add(table))

    def remove(self, group: int) -> None:
        """One group less; raises UserError for the last one."""
        self._steer(lambda: self._helm.remove(group))

    def save(self, file: Path) -> None:
        """Write a scenario file that gives the same run, bit for bit; data files go beside it.  Raises OSError."""
        steering.save(self.scenario, file)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the thread has nothing left to do, or cannot go on; False after so many seconds."""
        with self._lock:
            return self._lock.wait_for(lambda: self._closed or not (self._busy or self._due()), timeout)

    def close(self) -> None:
        """End the thread; what was seen so far stays."""
        with self._lock:
            self._closed = True
            self._interrupt.set()
            self._lock.notify_all()
        self._thread.join()
        self._pool.shutdown()

    def _steer(self, turned: Callable[[], Step]) -> None:
        """Have the thread do something between two pieces."""
        with self._lock:
            step = turned()
            if self._steps and step.kind and self._steps[-1].kind == step.kind:
                self._steps.pop()
            self._steps.append(step)
            self._pasts, self._wish = {}, None
            self._interrupt.set()
            self._lock.notify_all()

    def _due(self) -> bool:
        """Whether there is anything to do, or anything that can be done; the lock is held."""
        made = self._experiment
        if self._trouble:
            return False
        return bool(self._steps or self._wish is not None or not made.ready or made.late or made.plan(self._aim))

    def _work(self) -> None:
        """What the thread does until it is closed."""
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
                moment, trouble = replace(self._moment, doing=""), _in_words(error)
            with self._lock:
                self._trouble = self._trouble or trouble
                self._moment, self._clocks = replace(moment, trouble=self._trouble), self._experiment.clocks

    def _next(self) -> Callable[[], Any]:
        """What to do now; the lock is held."""
        made = self._experiment
        if self._steps:
            steps, self._steps = self._steps, []
            return partial(self._take, steps)
        if not made.ready:
            self._moment = replace(self._moment, doing="kernels are being compiled")
            return partial(made.prepare, self._pool, self._interrupt)
        if self._wish is not None:
            self._looking, self._wish = self._wish, None
            return partial(self._look_back, self._looking)
        piece = made.plan(self._aim)
        return partial(made.settle, self._pool) if piece is None else self._piece(piece)

    def _piece(self, piece: Piece) -> Callable[[], Any]:
        """Compute a piece; before it leads beyond the scenario's own run, see to the rates there."""
        made = self._experiment
        totals = made.clocks.totals
        over = [k for k, until in piece.until.items() if until > totals[k] and k not in self._helm.held]
        if over:
            return partial(self._take, [self._helm.hold(k) for k in over])
        for k, until in piece.until.items():
            self._helm.heading[k] = max(self._helm.heading[k], until)
        return partial(made.advance, piece, self._aim, self._pool, Event())

    def _take(self, steps: list[Step]) -> None:
        for step in steps:
            self._experiment = step.act(self._experiment, self._pool)

    def _look_back(self, updates: tuple[int, ...]) -> None:
        """Run the groups again up to these updates."""
        found = exact_past(self._experiment.courses, updates, self._pool, self._interrupt)
        with self._lock:
            self._looking = None
            if found is not None and not self._steps:
                self._pasts = dict([*list(self._pasts.items())[1 - KEPT_PASTS :], (updates, found)])


def _in_words(error: Exception) -> str:
    """Why the thread cannot go on."""
    if isinstance(error, MemoryError):
        return "there is not enough memory to go on; restart with fewer particles"
    return str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
