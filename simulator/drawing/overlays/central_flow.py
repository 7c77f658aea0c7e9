"""The central flow from where a particle starts: what gradient descent does on average where it oscillates."""

from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps
from errsurf.drawing.overlays._flow import flow_overlay
from errsurf.drawing.overlays._record import Overlay, Ready
from errsurf.run_analysis.flows import central_flow


def ready(maps: Maps) -> Ready:
    """The flow of the mean training loss, kept where the sharpness is at most 2 / lr."""
    texts = ("dashed: central flow, without the oscillation", "dashed: central flow", "central flow")
    return flow_overlay(maps, "central_flow", _flow, texts, (9.0, 3.0), momentum=False)


def _flow(maps: Maps, follower: Follower, lr: Array) -> Array:
    start = follower.group.position[0, follower.particle].tolist()
    return central_flow(maps.result.landscape, start, lr)


RECORD = Overlay(ready=ready, entries=1)
