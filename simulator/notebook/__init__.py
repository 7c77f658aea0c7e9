"""Runs in notebooks: pages in frames, and pictures where a notebook trusts no page."""

from errsurf.notebook.frame import framed, result_html, result_png

__all__ = ["framed", "result_html", "result_png"]
