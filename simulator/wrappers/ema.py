"""EMA: what is shown is the exponential moving average of theta, which itself goes on as before."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Le

from errsurf.wrappers._record import Nothing, Wrapper


class Settings(NamedTuple):
    """The rule of torch.optim.swa_utils.get_ema_multi_avg_fn.

    There the default decay is 0.999, and the average starts at the first averaged theta.
    """

    decay: Annotated[float, Ge(0), Le(1), "weight of the past in the average"] = 0.99


class Memory(NamedTuple):
    """The average."""

    average: float = 0.0


def start(theta: Any, s: Settings) -> Memory:
    """The average starts at theta."""
    return Memory(theta)


def after(
    before: Any, theta: Any, gradient: Any, memory: Memory, constants: Nothing, s: Settings
) -> tuple[Any, Memory]:
    """``average += (1 - decay) (theta - average)``."""
    return theta, Memory(memory.average + (1 - s.decay) * (theta - memory.average))


RECORD = Wrapper(
    formula="average_t = decay average_{t-1} + (1 - decay) theta_t",
    when_to_use="To end at the middle of the noise without lowering the rate.",
    weakness="The average lags behind by about 1 / (1 - decay) updates, and cuts corners in bent valleys.",
    reference="torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn",
    settings=Settings,
    memory=Memory,
    start=start,
    after=after,
    shown="average",
    moves=False,
)
