"""What may be done to a gradient before any rule sees it: noise on it, then clipping.

Formulas as in the optimizers' files: plain numbers in and out, for one particle.

An optimizer with a ``probe`` gets its second gradient treated so, and the first one as it is.
"""

from math import pi
from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Ge, Gt, Le
from numpy import exp, log, log1p, sin, sqrt


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
    """Noise with the covariance that the gradient of a batch has at that place; for full batch only.

    Batches are drawn as `run.sampling` says: C / B with replacement, else C / B (N - B) / (N - 1).  The noise of each
    update is independent, as that of batches with replacement is.  The batches of a shuffled epoch are not: what one
    has the others lack, so that their noise nearly cancels over an epoch: on a bowl of sharpness 1, at lr 0.2 and 4 of
    20 examples, the variance at the end of an epoch is 9.0 times as large with this noise as with shuffled batches.
    """

    kind: Annotated[Literal["matched"], "covariance of the noise"]
    batch: Annotated[int, Ge(1), "size of the batches that are imitated"]


class Stable(NamedTuple):
    """Heavy-tailed noise, alike in all directions: isotropic alpha-stable.

    Its characteristic function is ``exp(-|scale u|^alpha)``.  Its variance is infinite below alpha = 2, and for
    alpha <= 1 it has no mean.
    """

    kind: Annotated[Literal["stable"], "distribution of the noise"]
    scale: Annotated[float, Ge(0), "scale; with alpha 2 the noise is normal, with deviation sqrt(2) scale"]
    alpha: Annotated[float, Ge(0.5), Le(2), "index of stability; the smaller, the heavier the tails"] = 1.5


Clip = ClipNorm | ClipValue
Noise = Isotropic | Matched | Stable


class Numbers(NamedTuple):
    """The numbers of the options as the kernel sees them."""

    most: float
    noise: float
    alpha: float


def numbers(clip: Clip | None, noise: Noise | None, examples: int, sampling: str = "reshuffle") -> Numbers:
    """The bound; the standard deviation of the noise, its scale or, for matched noise, a ratio of variances; and alpha.

    That ratio is the variance of the mean of B of N examples over that of one example: ``1 / B`` where the run's
    ``sampling`` is "replacement", and for batches drawn without replacement ``(N - B) / ((N - 1) B)``.
    """
    most = clip.most if clip else 0.0
    if isinstance(noise, Matched):
        without = (examples - noise.batch) / (max(1, examples - 1) * noise.batch)
        return Numbers(most, 1 / noise.batch if sampling == "replacement" else without, 0.0)
    if isinstance(noise, Stable):
        return Numbers(most, noise.scale, noise.alpha)
    return Numbers(most, noise.deviation if noise else 0.0, 0.0)


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


def stable(gx: Any, gy: Any, scale: Any, alpha: Any, zx: Any, zy: Any, angle: Any, waiting: Any) -> tuple[Any, Any]:
    """Isotropic stable noise: normal numbers times ``sqrt(2 A)``, A positive and stable of index alpha / 2.

    ``angle`` and ``waiting`` are uniform on (0, 1).  Samorodnitsky, Taqqu 1994, Stable non-Gaussian random processes,
    proposition 2.5.2.
    """
    factor = scale * sqrt(2.0) * exp(log_positive_stable(alpha / 2, angle, waiting) / 2)
    return gx + factor * zx, gy + factor * zy


def log_positive_stable(a: Any, angle: Any, waiting: Any) -> Any:
    """Logarithm of a positive number A with ``E exp(-s A) = exp(-s^a)``.

    ``A = sin(a U) / sin(U)^(1 / a) (sin((1 - a) U) / W)^((1 - a) / a)``, U uniform on (0, pi), W exponential: Kanter
    1975, Annals of Probability 3(4), 697-707; Chambers, Mallows, Stuck 1976, JASA 71, 340-344.  Large numbers come from
    U near pi and small W, which keep their digits here: ``sin(a U)`` is the sine of pi - a U.
    """
    v = pi * angle
    u, w = pi - v, -log1p(-min(waiting, 0.9999999))
    tail = log(max(sin((1 - a) * u), 1e-30)) - log(w)
    first = sin((1 - a) * pi + a * v)
    return log(max(first, 1e-30)) - log(max(sin(v), 1e-30)) / a + (1 - a) / a * tail


def clip_norm(gx: Any, gy: Any, most: Any) -> tuple[Any, Any]:
    """As torch.nn.utils.clip_grad_norm_: scaled by ``most / (norm + 1e-6)`` where that is below one."""
    factor = most / (sqrt(gx * gx + gy * gy) + 1e-6)
    factor = factor if factor < 1 else 1.0
    return gx * factor, gy * factor


def clip_value(gx: Any, gy: Any, most: Any) -> tuple[Any, Any]:
    """As torch.nn.utils.clip_grad_value_: each part within ``most`` of zero."""
    return max(-most, min(most, gx)), max(-most, min(most, gy))
