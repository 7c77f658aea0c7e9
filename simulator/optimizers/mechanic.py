"""Mechanic: momentum times a factor that the run finds, the sum of six bets: the paper's tuners, each with its beta."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer, Pair


class Settings(NamedTuple):
    """As in optax.contrib.mechanize around optax.sgd."""

    lr: Annotated[float, Ge(0), "learning rate of the momentum whose movements are multiplied"] = 1.0
    momentum: Annotated[float, Ge(0), Lt(1), "share of the last buffer that is kept"] = 0.0
    weight_decay: Annotated[float, Ge(0), "strength of the pull to the origin, relative to the gradient's norm"] = 1e-2
    eps: Annotated[float, Gt(0), "added to divisors"] = 1e-8
    s_init: Annotated[float, Gt(0), "first factor"] = 1e-6


class Bet(NamedTuple):
    """The largest gain so far, the sum of squared gains, the reward, and the factor: all fade by the bet's own beta."""

    m: Any
    v: Any
    r: Any
    s: Any


class Memory(NamedTuple):
    """Six bets, the sum of the movements, from the start against the descent, and the momentum's buffer."""

    m_1: float = 0.0
    m_2: float = 0.0
    m_3: float = 0.0
    m_4: float = 0.0
    m_5: float = 0.0
    m_6: float = 0.0
    v_1: float = 0.0
    v_2: float = 0.0
    v_3: float = 0.0
    v_4: float = 0.0
    v_5: float = 0.0
    v_6: float = 0.0
    r_1: float = 0.0
    r_2: float = 0.0
    r_3: float = 0.0
    r_4: float = 0.0
    r_5: float = 0.0
    r_6: float = 0.0
    s_1: float = 0.0
    s_2: float = 0.0
    s_3: float = 0.0
    s_4: float = 0.0
    s_5: float = 0.0
    s_6: float = 0.0
    delta_x: float = 0.0
    delta_y: float = 0.0
    buffer_x: float = 0.0
    buffer_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def start(theta: Pair, s: Settings) -> Memory:
    """Every bet's factor is s_init."""
    return Memory(s_1=s.s_init, s_2=s.s_init, s_3=s.s_init, s_4=s.s_init, s_5=s.s_init, s_6=s.s_init)


def changed(bet: Bet, gain: Any, beta: Any, s: Settings) -> Bet:
    """``m = max(beta m, |h| + eps);  v = beta^2 v + h^2;  r = beta r + h s;  s = (s_init m / 6 + r) / sqrt(v)``.

    In r the gain h is clipped to the last m; in s only a positive r counts, and the divisor has eps added.
    """
    clipped = max(min(gain, bet.m), -bet.m)
    m = max(beta * bet.m, abs(gain) + s.eps)
    v = beta * beta * bet.v + gain * gain
    r = beta * bet.r + clipped * bet.s
    return Bet(m, v, r, (s.s_init / 6 * m + max(r, 0.0)) / (sqrt(v) + s.eps))


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``h = (g + weight_decay S |g| theta / |theta|) . delta;  delta += lr b;  theta = theta_0 - S delta``.

    S is the sum of the six factors s.
    """
    o = memory
    total = o.s_1 + o.s_2 + o.s_3 + o.s_4 + o.s_5 + o.s_6
    length = sqrt(theta.x * theta.x + theta.y * theta.y)
    slope = sqrt(gradient.x * gradient.x + gradient.y * gradient.y)
    pull = s.weight_decay * total * slope / (length + s.eps)
    shrunk = total / (total + s.eps)
    x, y = shrunk * o.delta_x, shrunk * o.delta_y
    gain = (gradient.x + pull * theta.x) * x + (gradient.y + pull * theta.y) * y
    n1 = changed(Bet(o.m_1, o.v_1, o.r_1, o.s_1), gain, 1 - 0.1, s)
    n2 = changed(Bet(o.m_2, o.v_2, o.r_2, o.s_2), gain, 1 - 0.1**2, s)
    n3 = changed(Bet(o.m_3, o.v_3, o.r_3, o.s_3), gain, 1 - 0.1**3, s)
    n4 = changed(Bet(o.m_4, o.v_4, o.r_4, o.s_4), gain, 1 - 0.1**4, s)
    n5 = changed(Bet(o.m_5, o.v_5, o.r_5, o.s_5), gain, 1 - 0.1**5, s)
    n6 = changed(Bet(o.m_6, o.v_6, o.r_6, o.s_6), gain, 1 - 0.1**6, s)
    new_total = n1.s + n2.s + n3.s + n4.s + n5.s + n6.s
    buffer_x, buffer_y = s.momentum * o.buffer_x + gradient.x, s.momentum * o.buffer_y + gradient.y
    delta_x, delta_y = x + constants.lr * buffer_x, y + constants.lr * buffer_y
    moved = Pair(total * o.delta_x - new_total * delta_x, total * o.delta_y - new_total * delta_y)
    new = Memory(
        n1.m,
        n2.m,
        n3.m,
        n4.m,
        n5.m,
        n6.m,
        n1.v,
        n2.v,
        n3.v,
        n4.v,
        n5.v,
        n6.v,
        n1.r,
        n2.r,
        n3.r,
        n4.r,
        n5.r,
        n6.r,
        n1.s,
        n2.s,
        n3.s,
        n4.s,
        n5.s,
        n6.s,
        delta_x,
        delta_y,
        buffer_x if s.momentum != 0 else o.buffer_x,
        buffer_y if s.momentum != 0 else o.buffer_y,
    )
    return Pair(theta.x + moved.x, theta.y + moved.y), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr S``, the same in all directions."""
    o = memory
    found = constants.lr * (o.s_1 + o.s_2 + o.s_3 + o.s_4 + o.s_5 + o.s_6)
    return Pair(found, found)


RECORD = Optimizer(
    family="adaptive",
    formula="delta_t = delta_{t-1} + lr b_t;  theta_t = theta_0 - S_t delta_t;  S_t: six bets on g_t . delta_{t-1}",
    when_to_use="Where no rate is known: a factor that was too small grows as long as past movements prove right.",
    weakness="The factor scales the whole displacement from the start: when it changes, theta moves without any"
    " gradient.",
    reference="Cutkosky, Defazio, Mehta 2023, arXiv:2306.00144, algorithm 1; optax.contrib.mechanize",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    start=start,
    rate=rate,
)
