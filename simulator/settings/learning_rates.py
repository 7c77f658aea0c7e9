"""A learning rate is one number, or one for x and one for y."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Lr = float | tuple[float, float]


def each_lr(lr: Lr) -> tuple[float, ...]:
    """The one rate, or those of x and of y."""
    return lr if isinstance(lr, tuple) else (lr,)


def scaled_lr(lr: Lr, factor: float) -> Lr:
    """The rate, or both, times a factor."""
    return (lr[0] * factor, lr[1] * factor) if isinstance(lr, tuple) else lr * factor


def lr_at(rates: NDArray[np.float64], k: int) -> Lr:
    """Entry k of an array of rates, (n,) or (n, 2)."""
    found: Any = rates[k].tolist()
    return tuple(found) if isinstance(found, list) else found


def both(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rates (n,) or (n, 2) as those of x and of y, (n, 2)."""
    return rates if rates.ndim == 2 else np.stack([rates, rates], axis=1)


def lr_words(lr: Lr) -> str:
    """The rate, or both, as people read them."""
    return " and ".join(f"{each:g}" for each in each_lr(lr))
