"""``topics compare``: two models, or two files of predictions, on the same labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.corpus.tables import is_table
from topics.errors import InputError, LabelError
from topics.modeling.comparison import compare, differing
from topics.modeling.metrics import NO_TOPIC, UNKNOWN, Outcomes
from topics.records import OTHER
from topics.storage.models import load_out_of_fold
from topics.workflows.current import unseen_scores
from topics.workflows.evaluate import check_known, model_columns, model_outcomes
from topics.workflows.examples import Dataset
from topics.workflows.library import Model, load
from topics.workflows.predictions import keys, read_predictions

_FOREIGN = -3  # a primary topic that the labels' codebook does not have


def compare_sources(a: str, b: str, dataset: Dataset, text: str | None = None) -> dict[str, Any]:
    """Compare two models or files of predictions.

    Parameters
    ----------
    a, b : str
        Each a model's id or path, or a prediction file.
    dataset : Dataset
        The labels to compare on.
    text : str, optional
        The column of prediction files that holds the paragraph.

    Returns
    -------
    dict
        As `topics.modeling.comparison.compare` gives it, with ``models``, ``learned`` (how many of the paragraphs each
        learned from; None for a file or a model of which nobody knows) and ``differences``.

    Notes
    -----
    Of paragraphs that a model learned from, its out-of-fold predictions count, so that memory is not taken for skill.

    Raises
    ------
    LabelError
        If the labels have a topic that one of the two does not know.
    InputError
        If a prediction file lacks a labelled paragraph.
    """
    (first, learned_a), (second, learned_b) = (_outcomes(source, dataset, text) for source in (a, b))
    compared = {"models": [a, b], "learned": [learned_a, learned_b], **compare(first, second)}
    return compared | {"differences": differences(dataset, first, second)}


def differences(dataset: Dataset, a: Outcomes, b: Outcomes) -> list[dict[str, Any]]:
    """The paragraphs on which two differ, with the labels and what each gave."""
    return [
        {
            "report": dataset.examples[i].group,
            "text": dataset.examples[i].text,
            "gold": _labels(a.topics, a.gold[i], int(a.primary_gold[i])),
            "a": _labels(a.topics, a.predicted[i], int(a.primary_predicted[i])),
            "b": _labels(b.topics, b.predicted[i], int(b.primary_predicted[i])),
        }
        for i in differing(a, b)
    ]


def _labels(topics: tuple[str, ...], chosen: Any, primary: int) -> dict[str, Any]:
    """Topics and primary topic by name."""
    named = None if primary == UNKNOWN else OTHER if primary == NO_TOPIC else topics[primary]
    return {"topics": [t for t, given in zip(topics, chosen, strict=True) if given], "primary": named}


def _outcomes(source: str, dataset: Dataset, text: str | None) -> tuple[Outcomes, int | None]:
    """Set labels beside what a model or a file gives, and count what the model learned from."""
    path = Path(source)
    if is_table(path) and path.is_file():
        return aligned(file_outcomes(path, dataset, text), dataset.codebook.ids), None
    found, learned = _unseen_outcomes(load(source), dataset)
    return aligned(found, dataset.codebook.ids), learned


def _unseen_outcomes(model: Model, dataset: Dataset) -> tuple[Outcomes, int | None]:
    """Set labels beside what a model gives to paragraphs that it has not seen, as far as the store kept that."""
    kept = load_out_of_fold(model.folder) if model.folder else None
    if kept is None:
        return model_outcomes(model, dataset)[0], None
    check_known(model, dataset)
    scores, learned = unseen_scores(dataset.examples, model.predictor.model, kept)
    return model_columns(model, dataset, scores)[0], learned


def aligned(found: Outcomes, topics: tuple[str, ...]) -> Outcomes:
    """Bring columns into the labels' order; a topic that was not scored gets probability 0."""
    place = [found.topics.index(t) if t in found.topics else len(found.topics) for t in topics]
    primary = np.array([*(topics.index(t) if t in topics else _FOREIGN for t in found.topics), UNKNOWN, NO_TOPIC])

    def columns(values: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack((values, np.zeros(len(values), dtype=values.dtype)))[:, place]

    return replace(
        found,
        topics=topics,
        gold=columns(found.gold),
        predicted=columns(found.predicted),
        primary_gold=primary[found.primary_gold],
        primary_predicted=primary[found.primary_predicted],
        probabilities=columns(found.probabilities),
    )


def file_outcomes(path: Path, dataset: Dataset, text: str | None = None) -> Outcomes:
    """Set labels beside the predictions of a file."""
    rows = read_predictions(path, text)
    known = {topic for row in rows for topic in row["scores"]}
    missing = next((t for e in dataset.examples for t in e.topics if t not in known), None)
    if missing:
        raise LabelError(f"the labels have topic {missing!r}, which {path} gives no score ({', '.join(sorted(known))})")
    topics = tuple(sorted(known))
    found = dict(zip(keys(row["text"] for row in rows), rows, strict=True))
    matched = []
    for example, key in zip(dataset.examples, keys(e.text for e in dataset.examples), strict=True):
        if key not in found:
            raise InputError(
                f"{path}: lacks a labelled paragraph of {example.group} ({example.text[:20]}…); label it too"
            )
        matched.append(found[key])
    columns = {topic: k for k, topic in enumerate(topics)} | {OTHER: NO_TOPIC}
    return Outcomes(
        topics,
        np.array([[t in e.topics for t in topics] for e in dataset.examples], dtype=bool),
        np.array([[t in row["topics"] for t in topics] for row in matched], dtype=bool),
        np.array([columns.get(e.primary, UNKNOWN) for e in dataset.examples], dtype=np.int64),
        np.array([columns.get(row["primary"], NO_TOPIC) for row in matched], dtype=np.int64),
        np.array([[row["scores"].get(t, 0.0) for t in topics] for row in matched]),
        [e.group for e in dataset.examples],
    )
