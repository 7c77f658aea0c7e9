"""Labels that groups get by themselves."""

from typing import Any

import pytest

import errsurf


def labels(*groups: dict[str, Any], **changes: Any) -> list[str]:
    tables = {"surface": {"kind": "saddle", "examples": 20}, "run": {"updates": 5}, "optimizer": [*groups]}
    return [group.label for group in errsurf.scenario_from(tables, changes=changes).optimizer]


SGD = {"kind": "sgd", "batch": 5}


def test_groups_that_differ_in_kind_or_batch_are_called_by_these() -> None:
    assert labels(SGD, {"kind": "sgd"}, {"kind": "adam", "lr": 0.1}) == [
        "sgd, batch 5",
        "sgd, full batch",
        "adam, full batch",
    ]


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        ({"lr": 0.1}, {"lr": 0.2}, (", lr 0.1", ", lr 0.2")),
        ({"momentum": 0.9, "lr": 0.1}, {"lr": 0.2}, (", lr 0.1, momentum 0.9", ", lr 0.2")),
        ({}, {"lr": [0.1, 1.0]}, ("", ", lr 0.1 1")),
        ({"schedule": "cosine"}, {"schedule": {"decay": "linear"}}, (", schedule cosine", ", schedule linear")),
    ],
)
def test_groups_that_differ_in_settings_alone_are_called_by_those(
    first: dict[str, Any], second: dict[str, Any], ends: tuple[str, str]
) -> None:
    assert labels(SGD | first, SGD | second, {"kind": "sgd"}) == [
        *(f"sgd, batch 5{end}" for end in ends),
        "sgd, full batch",
    ]


def test_labels_that_are_given_stay_and_equal_groups_are_refused() -> None:
    assert labels(SGD | {"label": "sgd, batch 5"}, SGD | {"label": "b"}) == ["sgd, batch 5", "b"]
    with pytest.raises(errsurf.ScenarioError, match="each group needs a label of its own"):
        labels(SGD, SGD)


def test_a_label_of_its_own_leads_to_the_group() -> None:
    found = {"sgd, batch 5, lr 0.2.momentum": 0.5}
    tables = {"surface": {"kind": "saddle", "examples": 20}, "run": {"updates": 5}}
    groups = [SGD | {"lr": 0.1}, SGD | {"lr": 0.2}]
    made = errsurf.scenario_from(tables | {"optimizer": groups}, changes=found)
    assert [group.settings.momentum for group in made.optimizer] == [0.0, 0.5]
