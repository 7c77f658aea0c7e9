"""Results as labelled arrays and as tables of other packages."""

import numpy as np
import pytest

import errsurf
from errsurf.run import extras


@pytest.fixture(scope="module")
def result() -> errsurf.Result:
    """Groups with unlike numbers of frames, one of which diverges; losses of all particles, parts of updates."""
    changes = {"swarm.particles": 12, "run.epochs": 3, "run.frames": 40, "run.record": ["gradient"], "batch 1.lr": 1e3}
    return errsurf.simulate(errsurf.read_scenario("saddle_escape", changes))


def test_a_dataset_holds_every_array_with_its_unit(result: errsurf.Result) -> None:
    found = result.to_xarray()
    assert found.sizes["group"] == 3
    for group in result.groups:
        mine = found.sel(group=group.label)
        frames = len(group.update)
        np.testing.assert_array_equal(mine.position[:frames], group.position)
        np.testing.assert_array_equal(mine.train_loss[:frames], group.train_loss)
        np.testing.assert_array_equal(mine.gradient[:frames], group.parts["gradient"])
        np.testing.assert_array_equal(mine.updates[:frames], group.update)
        assert (mine.updates[frames:] == -1).all()
        assert np.isnan(mine.position[frames:]).all()
        np.testing.assert_array_equal(mine.diverged, group.diverged)
    assert all({"long_name", "units"} <= set(variable.attrs) for variable in found.data_vars.values())
    assert found.updates.attrs["units"] == "updates"
    assert found.attrs["seed"] == result.scenario.seed
    assert 'kind = "saddle"' in found.attrs["scenario"]


def test_a_dataset_can_be_written_and_read_again(result: errsurf.Result) -> None:
    found = result.to_xarray()
    assert found.from_dict(found.to_dict()).identical(found)


def test_a_dataframe_has_a_row_for_each_frame_and_particle(result: errsurf.Result) -> None:
    found = result.to_dataframe()
    assert len(found) == sum(group.position.shape[0] * group.position.shape[1] for group in result.groups)
    assert list(found["group"].cat.categories) == [group.label for group in result.groups]
    last = found[(found.group == "batch 5") & (found.frame == found[found.group == "batch 5"].frame.max())]
    np.testing.assert_array_equal(last[["x", "y"]], result["batch 5"].position[-1])
    np.testing.assert_array_equal(last.train_loss, result["batch 5"].train_loss[-1])
    assert not found[(found.group == "batch 1") & (found.frame == 5)].alive.any()
    assert found.attrs["units"]["updates"] == "updates"


def test_losses_that_were_not_recorded_are_none() -> None:
    changes = {"swarm.particles": 5, "run.epochs": 2, "run.losses": False, "claim": []}
    found = errsurf.simulate(errsurf.read_scenario("saddle_escape", changes))
    assert found.to_dataframe().train_loss.isna().all()
    assert "train_loss" not in found.to_xarray()


def test_a_package_that_is_missing_is_said(result: errsurf.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extras, "import_module", missing)
    for convert, package in ((result.to_xarray, "xarray"), (result.to_dataframe, "pandas")):
        with pytest.raises(errsurf.UserError, match=rf"{package} is not installed; install it with `pip install"):
            convert()
