"""A model's card → Markdown for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from topics.records import OTHER
from topics.render.measures import TOTAL_NAMES

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_CONCENTRATED = 3


def model_card(card: dict[str, Any]) -> str:
    """Write a model's card for people.

    Parameters
    ----------
    card : dict
        As the store keeps it, with ``id``.

    Returns
    -------
    str
        Markdown.
    """
    names = card["codebook"]["names"]
    parts = (_head(card, names), _figures(card, names), _promise(card), _weaknesses(card, names), _making(card))
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(card: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    """What the model is and what it is for."""
    data = card["data"]
    origin = (
        f"the table {_plain(data['table'])}"
        if "table" in data
        else f"{card['figures']['out_of_fold']['groups']} reports"
    )
    yield f"# Model {card['id']}\n"
    yield "Labels paragraphs of Chinese reports with topics: linear classifiers on word and character n-grams.\n"
    yield f"- **Topics**: {', '.join(f'{_plain(names.get(t, t))} (`{t}`)' for t in card['topics'])}"
    yield f"- **Codebook**: sha256 `{card['codebook']['sha256']}`"
    yield f"- **Data**: {data['examples']} labelled paragraphs of {origin}, sha256 `{data['sha256']}`"
    yield f"- **File**: sha256 `{card['sha256']}`\n"


def _figures(card: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    """Figures with intervals."""
    figures = card["figures"]["out_of_fold"]
    intervals = figures["intervals"]
    yield "## Figures\n"
    yield (
        f"Out-of-fold: each of the {figures['groups']} reports was labelled by a model that had not seen it. In "
        f"brackets 95 % intervals, by {figures['interval_unit']}. They hold for reports like those learned from.\n"
    )
    for name, label in TOTAL_NAMES.items():
        yield f"- {label}: {_figure(figures[name], intervals[name])}"
    yield "\n| topic | precision | recall | F1 | average precision | support |\n| --- | --- | --- | --- | --- | --- |"
    for topic, entry in figures["per_topic"].items():
        bounds = intervals["per_topic"][topic]
        cells = [_figure(entry[m], bounds[m]) for m in ("precision", "recall", "f1", "average_precision")]
        yield f"| {_plain(names.get(topic, topic))} | {' | '.join(cells)} | {entry['support'] or 'no support'} |"
    yield ""


def _promise(card: dict[str, Any]) -> Iterator[str]:
    """What can be promised."""
    if "promise" not in card:
        return
    yield "## Promise of precision\n"
    yield "For reports like those learned from, with room for a shift; see docs/trust.md of the project.\n"
    yield "| precision of the primary topic | paragraphs that are automatic |\n| --- | --- |"
    for precision, entry in card["promise"].items():
        share = "none" if entry["threshold"] is None else f"{entry['share']:.0%}"
        yield f"| {precision} | {share} |"
    yield ""


def _weaknesses(card: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    """Where errors concentrate."""
    figures = card["figures"]["out_of_fold"]
    yield "## Known weaknesses\n"
    ranked = sorted((e["f1"], t) for t, e in figures["per_topic"].items() if e["f1"] is not None)
    for f1, topic in ranked[:1]:
        entry = figures["per_topic"][topic]
        lower = "recall" if entry["recall"] < (entry["precision"] or 0) else "precision"
        name = _plain(names.get(topic, topic))
        yield f"- The hardest topic is {name} (F1 {f1:.3f}); its {lower} is the lower of the two."
    yield from _confused(figures.get("confusion"), names)
    yield "- A topic told in one clause of a long paragraph about other things is missed more often than others."
    yield "- Text of another kind than the reports learned from is labelled less well than these figures say.\n"


def _confused(confusion: dict[str, Any] | None, names: dict[str, str]) -> Iterator[str]:
    """The primary topics that are most often taken for others."""
    if confusion is None:
        return
    counts, topics = confusion["counts"], confusion["topics"]
    named = names | {OTHER: "other"}
    pairs = [(n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j and n]
    for n, i, j in sorted(pairs, reverse=True)[:_CONCENTRATED]:
        labelled, given = (_plain(named.get(topics[k], topics[k])) for k in (i, j))
        every = sum(counts[i])
        yield f"- Primary topic {labelled} taken for {given}: {n} of {every} paragraphs ({n / every:.0%})."


def _making(card: dict[str, Any]) -> Iterator[str]:
    """How to make it again."""
    table = "table" in card["data"]
    yield "## How to reproduce\n"
    yield (
        "`topics train --table FILE --text COLUMN --topics COLUMN` with the table above" if table
        else "`topics train` in a checkout with the same seeds/ and labels/"
    ) + " gives the same file and id, with:\n"  # fmt: skip
    for name, value in card["versions"].items():
        yield f"- {name} {value}"
    yield f"- segmenter {card['segmenter']['name']} {card['segmenter']['version']}"
    for name, value in card["parameters"].items():
        yield f"- parameter {name}: {value}"


def _figure(value: float | None, bounds: list[float | None]) -> str:
    """A figure with its interval."""
    if value is None:
        return "no support"
    low, high = bounds
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))
