"""What a scenario's batches do that its author may not mean: examples of unequal weight."""

from collections.abc import Iterator

import numpy as np

from errsurf.sampling.batches import BatchPlan, cuts
from errsurf.scenario.scenario import Scenario, batch_plan, segments
from errsurf.system.numbers import number_text


def uneven_batches(scenario: Scenario) -> str:
    """A warning in words, where the last batches of epochs are smaller and their examples weigh more; else empty.

    Their variance is larger than theory for batches of one size says: by 7 to 12% at B = 3 and N = 20.
    """
    found = max(_uneven(scenario), default=None)
    if found is None:
        return ""
    weight, label, what, left = found
    return (
        f"{scenario.name}: {label}: the last {what} of an epoch has {left} example{'s' * (left != 1)}, each of which "
        f"weighs {number_text(weight)} times as much; run.sampling.drop_last = true leaves it out"
    )


def _uneven(scenario: Scenario) -> Iterator[tuple[float, str, str, int]]:
    """Weight of the last examples of an epoch relative to the others, group, what is uneven, and how many they are."""
    for group in scenario.optimizer:
        for part in segments(group):
            plan = batch_plan(part.batch, part.accumulate, scenario.surface.train.examples, scenario.run.sampling)
            weight, left = last_update(plan)
            if weight > 1:
                yield weight, group.label, "batch" if plan.accumulate == 1 else "update", left


def last_update(plan: BatchPlan) -> tuple[float, int]:
    """Greatest weight of an example in the last update of an epoch over that in the first one, and its examples."""
    batch_of, slot_of, weight = cuts(plan, 0, plan.updates_an_epoch)
    last = slice(int(batch_of[-2]), int(batch_of[-1]))
    return float(np.max(weight[last]) / weight[0]), int(slot_of[-1] - slot_of[last.start])
