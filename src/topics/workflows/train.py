"""``topics train``: labelled paragraphs → a model in the store."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from topics import __version__
from topics.errors import UsageError
from topics.modeling.drift import unknown_share
from topics.modeling.metrics import Outcomes, evaluate
from topics.modeling.parameters import Parameters
from topics.modeling.segmentation import segmenter_record
from topics.modeling.training import Trained, train
from topics.records import OTHER
from topics.storage.models import make_folder, promote_model, save_model
from topics.workflows.current import compare_with_current, kept_out_of_fold
from topics.workflows.examples import Dataset
from topics.workflows.outcomes import outcomes, promise_of, signals_of

MULTI_TOPIC = Parameters()
SINGLE_TOPIC = replace(MULTI_TOPIC, windows=(0,), char_range=(1, 3), min_df=1, C=1.0, word_weight=0.5)
"""Where every text has exactly one topic it is about that as a whole, and there are often few examples a topic."""


@dataclass(frozen=True, slots=True)
class TrainResult:
    """A trained model as it was stored, with its out-of-fold figures.

    Attributes
    ----------
    comparison : dict or None
        How it compares with the model that was current before; None where there was none to compare with.
    """

    id: str
    folder: Path
    promoted: bool
    previous: str | None
    figures: dict[str, Any]
    comparison: dict[str, Any] | None


def train_model(
    dataset: Dataset,
    store: Path,
    *,
    promote: bool = True,
    describe: Callable[[dict[str, Any]], str] | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> TrainResult:
    """Train on a dataset, store the model with its card, and make it the current one.

    Parameters
    ----------
    dataset : Dataset
        Labelled paragraphs.
    store : Path
        The model store; made if it is not there.
    promote : bool
        Whether to move CURRENT to the new model.
    describe : callable, optional
        Writes the card for people; see `topics.storage.models.save_model`.
    tell : callable, optional
        Told how many of the fits are done.

    Raises
    ------
    UsageError
        If there are fewer than two examples or topics.
    OutputError
        If the store cannot be written.
    """
    check_trainable(dataset)
    make_folder(store)  # before the work, not after it
    parameters = parameters_for(dataset)
    trained = train(dataset.examples, dataset.codebook.ids, parameters, tell)
    found = outcomes(dataset, trained.scores, trained.model)
    figures = evaluate(found)
    arrays, meta = trained.model.to_arrays()
    card = _card(dataset, parameters, trained, figures) | {"reference": _reference(dataset, found, trained)}
    if found.told.any():
        promise = promise_of(found, signals_of(dataset, trained.scores, trained.model))
        meta["promise"] = promise.record()
        card["promise"] = promise.summary()
    kept = kept_out_of_fold(dataset, trained)
    model_id = save_model(store, arrays, meta, card, out_of_fold=kept, describe=describe)
    comparison = compare_with_current(dataset, found, store)
    previous = promote_model(store, model_id) if promote else None
    return TrainResult(model_id, store / model_id, promote, previous, figures, comparison)


def check_trainable(dataset: Dataset) -> None:
    """Refuse a dataset that nothing can be learned from."""
    groups = {example.group for example in dataset.examples}
    if len(groups) < 2:
        raise UsageError(f"{len(groups)} labelled report is not enough to learn from; label at least two")
    if not any(example.topics for example in dataset.examples):
        raise UsageError("no paragraph has a topic; label some that have one")
    if len(dataset.codebook.ids) < 2 and all(e.topics for e in dataset.examples):
        raise UsageError("every paragraph has the same topic; label some that have another or none")


def parameters_for(dataset: Dataset) -> Parameters:
    """Choose parameters by the kind of labels."""
    single = all(len(example.topics) == 1 for example in dataset.examples)
    return SINGLE_TOPIC if single else MULTI_TOPIC


def _card(dataset: Dataset, parameters: Parameters, trained: Trained, figures: dict[str, Any]) -> dict[str, Any]:
    """Record how the model came to be."""
    book = dataset.codebook
    return {
        "topics": list(book.ids),
        "codebook": {"sha256": book.digest(), "names": {t.id: t.name_zh or t.name_en or t.id for t in book.topics}},
        "data": dataset.source,
        "parameters": parameters.record(),
        "terms": {name: len(getattr(trained.model, name).terms) for name in ("word", "char", "heading")},
        "segmenter": segmenter_record(),
        "versions": {
            "topics": __version__,
            "python": platform.python_version(),
            "scikit-learn": version("scikit-learn"),
            "numpy": version("numpy"),
        },
        "figures": {"out_of_fold": figures},
    }


def _reference(dataset: Dataset, found: Outcomes, trained: Trained) -> dict[str, Any]:
    """Record what text the model was trained on, so that later text can be held against it."""
    primary = Counter(found.topics[k] if k >= 0 else OTHER for k in found.primary_predicted.tolist())
    groups: dict[str, list[str]] = {}
    for example in dataset.examples:
        groups.setdefault(example.group, []).append(example.text)
    return {
        "primary": {name: round(primary[name] / len(dataset.examples), 6) for name in (*found.topics, OTHER)},
        "unknown_words": round(unknown_share(groups, frozenset(trained.model.words)), 6),
    }
