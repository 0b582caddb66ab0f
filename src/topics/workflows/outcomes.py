"""Labels set beside predictions, as evaluation, comparison and promises need them."""

from __future__ import annotations

import numpy as np

from topics.modeling.linear import LinearModel
from topics.modeling.metrics import NO_TOPIC, UNKNOWN, Outcomes
from topics.modeling.predicting import assign, primary_topics
from topics.modeling.promise import Promise, Signals
from topics.modeling.promise_fitting import fit_promise
from topics.modeling.scoring import Scores
from topics.records import OTHER
from topics.workflows.examples import Dataset


def outcomes(dataset: Dataset, scores: Scores, model: LinearModel) -> Outcomes:
    """Set labels beside the topics that a model's scores give; the dataset's topics are the model's, in its order."""
    chosen = assign(scores.probabilities, model)
    examples, topics = dataset.examples, dataset.codebook.ids
    columns = {topic: k for k, topic in enumerate(topics)} | {OTHER: NO_TOPIC}
    return Outcomes(
        topics,
        np.array([[t in e.topics for t in topics] for e in examples], dtype=bool),
        chosen,
        np.array([columns.get(e.primary, UNKNOWN) for e in examples], dtype=np.int64),
        primary_topics(chosen, scores),
        scores.probabilities,
        [e.group for e in examples],
    )


def signals_of(dataset: Dataset, scores: Scores, model: LinearModel) -> Signals:
    """Collect what a promise of precision is worked out from."""
    return Signals.of(scores, [len(e.text) for e in dataset.examples], model)


def promise_of(found: Outcomes, signals: Signals) -> Promise:
    """Fit a promise of precision on out-of-fold predictions of paragraphs whose primary topic the labels tell."""
    told = np.flatnonzero(found.told)
    rows = found.take(told)
    return fit_promise(signals.take(told), rows.primary_correct, rows.gold, rows.groups, rows.topics)
