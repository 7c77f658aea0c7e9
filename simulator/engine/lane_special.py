"""More elementary functions that LLVM vectorizes, made of those in lane_math.py and by the same rules."""

# mypy: ignore-errors

import numpy as np

from errsurf.engine.lane_math import (
    exp_float32,
    exp_float64,
    growth_float32,
    growth_float64,
    scaled_float32,
    scaled_float64,
)

float32 = np.float32


def sinh_float32(x):
    """Hyperbolic sine within 7e-7 relative; infinity above 88.7."""
    size = abs(x)
    q, t = growth_float32(size)
    e = scaled_float32(q, t) + (scaled_float32(float32(1), t) - float32(1))
    y = float32(0.5) * (e + e / (e + float32(1)))
    y = y if size < float32(88.7) else size * float32(np.inf)
    return -y if x < float32(0) else y


def sinh_float64(x):
    """Hyperbolic sine within 7e-16 relative; infinity above 709.7."""
    size = abs(x)
    q, t = growth_float64(size)
    e = scaled_float64(q, t) + (scaled_float64(1.0, t) - 1.0)
    y = 0.5 * (e + e / (e + 1.0))
    y = y if size < 709.7 else size * np.inf
    return -y if x < 0.0 else y


def cosh_float32(x):
    """Hyperbolic cosine within 4e-7 relative; infinity above 88.7."""
    e = exp_float32(abs(x))
    return float32(0.5) * (e + float32(1) / e)


def cosh_float64(x):
    """Hyperbolic cosine within 6e-16 relative; infinity above 709.7."""
    e = exp_float64(abs(x))
    return 0.5 * (e + 1.0 / e)


def arctan_float32(x):
    """Arc tangent within 2.5e-7 relative: of the angle to the nearest multiple of pi / 8, and that multiple."""
    size = abs(x)
    z = float32(1) / size if size > float32(1) else size
    far, middle = z > float32(0.6681786379192989), z > float32(0.1989123673796580)
    k = float32(1) if far else (float32(0.4142135623730950) if middle else float32(0))
    c = float32(0.7853981633974483) if far else (float32(0.3926990816987242) if middle else float32(0))
    r = (z - k) / (float32(1) + z * k)
    w = r * r
    p = ((-float32(1 / 11) * w + float32(1 / 9)) * w - float32(1 / 7)) * w + float32(1 / 5)
    p = (p * w - float32(1 / 3)) * w + float32(1)
    y = c + r * p
    y = float32(1.5707963267948966) - y if size > float32(1) else y
    return -y if x < float32(0) else y


def arctan_float64(x):
    """Arc tangent within 5e-16 relative: of the angle to the nearest multiple of pi / 8, and that multiple."""
    size = abs(x)
    z = 1.0 / size if size > 1.0 else size
    far, middle = z > 0.66817863791929891999, z > 0.19891236737965800691
    k = 1.0 if far else (0.41421356237309504880 if middle else 0.0)
    c = 0.78539816339744830962 if far else (0.39269908169872415481 if middle else 0.0)
    r = (z - k) / (1.0 + z * k)
    w = r * r
    p = ((-1 / 23 * w + 1 / 21) * w - 1 / 19) * w + 1 / 17
    p = ((p * w - 1 / 15) * w + 1 / 13) * w - 1 / 11
    p = ((p * w + 1 / 9) * w - 1 / 7) * w + 1 / 5
    p = (p * w - 1 / 3) * w + 1.0
    y = c + r * p
    y = 1.57079632679489661923 - y if size > 1.0 else y
    return -y if x < 0.0 else y


# The error function's series around 0 serves up to 1.  Beyond, the second polynomial is exp(x^2) erfc(x) in
# (x - 2) / (x + 2), interpolated at Chebyshev's nodes of 1 to 4 (float32) or to 6 (float64), where the function is 1.
def erf_float32(x):
    """Error function within 2.5e-7 relative."""
    size = float32(4) if abs(x) > float32(4) else abs(x)
    z, t = size * size, (size - float32(2)) / (size + float32(2))
    p = ((float32(1 / 76204800) * z - float32(1 / 6894720)) * z + float32(1 / 685440)) * z - float32(1 / 75600)
    p = ((p * z + float32(1 / 9360)) * z - float32(1 / 1320)) * z + float32(1 / 216)
    p = ((p * z - float32(1 / 42)) * z + float32(1 / 10)) * z - float32(1 / 3)
    p = p * z + float32(1)
    near = float32(1.1283791670955126) * size * p
    q = ((-float32(0.000837975439) * t + float32(0.00681114013)) * t + float32(0.00373237176)) * t - float32(
        0.0789683061
    )
    q = ((q * t + float32(0.241658202)) * t - float32(0.42718599)) * t + float32(0.255395676)
    y = near if size < float32(1) else float32(1) - q * exp_float32(-z)
    y = x if x != x else y
    return -y if x < float32(0) else y


def erf_float64(x):
    """Error function within 5e-16 relative."""
    size = 6.0 if abs(x) > 6.0 else abs(x)
    z, t = size * size, (size - 2.0) / (size + 2.0)
    p = ((-1 / 12449059983360000 * z + 1 / 690452066304000) * z - 1 / 40537905408000) * z + 1 / 2528170444800
    p = ((p * z - 1 / 168129561600) * z + 1 / 11975040000) * z - 1 / 918086400
    p = ((p * z + 1 / 76204800) * z - 1 / 6894720) * z + 1 / 685440
    p = ((p * z - 1 / 75600) * z + 1 / 9360) * z - 1 / 1320
    p = ((p * z + 1 / 216) * z - 1 / 42) * z + 1 / 10
    p = (p * z - 1 / 3) * z + 1.0
    near = 1.1283791670955125739 * size * p
    q = ((3.917059299925389e-06 * t + 1.820143195975009e-06) * t - 1.4067532694582058e-05) * t - 2.7647305443610053e-05
    q = ((q * t + 2.754312818566672e-05) * t + 0.00017436697232946864) * t + 4.3554202452705896e-05
    q = ((q * t - 0.0009819773208131022) * t - 0.0008471431980760424) * t + 0.006997461747753573
    q = ((q * t + 0.00373289240349224) * t - 0.07897858101585253) * t + 0.24165819424246987
    q = (q * t - 0.4271858474139579) * t + 0.25539567631050575
    y = near if size < 1.0 else 1.0 - q * exp_float64(-z)
    y = x if x != x else y
    return -y if x < 0.0 else y
