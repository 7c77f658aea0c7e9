"""A result as labelled arrays of xarray and as a table of pandas."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.run.extras import check_extra
from errsurf.scenario import resolved_toml

UNITS = {
    "position": ("theta", "1"),
    "train_loss": ("training loss", "1"),
    "test_loss": ("test loss", "1"),
    "updates": ("updates done", "updates"),
    "examples_seen": ("examples used", "examples"),
    "lr": ("learning rate of the next update", "1"),
    "diverged": ("update at which the particle became non-finite, -1 if never", "updates"),
    "seconds": ("time of all updates", "s"),
    "entered": ("first update after which the particle is in the region, -1 if never", "updates"),
    "left": ("first update after which it has left the region, -1 if never", "updates"),
    "gradient": ("gradient that the rule got", "1"),
    "movement": ("movement of the update before", "1"),
    "effective_rate": ("learning rate over the rule's denominator", "1"),
    "iterate": ("point at which gradients are taken", "1"),
}
"""What each variable is, and what it is counted in."""
BESIDE = {"updates": "update", "examples_seen": "examples_seen"}
"""Arrays of frames by what they are called here: ``update`` is a method of both packages' tables."""


def dataset(result: Any) -> Any:
    """The arrays of all groups as an xarray Dataset, with the dimensions group, frame and particle."""
    xarray = check_extra("xarray")
    groups = result.groups
    variables = {name: (dims, _together(arrays), _attributes(name)) for name, dims, arrays in _variables(groups)}
    coordinates = {
        "group": [group.label for group in groups],
        "axis": ["x", "y"],
        "particle": np.arange(len(groups[0].diverged)),
        "loss_particle": ("loss_particle", groups[0].loss_particles),
        "watched": ("watched", groups[0].watched),
        "region": [region.name for region in result.scenario.regions][: len(groups[0].entered)],
    }
    used = {dim for dims, *_ in variables.values() for dim in dims}
    about = {
        "title": result.scenario.title,
        "seed": result.scenario.seed,
        "device": result.device,
        "complete": int(result.complete),
        "errsurf": version("errsurf"),
        "scenario": resolved_toml(result.scenario),
    }
    return xarray.Dataset(variables, {key: value for key, value in coordinates.items() if key in used}, about)


def _variables(groups: Sequence[Any]) -> Iterator[tuple[str, tuple[str, ...], list[NDArray[Any]]]]:
    """Name, dimensions and the arrays of the groups."""
    yield "position", ("group", "frame", "particle", "axis"), [group.position for group in groups]
    for name, attribute in BESIDE.items():
        yield name, ("group", "frame"), [getattr(group, attribute) for group in groups]
    yield "lr", ("group", "frame", "axis"), [_both(group.lr) for group in groups]
    yield "diverged", ("group", "particle"), [group.diverged for group in groups]
    yield "seconds", ("group",), [np.array(group.seconds) for group in groups]
    if len(groups[0].loss_particles):
        for name in ("train_loss", "test_loss"):
            yield name, ("group", "frame", "loss_particle"), [getattr(group, name) for group in groups]
    if len(groups[0].entered):
        for name in ("entered", "left"):
            yield name, ("group", "region", "particle"), [getattr(group, name) for group in groups]
    for name in groups[0].parts:
        yield name, ("group", "frame", "watched", "axis"), [group.parts[name] for group in groups]


def _both(lr: NDArray[np.float64]) -> NDArray[np.float64]:
    return lr if lr.ndim == 2 else np.stack([lr, lr], axis=-1)


def _together(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The arrays as one; a group with fewer frames ends with NaN, and with -1 where numbers are whole."""
    most = max(each.shape[0] for each in arrays) if arrays[0].ndim else 0
    if all(each.shape[:1] in ((), (most,)) for each in arrays):
        return np.stack(arrays)
    nothing = np.nan if np.issubdtype(arrays[0].dtype, np.floating) else -1
    found = np.full((len(arrays), most, *arrays[0].shape[1:]), nothing, arrays[0].dtype)
    for k, each in enumerate(arrays):
        found[k, : len(each)] = each
    return found


def _attributes(name: str) -> dict[str, str]:
    words, unit = UNITS.get(name, (name, "1"))
    return {"long_name": words, "units": unit}


def dataframe(result: Any) -> Any:
    """One row a group, recorded frame and particle, as a pandas DataFrame."""
    pandas = check_extra("pandas")
    labels = [group.label for group in result.groups]
    found = pandas.concat([pandas.DataFrame(_columns(group)) for group in result.groups], keys=labels, names=["group"])
    found = found.reset_index(level="group").reset_index(drop=True)
    found["group"] = pandas.Categorical(found["group"], labels)
    found.attrs |= {"title": result.scenario.title, "seed": result.scenario.seed}
    found.attrs["units"] = {"updates": "updates", "examples_seen": "examples"}
    return found


def _columns(group: Any) -> dict[str, NDArray[Any]]:
    """Columns with a row for each frame and particle; losses are NaN where they were not recorded."""
    frames, particles = group.position.shape[:2]
    columns = {"frame": np.repeat(np.arange(frames), particles)}
    columns |= {name: np.repeat(getattr(group, each), particles) for name, each in BESIDE.items()}
    columns["particle"] = np.tile(np.arange(particles), frames)
    columns |= {axis: np.asarray(group.position[..., k]).ravel() for k, axis in enumerate("xy")}
    for name in ("train_loss", "test_loss"):
        losses = np.full((frames, particles), np.nan)
        losses[:, group.loss_particles] = getattr(group, name)
        columns[name] = losses.ravel()
    columns["alive"] = group.alive(slice(None)).ravel()
    return columns
