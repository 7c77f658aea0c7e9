"""An experiment that is watched and steered while it runs, without a user interface."""

from errsurf.interactive.controller import Bookmark
from errsurf.interactive.moment import Moment
from errsurf.interactive.run import Live

__all__ = ["Bookmark", "Live", "Moment"]
