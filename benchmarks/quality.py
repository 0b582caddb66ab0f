"""How right the labels are: cross-validation by report, baselines, held-out tables, and a learning curve.

Run with ``make evaluate``; ``make evaluate HELD_OUT="a.jsonl b.jsonl"`` also measures on labelled tables of your own
(columns text, topics, primary and, where there is one, heading), on which nothing is trained.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import topics
from benchmarks.baselines import BASELINES, targets
from topics.codebook import Codebook
from topics.modeling.metrics import NO_TOPIC, UNKNOWN, Outcomes, evaluate
from topics.modeling.parameters import Parameters
from topics.modeling.training import folds, train
from topics.records import OTHER, Example
from topics.workflows.examples import Columns, Dataset, from_reports, from_table
from topics.workflows.outcomes import outcomes

SEEDS, LABELS = Path("seeds"), Path("labels")
N_FOLDS = 5
CURVE = (0.125, 0.25, 0.5, 1.0)
CURVE_FOLDS = 3

Result = dict[str, Any]


def main(held_out: Sequence[str]) -> None:
    """Print everything as Markdown."""
    dataset = from_reports([SEEDS], [LABELS], LABELS / "codebook.toml")
    n_reports = len({e.group for e in dataset.examples})
    print(
        f"## Cross-validation by report: {len(dataset.examples)} paragraphs in {n_reports} reports, {N_FOLDS} folds\n"
    )
    print_table(cross_validated(dataset), dataset.codebook.ids)
    for path in held_out:
        table = read_held_out(Path(path), dataset.codebook)
        print(f"\n## {Path(path).stem}: {len(table.examples)} paragraphs, nothing of it trained on\n")
        print_table(measured_on(dataset, table), dataset.codebook.ids)
    print(f"\n## Learning curve, {CURVE_FOLDS} folds by report\n\n| reports | paragraphs | macro-F1 | primary right |")
    print("| ---: | ---: | ---: | ---: |")
    for size, n, result in learning_curve(dataset):
        print(f"| {size} | {n} | {result['macro_f1']:.3f} | {result['primary_accuracy']:.3f} |", flush=True)


def cross_validated(dataset: Dataset) -> Iterator[tuple[str, Result]]:
    """Measure the model and the baselines on the same folds, and the model on a random split, which leaks."""
    for name, baseline in BASELINES.items():
        scores = np.zeros((len(dataset.examples), len(dataset.codebook.ids)))
        for learn, held_out in folds(dataset.examples, N_FOLDS, 0):
            scores[held_out] = baseline(pick(dataset, learn), pick(dataset, held_out), dataset.codebook)
        yield name, evaluate(baseline_outcomes(dataset, scores))
    yield "**topics**", model_cross_validated(dataset)
    apart = [Example(e.text, e.heading, e.topics, e.primary, str(i), e.spans) for i, e in enumerate(dataset.examples)]
    yield "topics, random split (leaks)", model_cross_validated(Dataset(apart, dataset.codebook, {}))


def measured_on(dataset: Dataset, table: Dataset) -> Iterator[tuple[str, Result]]:
    """Measure the shipped model, and the baselines trained on all reports, on a table."""
    for name, baseline in BASELINES.items():
        yield name, evaluate(baseline_outcomes(table, baseline(dataset.examples, table.examples, dataset.codebook)))
    predictor = topics.load().predictor
    scores = predictor.scorer.score([e.text for e in table.examples], [e.heading for e in table.examples])
    yield "**topics**", evaluate(outcomes(table, scores, predictor.model))


def learning_curve(dataset: Dataset) -> Iterator[tuple[int, int, Result]]:
    """Cross-validate on growing shares of the reports."""
    groups = sorted({e.group for e in dataset.examples})
    np.random.default_rng(0).shuffle(groups)
    for share in CURVE:
        chosen = set(groups[: round(share * len(groups))])
        part = [e for e in dataset.examples if e.group in chosen]
        yield len(chosen), len(part), model_cross_validated(Dataset(part, dataset.codebook, {}), CURVE_FOLDS)


def model_cross_validated(dataset: Dataset, n_folds: int = N_FOLDS) -> Result:
    """Measure the model out of fold."""
    trained = train(dataset.examples, dataset.codebook.ids, Parameters(folds=n_folds))
    return evaluate(outcomes(dataset, trained.scores, trained.model))


def baseline_outcomes(dataset: Dataset, scores: Any) -> Outcomes:
    """Set labels beside what a baseline's scores give."""
    chosen = scores > 0
    best = np.where(chosen, scores, -np.inf).argmax(axis=1)
    columns = {topic: k for k, topic in enumerate(dataset.codebook.ids)} | {OTHER: NO_TOPIC}
    primary = np.array([columns.get(e.primary, UNKNOWN) for e in dataset.examples])
    given = np.where(chosen.any(axis=1), best, NO_TOPIC)
    gold = targets(dataset.examples, dataset.codebook).astype(bool)
    groups = [e.group for e in dataset.examples]
    return Outcomes(dataset.codebook.ids, gold, chosen, primary, given, np.clip(scores + 0.5, 0, 1), groups)


def pick(dataset: Dataset, rows: Any) -> list[Example]:
    """Take some of the examples."""
    return [dataset.examples[i] for i in rows]


def read_held_out(path: Path, codebook: Codebook) -> Dataset:
    """Read a labelled table; columns that it lacks are left out."""
    table = from_table(path, Columns("text", "topics", "primary", "heading"))
    return Dataset(table.examples, codebook, table.source)


def print_table(rows: Iterator[tuple[str, Result]], topics: Sequence[str]) -> None:
    """Print a row a method."""
    print(f"| | macro-F1 | 95 % interval | primary right | 95 % interval | ECE | {' | '.join(topics)} |")
    print("| --- |" + " ---: |" * (5 + len(topics)))
    for name, result in rows:
        cells = [f"{result['macro_f1']:.3f}", span(result["intervals"]["macro_f1"])]
        cells += [f"{result['primary_accuracy']:.3f}", span(result["intervals"]["primary_accuracy"])]
        cells += [f"{result['ece']:.3f}", *(figure(result["per_topic"][t]["f1"]) for t in topics)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def span(bounds: Sequence[float]) -> str:
    """Write an interval."""
    return f"{bounds[0]:.3f} to {bounds[1]:.3f}"


def figure(value: float | None) -> str:
    """Write a figure."""
    return "—" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main(sys.argv[1:])
