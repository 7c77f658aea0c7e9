"""Frames one after the other, and the codes of files that hold them."""
