"""The device that computes a run, and what happens when a GPU cannot be used or fails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from errsurf.errors import DeviceError, DeviceFailedError

if TYPE_CHECKING:
    from errsurf.engine.group_plan import GroupPlan
    from errsurf.scenario import Scenario

NAMES = ("auto", "cpu", "cuda")
# A rule of thumb, not yet measured on a GPU: below this a run is over before a GPU's kernels are compiled (a core makes
# about 5e8 example gradients a second), or it has too few threads, each slower than a core's, to gain.
SECONDS_TO_GAIN, GRADIENTS_A_SECOND = 10.0, 5e8
THREADS_TO_GAIN, MAX_LANES = 8192, 1024

Say = Callable[[str], None]


@dataclass
class Device:
    """The device that computes a run's updates; ``driver`` has the functions of engine/blocks.py.

    With ``fallback``, the CPU takes over when the GPU fails.
    """

    name: str
    driver: Any
    fallback: bool
    say: Say

    @property
    def on_cpu(self) -> bool:
        """Whether the CPU computes all updates."""
        return self.name == "cpu"

    def advance(self, plan: "GroupPlan", state: Any, last: int, frames: Any, pool: Any, stop: Any, report: Any) -> bool:
        """As ``advance`` of engine/blocks.py; raises DeviceFailedError, leaving the state, if there is no fallback."""
        done: list[int] = []

        def reported(updates: int) -> None:
            done.append(updates)
            report(updates)

        try:
            return bool(self.driver.advance(plan, state, last, frames, pool, stop, reported))
        except DeviceFailedError as failure:
            self._leave(failure, f"after update {state.update:,}")
        report(-sum(done))
        self.driver.compile_kernel(plan)
        return bool(self.driver.advance(plan, state, last, frames, pool, stop, report))

    def compile_kernel(self, plan: "GroupPlan") -> None:
        """As ``compile_kernel`` of engine/blocks.py; raises DeviceFailedError if there is no fallback."""
        try:
            self.driver.compile_kernel(plan)
        except DeviceFailedError as failure:
            self._leave(failure, "before the first update")
            self.driver.compile_kernel(plan)

    def follow(self, before: str) -> None:
        """Take over from the device of this name, which began the run; that its bits may differ is said."""
        if before == self.name:
            return
        self.say(f"the run began on {before} and goes on on {self.name}: its last bits may differ")
        self.name = before if before.endswith(f", then {self.name}") else f"{before}, then {self.name}"

    def _leave(self, failure: DeviceFailedError, when: str) -> None:
        from errsurf.engine import blocks

        if not self.fallback:
            raise DeviceFailedError(f"{self.name}: {failure}; --device auto would continue on the CPU") from failure
        self.say(f"{self.name} failed {when}: {failure}; the run continues on the CPU")
        self.name, self.driver = f"{self.name}, then cpu", blocks


def check_device(name: str) -> None:
    """Raise DeviceError if the requested device cannot be used."""
    if name not in NAMES:
        raise DeviceError(f"no device {name!r}; allowed: {', '.join(NAMES)}")
    if name == "cuda" and (why := no_gpu()):
        raise DeviceError(f"--device cuda cannot be used: {why}; run with --device cpu")


def no_gpu() -> str:
    """Why no GPU can be used; empty if one can be."""
    from errsurf.gpu.device import device

    found = device()
    return "" if found.name else found.why


def chosen_device(name: str, scenario: "Scenario", say: Say) -> Device:
    """The device for a run: "auto" chooses the GPU if it can be used and the run is large enough to be faster on it.

    Raises DeviceError if the requested device cannot be used.
    """
    from errsurf.engine import blocks

    check_device(name)
    portable = scenario.run.rounding == "portable"
    if name == "cuda" and portable:
        raise DeviceError('--device cuda cannot be used: run.rounding = "portable" is for the CPU; "fast" is for both')
    on_cpu = Device("cpu", blocks, fallback=False, say=say)
    if name == "cpu" or (name == "auto" and (portable or not gains(scenario))):
        return on_cpu
    from errsurf.gpu.device import device

    found = device()
    if not found.name:
        return on_cpu
    from errsurf.gpu.driver import Gpu

    if name == "auto":
        say(f"{run_gradients(scenario):,} example gradients: the run uses the GPU, {found.name}")
    return Device(f"cuda ({found.name})", Gpu(), fallback=name == "auto", say=say)


def gains(scenario: "Scenario") -> bool:
    """Whether a GPU is likely to be faster than this machine's processors, by the rule of thumb above."""
    from errsurf.scenario.scenario import batch_size
    from errsurf.system.processors import threads

    examples, particles = scenario.surface.train.examples, scenario.swarm.particles
    batch = max(batch_size(group.batch, examples) for group in scenario.optimizer)
    long = run_gradients(scenario) > SECONDS_TO_GAIN * GRADIENTS_A_SECOND * threads()
    return long and particles * min(batch, MAX_LANES) >= THREADS_TO_GAIN


def run_gradients(scenario: "Scenario") -> int:
    """Example gradients that all groups evaluate in a whole run."""
    from errsurf.engine.segments import group_examples_seen
    from errsurf.scenario.scenario import total_updates

    examples = scenario.surface.train.examples
    totals = [total_updates(scenario.run, group, examples) for group in scenario.optimizer]
    seen = [int(group_examples_seen(scenario, k, np.array(total))) for k, total in enumerate(totals)]
    return sum(seen) * scenario.swarm.particles
