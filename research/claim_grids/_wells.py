"""The surface of claims 5, 25 and 26: narrow hollows and one wide well."""

WIDE = {"at": [0.9, -0.3], "depth": 1.6, "width": 0.7}
HOLLOWS = ([-1.0, 0.4], [-0.6, -0.7], [-0.1, 0.8], [-1.5, -0.4], [0.1, -1.2], [-0.3, 0.05])


def wells(depth: float = 0.45, width: float = 0.2, wide: float = 1.6) -> dict[str, object]:
    """The hollows with this depth and width, the wide well with this depth."""
    return {"surface.wells": [{**WIDE, "depth": wide}, *({"at": at, "depth": depth, "width": width} for at in HOLLOWS)]}
