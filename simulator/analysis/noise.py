"""The noise of a batch's gradient around the gradient of all examples."""

import numpy as np

from errsurf.analysis.arguments import vectors
from errsurf.analysis.hessian import Array


def batch_covariance(covariance: Array, examples: int, batch: float, *, replacement: bool = False) -> Array:
    """Covariance of the gradient of a batch, from the population covariance of the ``examples``' gradients.

    Drawn without replacement ``C / B * (N - B) / (N - 1)`` (Cochran 1977, Sampling Techniques, theorem 2.2), so a
    batch of all examples has none; with replacement ``C / B``.  Accumulated batches count as one of their sum or, where
    their examples weigh differently, of ``1 / sum w^2`` examples.  Shape as given; raises
    ValueError for a batch that cannot be drawn.
    """
    if batch < 1 or (batch > examples and not replacement):
        raise ValueError(f"batch = {batch}; allowed: 1 to {examples}")
    left = 1.0 if replacement else (examples - batch) / max(examples - 1, 1)
    return vectors(covariance, 3, "covariance") * (left / batch)


def squared_error(covariance: Array, examples: int, batch: int, *, replacement: bool = False) -> Array:
    """Expected squared distance of a batch's gradient from the full one: the trace of ``batch_covariance``, (...)."""
    found = batch_covariance(covariance, examples, batch, replacement=replacement)
    return np.asarray(found[..., 0] + found[..., 2])


def noise_scale(covariance: Array, gradient: Array) -> Array:
    """Gradient noise scale ``tr(C) / |g|^2``: covariances (..., 3) of one example's gradient, and gradients (..., 2).

    A batch of B examples makes, at its best rate, ``1 / (1 + scale / B)`` of the progress that all examples make in an
    update, so the scale is the critical batch size: McCandlish et al. 2018, arXiv:1812.06162, equations 2.6 to 2.8, for
    a Hessian that is a multiple of the identity.  Infinite where only the gradient is zero, NaN where both are.
    """
    xx, _, yy = np.moveaxis(vectors(covariance, 3, "covariance"), -1, 0)
    x, y = np.moveaxis(vectors(gradient, 2, "gradient"), -1, 0)
    with np.errstate(all="ignore"):
        return np.asarray((xx + yy) / (x * x + y * y))


def relative(error: Array, gradient: Array) -> Array:
    """Errors (...) over the lengths of gradients (..., 2); NaN where the gradient is zero."""
    x, y = np.moveaxis(vectors(gradient, 2, "gradient"), -1, 0)
    length = np.hypot(x, y)
    found: Array = np.divide(error, length, out=np.full(length.shape, np.nan), where=length > 0)
    return found


def cosine(first: Array, second: Array) -> Array:
    """Cosine of the angle between vectors (..., 2), shape (...); NaN where one has no length or is not finite."""
    first, second = vectors(first, 2, "vectors"), vectors(second, 2, "vectors")
    lengths = [np.hypot(each[..., 0], each[..., 1]) for each in (first, second)]
    known = (lengths[0] > 0) & (lengths[1] > 0) & np.isfinite(lengths[0]) & np.isfinite(lengths[1])
    one, other = (
        np.divide(each, length[..., None], out=np.zeros(each.shape), where=known[..., None])
        for each, length in zip((first, second), lengths, strict=True)
    )
    return np.where(known, (one * other).sum(axis=-1), np.nan)
