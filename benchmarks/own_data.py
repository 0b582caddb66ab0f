"""Training on somebody's own topics, few examples each, against the linear models that people use for that.

Run with ``python -m benchmarks.own_data FILE...``: labelled tables, one topic a text. Of every topic some examples are
drawn to learn from and the rest is measured on, several times over; what varies is the draw.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from topics.modeling.predicting import Predictor
from topics.modeling.training import train
from topics.records import Example
from topics.workflows.examples import Columns, Dataset, from_table
from topics.workflows.train import parameters_for

MOST_MEASURED = 3000

Draw = tuple[list[Example], list[Example]]
Method = Callable[[Sequence[Example], Sequence[str], Dataset], Sequence[str]]


def own_training(learn: Sequence[Example], texts: Sequence[str], dataset: Dataset) -> Sequence[str]:
    """Train as ``topics train --table`` does."""
    part = Dataset(list(learn), dataset.codebook, {})
    predictor = Predictor(train(part.examples, part.codebook.ids, parameters_for(part)).model)
    return [prediction.primary for prediction in predictor.predict(texts)]


def peer(classifier: Callable[[], Any], **features: Any) -> Method:
    """Make a method of a scikit-learn classifier on TF-IDF features with logarithmic term frequency."""

    def method(learn: Sequence[Example], texts: Sequence[str], _: Dataset) -> Sequence[str]:
        pipeline = make_pipeline(TfidfVectorizer(sublinear_tf=True, **features), classifier())
        return list(pipeline.fit([e.text for e in learn], [e.primary for e in learn]).predict(texts))

    return method


def words(text: str) -> list[str]:
    """Cut a text with jieba as it comes, its model for unknown words included."""
    return [word for word in jieba.cut(text) if word.strip()]


CHARACTERS = {"analyzer": "char", "ngram_range": (1, 2)}
METHODS: dict[str, Method] = {
    "**topics**": own_training,
    "LinearSVC, characters": peer(LinearSVC, **CHARACTERS),
    "LinearSVC, words": peer(LinearSVC, analyzer=words),
    "complement naive Bayes, characters": peer(ComplementNB, **CHARACTERS),
    "complement naive Bayes, words": peer(ComplementNB, analyzer=words),
}


def draw(examples: Sequence[Example], n: int, seed: int) -> Draw:
    """Draw `n` examples of every topic to learn from; the rest, up to a limit, is measured on."""
    chance = random.Random(seed)
    by_topic: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_topic[example.primary].append(example)
    shuffled = [chance.sample(by_topic[topic], len(by_topic[topic])) for topic in sorted(by_topic)]
    rest = [example for group in shuffled for example in group[n:]]
    chance.shuffle(rest)
    return [example for group in shuffled for example in group[:n]], rest[:MOST_MEASURED]


def measure(method: Method, drawn: Draw, dataset: Dataset) -> tuple[float, float]:
    """Give accuracy and macro-F1 on one draw."""
    learn, held_out = drawn
    found = method(learn, [e.text for e in held_out], dataset)
    gold = [e.primary for e in held_out]
    accuracy = float(np.mean([a == b for a, b in zip(gold, found, strict=True)]))
    return accuracy, float(f1_score(gold, found, average="macro", zero_division=0))


def print_comparison(path: Path, columns: Columns, n: int, draws: int) -> None:
    """Print a table's comparison as Markdown: means over the draws, with twice their standard errors."""
    dataset = from_table(path, columns)
    drawn = [draw(dataset.examples, n, seed) for seed in range(draws)]
    length = int(np.median([len(e.text) for e in dataset.examples]))
    print(f"\n## {path.stem}: {len(dataset.codebook.ids)} topics, {n} examples each, ", end="")
    print(f"{len(drawn[0][1])} texts to measure on, of {length} characters at the median\n")
    print("| | accuracy | macro-F1 |\n| --- | ---: | ---: |", flush=True)
    for name, method in METHODS.items():
        found = np.array([measure(method, one, dataset) for one in drawn])
        margin = 2 * found.std(axis=0, ddof=1) / np.sqrt(draws)
        cells = [f"{mean:.3f} ± {m:.3f}" for mean, m in zip(found.mean(axis=0), margin, strict=True)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Compare on every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--text", default="text", help="column of the text")
    parser.add_argument("--topics", default="topic", help="column of the topic")
    parser.add_argument("--examples", type=int, default=16, help="of each topic to learn from")
    parser.add_argument("--draws", type=int, default=5)
    arguments = parser.parse_args()
    jieba.setLogLevel("ERROR")
    for path in arguments.tables:
        print_comparison(path, Columns(arguments.text, arguments.topics), arguments.examples, arguments.draws)


if __name__ == "__main__":
    main()
