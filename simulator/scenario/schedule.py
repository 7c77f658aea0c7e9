"""The `schedule` table of an optimizer: what each decay takes, and its durations in updates.

``errsurf.engine.schedules`` has a formula of the same name, with the same settings, for each of these tables.
"""

from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Ge, Gt, Le, Len

from errsurf.settings.durations import LONGEST, Duration, Length, whole_updates

Fall = Annotated[Length | None, "time of the fall; what the warmup leaves of the run unless given"]

Warmup = Annotated[Duration, "the rate rises over this time, and the decay begins after it"]
Rise = Annotated[
    Literal["linear", "constant", "exponential"],
    "during the warmup the rate rises evenly, is low until the end, or is multiplied by a factor at each update",
]
FirstFactor = Annotated[
    float | None,
    Gt(0),
    Le(1),
    "share of the rate at update 0; 1 / (warmup + 1) unless given",
]


class Constant(NamedTuple):
    """The rate stays after the warmup."""

    decay: Annotated[Literal["constant"], "how the rate falls after the warmup"] = "constant"
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None


class Linear(NamedTuple):
    """The rate falls in proportion to time."""

    decay: Annotated[Literal["linear"], "how the rate falls after the warmup"]
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None
    end_factor: Annotated[float, Ge(0), Le(1), "share of the rate that is left in the end"] = 0.0
    total: Fall = None


class Exponential(NamedTuple):
    """The rate is multiplied by a factor at each update."""

    decay: Annotated[Literal["exponential"], "how the rate falls after the warmup"]
    gamma: Annotated[float, Gt(0), "factor of each update"]
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None


class Step(NamedTuple):
    """The rate is multiplied by a factor now and then."""

    decay: Annotated[Literal["step"], "how the rate falls after the warmup"]
    step_size: Annotated[Length, "time between two falls"]
    gamma: Annotated[float, Gt(0), "factor of each fall"] = 0.1
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None


class MultiStep(NamedTuple):
    """The rate is multiplied by a factor at given times."""

    decay: Annotated[Literal["multi_step"], "how the rate falls after the warmup"]
    milestones: Annotated[tuple[Length, ...], Len(1, 1000), "times of the falls, after the warmup"]
    gamma: Annotated[float, Gt(0), "factor of each fall"] = 0.1
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None


class Cosine(NamedTuple):
    """The rate falls along half a cosine."""

    decay: Annotated[Literal["cosine"], "how the rate falls after the warmup"]
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None
    T_max: Fall = None
    eta_min: Annotated[float, Ge(0), "the rate in the end, not a share of lr"] = 0.0


class CosineRestarts(NamedTuple):
    """The rate falls along half a cosine, again and again."""

    decay: Annotated[Literal["cosine_restarts"], "how the rate falls after the warmup"]
    T_0: Annotated[Length, "time of the first fall"]
    T_mult: Annotated[int, Ge(1), Le(1000), "each fall takes this many times as long as the one before"] = 1
    eta_min: Annotated[float, Ge(0), "the rate that each fall approaches, not a share of lr"] = 0.0
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None


class Polynomial(NamedTuple):
    """The rate falls like a power of the time that is left."""

    decay: Annotated[Literal["polynomial"], "how the rate falls after the warmup"]
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None
    power: Annotated[float, Gt(0), "the power; 1 is a straight line"] = 1.0
    total: Fall = None


class InverseSqrt(NamedTuple):
    """The rate falls like one over the root of time."""

    decay: Annotated[Literal["inverse_sqrt"], "how the rate falls after the warmup"]
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None
    t0: Annotated[Length | None, "time after which the rate is down to 1 / sqrt(2); warmup + 1 unless given"] = None


class OneCycle(NamedTuple):
    """The rate rises to lr and falls to almost nothing; this is its own warmup, and momentum stays as it is."""

    decay: Annotated[Literal["one_cycle"], "how the rate rises and falls"]
    total: Annotated[Length | None, "time of rise and fall; the whole run unless given"] = None
    pct_start: Annotated[float, Ge(0), Le(1), "share of the time in which the rate rises"] = 0.3
    anneal_strategy: Annotated[Literal["cos", "linear"], "along half cosines, or evenly"] = "cos"
    div_factor: Annotated[float, Gt(0), "the rate begins at lr / div_factor"] = 25.0
    final_div_factor: Annotated[float, Gt(0), "the rate ends at lr / div_factor / final_div_factor"] = 1e4
    three_phase: Annotated[bool, "fall to the first rate as fast as it rose, then to the last"] = False


class Cyclic(NamedTuple):
    """The rate rises to lr and falls again and again; this is its own warmup, and momentum stays as it is."""

    decay: Annotated[Literal["cyclic"], "how the rate rises and falls"]
    base_factor: Annotated[float, Ge(0), Le(1), "share of lr from which the rate rises and to which it falls"]
    step_size_up: Annotated[Length, "time of a rise"]
    step_size_down: Annotated[Length | None, "time of a fall; that of a rise unless given"] = None
    mode: Annotated[
        Literal["triangular", "triangular2", "exp_range"],
        "rises are equally high, half as high each time, or `gamma` times as high at each update",
    ] = "triangular"
    gamma: Annotated[float, Gt(0), "factor of each update in the mode `exp_range`"] = 1.0


class Piecewise(NamedTuple):
    """The rate follows straight lines between points."""

    decay: Annotated[Literal["piecewise"], "how the rate changes after the warmup"]
    points: Annotated[
        tuple[tuple[Duration, Annotated[float, Ge(0)]], ...],
        Len(1, 1000),
        "[time after the warmup, share of lr], times rising; two points at one time are a jump",
    ]
    warmup: Warmup = 0
    warmup_kind: Rise = "linear"
    warmup_factor: FirstFactor = None


AnySchedule = (
    Constant
    | Linear
    | Exponential
    | Step
    | MultiStep
    | Cosine
    | CosineRestarts
    | Polynomial
    | InverseSqrt
    | OneCycle
    | Cyclic
    | Piecewise
)


def in_updates(table: AnySchedule, per_epoch: int, total: int) -> AnySchedule:
    """The table with every duration in updates and every value that follows from others.

    A group makes ``per_epoch`` updates in an epoch and ``total`` in the run.
    """
    given: dict[str, Any] = {
        key: whole_updates(value, per_epoch, total, 0 if key in ("warmup", "points") else 1)
        for key, value in table._asdict().items()
    }
    warmup = given.get("warmup", 0)
    left = max(1, total - warmup)
    follows = {"warmup_factor": 1 / (warmup + 1), "total": left, "T_max": left, "t0": min(warmup + 1, LONGEST)}
    follows |= {"step_size_down": given.get("step_size_up")}
    return table._replace(**{key: follows[key] if value is None else value for key, value in given.items()})
