"""An experiment that runs while it is watched and steered; what it looks like is another's business."""

from errsurf.live.live import Live
from errsurf.live.moment import Moment

__all__ = ["Live", "Moment"]
