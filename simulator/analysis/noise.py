"""How the gradient of a batch scatters around the gradient of all examples."""

from simulator.analysis.hessian import Array


def batch_covariance(covariance: Array, examples: int, batch: int, *, replacement: bool = False) -> Array:
    """Covariance of the gradient of a batch, from the population covariance of the ``examples``' gradients.

    Drawn without replacement ``C / B * (N - B) / (N - 1)`` (Cochran 1977, Sampling Techniques, theorem 2.2), so a
    batch of all examples has none; with replacement ``C / B``.  Accumulated batches count as one of their sum.
    Shape as given; raises ValueError for a batch that cannot be drawn.
    """
    if batch < 1 or (batch > examples and not replacement):
        raise ValueError(f"batch = {batch}; allowed: 1 to {examples}")
    left = 1.0 if replacement else (examples - batch) / max(examples - 1, 1)
    return covariance * (left / batch)
