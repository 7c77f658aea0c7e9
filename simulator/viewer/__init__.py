"""The window of ``errsurf watch``: the only place that imports pygame."""
