"""Estimates of a Hessian's diagonal from random signs."""

from errsurf.optimizers._record import Hessian, Pair


def diagonal(curvature: Hessian, normal: Pair, hutchinson: bool) -> Pair:
    """``z (H z)`` in each parameter, with signs z of normal numbers: its mean is the diagonal of H; or the diagonal."""
    product = (1.0 if normal.x >= 0 else -1.0) * (1.0 if normal.y >= 0 else -1.0)
    mixed = product * curvature.xy if hutchinson else 0.0
    return Pair(curvature.xx + mixed, curvature.yy + mixed)
