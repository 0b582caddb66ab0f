"""What each part of the model brings: training without it, or with another in its place, on the same folds.

Run with ``make ablation``; ``make ablation HELD_OUT="a.jsonl b.jsonl"`` also measures every variant on labelled tables
of your own, on which nothing is trained. It takes about a minute a variant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scipy import sparse

from benchmarks.quality import LABELS, SEEDS, read_held_out, span
from topics.modeling.comparison import compare
from topics.modeling.metrics import Outcomes, evaluate
from topics.modeling.parameters import Parameters
from topics.modeling.predicting import Predictor
from topics.modeling.training import Corpus, Trained, train_on
from topics.records import Example
from topics.workflows.examples import Dataset, from_reports
from topics.workflows.outcomes import outcomes

USED = Parameters()
Build = Callable[[Sequence[Example], tuple[str, ...]], Corpus]


def with_parameters(**changes: object) -> Build:
    """Train with other parameters."""
    return lambda examples, topics: Corpus.of(examples, topics, replace(USED, **changes))  # type: ignore[arg-type]


def without_field(which: int) -> Build:
    """Train without words (0) or without characters (1)."""

    def build(examples: Sequence[Example], topics: tuple[str, ...]) -> Corpus:
        corpus = Corpus.of(examples, topics, USED)
        counts, terms = list(corpus.instances.counts), list(corpus.terms)
        counts[which], terms[which] = sparse.csr_matrix((counts[which].shape[0], 0)), []
        return replace(corpus, terms=terms, instances=replace(corpus.instances, counts=counts))

    return build


def without_marks(examples: Sequence[Example], topics: tuple[str, ...]) -> Corpus:
    """Train on the topics of paragraphs alone, carried down to their clauses."""
    return Corpus.of([replace(e, spans=None) for e in examples], topics, USED)


VARIANTS: dict[str, Build] = {
    "as it is": with_parameters(),
    "no words": without_field(0),
    "no characters": without_field(1),
    "no heading": with_parameters(heading_weight=0.0),
    "no marked clauses, labels carried down": without_marks,
    "clauses alone (1)": with_parameters(windows=(1,)),
    "passages of three alone (3)": with_parameters(windows=(3,)),
    "passages of one and two (1, 2)": with_parameters(windows=(1, 2)),
    "without the whole paragraph (1, 3)": with_parameters(windows=(1, 3)),
    "passages of two as well (1, 2, 3, 0)": with_parameters(windows=(1, 2, 3, 0)),
    "paragraphs as wholes (0)": with_parameters(windows=(0,)),
    "character 2-grams alone": with_parameters(char_range=(2, 2)),
    "character 2- and 3-grams": with_parameters(char_range=(2, 3)),
    "words at 0.7 of their weight": with_parameters(word_weight=0.7),
    "C = 0.05": with_parameters(C=0.05),
    "C = 0.5": with_parameters(C=0.5),
    "half the terms": with_parameters(max_terms=50_000),
    "twice the terms": with_parameters(max_terms=200_000),
}


def main(held_out: Sequence[str]) -> None:
    """Print the table as Markdown."""
    dataset = from_reports([SEEDS], [LABELS], LABELS / "codebook.toml")
    tables = [read_held_out(Path(path), dataset.codebook) for path in held_out]
    names = "".join(f" {Path(path).stem} | primary |" for path in held_out)
    print(f"| | macro-F1 | less as it is | 95 % interval | verdict | primary right |{names}")
    print("| --- |" + " ---: |" * (5 + 2 * len(tables)))
    used: Outcomes | None = None
    for name, trained in variants(dataset):
        found = outcomes(dataset, trained.scores, trained.model)
        used = used or found
        told = compare(used, found)["totals"]["macro_f1"]
        verdict = "" if found is used else f"{told['difference']:+.3f} | {span(told['interval'])} | {told['verdict']}"
        cells = [name, f"{told['b']:.3f}", verdict or " | | ", f"{evaluate(found)['primary_accuracy']:.3f}"]
        print(f"| {' | '.join(cells + held_out_cells(trained, tables))} |", flush=True)


def variants(dataset: Dataset) -> Iterator[tuple[str, Trained]]:
    """Train every variant on the same examples and folds."""
    for name, build in VARIANTS.items():
        yield name, train_on(build(dataset.examples, dataset.codebook.ids))


def held_out_cells(trained: Trained, tables: Sequence[Dataset]) -> list[str]:
    """Measure a variant on labelled tables: macro-F1 and primary topic right."""
    scorer = Predictor(trained.model).scorer
    cells = []
    for table in tables:
        scores = scorer.score([e.text for e in table.examples], [e.heading for e in table.examples])
        result = evaluate(outcomes(table, scores, trained.model))
        cells += [f"{result['macro_f1']:.3f}", f"{result['primary_accuracy']:.3f}"]
    return cells


if __name__ == "__main__":
    main(sys.argv[1:])
