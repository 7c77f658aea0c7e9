"""Gradient noise scale at theta: tr(C) / |g|^2, the critical batch size.

C is the covariance of the gradient of one example and g that of all examples: McCandlish et al. 2018, arXiv:1812.06162,
equation 2.8 with a Hessian that is a multiple of the identity.
"""

import numpy as np

from errsurf.analysis import noise_scale
from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """The scale at each of the ``measured`` particles, infinite at a critical point."""
    points = view.theta[view.measured]
    return np.asarray(noise_scale(view.example_covariance(points), view.full_gradients(points)))


RECORD = Statistic("gradient noise scale", values)
