"""What pictures read from a result: which frame is shown when, the window, losses over it, numbers of the legend."""
