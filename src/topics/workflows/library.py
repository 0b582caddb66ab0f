"""The library: load a model and label texts and reports with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from topics.corpus.paragraphs import read_report
from topics.errors import ModelError
from topics.modeling.linear import LinearModel
from topics.modeling.predicting import Predictor
from topics.modeling.scoring import batches
from topics.records import Paragraph, Prediction
from topics.storage.models import find_model, load_model

_BATCH = 256


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
    """

    def __init__(self, predictor: Predictor, card: dict[str, object]) -> None:
        self.predictor = predictor
        self.card = card
        self.id = str(card.get("id", ""))
        self.topics = predictor.model.topics

    def predict(self, texts: Sequence[str], headings: Sequence[str] | None = None) -> list[Prediction]:
        """Label paragraphs.

        Parameters
        ----------
        texts : sequence of str
            Paragraphs.
        headings : sequence of str, optional
            The heading each stands under.

        Returns
        -------
        list of Prediction
            One a paragraph, in order.

        Examples
        --------
        >>> import topics
        >>> [p.primary for p in topics.load().predict(["全年排查矛盾纠纷312件，调解成功306件。"])]
        ['mediation']
        """
        if isinstance(texts, str):
            raise TypeError("texts is one string; give a list of paragraphs")
        pairs = list(zip(texts, headings if headings is not None else [""] * len(texts), strict=True))
        return [
            prediction
            for batch in batches(pairs, _BATCH)
            for prediction in self.predictor.predict([t for t, _ in batch], [h for _, h in batch])
        ]

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
        return Model(Predictor(LinearModel.from_arrays(stored.arrays, stored.meta)), stored.card)
    except ModelError as error:
        raise ModelError(f"{find_model(model)}: {error}") from None
