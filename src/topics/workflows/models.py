"""``topics models``: what the store holds, and which model is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
