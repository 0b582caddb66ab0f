"""Labelled paragraphs → a trained model. The only module on the way of a model that needs scikit-learn.

Passages of a few clauses are the instances. Where writers marked the clauses that carry a topic, a passage has the
topics of the marks it overlaps; where they did not, the paragraph's topics are carried down to its passages and taken
back, in a few rounds, from those in which the model itself sees no sign of the topic (multiple-instance learning as in
mi-SVM: Andrews, Tsochantaridis and Hofmann, NIPS 2002).
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_selection import chi2
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from topics.modeling import features
from topics.modeling.calibration import Pooling, fit_pooling
from topics.modeling.linear import CHAR_GRAM, MAX_WINDOW, MAX_WINDOWS, WORD_GRAM, Block, LinearModel
from topics.modeling.scoring import Raw, Scorer, Scores, calibrate
from topics.modeling.segmentation import segmenter_record
from topics.modeling.text import units_of
from topics.records import Example

Matrix = Any  # scipy.sparse.csr_matrix; scipy has no types
Array = NDArray[np.float64]

_CARRY_DOWN_ROUNDS = 2
_TOLERANCE = 0.01
_OVERLAP = 5  # characters of a marked clause that a passage must hold to have its topic


@dataclass(frozen=True, slots=True)
class Parameters:
    """What training can be told.

    Attributes
    ----------
    C : float
        Inverse strength of regularisation of the linear classifiers.
    windows : tuple of int
        Lengths in clauses of the passages that are scored; 0 stands for the whole paragraph.
    char_range : tuple of int
        Shortest and longest character n-gram.
    min_df : int
        A term must stand in this many clauses.
    max_terms : int
        At most this many terms are kept, those that tell most by the chi-square statistic.
    word_weight, heading_weight : float
        Weight of the words of the text, and of the heading's, beside the text's characters; 0 leaves them out.
    folds : int
        Folds of the cross-validation that calibration and thresholds come from.
    seed : int
        Seed of the folds.
    """

    C: float = 0.3
    windows: tuple[int, ...] = (1, 2, 3)
    char_range: tuple[int, int] = (2, 3)
    min_df: int = 2
    max_terms: int = 100_000
    word_weight: float = 1.0
    heading_weight: float = 0.3
    folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        sound = {
            "C": self.C > 0,
            "windows": 0 < len(self.windows) <= MAX_WINDOWS and all(0 <= w <= MAX_WINDOW for w in self.windows),
            "char_range": 1 <= self.char_range[0] <= self.char_range[1] <= CHAR_GRAM,
            "min_df": self.min_df >= 1,
            "folds": self.folds >= 2,
        }
        for name, holds in sound.items():
            if not holds:
                raise ValueError(f"{name}={getattr(self, name)!r} makes no sense; see the parameters of training")

    @property
    def whole(self) -> bool:
        """Whether texts are taken as wholes.

        Then a text is one clause, a term that it repeats counts less each time, marks (a question mark, the brackets of
        a title) count as characters, and words stand alone: there are too few examples to learn pairs of them from.
        """
        return self.windows == (0,)

    @property
    def scale(self) -> tuple[float, float, float]:
        """Weights of the fields: words, characters, heading."""
        return self.word_weight, 1.0, self.heading_weight

    @property
    def lessons(self) -> tuple[int, ...]:
        """Lengths of the passages to learn from: the first and the last; those between cost time and add nothing."""
        return tuple(dict.fromkeys((self.windows[0], self.windows[-1])))

    def record(self) -> dict[str, Any]:
        """Give the parameters as plain values."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and what it gave, fold by fold, to paragraphs of reports it had not seen.

    Attributes
    ----------
    model : LinearModel
        Trained on all examples.
    scores : Scores
        Out-of-fold, a row an example.
    """

    model: LinearModel
    scores: Scores


def train(examples: Sequence[Example], topics: Sequence[str], parameters: Parameters) -> Trained:
    """Train a model with calibration and thresholds from out-of-fold scores.

    Parameters
    ----------
    examples : sequence of Example
        Labelled paragraphs; groups are never parted.
    topics : sequence of str
        Topic ids, in the order that the model keeps.
    parameters : Parameters
        See there.

    Returns
    -------
    Trained
    """
    corpus = _Corpus.of(examples, tuple(topics), parameters)
    raw = _out_of_fold(corpus)
    exclusive = bool((corpus.targets.sum(axis=1) == 1).all())
    marked, known = corpus.clause_labels()
    pooling = fit_pooling(raw.best, corpus.targets, raw.clauses[known], marked[known], exclusive)
    model = corpus.model(corpus.fit(np.arange(len(examples))), pooling, exclusive=exclusive)
    return Trained(model, calibrate(raw, model))


def _out_of_fold(corpus: _Corpus) -> Raw:
    """Score every example by a model that has not seen its group."""
    n, k = corpus.targets.shape
    best = np.zeros((n, k, len(corpus.parameters.windows)))
    clauses = np.zeros((int(corpus.first[-1]), k))
    for learn, held_out in folds(corpus.examples, corpus.parameters.folds, corpus.parameters.seed):
        scorer = Scorer(corpus.model(corpus.fit(learn), _neutral(k, len(corpus.parameters.windows)), exclusive=False))
        rest = [corpus.examples[i] for i in held_out]
        raw = scorer.raw([e.text for e in rest], [e.heading for e in rest])
        best[held_out] = raw.best
        clauses[np.concatenate([np.arange(corpus.first[i], corpus.first[i + 1]) for i in held_out])] = raw.clauses
    return Raw(best, clauses, corpus.first, corpus.lengths)


def _neutral(k: int, width: int) -> Pooling:
    """A pooling that changes nothing, for models whose scores are yet to be calibrated."""
    return Pooling(np.ones((k, width)), np.zeros(k), np.zeros(k), np.ones(k), np.zeros(k))


def folds(examples: Sequence[Example], n: int, seed: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Split examples by group, stratified over primary topics; fewer folds where there are fewer groups."""
    groups = [example.group for example in examples]
    strata = [example.primary or "|".join(example.topics) for example in examples]
    n_folds = max(2, min(n, len(set(groups))))
    if max(Counter(strata).values()) < n_folds:
        strata = [""] * len(strata)  # nothing to stratify by: every stratum is smaller than the number of folds
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        yield from splitter.split(strata, strata, groups)


@dataclass(frozen=True, slots=True)
class _Field:
    """Counts of all terms of one field and kind, a row a clause (or a paragraph's heading)."""

    terms: list[tuple[str, ...]]
    counts: Matrix


@dataclass(frozen=True, slots=True)
class _Weights:
    """Fitted weights: for every field the terms kept, their idf and their coefficients; and the intercepts."""

    kept: list[NDArray[np.int64]]
    idf: list[Array]
    coef: list[Array]
    intercept: Array


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Examples made ready: terms counted once, passages listed once."""

    parameters: Parameters
    examples: Sequence[Example]
    topics: tuple[str, ...]
    targets: NDArray[np.int64]  # (n_examples, n_topics)
    fields: list[_Field]  # word, char: rows are clauses; heading: rows are examples
    first: NDArray[np.int64]  # (n_examples + 1,) first clause of each example
    lengths: NDArray[np.int64]  # (n_units,) characters
    passages: list[tuple[int, int, int]]  # example, first clause, clause after the last
    labels: NDArray[np.int64]  # (n_passages, n_topics)
    certain: NDArray[np.bool_]  # (n_passages,)

    @classmethod
    def of(cls, examples: Sequence[Example], topics: tuple[str, ...], parameters: Parameters) -> _Corpus:
        bounds = [[(0, len(e.text))] if parameters.whole else units_of(e.text) for e in examples]
        units = [e.text[a:b] for e, pairs in zip(examples, bounds, strict=True) for a, b in pairs]
        first = np.concatenate(([0], np.cumsum([len(b) for b in bounds]))).astype(np.int64)
        passages = _passages(first, parameters.lessons)
        labels, certain = _label_passages(examples, bounds, first, passages, topics)
        fields = [
            _count(units, lambda t: [x.key for x in features.word_terms(t, 1 if parameters.whole else WORD_GRAM)]),
            _count(
                units,
                lambda t: [x.key for x in features.char_terms(t, *parameters.char_range, marks=parameters.whole)],
            ),
            _count([e.heading for e in examples], lambda t: [x.key for x in features.word_terms(t)]),
        ]
        targets = np.array([[topic in e.topics for topic in topics] for e in examples], dtype=np.int64)
        lengths = np.array([b - a for pairs in bounds for a, b in pairs], dtype=np.int64)
        return cls(parameters, examples, topics, targets, fields, first, lengths, passages, labels, certain)

    def fit(self, learn: NDArray[np.int64]) -> _Weights:
        """Fit terms, idf and one classifier a topic on some of the examples."""
        chosen = np.isin([example for example, _, _ in self.passages], learn)
        passages = [p for p, keep in zip(self.passages, chosen, strict=True) if keep]
        labels, certain = self.labels[chosen], self.certain[chosen]
        kept, idf = self._frequent(learn)
        X = self._rows(passages, kept, idf)
        if X.shape[1] > self.parameters.max_terms:
            kept, idf = _most_telling(X, labels, kept, idf, self.parameters.max_terms)
            X = self._rows(passages, kept, idf)
        owners = np.array([example for example, _, _ in passages])
        fitted = [_fit_topic(X, y, certain, owners, self.parameters.C) for y in labels.T]
        coef = np.array([c for c, _ in fitted])
        parts = np.split(coef, np.cumsum([len(keep) for keep in kept])[:-1], axis=1)
        return _Weights(kept, idf, parts, np.array([b for _, b in fitted]))

    def _frequent(self, learn: NDArray[np.int64]) -> tuple[list[NDArray[np.int64]], list[Array]]:
        """Choose every field's terms that are frequent enough in some examples, and weigh them."""
        rows = self._learned_rows(learn)
        pairs = [_idf(field.counts[r], self.parameters.min_df) for field, r in zip(self.fields, rows, strict=True)]
        return [keep for keep, _ in pairs], [weight for _, weight in pairs]

    def _learned_rows(self, learn: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """The rows of each field that belong to some examples."""
        units = np.concatenate([np.arange(self.first[i], self.first[i + 1]) for i in learn])
        return [units, units, learn]

    def _rows(self, passages: list[tuple[int, int, int]], kept: list[NDArray[np.int64]], idf: list[Array]) -> Matrix:
        """The feature matrix of passages: every field's block divided by its norm."""
        text = _gather([range(a, b) for _, a, b in passages], int(self.first[-1]))
        owner = _gather([(example,) for example, _, _ in passages], len(self.first) - 1)
        blocks = []
        for field, keep, weight, rows in zip(self.fields, kept, idf, (text, text, owner), strict=True):
            counts = rows @ field.counts[:, keep]
            if self.parameters.whole and rows is text:
                counts.data = 1 + np.log(counts.data)
            norm = np.sqrt(np.maximum(np.asarray(counts @ weight**2), 1e-9))
            blocks.append(sparse.diags(1 / norm) @ counts @ sparse.diags(weight))
        scaled = [block * factor for block, factor in zip(blocks, self.parameters.scale, strict=True)]
        return sparse.hstack(scaled).tocsr()

    def clause_labels(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The topics of every clause, and whether a writer's marks tell them."""
        told = np.array([e.spans is not None for e in self.examples])
        passages = [(i, u, u + 1) for i in range(len(self.examples)) for u in range(self.first[i], self.first[i + 1])]
        bounds = [units_of(example.text) for example in self.examples]
        labels, _ = _label_passages(self.examples, bounds, self.first, passages, self.topics)
        return labels, np.repeat(told, np.diff(self.first))

    def model(self, weights: _Weights, pooling: Pooling, *, exclusive: bool) -> LinearModel:
        """Put the plain arrays together."""
        names = [[field.terms[i] for i in keep] for field, keep in zip(self.fields, weights.kept, strict=True)]
        words = tuple(sorted({word for terms in (names[0], names[2]) for term in terms for word in term}))
        number = {word: i for i, word in enumerate(words, 1)}
        word, char, heading = (
            _block(terms, encode, gram, coef * idf * factor, idf)
            for terms, encode, gram, coef, idf, factor in zip(
                names,
                (number.__getitem__, ord, number.__getitem__),
                (WORD_GRAM, CHAR_GRAM, WORD_GRAM),
                weights.coef,
                weights.idf,
                self.parameters.scale,
                strict=True,
            )
        )
        return LinearModel(
            topics=self.topics,
            exclusive=exclusive,
            words=words,
            word=word,
            char=char,
            heading=heading,
            char_range=self.parameters.char_range,
            intercept=weights.intercept.astype(np.float32),
            windows=self.parameters.windows,
            pool_coef=pooling.coef.astype(np.float32),
            pool_intercept=pooling.intercept.astype(np.float32),
            thresholds=pooling.thresholds.astype(np.float32),
            unit_coef=pooling.unit_coef.astype(np.float32),
            unit_intercept=pooling.unit_intercept.astype(np.float32),
            segmenter=segmenter_record(),
            whole=self.parameters.whole,
        )


def _block(terms: list[tuple[str, ...]], encode: Callable[[str], int], gram: int, weights: Array, idf: Array) -> Block:
    """Make a block of its terms and weights."""
    codes = np.zeros((len(terms), gram), dtype=np.int32)
    for i, term in enumerate(terms):
        codes[i, : len(term)] = [encode(part) for part in term]
    return Block(codes, weights.astype(np.float32), (idf**2).astype(np.float32))


def _count(texts: list[str], analyzer: Callable[[str], list[tuple[str, ...]]]) -> _Field:
    """Count the terms of every text."""
    if not any(analyzer(text) for text in texts):
        return _Field([], sparse.csr_matrix((len(texts), 0)))
    vectorizer = CountVectorizer(analyzer=analyzer, dtype=np.float64)
    counts = vectorizer.fit_transform(texts)
    return _Field(sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__), counts)


def _idf(counts: Matrix, min_df: int) -> tuple[NDArray[np.int64], Array]:
    """Choose the terms that are frequent enough, and weigh them by smoothed inverse document frequency."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    keep = np.flatnonzero(frequency >= min_df)
    return keep, np.log((1 + counts.shape[0]) / (1 + frequency[keep])) + 1


def _most_telling(
    X: Matrix, labels: NDArray[np.int64], kept: list[NDArray[np.int64]], idf: list[Array], n: int
) -> tuple[list[NDArray[np.int64]], list[Array]]:
    """Keep the terms that depend most on the topics, by the chi-square statistic (Yang and Pedersen, ICML 1997)."""
    dependence = np.nan_to_num(chi2(X, labels)[0])
    chosen = np.zeros(len(dependence), dtype=bool)
    chosen[np.argsort(-dependence, kind="stable")[:n]] = True
    parts = np.split(chosen, np.cumsum([len(keep) for keep in kept])[:-1])
    return [keep[c] for keep, c in zip(kept, parts, strict=True)], [w[c] for w, c in zip(idf, parts, strict=True)]


def _passages(first: NDArray[np.int64], windows: Sequence[int]) -> list[tuple[int, int, int]]:
    """List the passages of every example, each once: example, first clause, clause after the last."""
    found = []
    for example, (start, end) in enumerate(zip(first[:-1].tolist(), first[1:].tolist(), strict=True)):
        spans = {(start, end): None} if 0 in windows else {}
        for window in windows:
            size = min(window or end - start, end - start)
            spans |= {(i, i + size): None for i in range(start, end - size + 1)}
        found += [(example, a, b) for a, b in sorted(spans)]
    return found


def _label_passages(
    examples: Sequence[Example],
    bounds: list[list[tuple[int, int]]],
    first: NDArray[np.int64],
    passages: list[tuple[int, int, int]],
    topics: tuple[str, ...],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Label passages by the marked clauses they overlap, or else by their paragraph, which is not certain."""
    labels = np.zeros((len(passages), len(topics)), dtype=np.int64)
    certain = np.ones(len(passages), dtype=bool)
    for row, (i, a, b) in enumerate(passages):
        example, whole = examples[i], b - a == first[i + 1] - first[i]
        if whole or example.spans is None:
            labels[row] = [topic in example.topics for topic in topics]
            certain[row] = whole
            continue
        start, end = bounds[i][a - first[i]][0], bounds[i][b - 1 - first[i]][1]
        for span in example.spans:
            if min(end, span.end) - max(start, span.start) >= min(_OVERLAP, span.end - span.start):
                labels[row, topics.index(span.topic)] = 1
    return labels, certain


def _gather(rows: list[Any], width: int) -> Matrix:
    """The matrix that adds up rows: entry (i, j) is 1 where rows[i] holds j."""
    indptr = np.concatenate(([0], np.cumsum([len(r) for r in rows])))
    indices = np.array([j for r in rows for j in r], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(rows), width))


def _fit_topic(
    X: Matrix, labels: NDArray[np.int64], certain: NDArray[np.bool_], owners: NDArray[np.int64], C: float
) -> tuple[Array, float]:
    """Fit one topic's classifier, taking carried-down labels back where the fit gives no sign of the topic."""
    y = labels.copy()
    coef, intercept = _fit_linear(X, y, C)
    doubtful = np.flatnonzero(~certain & (labels == 1))
    for _ in range(_CARRY_DOWN_ROUNDS if len(doubtful) else 0):
        scores = X[doubtful] @ coef + intercept
        best = np.full(int(owners.max()) + 1, -np.inf)
        np.maximum.at(best, owners[doubtful], scores)
        y[doubtful] = (scores > 0) | (scores == best[owners[doubtful]])
        coef, intercept = _fit_linear(X, y, C)
    return coef, intercept


def _fit_linear(X: Matrix, y: NDArray[np.int64], C: float) -> tuple[Array, float]:
    """Fit a linear support-vector classifier; a constant where there is nothing to tell apart, or to tell it by."""
    if y.min() == y.max() or not X.shape[1]:
        return np.zeros(X.shape[1]), 10.0 if y.max() else -10.0
    fitted = LinearSVC(C=C, tol=_TOLERANCE, random_state=0).fit(X, y)
    return fitted.coef_[0], float(fitted.intercept_[0])
