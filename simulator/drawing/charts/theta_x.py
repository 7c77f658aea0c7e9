"""The first parameter over the clock: median with the 5% to 95% band."""

from errsurf.drawing.charts._theta import theta_chart

RECORD = theta_chart(0)
