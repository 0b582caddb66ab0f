"""Labelled paragraphs → a trained model.

Passages are listed and labelled (`lessons`), their terms counted (`counting`), classifiers fitted (`instances`,
`fitting`), and scores calibrated on those that models gave to reports they had not seen (`calibration`).
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from joblib import delayed
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from topics.modeling.calibration import Pooling, fit_pooling
from topics.modeling.counting import Field, count
from topics.modeling.features import char_keys, word_keys
from topics.modeling.instances import Instances, Weights
from topics.modeling.lessons import label_passages, passages_of
from topics.modeling.linear import CHAR_GRAM, WORD_GRAM, Block, LinearModel
from topics.modeling.parameters import Parameters
from topics.modeling.scoring import Raw, Scorer, Scores, batches, calibrate
from topics.modeling.segmentation import segmenter_record
from topics.modeling.spreading import Tell, spread
from topics.modeling.text import Bounds, normalize, units_of
from topics.records import Example

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


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


def train(
    examples: Sequence[Example], topics: Sequence[str], parameters: Parameters, tell: Tell | None = None
) -> Trained:
    """Train a model with calibration and thresholds from out-of-fold scores.

    Parameters
    ----------
    examples : sequence of Example
        Labelled paragraphs; groups are never parted.
    topics : sequence of str
        Topic ids, in the order that the model keeps.
    parameters : Parameters
        See there.
    tell : callable, optional
        Told how many of the fits are done.

    Returns
    -------
    Trained
    """
    return train_on(Corpus.of(examples, tuple(topics), parameters), tell)


def train_on(corpus: Corpus, tell: Tell | None = None) -> Trained:
    """Train on examples made ready; see `train`."""
    parameters = corpus.instances.parameters
    splits = list(folds(corpus.examples, parameters.folds, parameters.seed))
    everything = np.arange(len(corpus.examples))
    weights, *parts = corpus.instances.fit_each([everything, *(learn for learn, _ in splits)], tell)
    raw = _out_of_fold(corpus, [held_out for _, held_out in splits], parts)
    exclusive = bool((corpus.targets.sum(axis=1) == 1).all())
    marked, known = corpus.clause_labels()
    pooling = fit_pooling(raw.best, corpus.targets, raw.clauses[known], marked[known], exclusive)
    model = corpus.model(weights, pooling, exclusive=exclusive)
    return Trained(model, calibrate(raw, model))


def _out_of_fold(corpus: Corpus, held_out: Sequence[Ints], parts: Sequence[Weights]) -> Raw:
    """Score every example by the weights that were fitted without its group."""
    (n, k), first = corpus.targets.shape, corpus.instances.first
    width = len(corpus.instances.parameters.windows)
    best, clauses = np.zeros((n, k, width)), np.zeros((int(first[-1]), k))
    for chosen, weights in zip(held_out, parts, strict=True):
        scorer = Scorer(corpus.model(weights, _neutral(k, width), exclusive=False))
        for batch in batches(chosen.tolist(), lambda i: len(corpus.examples[i].text)):
            rest = [corpus.examples[i] for i in batch]
            raw = scorer.raw([e.text for e in rest], [e.heading for e in rest])
            best[batch] = raw.best
            clauses[np.concatenate([np.arange(first[i], first[i + 1]) for i in batch])] = raw.clauses
    return Raw(best, clauses, first, corpus.lengths)


def _neutral(k: int, width: int) -> Pooling:
    """A pooling that changes nothing, for models whose scores are yet to be calibrated."""
    return Pooling(np.ones((k, width)), np.zeros(k), np.zeros(k), np.ones(k), np.zeros(k))


def folds(examples: Sequence[Example], n: int, seed: int) -> Iterator[tuple[Ints, Ints]]:
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
class Corpus:
    """Examples made ready: terms counted once, passages listed once.

    Attributes
    ----------
    examples : sequence of Example
    topics : tuple of str
    targets : ndarray of shape (n_examples, n_topics), dtype int64
        1 where an example has a topic.
    terms : list of list of tuple of str
        The columns of `instances.counts`.
    bounds : list of list of (int, int)
        The clauses of each example.
    instances : Instances
        What is learned from them.
    """

    examples: Sequence[Example]
    topics: tuple[str, ...]
    targets: Ints
    terms: list[list[tuple[str, ...]]]
    bounds: list[Bounds]
    instances: Instances

    @classmethod
    def of(cls, examples: Sequence[Example], topics: tuple[str, ...], parameters: Parameters) -> Corpus:
        """Make examples ready."""
        bounds = [[(0, len(e.text))] if parameters.whole else units_of(e.text) for e in examples]
        first = np.append(0, np.cumsum([len(b) for b in bounds])).astype(np.int64)
        passages = passages_of(first, parameters.windows)
        labels, certain = label_passages(examples, bounds, first, passages, topics)
        targets = np.array([[topic in e.topics for topic in topics] for e in examples], dtype=np.int64)
        fields = _fields(examples, bounds, parameters)
        instances = Instances(parameters, [f.counts for f in fields], first, passages, labels, certain)
        return cls(examples, topics, targets, [f.terms for f in fields], bounds, instances)

    @property
    def lengths(self) -> Ints:
        """Characters of every clause."""
        return np.array([b - a for pairs in self.bounds for a, b in pairs], dtype=np.int64)

    def clause_labels(self) -> tuple[Ints, NDArray[np.bool_]]:
        """The topics of every clause, and whether a writer's marks tell them."""
        told = np.array([e.spans is not None for e in self.examples])
        first = self.instances.first
        owners = np.repeat(np.arange(len(self.examples)), np.diff(first))
        clauses = np.arange(len(owners))
        passages = np.column_stack((owners, clauses, clauses + 1))
        labels, _ = label_passages(self.examples, self.bounds, first, passages, self.topics)
        return labels, told[owners]

    def model(self, weights: Weights, pooling: Pooling, *, exclusive: bool) -> LinearModel:
        """Put the plain arrays together."""
        parameters = self.instances.parameters
        names = [[terms[i] for i in k.columns] for terms, k in zip(self.terms, weights.kept, strict=True)]
        words = tuple(sorted({word for terms in (names[0], names[2]) for term in terms for word in term}))
        number = {word: i for i, word in enumerate(words, 1)}
        word, char, heading = (
            _block(terms, encode, gram, coef * kept.idf * factor, kept.idf)
            for terms, encode, gram, coef, kept, factor in zip(
                names,
                (number.__getitem__, ord, number.__getitem__),
                (WORD_GRAM, CHAR_GRAM, WORD_GRAM),
                weights.coef,
                weights.kept,
                parameters.scale,
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
            char_range=parameters.char_range,
            intercept=weights.intercept.astype(np.float32),
            windows=parameters.windows,
            pool_coef=pooling.coef.astype(np.float32),
            pool_intercept=pooling.intercept.astype(np.float32),
            thresholds=pooling.thresholds.astype(np.float32),
            unit_coef=pooling.unit_coef.astype(np.float32),
            unit_intercept=pooling.unit_intercept.astype(np.float32),
            segmenter=segmenter_record(),
            whole=parameters.whole,
        )


def _fields(examples: Sequence[Example], bounds: Sequence[Bounds], parameters: Parameters) -> list[Field]:
    """Count the terms of every clause, and of every heading."""
    texts = [normalize(e.text) for e in examples]
    units = [text[a:b] for text, pairs in zip(texts, bounds, strict=True) for a, b in pairs]
    longest, marks = 1 if parameters.whole else WORD_GRAM, parameters.whole
    shortest_char, longest_char = parameters.char_range
    calls = [
        delayed(count)(units, partial(word_keys, longest=longest)),
        delayed(count)(units, partial(char_keys, shortest=shortest_char, longest=longest_char, marks=marks)),
        delayed(count)([normalize(e.heading) for e in examples], word_keys),
    ]
    return spread(calls, len(units))


def _block(terms: list[tuple[str, ...]], encode: Callable[[str], int], gram: int, weights: Array, idf: Array) -> Block:
    """Make a block of its terms and weights."""
    codes = np.zeros((len(terms), gram), dtype=np.int32)
    for i, term in enumerate(terms):
        codes[i, : len(term)] = [encode(part) for part in term]
    return Block(codes, weights.astype(np.float32), (idf**2).astype(np.float32))
