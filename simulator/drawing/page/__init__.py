"""A run as one page that plays in a browser: page.html, its style and scripts, and the data put into them."""

from errsurf.drawing.page.assembly import page

__all__ = ["page"]
