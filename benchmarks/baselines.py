"""What the model has to beat: the simplest things that label paragraphs, each trained and measured like the model.

A baseline takes examples to learn from and examples to label, and gives a score for every topic (positive: assigned).
The primary topic of a baseline is the assigned topic with the best score.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import MultinomialNB

from topics.codebook import Codebook
from topics.modeling.segmentation import cut
from topics.records import Example

Scores = NDArray[np.float64]
Baseline = Callable[[Sequence[Example], Sequence[Example], Codebook], Scores]

_SEED_HITS = 2


def majority(learn: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Scores:
    """Give every paragraph the topics that more than half of the paragraphs have: in practice none."""
    return np.repeat(targets(learn, codebook).mean(axis=0)[None] - 0.5, len(held_out), axis=0)


def seed_terms(_: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Scores:
    """Assign the topics of whose seed terms at least two occurrences stand in the paragraph."""
    hits = [[sum(e.text.count(term) for term in t.seed_terms) for t in codebook.topics] for e in held_out]
    return np.array(hits, dtype=np.float64) - _SEED_HITS + 0.5


def logistic_regression(learn: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Scores:
    """TF-IDF over words 1- and 2-grams of the paragraph, one-vs-rest logistic regression."""
    return _linear(LogisticRegression(C=10.0, max_iter=1000), learn, held_out, codebook) - 0.5


def naive_bayes(learn: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Scores:
    """Multinomial naive Bayes over the same features, one topic at a time."""
    return _linear(MultinomialNB(alpha=0.1), learn, held_out, codebook) - 0.5


def fasttext(learn: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Scores:
    """FastText, one-vs-all, on segmented paragraphs (Joulin et al., EACL 2017)."""
    model = fasttext_model(learn, codebook)
    return np.array([_fasttext_scores(model, e, codebook) for e in held_out]) - 0.5


def fasttext_model(learn: Sequence[Example], codebook: Codebook) -> Any:
    """Train fastText; raises ImportError where it is not installed."""
    import fasttext as library

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text("".join(_fasttext_line(e, codebook) for e in learn), encoding="utf-8")
        return library.train_supervised(
            str(path), loss="ova", wordNgrams=2, dim=50, epoch=40, lr=0.5, thread=1, verbose=0, seed=0
        )


BASELINES: dict[str, Baseline] = {
    "majority": majority,
    "seed terms, two hits": seed_terms,
    "TF-IDF and logistic regression": logistic_regression,
    "multinomial naive Bayes": naive_bayes,
    "fastText": fasttext,
}


def targets(examples: Sequence[Example], codebook: Codebook) -> NDArray[np.int64]:
    """Give labels as an indicator matrix of shape (n_examples, n_topics)."""
    return np.array([[topic in e.topics for topic in codebook.ids] for e in examples], dtype=np.int64)


def _linear(classifier: Any, learn: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Scores:
    """Fit a scikit-learn classifier on paragraphs and give its probabilities."""
    vectorizer = TfidfVectorizer(analyzer=_word_grams, min_df=2, sublinear_tf=True)
    X = vectorizer.fit_transform([e.text for e in learn])
    fitted = OneVsRestClassifier(classifier).fit(X, targets(learn, codebook))
    return np.asarray(fitted.predict_proba(vectorizer.transform([e.text for e in held_out])))


def _word_grams(text: str) -> list[str]:
    """Give words and pairs of words."""
    words = cut(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def _fasttext_line(example: Example, codebook: Codebook) -> str:
    """Write an example as fastText reads it; a label of its own stands for no topic."""
    labels = [f"__label__{codebook.ids.index(t)}" for t in example.topics] or ["__label__none"]
    return f"{' '.join(labels)} {' '.join(cut(example.text)).strip()}\n"


def _fasttext_scores(model: Any, example: Example, codebook: Codebook) -> list[float]:
    """Give fastText's probability of every topic, through its core because its wrapper is not made for NumPy 2."""
    found = {label: p for p, label in model.f.predict(" ".join(cut(example.text)) + "\n", -1, 0.0, "strict")}
    return [found.get(f"__label__{k}", 0.0) for k in range(len(codebook.ids))]
