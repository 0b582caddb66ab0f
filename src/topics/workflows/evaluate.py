"""``topics evaluate``: how right a model, or training itself, is on labelled paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from topics.codebook import codebook_of
from topics.errors import LabelError, UsageError
from topics.modeling.bootstrap import FEWEST_REPORTS, Ints
from topics.modeling.metrics import Outcomes, evaluate
from topics.modeling.parameters import Parameters
from topics.modeling.promise import Gate, Signals, check_precision
from topics.modeling.promise_checking import check_promise, coverage_curve
from topics.modeling.scoring import Scores, batches, joined
from topics.modeling.training import Trained, folds, train
from topics.storage.models import load_out_of_fold
from topics.workflows.current import learned_from
from topics.workflows.examples import Dataset, digest
from topics.workflows.library import Model
from topics.workflows.outcomes import outcomes, promise_of, signals_of
from topics.workflows.train import check_trainable, parameters_for

Tell = Callable[[int, int | None], None]

WORST = 20
_LEARNING_SHARES = (0.125, 0.25, 0.5, 0.75)
_PROMISE_FOLDS = 5


def evaluate_model(model: Model, dataset: Dataset, precision: float | None = None) -> dict[str, Any]:
    """Measure a model on labelled paragraphs.

    Parameters
    ----------
    model : Model
        The model.
    dataset : Dataset
        What to measure on.
    precision : float, optional
        Check the model's promise at this precision.

    Returns
    -------
    dict
        As `topics.modeling.metrics.evaluate` gives it, with ``errors``, the worst first, and, where the model carries a
        promise and the labels tell primary topics, ``coverage`` and ``promise``.

    Raises
    ------
    LabelError
        If the labels have a topic that the model does not know.
    UsageError
        If a promise is to be checked that the model does not carry.
    """
    gate = model.gate(precision)
    found, signals = model_outcomes(model, dataset)
    result = evaluate(found) | {"errors": worst_errors(dataset, found)}
    if model.promise is None or not found.told.any():
        return result
    confidence = model.promise.confidence(signals)
    result["coverage"] = coverage_curve(confidence, found)
    if gate:
        result["promise"] = check_promise([(gate, np.arange(len(found.gold)))], confidence, found)
    return result


def model_outcomes(model: Model, dataset: Dataset) -> tuple[Outcomes, Signals]:
    """Set labels beside what a model gives, and keep what its promise is worked out from."""
    check_known(model, dataset)
    scorer = model.predictor.scorer
    parts = [
        scorer.score([e.text for e in batch], [e.heading for e in batch])
        for batch in batches(dataset.examples, lambda example: len(example.text))
    ]
    return model_columns(model, dataset, joined(parts))


def check_known(model: Model, dataset: Dataset) -> None:
    """Refuse labels that have a topic which the model does not know."""
    unknown = sorted({t for e in dataset.examples for t in e.topics} - set(model.topics))
    if unknown:
        raise LabelError(
            f"the labels have topic {unknown[0]!r}, which model {model.id} does not know ({', '.join(model.topics)})"
        )


def model_columns(model: Model, dataset: Dataset, scores: Scores) -> tuple[Outcomes, Signals]:
    """Set labels beside a model's scores, the model's topics as columns."""
    columns = Dataset(dataset.examples, codebook_of(list(model.topics)), dataset.source)
    linear = model.predictor.model
    return outcomes(columns, scores, linear), signals_of(columns, scores, linear)


def cross_validate(
    dataset: Dataset,
    n_folds: int,
    precision: float | None = None,
    *,
    learning: bool = False,
    tell: Tell = lambda _done, _total: None,
) -> dict[str, Any]:
    """Measure training on a dataset: every report is labelled by a model that has not seen it.

    Calibration and thresholds come from the out-of-fold scores of all folds; a promise is checked on reports that it
    was not fitted on.

    Parameters
    ----------
    dataset : Dataset
        What to train and measure on.
    n_folds : int
        Number of folds.
    precision : float, optional
        Check a promise of this precision.
    learning : bool
        Whether to add ``learning``, a learning curve: list of dict with ``reports``, ``paragraphs``, ``macro_f1`` and
        ``interval`` of cross-validated training on growing shares of the reports.
    tell : callable
        Told after each training how many paragraphs have been learned from, and how many will be.

    Raises
    ------
    UsageError
        If the reports are too few for the folds.
    """
    check_trainable(dataset)
    check_folds(dataset, n_folds)
    parameters = replace(parameters_for(dataset), folds=n_folds)
    parts = [*(_growing(dataset, n_folds, parameters.seed) if learning else ()), dataset]
    runs = [_trained(part, parameters) for part in _telling(parts, tell)]
    trained, found = runs[-1]
    result = evaluate(found) | {"errors": worst_errors(dataset, found)}
    if found.told.any():
        signals = signals_of(dataset, trained.scores, trained.model)
        result |= _cross_checked(dataset, found, signals, precision)
    if learning:
        result["learning"] = [_learned(found) for _, found in runs]
    return result


def _trained(dataset: Dataset, parameters: Parameters) -> tuple[Trained, Outcomes]:
    """Train, and set labels beside out-of-fold predictions."""
    trained = train(dataset.examples, dataset.codebook.ids, parameters)
    return trained, outcomes(dataset, trained.scores, trained.model)


def _telling(parts: Sequence[Dataset], tell: Tell) -> Iterator[Dataset]:
    """Hand out datasets one after the other, telling how many paragraphs are done, and of how many."""
    sizes = np.cumsum([0, *(len(part.examples) for part in parts)]).tolist()
    for done, part in zip(sizes, parts, strict=False):
        tell(done, sizes[-1])
        yield part
    tell(sizes[-1], sizes[-1])


def check_folds(dataset: Dataset, n_folds: int) -> None:
    """Refuse folds that the reports cannot fill, and say what can be done instead."""
    n = len({example.group for example in dataset.examples})
    if n_folds < 2:
        raise UsageError(f"--cv {n_folds}: give 2 or more folds")
    if n_folds <= n:
        return
    if n >= FEWEST_REPORTS:
        raise UsageError(f"--cv {n_folds}: only {n} reports have labels; give 2 to {n}")
    raise UsageError(
        f"--cv {n_folds}: only {n} reports have labels. What can be done: --cv {n}, which holds each report out in "
        f"turn (intervals then go by paragraph and are too narrow), measuring a stored model on these labels "
        f"with --model ID, or labelling {FEWEST_REPORTS - n} more reports"
    )


def _cross_checked(dataset: Dataset, found: Outcomes, signals: Signals, precision: float | None) -> dict[str, Any]:
    """Fit promises on some reports and check them on the others."""
    confidence = np.zeros(len(found.gold))
    gates: list[tuple[Gate, Ints]] = []
    for learn, held_out in folds(dataset.examples, _PROMISE_FOLDS, 0):
        promise = promise_of(found.take(learn), signals.take(learn))
        confidence[held_out] = promise.confidence(signals.take(held_out))
        if precision is not None:
            gates.append((Gate(promise, check_precision(precision)), held_out))
    checked = {"promise": check_promise(gates, confidence, found)} if gates else {}
    return {"coverage": coverage_curve(confidence, found), **checked}


def _growing(dataset: Dataset, n_folds: int, seed: int) -> Iterator[Dataset]:
    """Give growing shares of the reports, for a learning curve; the smallest first, so that time left shows soon."""
    reports = sorted({e.group for e in dataset.examples})
    order = [reports[i] for i in np.random.default_rng(seed).permutation(len(reports))]
    sizes = sorted({round(share * len(reports)) for share in _LEARNING_SHARES})
    for size in (s for s in sizes if s >= max(FEWEST_REPORTS, n_folds)):
        chosen = set(order[:size])
        yield replace(dataset, examples=[e for e in dataset.examples if e.group in chosen])


def _learned(found: Outcomes) -> dict[str, Any]:
    """A point of the learning curve."""
    figures = evaluate(found)
    return {
        "reports": figures["groups"],
        "paragraphs": figures["n"],
        "macro_f1": figures["macro_f1"],
        "interval": figures["intervals"]["macro_f1"],
    }


def worst_errors(dataset: Dataset, found: Outcomes, limit: int = WORST) -> list[dict[str, Any]]:
    """List the wrong labels of which the predictions were surest, with their text.

    Returns
    -------
    list of dict
        ``report``, ``heading``, ``text``, ``topic``, ``kind`` (``"wrong"``: given but not labelled; ``"missed"``),
        ``probability``, ``gold`` and ``predicted`` (lists of topics).
    """
    surprise = np.where(found.predicted != found.gold, np.abs(found.gold - found.probabilities), -1.0)
    order = np.argsort(-surprise, axis=None, kind="stable")[:limit]
    return [
        {
            "report": dataset.examples[i].group,
            "heading": dataset.examples[i].heading,
            "text": dataset.examples[i].text,
            "topic": found.topics[k],
            "kind": "missed" if found.gold[i, k] else "wrong",
            "probability": round(float(found.probabilities[i, k]), 6),
            "gold": [t for t, given in zip(found.topics, found.gold[i], strict=True) if given],
            "predicted": [t for t, given in zip(found.topics, found.predicted[i], strict=True) if given],
        }
        for i, k in (divmod(int(place), len(found.topics)) for place in order)
        if surprise[i, k] >= 0
    ]


def learned_paragraphs(model: Model, dataset: Dataset) -> int:
    """Count the examples that a model learned from, on which its figures would promise too much."""
    kept = load_out_of_fold(model.folder) if model.folder else None
    if kept is not None:
        return learned_from(dataset.examples, kept)
    data = model.card.get("data")
    same = isinstance(data, dict) and data.get("sha256") == digest(dataset.examples)
    return len(dataset.examples) if same else 0
