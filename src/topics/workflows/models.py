"""``topics models``: what the store holds, and which model is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.errors import ModelError
from topics.modeling.linear import LinearModel
from topics.modeling.segmentation import check_segmenter
from topics.storage.models import (
    current_id,
    default_store,
    find_model,
    list_models,
    load_model,
    promote_model,
    read_card,
)


def catalogue(store: Path | None = None) -> list[dict[str, Any]]:
    """List the models of a store: id, whether it is current, topics, examples and out-of-fold macro-F1."""
    store = store or default_store()
    try:
        current = current_id(store)
    except ModelError:
        current = None
    return [_entry(card, current) for card in list_models(store)]


def _entry(card: dict[str, Any], current: str | None) -> dict[str, Any]:
    """One line of the list."""
    figures = card["figures"].get("out_of_fold")
    return {
        "id": card["id"],
        "current": card["id"] == current,
        "topics": len(card["topics"]),
        "examples": card["data"].get("examples"),
        "macro_f1": figures.get("macro_f1") if isinstance(figures, dict) else None,
    }


def show(model: str | None, store: Path | None = None) -> dict[str, Any]:
    """Give a model's card."""
    return read_card(find_model(model, store))


def promote(model: str, store: Path | None = None) -> str | None:
    """Make a model the current one; give the id that was current before."""
    return promote_model(store or default_store(), model)


def verify(model: str | None, store: Path | None = None) -> dict[str, Any]:
    """Load a model and check its hash, its parts and its segmenter.

    Raises
    ------
    ModelError
        If anything does not fit.
    """
    stored = load_model(model, store)
    linear = LinearModel.from_arrays(stored.arrays, stored.meta)
    check_segmenter(linear.segmenter)
    return {
        "id": stored.card["id"],
        "topics": list(linear.topics),
        "terms": len(linear.word.terms) + len(linear.char.terms),
    }


def strongest_terms(model: str | None, store: Path | None = None, n: int = 15) -> dict[str, dict[str, list[list[Any]]]]:
    """Give the terms that raise and lower each topic most.

    Returns
    -------
    dict
        Topic → ``words raise``, ``characters raise``, ``words lower`` → list of [term, weight]. A weight is that of one
        occurrence in a passage before the passage's length is taken into account.
    """
    stored = load_model(model, store)
    linear = LinearModel.from_arrays(stored.arrays, stored.meta)
    words = [" ".join(linear.words[i - 1] for i in row if i) for row in linear.word.terms.tolist()]
    characters = ["".join(chr(i) for i in row if i) for row in linear.char.terms.tolist()]
    return {
        topic: {
            "words raise": _top(words, linear.word.weights[k], n),
            "characters raise": _top(characters, linear.char.weights[k], n),
            "words lower": [[t, -w] for t, w in _top(words, -linear.word.weights[k], n)],
        }
        for k, topic in enumerate(linear.topics)
    }


def _top(terms: list[str], weights: NDArray[np.float32], n: int) -> list[list[Any]]:
    """The terms of the greatest weights."""
    return [[terms[i], float(weights[i])] for i in np.argsort(-weights, kind="stable")[:n]]
