"""The library: load a model and label texts and reports with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from topics.errors import ModelError, UsageError
from topics.modeling.explanation import Explainer, Explanation
from topics.modeling.linear import LinearModel
from topics.modeling.predicting import Predictor, to_predictions
from topics.modeling.promise import Gate, Promise, check_precision
from topics.modeling.scoring import batches, clause_probabilities
from topics.records import Evidence, Paragraph, Prediction
from topics.storage.models import find_model, load_model


@dataclass(frozen=True, slots=True)
class LabelledParagraph:
    """A paragraph of a report with its prediction."""

    paragraph: Paragraph
    prediction: Prediction


class Model:
    """A trained model, ready to label; made by `topics.load`.

    Attributes
    ----------
    id : str
        Its id in the store.
    topics : tuple of str
        The topics it knows.
    card : dict
        What is recorded of its making and its figures.
    promise : Promise or None
        What precision it can promise; None for a model that was stored without.
    folder : Path or None
        Where it was loaded from.
    """

    def __init__(
        self,
        predictor: Predictor,
        card: dict[str, object],
        promise: Promise | None = None,
        folder: Path | None = None,
    ) -> None:
        self.folder = folder
        self.predictor = predictor
        self.card = card
        self.promise = promise
        self.id = str(card.get("id", ""))
        self.topics = predictor.model.topics

    def predict(
        self, texts: Sequence[str], headings: Sequence[str] | None = None, *, precision: float | None = None
    ) -> list[Prediction]:
        """Label paragraphs.

        Parameters
        ----------
        texts : sequence of str
            Paragraphs.
        headings : sequence of str, optional
            The heading each stands under.
        precision : float, optional
            Mark each prediction ``auto`` or ``review``, so that of the ``auto`` ones at least this share is right.

        Returns
        -------
        list of Prediction
            One a paragraph, in order.

        Raises
        ------
        UsageError
            If `precision` is no share above 0.5 and below 1, or the model carries no promise.

        Examples
        --------
        >>> import topics
        >>> [p.primary for p in topics.load().predict(["全年排查矛盾纠纷312件，调解成功306件。"])]
        ['mediation']
        """
        if isinstance(texts, str):
            raise TypeError("texts is one string; give a list of paragraphs")
        gate = self.gate(precision)
        pairs = list(zip(texts, headings if headings is not None else [""] * len(texts), strict=True))
        return [
            prediction
            for batch in batches(pairs, lambda pair: len(pair[0]))
            for prediction in self._predict([t for t, _ in batch], [h for _, h in batch], gate)
        ]

    def _predict(self, texts: list[str], headings: list[str], gate: Gate | None) -> list[Prediction]:
        """Label a batch."""
        scores = self.predictor.scorer.score(texts, headings)
        predictions = to_predictions(scores, self.predictor.model)
        return gate.mark(predictions, scores, [len(t) for t in texts], self.predictor.model) if gate else predictions

    def gate(self, precision: float | None) -> Gate | None:
        """Make the model's promise ready for a precision; see `predict`."""
        if precision is None:
            return None
        check_precision(precision)
        if self.promise is None:
            raise UsageError(f"model {self.id} carries no promise of precision; train it again to have one")
        return Gate(self.promise, precision)

    def explain(self, text: str, heading: str = "") -> list[Evidence]:
        """Say what every clause of a paragraph adds to the logit of every topic.

        Parameters
        ----------
        text, heading : str
            The paragraph and the heading it stands under.

        Returns
        -------
        list of Evidence
            Topic by topic in the model's order, heaviest clause first.

        Examples
        --------
        >>> import topics
        >>> evidence = topics.load().explain("全年调解纠纷312件。道路已经修好。")
        >>> best = max(evidence, key=lambda e: e.weight)
        >>> best.topic, best.start, best.end
        ('mediation', 0, 11)
        """
        return self.evidence(text, heading, self.explanation(text, heading))

    def explanation(self, text: str, heading: str = "") -> Explanation:
        """Take the logits of a paragraph apart, term by term."""
        return self._explainer.explain(text, heading)

    def evidence(self, text: str, heading: str, explanation: Explanation) -> list[Evidence]:
        """Sum an explanation up by clauses; see `explain`."""
        told = clause_probabilities(self.predictor.scorer.raw([text], [heading]), self.predictor.model)
        place = {span: i for i, span in enumerate(explanation.units)}
        return [
            replace(e, probability=float(told[place[e.start, e.end], self.topics.index(e.topic)]))
            for e in explanation.evidence(enumerate(self.topics))
        ]

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.predictor.model)

    def predict_report(self, path: str | Path) -> list[LabelledParagraph]:
        """Read a report file, split it and label its paragraphs.

        Parameters
        ----------
        path : str or Path
            A report; see ``docs/reports.md`` for the forms it may have.

        Returns
        -------
        list of LabelledParagraph

        Raises
        ------
        InputError
            If the report cannot be read.
        """
        from topics.corpus.paragraphs import read_report  # labelling texts, as helpers do, goes without

        paragraphs = read_report(Path(path)).paragraphs
        predictions = self.predict([p.reading for p in paragraphs], [p.heading for p in paragraphs])
        return [LabelledParagraph(p, x) for p, x in zip(paragraphs, predictions, strict=True)]


def load(model: str | Path | None = None) -> Model:
    """Load a model.

    Parameters
    ----------
    model : str or Path, optional
        An id, or the path of a model's folder; the current model if not given: that of ``models/`` in the working
        folder if there is one, else the one that came with the package.

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        If the model is missing, damaged, foreign or made for another segmenter.
    """
    stored = load_model(model)
    try:
        linear = LinearModel.from_arrays(stored.arrays, stored.meta)
        promise = Promise.from_record(stored.meta.get("promise"), linear.topics)
        return Model(Predictor(linear), stored.card, promise, stored.folder)
    except ModelError as error:
        raise ModelError(f"{find_model(model)}: {error}") from None
