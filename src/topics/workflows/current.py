"""A new model beside the current one: every paragraph labelled, by both, as a report that they had not seen."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.errors import ModelError
from topics.modeling.comparison import compare
from topics.modeling.linear import LinearModel
from topics.modeling.metrics import Outcomes
from topics.modeling.scoring import Scorer, Scores, batches
from topics.modeling.training import Trained
from topics.records import Example, text_hash
from topics.storage.models import find_model, load_model, load_out_of_fold
from topics.workflows.examples import Dataset
from topics.workflows.outcomes import outcomes

_NARROW, _WIDE = {"f": np.float32, "i": np.int32}, {"f": np.float64, "i": np.int64}


def kept_out_of_fold(dataset: Dataset, trained: Trained) -> dict[str, NDArray[Any]]:
    """What the store keeps of a training, so that the next one can be compared with it."""
    kept = {field.name: getattr(trained.scores, field.name) for field in fields(Scores)}
    narrow = {name: values.astype(_NARROW[values.dtype.kind]) for name, values in kept.items()}
    return {"texts": _text_numbers(dataset.examples), **narrow}


def compare_with_current(dataset: Dataset, found: Outcomes, store: Path) -> dict[str, Any] | None:
    """Compare out-of-fold predictions with those of the current model.

    Paragraphs that the current model learned from have its out-of-fold scores; others it labels now.

    Parameters
    ----------
    dataset : Dataset
        What the new model was trained on.
    found : Outcomes
        Its out-of-fold predictions.
    store : Path
        The model store.

    Returns
    -------
    dict or None
        As `topics.modeling.comparison.compare` gives it, with ``current`` (the id) and ``unseen`` (paragraphs that the
        current model did not learn from). None where no current model has the same topics and kept its scores.
    """
    try:
        folder = find_model(None, store)
        stored = load_model(folder)
        model = LinearModel.from_arrays(stored.arrays, stored.meta)
        kept = load_out_of_fold(folder)
        if kept is None or model.topics != found.topics:
            return None
        scores, learned = unseen_scores(dataset.examples, model, kept)
    except (ModelError, KeyError):
        return None  # what cannot be used cannot be compared with, and must not keep a better one from its place
    current = outcomes(dataset, scores, model)
    unseen = len(dataset.examples) - learned
    return {"current": folder.name, "unseen": unseen, **compare(current, found)}


def unseen_scores(examples: list[Example], model: LinearModel, kept: dict[str, NDArray[Any]]) -> tuple[Scores, int]:
    """Score every example as one that the model had not seen, and say how many it learned from.

    Parameters
    ----------
    examples : list of Example
        Those that the model learned from get their out-of-fold scores; the others are scored now.
    model : LinearModel
        The model.
    kept : dict of str to ndarray
        What the store keeps of its training.
    """
    rows = _rows(examples, kept)
    values: dict[str, Any] = {
        field.name: kept[field.name][rows].astype(_WIDE[kept[field.name].dtype.kind]) for field in fields(Scores)
    }
    new = np.flatnonzero(rows < 0).tolist()
    scorer = Scorer(model)
    for batch in batches(new, lambda i: len(examples[i].text)):
        scores = scorer.score([examples[i].text for i in batch], [examples[i].heading for i in batch])
        for name, known in values.items():
            known[batch] = getattr(scores, name)
    return Scores(**values), len(examples) - len(new)


def learned_from(examples: list[Example], kept: dict[str, NDArray[Any]]) -> int:
    """Count the examples that a model learned from, by what the store keeps of its training."""
    return int((_rows(examples, kept) >= 0).sum())


def _rows(examples: list[Example], kept: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Where the examples stand in what was kept of a training; -1 for those that are not there."""
    place = {int(number): i for i, number in enumerate(kept["texts"])}
    return np.array([place.get(int(number), -1) for number in _text_numbers(examples)], dtype=np.int64)


def _text_numbers(examples: list[Example]) -> NDArray[np.int64]:
    """Name every text by its hash as a number."""
    return np.array([int(text_hash(example.text), 16) for example in examples], dtype=np.int64)
