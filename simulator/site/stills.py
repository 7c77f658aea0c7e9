"""Small pictures of a site's pages: the map at the end of a run of few particles, or before it."""

from dataclasses import replace

from errsurf.drawing.figures.map_still import map_still
from errsurf.drawing.page.starting import calm, start_result
from errsurf.run.simulation import simulate
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, scenario_from

PARTICLES = 150
SIZE = (480, 270)
MOST_BYTES = 12_000
QUALITIES = (78, 65, 50, 35, 20)


def still(scenario: Scenario, *, run: bool) -> bytes:
    """WebP of at most 12 kB where that can be; with ``run`` the scenario is simulated first."""
    few = {"swarm.particles": min(PARTICLES, scenario.swarm.particles)} if scenario.swarm.start != "points" else {}
    wanted = replace(scenario_from(scenario, changes=few), claim=())
    result = calm(simulate(wanted) if run else start_result(wanted))
    critical = Findings(result).critical
    found = b""
    for quality in QUALITIES:
        found = map_still(result, critical, SIZE, quality, particles=run)
        if len(found) <= MOST_BYTES:
            break
    return found
