"""What is done to the mean gradients of a block before its rule: noise, then clipping.

The rows of MEAN are changed, so that they hold the gradient that the rule got.  ``normal`` has rows of LANES numbers.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def unchanged(_s, _width, _options, _normal):
    """Neither noise nor clipping."""
    return


def isotropic_noise(s, width, options, normal):
    """Normal noise of one deviation."""
    for lane in range(width):
        gx, gy = isotropic(s[GX + lane], s[GY + lane], options[NOISE], normal[lane], normal[LANES + lane])
        s[GX + lane] = gx
        s[GY + lane] = gy


def matched_noise(s, width, options, normal):
    """Normal noise with the covariance of a batch."""
    for lane in range(width):
        gx, gy = matched(
            s[GX + lane],
            s[GY + lane],
            s[GX_GX + lane],
            s[GX_GY + lane],
            s[GY_GY + lane],
            options[NOISE],
            normal[lane],
            normal[LANES + lane],
        )
        s[GX + lane] = gx
        s[GY + lane] = gy


def stable_noise(s, width, options, normal):
    """Stable noise."""
    for lane in range(width):
        gx, gy = stable(
            s[GX + lane],
            s[GY + lane],
            options[NOISE],
            options[ALPHA],
            normal[lane],
            normal[LANES + lane],
            normal[4 * LANES + lane],
            normal[5 * LANES + lane],
        )
        s[GX + lane] = gx
        s[GY + lane] = gy


def norm_clip(s, width, options, _normal):
    """The norm is bounded."""
    for lane in range(width):
        gx, gy = clip_norm(s[GX + lane], s[GY + lane], options[MOST])
        s[GX + lane] = gx
        s[GY + lane] = gy


def value_clip(s, width, options, _normal):
    """Each part is bounded."""
    for lane in range(width):
        gx, gy = clip_value(s[GX + lane], s[GY + lane], options[MOST])
        s[GX + lane] = gx
        s[GY + lane] = gy
