"""An experiment that is watched and steered while it runs, without a user interface."""

from errsurf.live.controller import Bookmark
from errsurf.live.live import Live
from errsurf.live.moment import Moment

__all__ = ["Bookmark", "Live", "Moment"]
