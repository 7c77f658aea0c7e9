"""Runs in notebooks: pages in frames, pictures where a notebook trusts no page, and a page as a widget."""

from errsurf.notebook.frame import framed, result_html, result_png, scenario_html, scenario_png

__all__ = ["framed", "result_html", "result_png", "scenario_html", "scenario_png"]
