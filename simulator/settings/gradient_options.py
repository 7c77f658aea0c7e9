"""What may be done to a gradient before any rule sees it: noise on it, then clipping.

Formulas as in the optimizers' files: plain numbers in and out, for one particle.

An optimizer with a ``probe`` gets its second gradient treated so, and the first one as it is.
"""

from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt


class ClipNorm(NamedTuple):
    """The gradient is scaled down to a largest norm."""

    kind: Annotated[Literal["norm"], "what is bounded"]
    most: Annotated[float, Gt(0), "the largest norm"]


class ClipValue(NamedTuple):
    """Each part of the gradient is bounded."""

    kind: Annotated[Literal["value"], "what is bounded"]
    most: Annotated[float, Gt(0), "the largest absolute value"]


class Isotropic(NamedTuple):
    """The same noise in all directions."""

    kind: Annotated[Literal["isotropic"], "covariance of the noise"]
    deviation: Annotated[float, Ge(0), "standard deviation in each direction"]


class Matched(NamedTuple):
    """Noise with the covariance that the gradient of a batch has at that place; for full batch only."""

    kind: Annotated[Literal["matched"], "covariance of the noise"]
    batch: Annotated[int, Ge(1), "size of the batches that are imitated"]


Clip = ClipNorm | ClipValue
Noise = Isotropic | Matched


class Numbers(NamedTuple):
    """The numbers of the options as the kernel sees them."""

    most: float
    noise: float


def numbers(clip: Clip | None, noise: Noise | None, examples: int) -> Numbers:
    """The bound, and the standard deviation of the noise or, for matched noise, a ratio of variances.

    That is the variance of the mean of B of N examples over that of one example; drawn without
    replacement, as batches are, ``(N - B) / ((N - 1) B)``.
    """
    most = clip.most if clip else 0.0
    if isinstance(noise, Matched):
        return Numbers(most, (examples - noise.batch) / (max(1, examples - 1) * noise.batch))
    return Numbers(most, noise.deviation if noise else 0.0)


def isotropic(gx: Any, gy: Any, deviation: Any, zx: Any, zy: Any) -> tuple[Any, Any]:
    """Normal noise of one standard deviation in all directions."""
    return gx + deviation * zx, gy + deviation * zy


def matched(gx: Any, gy: Any, xx: Any, xy: Any, yy: Any, share: Any, zx: Any, zy: Any) -> tuple[Any, Any]:
    """Normal noise with the covariance of a batch's gradient.

    ``xx``, ``xy``, ``yy`` are the means of the products of the examples' gradients; the covariance of one
    example is split by Cholesky; rounding may take variances below 0 and the correlation beyond 1.
    Zhu, Wu, Yu, Wu, Ma 2019, arXiv:1803.00195.
    """
    along = sqrt(max(share * (xx - gx * gx), 0.0))
    most = sqrt(max(share * (yy - gy * gy), 0.0))
    across = share * (xy - gx * gy) / along if along > 0 else 0.0
    across = max(-most, min(most, across))
    rest = sqrt(max(most * most - across * across, 0.0))
    return gx + along * zx, gy + across * zx + rest * zy


def clip_norm(gx: Any, gy: Any, most: Any) -> tuple[Any, Any]:
    """As torch.nn.utils.clip_grad_norm_: scaled by ``most / (norm + 1e-6)`` where that is below one."""
    factor = most / (sqrt(gx * gx + gy * gy) + 1e-6)
    factor = factor if factor < 1 else 1.0
    return gx * factor, gy * factor


def clip_value(gx: Any, gy: Any, most: Any) -> tuple[Any, Any]:
    """As torch.nn.utils.clip_grad_value_: each part within ``most`` of zero."""
    return max(-most, min(most, gx)), max(-most, min(most, gy))
