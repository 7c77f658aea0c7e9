"""Functions of one number that several formulas share.

None overflows, and both keep their digits where they are small: methods that divide by gradients see those too.  The
size of z is written ``sqrt(z**2)``, which is exact and has a derivative by complex steps.
"""

from typing import Any

from numpy import exp, log1p, sqrt


def softplus(z: Any) -> Any:
    """``log(1 + exp(z))``."""
    size = sqrt(z**2)
    return (z + size) / 2 + log1p(exp(-size))


def logistic(z: Any) -> Any:
    """``1 / (1 + exp(-z))``, the derivative of softplus."""
    size = sqrt(z**2)
    return exp((z - size) / 2) / (1 + exp(-size))
