"""The gradient flow from where a particle starts: gradient descent in continuous time, with momentum too."""

from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps
from errsurf.drawing.overlays._flow import flow_overlay
from errsurf.drawing.overlays._record import Overlay, Ready
from errsurf.run_analysis.flows import gradient_flow


def ready(maps: Maps) -> Ready:
    """The flow of the mean training loss, at the times of the updates."""
    texts = ("dotted: the same rule in continuous time", "dotted: gradient flow", "gradient flow")
    return flow_overlay(maps, "gradient_flow", _flow, texts, (2.0, 3.0), momentum=True)


def _flow(maps: Maps, follower: Follower, lr: Array) -> Array:
    start = follower.group.position[0, follower.particle].tolist()
    return gradient_flow(maps.result.landscape, start, lr, follower.settings.settings.momentum)


RECORD = Overlay(ready=ready, entries=1)
