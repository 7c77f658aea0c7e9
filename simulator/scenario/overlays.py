"""What ``[picture]`` draws of one followed particle, and over the map: whom, what must be recorded, what clashes."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import Any, get_args

from errsurf import optimizers
from errsurf.records.names import listed, nearest
from errsurf.sampling.particles import watched_particles
from errsurf.scenario.picture_tables import Picture
from errsurf.scenario.tables import UpdatePart
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.starts import resolved_swarm
from errsurf.wrappers import Wrapping, records


def drawn_groups(picture: Picture, labels: Sequence[str]) -> list[int]:
    """Places of the groups that ``picture.groups`` names, by label or by number counted from 1; all unless it does."""
    wanted = picture.groups
    return [k for k, label in enumerate(labels) if wanted is None or k + 1 in wanted or label in wanted]


def followed(picture: Picture, labels: Sequence[str], batches: Sequence[int | str]) -> int:
    """Place of the followed group; of those drawn the first one of the smallest batch unless ``follow`` names one."""
    drawn = drawn_groups(picture, labels)
    for k in drawn:
        if picture.follow in (k + 1, labels[k]):
            return k
    return min(drawn, key=lambda k: _size(batches[k]), default=0)


def recorded_parts(picture: Picture, groups: Sequence[Any]) -> tuple[UpdatePart, ...]:
    """What ``run.record`` must have for this picture."""
    parts: dict[str, tuple[UpdatePart, ...]] = {"update": ("gradient", "movement", "effective_rate")}
    drawn = parts.get(picture.arrows, ("movement", "effective_rate") if picture.rates else ())
    named = (*picture.charts, *picture.overlays)
    named += ("effective rate",) if "stability" in picture.charts else ()
    charted = [part for part in get_args(UpdatePart) if part.replace("_", " ") in named]
    rules: list[Any] = [
        part for group in groups for part in (optimizers.optimizer(group.kind), *records(group.wrappers))
    ]
    averaged = any(part.shown for part in rules)
    return (*drawn, *charted, *(("iterate",) if drawn and averaged else ()))


def overlay_findings(model: Any, labels: Sequence[str]) -> Iterator[Finding]:
    """A group or particle that cannot be followed, maps that would be the same, a limit where there is none."""
    picture = model.picture
    drawn = drawn_groups(picture, labels)
    known = [labels[k] for k in drawn]
    if picture.follow is not None and not any(picture.follow in (k + 1, labels[k]) for k in drawn):
        near = nearest(picture.follow, known) if isinstance(picture.follow, str) else ""
        words = f"a number or label of a group that is drawn: {listed(known) or 'there is none'}"
        yield Finding(("picture", "follow"), "no such group is drawn", value_text(picture.follow), words, near)
    yield from _map_findings(picture)
    yield from _particle_findings(model)
    group = followed(picture, labels, [each.batch for each in model.optimizer])
    mine = drawn if picture.panels else [group]
    groups = [model.optimizer[k] for k in mine]
    if picture.stability and not any(has_stability_limit(each.kind, each.wrappers, each.lr) for each in groups):
        kinds = [name for name in optimizers.optimizer_names() if optimizers.optimizer(name).max_stable_sharpness]
        problem = f"{model.optimizer[group].kind} has no limit that follows from its lr"
        words = f"a followed group of kind {', '.join(kinds)}, with one lr and no wrappers that change its movements"
        yield Finding(("picture", "stability"), problem, allowed=words)


def has_stability_limit(kind: str, wrappings: Sequence[Wrapping], lr: Any) -> bool:
    """Whether a group has a largest stable sharpness: it depends on one lr and on the rule alone."""
    limit = optimizers.optimizer(kind).max_stable_sharpness
    return limit is not None and not isinstance(lr, tuple) and not any(each.moves for each in records(wrappings))


def _map_findings(picture: Picture) -> Iterator[Finding]:
    """Maps that would show the same, that have no room, or that there are none of."""
    if picture.view == "3d" and picture.surface == "batch":
        words = 'train or test, or view = "flat"'
        yield Finding(
            ("picture", "surface"), "a relief does not change with the batch", value_text(picture.surface), words
        )
    if picture.beside == picture.surface:
        words = "another surface, or none"
        yield Finding(("picture", "beside"), "the first map shows it already", value_text(picture.beside), words)
    if picture.beside != "none" and picture.panels:
        words = f'picture.surface = "{picture.beside}" in all panels, or no panels'
        yield Finding(("picture", "beside"), "there is a map for each group already", value_text(picture.beside), words)
    if picture.colorbar and (picture.panels or picture.beside != "none"):
        yield Finding(("picture", "colorbar"), "there is room for it beside one map only", allowed="false")
    if picture.test and picture.surface == "test":
        yield Finding(("picture", "test"), "the map shows the test loss already", allowed="false")


def _particle_findings(model: Any) -> Iterator[Finding]:
    """A particle that there is not, or of which updates are not recorded."""
    picture, count = model.picture, resolved_swarm(model.swarm).particles
    if picture.particle >= count:
        words = f"from 0 to {count - 1:,}, the last particle of a group"
        yield Finding(("picture", "particle"), "no such particle", value_text(picture.particle), words)
    elif (picture.rates or picture.arrows == "update") and picture.particle not in (watched := _watched(model)):
        words = f"one of {listed([str(k) for k in watched])}"
        problem = f"arrows and rates need its updates, which are recorded of {len(watched)} particles"
        yield Finding(("picture", "particle"), problem, value_text(picture.particle), words)


def _watched(model: Any) -> list[int]:
    """The particles of which updates are recorded."""
    return [int(k) for k in watched_particles(resolved_swarm(model.swarm).particles, model.run.record_particles)]


def _size(batch: int | str) -> float:
    return inf if isinstance(batch, str) else batch
