"""Groups compared each at its best rate: chosen with one seed, compared with the next."""

from typing import Any

import numpy as np

from benchmarks.results import rounded
from errsurf import claims_of
from errsurf.run.result import Result
from errsurf.scenario import read_scenario
from research.claim_grids._record import Changes, Tuned
from research.claim_runs import axis_figures, cell, compared, numbers, ran


def tuned_figures(tuned: Tuned, lecture: int) -> dict[str, Any]:
    """For each row: the number of every group at every rate, its best rate, and the claims at the best rates."""
    lines = [_row(tuned, {**tuned.changes, **row}) for row in tuned.rows.values.values()]
    return {
        "kind": "tuned",
        "title": tuned.title,
        "scenario": tuned.scenario,
        "changes": dict(tuned.changes),
        "rows": axis_figures(tuned.rows),
        "groups": list(tuned.groups),
        "rates": list(tuned.rates),
        "scale": "what training gains" if _is_loss(tuned) else "the best number",
        "best": " ".join(str(tuned.best[key]) for key in ("take", "statistic") if key in tuned.best),
        "claims": [claim["says"] for claim in tuned.claims],
        "counted": [claim.get("lecture") == lecture for claim in tuned.claims],
        "lines": lines,
    }


def _is_loss(tuned: Tuned) -> bool:
    return bool(tuned.best["statistic"] == "train_loss")


def _row(tuned: Tuned, changes: Changes) -> dict[str, Any]:
    seed = changes.get("seed", read_scenario(tuned.scenario).seed)
    found, scale = _numbers(tuned, {**changes, "seed": seed})
    best = [int(np.argmin(np.where(np.isnan(row), np.inf, row))) for row in found[:, :, 0].astype(np.float64)]
    groups = [
        {"label": label, "lr": tuned.rates[k], **group}
        for k, (label, group) in zip(best, tuned.groups.items(), strict=True)
    ]
    share = scale if tuned.shares else 1.0
    claims = tuple({**claim, "by": claim["by"] * share} if "by" in claim else claim for claim in tuned.claims)
    checked = claims_of(ran(tuned.scenario, claims, {**changes, "seed": seed + 1, "optimizer": groups}))
    return {
        "numbers": [[numbers(each) for each in row] for row in found],
        "best": best,
        "scale": rounded(scale),
        "compared": list(compared(checked)),
        "verdicts": [cell(each) for claim in checked for each in claim.comparisons],
    }


def _numbers(tuned: Tuned, changes: Changes) -> tuple[Any, float]:
    """Every group's number and interval at every rate, shape (groups, rates, 3); and what differences are shares of."""
    groups, claims = [], []
    for label, group in tuned.groups.items():
        for rate in tuned.rates:
            name = f"{label}, rate {rate:g}"
            groups.append({"label": name, "lr": rate, **group})
            claims.append({"says": name, "group": name, "below": 0.0, **tuned.best})
    result = ran(tuned.scenario, tuple(claims), {**changes, "optimizer": groups})
    found = np.array([claim.comparisons[0].estimate for claim in claims_of(result)]).reshape(len(tuned.groups), -1, 3)
    return _diverged_out(result, found), _gained(result) if _is_loss(tuned) else float(np.nanmin(found[:, :, 0]))


def _diverged_out(result: Result, found: Any) -> Any:
    """A rate at which a particle diverged is no rate."""
    lost = np.array([(group.diverged >= 0).any() for group in result.groups]).reshape(found.shape[:2])
    return np.where(lost[:, :, None], np.inf, found)


def _gained(result: Result) -> float:
    """The median training loss at the start less the smallest mean one of a group at the end."""
    ends = (np.mean(group.train_loss[-1]) for group in result.groups if (group.diverged < 0).all())
    return float(np.median(result.groups[0].train_loss[0]) - min(ends, default=np.nan))
