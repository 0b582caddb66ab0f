"""Coverage of the intervals by simulation: how often a nominal 95 % interval holds the truth.

Reports are drawn from a made-up population in which paragraphs of a report share a liking for topics and a difficulty;
the truth is each measure on very many reports. Run: ``python -m benchmarks.intervals [--rounds N]``.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from topics.modeling.bootstrap import resampling
from topics.modeling.metrics import MEASURES, TOTALS, Outcomes, evaluate, measures

TOPICS = ("a", "b", "c")
_PREVALENCE = np.array([-1.0, -1.7, -2.2])
_SPREAD, _NOISE, _SHIFT = 0.8, 0.5, 0.4
_TRUTH_REPORTS = 40_000


def population(rng: np.random.Generator, reports: int) -> Outcomes:
    """Draw reports of 4 to 16 paragraphs with labels and the scores of a model that errs more in some reports."""
    sizes = rng.integers(4, 17, size=reports)
    owner = np.repeat(np.arange(reports), sizes)
    n = len(owner)
    liking = rng.normal(0, _SPREAD, (reports, len(TOPICS)))[owner]
    gold = rng.random((n, len(TOPICS))) < 1 / (1 + np.exp(-_PREVALENCE - liking))
    difficulty = rng.normal(0, _SHIFT, (reports, len(TOPICS)))[owner]
    logits = np.where(gold, 2.2, -2.6) + difficulty + rng.logistic(0, _NOISE * 2, (n, len(TOPICS)))
    probabilities = 1 / (1 + np.exp(-1.2 * logits))
    chosen = probabilities > 0.5
    return Outcomes(
        TOPICS, gold, chosen, _first(gold, rng.random(gold.shape)), _first(chosen, probabilities), probabilities,
        [str(i) for i in owner],
    )  # fmt: skip


def _first(chosen: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The chosen topic of the greatest weight, -1 without any."""
    return np.where(chosen.any(axis=1), np.where(chosen, weight, -1.0).argmax(axis=1), -1)


def truth() -> dict[str, float]:
    """Each measure on very many reports."""
    outcomes = population(np.random.default_rng(10**6), _TRUTH_REPORTS)
    measured = measures(outcomes, resampling(outcomes.groups))
    found = {name: float(measured[name][0]) for name in TOTALS}
    return found | {f"{m} of {t}": float(measured[m][0, k]) for m in MEASURES for k, t in enumerate(TOPICS)}


def coverage(reports: int, rounds: int, true: dict[str, float]) -> dict[str, list[int]]:
    """Count, a measure, the intervals that hold the truth, lie below it and lie above it."""
    counts = {name: [0, 0, 0] for name in true}
    for seed in range(rounds):
        intervals = evaluate(population(np.random.default_rng(seed), reports), seed)["intervals"]
        for name, value in true.items():
            low, high = _bounds(intervals, name)
            if low is not None and high is not None:
                counts[name][1 if high < value else 2 if low > value else 0] += 1
    return counts


def _bounds(intervals: dict[str, Any], name: str) -> list[float | None]:
    """The interval of a measure by its name in `truth`."""
    measure, _, topic = name.partition(" of ")
    return list(intervals["per_topic"][topic][measure] if topic else intervals[measure])


def main() -> None:
    """Print a table of coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--reports", type=int, nargs="*", default=[20, 60, 300])
    arguments = parser.parse_args()
    true = truth()
    print(f"{'measure':26}{'truth':>8}" + "".join(f"{n:>6} reports      " for n in arguments.reports))
    table = {n: coverage(n, arguments.rounds, true) for n in arguments.reports}
    for name, value in true.items():
        cells = [table[n][name] for n in arguments.reports]
        print(
            f"{name:26}{value:8.3f}" + "".join(f"{c[0] / max(1, sum(c)):8.3f} ({c[1]:>2}|{c[2]:>2})  " for c in cells)
        )


if __name__ == "__main__":
    main()
