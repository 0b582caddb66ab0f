"""``topics evaluate``: how right a model, or training itself, is on labelled paragraphs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from topics.codebook import codebook_of
from topics.errors import LabelError, UsageError
from topics.modeling.metrics import evaluate
from topics.modeling.scoring import batches, joined
from topics.modeling.training import train
from topics.workflows.examples import Dataset, digest
from topics.workflows.library import Model
from topics.workflows.train import check_trainable, outcomes, parameters_for

_BATCH = 256


def evaluate_model(model: Model, dataset: Dataset) -> dict[str, Any]:
    """Measure a model on labelled paragraphs.

    Raises
    ------
    LabelError
        If the labels have a topic that the model does not know.
    """
    known = model.topics
    unknown = sorted({t for e in dataset.examples for t in e.topics} - set(known))
    if unknown:
        raise LabelError(
            f"the labels have topic {unknown[0]!r}, which model {model.id} does not know ({', '.join(known)})"
        )
    scorer = model.predictor.scorer
    parts = [
        scorer.score([e.text for e in batch], [e.heading for e in batch]) for batch in batches(dataset.examples, _BATCH)
    ]
    columns = Dataset(dataset.examples, codebook_of(list(known)), dataset.source)
    return evaluate(outcomes(columns, joined(parts), model.predictor.model))


def cross_validate(dataset: Dataset, n_folds: int) -> dict[str, Any]:
    """Measure training on a dataset: every report is labelled by a model that has not seen it.

    Calibration and thresholds come from the out-of-fold scores of all folds.
    """
    check_trainable(dataset)
    groups = {example.group for example in dataset.examples}
    if not 2 <= n_folds <= len(groups):
        raise UsageError(f"--cv {n_folds}: give 2 to {len(groups)}, the number of reports with labels")
    parameters = parameters_for(dataset)
    trained = train(dataset.examples, dataset.codebook.ids, replace(parameters, folds=n_folds))
    return evaluate(outcomes(dataset, trained.scores, trained.model))


def trained_on(model: Model, dataset: Dataset) -> bool:
    """Tell whether a model was trained on just these examples, so that its figures on them mean nothing."""
    data = model.card.get("data")
    return isinstance(data, dict) and data.get("sha256") == digest(dataset.examples)
