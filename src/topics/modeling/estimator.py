"""`TopicClassifier`, the model as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from topics.modeling.parameters import Parameters
from topics.modeling.predicting import assign
from topics.modeling.scoring import Scorer, Scores, batches
from topics.modeling.training import train
from topics.records import OTHER, Example


class TopicClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Linear classifier of Chinese texts over word and character n-grams, with passages and calibration.

    Texts are segmented with jieba's algorithm; TF-IDF features of passages go to one linear support-vector
    classifier a topic, and the scores of a text's passages are pooled into a calibrated probability.

    Parameters
    ----------
    C : float, default=0.15
        Inverse strength of regularisation.
    windows : tuple of int, default=(1, 3)
        Lengths, in clauses, of the passages that are scored; 0 stands for the whole text. For texts that are about
        one thing, ``(0,)`` is enough; terms that a text repeats then count less each time, and marks count.
    char_range : tuple of int, default=(1, 2)
        Shortest and longest character n-gram, from 1 to 3.
    min_df : int, default=2
        Clauses that a term must stand in.
    folds : int, default=5
        Folds of the cross-validation behind calibration and thresholds.
    random_state : int, default=0
        Seed of the folds.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The topics, sorted; the column numbers where `Y` was an indicator matrix.
    model_ : LinearModel
        The plain arrays.

    References
    ----------
    Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988 (TF-IDF); Platt, "Probabilistic
    outputs for support vector machines", 1999 (calibration).

    Examples
    --------
    >>> texts = ["球队赢得决赛", "球员打进两球", "股市大幅上涨", "央行下调利率"] * 5
    >>> classifier = TopicClassifier(windows=(0,), char_range=(1, 2)).fit(texts, ["体育", "体育", "财经", "财经"] * 5)
    >>> classifier.predict(["央行利率", "决赛球员"]).tolist()
    ['财经', '体育']
    """

    def __init__(
        self,
        C: float = 0.15,
        windows: tuple[int, ...] = (1, 3),
        char_range: tuple[int, int] = (1, 2),
        min_df: int = 2,
        folds: int = 5,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.windows = windows
        self.char_range = char_range
        self.min_df = min_df
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: Sequence[str], Y: Any, groups: Sequence[Any] | None = None) -> TopicClassifier:
        """Train on labelled texts.

        Parameters
        ----------
        X : sequence of str, length n_samples
            Texts.
        Y : array-like of shape (n_samples,) or (n_samples, n_classes)
            One topic a text, or an indicator matrix of several topics a text.
        groups : sequence of length n_samples, optional
            The document of each text; the folds of calibration never part one.

        Returns
        -------
        TopicClassifier
            Itself.

        Raises
        ------
        ValueError
            If there are fewer than two samples or classes, or the lengths differ.
        """
        texts = _texts(X)
        targets = np.asarray(Y)
        if len(texts) != len(targets):
            raise ValueError(f"{len(texts)} texts but {len(targets)} rows of topics")
        self.multilabel_ = targets.ndim == 2
        self.classes_ = np.arange(targets.shape[1]) if self.multilabel_ else np.unique(targets)
        if len(texts) < 2 or len(self.classes_) < 2:
            raise ValueError("at least two samples and two classes are needed")
        names = [str(c) for c in self.classes_]
        topics = [_topics(names, row) for row in targets] if self.multilabel_ else [(str(t),) for t in targets]
        owners = [str(g) for g in groups] if groups is not None else [str(i) for i in range(len(texts))]
        examples = [
            Example(text, "", given, given[0] if len(given) == 1 else "|".join(given) or OTHER, owner)
            for text, given, owner in zip(texts, topics, owners, strict=True)
        ]
        self.model_ = train(examples, names, self._parameters()).model
        return self

    def _parameters(self) -> Parameters:
        """Collect what training is told."""
        shortest, longest = self.char_range
        return Parameters(
            C=self.C,
            windows=tuple(self.windows),
            char_range=(shortest, longest),
            min_df=self.min_df,
            folds=self.folds,
            seed=self.random_state,
        )

    def decision_function(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Give the logits of texts.

        Returns
        -------
        ndarray of shape (n_samples, n_classes), dtype float64
            Where there are two classes and one of them a text, of shape (n_samples,): how far the second is ahead, as
            scikit-learn has it.
        """
        logits = np.concatenate([scores.logits for scores in self._scores(X)])
        if len(self.classes_) == 2 and not self.multilabel_:
            return np.asarray(logits[:, 1] - logits[:, 0])
        return logits

    def predict_proba(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Give the probabilities of texts; with one topic a text they sum to 1.

        Returns
        -------
        ndarray of shape (n_samples, n_classes), dtype float64
        """
        return np.concatenate([scores.probabilities for scores in self._scores(X)])

    def predict(self, X: Sequence[str]) -> NDArray[Any]:
        """Give the topics of texts, in the form in which `fit` got them.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
        """
        probabilities = self.predict_proba(X)
        if not self.multilabel_:
            return np.asarray(self.classes_[probabilities.argmax(axis=1)])
        return assign(probabilities, self.model_).astype(np.int64)

    def _scores(self, X: Sequence[str]) -> list[Scores]:
        """Score texts in batches."""
        check_is_fitted(self, "model_")
        scorer = Scorer(self.model_)
        return [scorer.score(batch) for batch in batches(_texts(X), len)] or [scorer.score([])]


def _texts(X: Any) -> list[str]:
    """Take texts out of a list, an array or a column."""
    if isinstance(X, str):
        raise ValueError("X is one string; give a list of texts")
    texts = list(X)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"sample {i} is {type(text).__name__}, not text")
    return texts


def _topics(names: list[str], row: NDArray[Any]) -> tuple[str, ...]:
    """Name the columns that are set in a row of an indicator matrix."""
    return tuple(name for name, given in zip(names, row, strict=True) if given)
