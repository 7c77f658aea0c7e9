"""From checked tables to a scenario: what follows from other values, and what several values break together."""

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from errsurf.scenario.claim_rules import claim_findings, resolved_claim
from errsurf.scenario.compare_rules import compare_findings, resolved_compare
from errsurf.scenario.examples import coefficient_findings, resolved_surface
from errsurf.scenario.frame_marks import frame_findings
from errsurf.scenario.groups import group_findings, rate_findings, resolved_group
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.measure_rules import measure_findings, recording_findings, resolved_measure
from errsurf.scenario.overlays import overlay_findings, recorded_parts
from errsurf.scenario.picture_tables import Picture
from errsurf.scenario.pictures import picture_findings
from errsurf.scenario.regions import region_findings
from errsurf.scenario.scenario import Run, Scenario
from errsurf.scenario.sweep_rules import sweep_findings
from errsurf.scenario.tables import RunTable, Sampling, UpdatePart
from errsurf.scenario.translation_rules import translation_findings
from errsurf.scenario.values import MAX_FINDINGS
from errsurf.scenario.wording import Finding
from errsurf.settings.value_lists import flat
from errsurf.starts import resolved_swarm
from errsurf.system.text import printable

Sound = Callable[[KeyPath], bool]


def resolved(
    model: Any, labels: Sequence[str], name: str, folder: Path | None, faulty: set[KeyPath]
) -> tuple[Scenario | None, list[Finding]]:
    """The scenario of a checked file, None if values break rules together, and which do.

    ``labels`` are those of the groups.  Nothing is said of tables that hold a faulty path.
    """

    def sound(path: KeyPath) -> bool:
        return not any(path == bad[: len(path)] or bad == path[: len(bad)] for bad in faulty)

    findings: list[Finding] = []
    surface = resolved_surface(
        model.surface, model.seed if model.surface.seed is None else model.surface.seed, findings
    )
    findings = [found for found in findings if sound(found.path)]
    examples = surface.train.examples if sound(("surface",)) and not findings else None
    groups = model.optimizer if sound(("optimizer",)) else ()
    run, unclear = _run(model.run, recorded_parts(model.picture, groups)), _run_findings(model.run, sound)
    known = None if unclear or not sound(("run",)) else run
    findings += unclear + group_findings(model.optimizer, labels, known, examples, sound)
    names = [region.name for region in model.region]
    findings += [found for found in region_findings(model.region) if sound(found.path)]
    if sound(("optimizer",)):
        data = [*picture_findings(model.picture, labels, folder), *overlay_findings(model, labels)]
        findings += [found for found in data if sound(found.path)]
        findings += islice(claim_findings(model.claim, labels, names, sound), MAX_FINDINGS)
        findings += islice(measure_findings(model.measure, labels, names, sound), MAX_FINDINGS)
    counts = len(model.optimizer), len(model.claim)
    findings += sweep_findings(model.sweep) if sound(("sweep",)) else []
    findings += compare_findings(model.compare, names, sound)
    findings += [found for found in translation_findings(model.translation, *counts) if sound(found.path)]
    if findings or faulty:
        return None, findings
    scenario = Scenario(
        name=name,
        folder=folder,
        title=printable(name, 200) if model.title is None else model.title,
        about=model.about,
        seed=model.seed,
        surface=surface._replace(axes=model.picture.axes, seed=model.surface.seed),
        swarm=resolved_swarm(model.swarm),
        run=run,
        optimizer=tuple(
            resolved_group(*each, run, surface.train.examples) for each in zip(model.optimizer, labels, strict=True)
        ),
        picture=_picture(model.picture, run),
        output=model.output,
        claim=tuple(resolved_claim(claim, labels) for claim in model.claim),
        measure=tuple(map(resolved_measure, model.measure)),
        sweep=model.sweep._replace(vary=flat(model.sweep.vary)),
        compare=None if model.compare is None else resolved_compare(model.compare),
        translation=model.translation,
        region=model.region,
    )
    lacking = [*coefficient_findings(surface, run.precision), *rate_findings(scenario), *frame_findings(scenario)]
    lacking += recording_findings(scenario)
    return (None if lacking else scenario), lacking


def _picture(picture: Picture, run: Run) -> Picture:
    """The picture with the clock that it means."""
    counted: Literal["examples", "updates"] = "examples" if run.updates is None else "updates"
    return picture._replace(clock=counted) if picture.clock == "auto" else picture


def _run_findings(run: RunTable, sound: Sound) -> list[Finding]:
    if run.epochs is None and run.updates is None and sound(("run",)):
        return [
            Finding(("run",), "needs a length", allowed="either `epochs` or `updates`, a whole number of at least 1")
        ]
    if run.epochs is not None and run.updates is not None:
        problem = f"a run has one length, and `epochs = {run.epochs}` is given too"
        return [Finding(("run", "updates"), problem, str(run.updates), "either `epochs` or `updates`")]
    return []


def _run(run: RunTable, parts: tuple[UpdatePart, ...]) -> Run:
    """The run; what its pictures need is recorded too."""
    sampling = Sampling(run.sampling) if isinstance(run.sampling, str) else run.sampling
    record = tuple(dict.fromkeys((*run.record, *parts)))
    return Run(
        epochs=run.epochs,
        updates=run.updates,
        precision=run.precision,
        sampling=sampling,
        frames=run.frames,
        record=record,
        frame_spacing=run.frame_spacing,
        rounding=run.rounding,
        seed=run.seed,
        losses=run.losses,
        record_particles=run.record_particles,
    )
