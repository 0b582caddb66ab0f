"""Predictions → one page: the reports as they read, with their topics and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from typing import Any

from topics.records import OTHER
from topics.render.page import PALETTE_SIZE, render_page

Row = dict[str, Any]
Span = tuple[int, int]

_TOLD = 0.5  # a clause shows a topic of its paragraph from this probability of its own on
_STRONG = 0.3  # a term stands out from this share of the strongest in its clause on
_HEADING_DEPTHS = 4


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage as the page shows it: pieces of text with a mark for strong terms, and what it says of each topic."""

    pieces: list[tuple[str, bool]]
    topics: list[str]
    lines: list[Row]


@dataclass(slots=True)
class _Tally:
    """What the reports hold of a topic."""

    paragraphs: int = 0
    primary: int = 0
    characters: int = 0


@dataclass(slots=True)
class _Counts:
    """Counts over all reports."""

    topics: dict[str, _Tally] = field(default_factory=dict)
    paragraphs: int = 0
    characters: int = 0
    auto: int = 0

    def add(self, row: Row, passages: list[_Passage]) -> None:
        """Count a paragraph."""
        self.paragraphs += 1
        self.characters += len(row["text"])
        self.auto += row.get("status") == "auto"
        for topic in row["topics"] or [OTHER]:
            tally = self.topics[topic]
            tally.paragraphs += 1
            tally.primary += topic == row["primary"]
            told = (sum(len(t) for t, _ in p.pieces) for p in passages if topic in p.topics)
            tally.characters += len(row["text"]) if topic == OTHER else sum(told)


def report_page(rows: Iterable[Row], names: dict[str, str], model: str, precision: float | None) -> str:
    """Show labelled reports as a page.

    Parameters
    ----------
    rows : iterable of dict
        As `topics predict --explain` gives them; ``report``, ``headings`` and ``text`` are needed.
    names : dict
        Names of the model's topics, for people; its order is the page's.
    model : str
        The model's id.
    precision : float or None
        The precision that was promised.

    Returns
    -------
    str
        One HTML page that needs no other file and makes no request.
    """
    counts = _Counts({topic: _Tally() for topic in [*names, OTHER]})
    reports = [
        {"name": name, "items": list(_items(list(group), counts))}
        for name, group in groupby(rows, key=lambda row: str(row.get("report", "")))
    ]
    return render_page(
        "report.html",
        reports=reports,
        counts=counts,
        names=names | {OTHER: "other"},
        colours=colours(names),
        model=model,
        precision=precision,
        other=OTHER,
        places={topic: f"t{i}" for i, topic in enumerate(counts.topics)},
    )


def colours(topics: Iterable[str]) -> dict[str, str]:
    """Give every topic the class of its colour; `other` has none."""
    return {topic: f"c{i % PALETTE_SIZE}" for i, topic in enumerate(topics)} | {OTHER: ""}


def _items(rows: Sequence[Row], counts: _Counts) -> Iterable[Row]:
    """The headings and paragraphs of a report in order; a heading where it first applies."""
    before: list[str] = []
    for number, row in enumerate(rows, 1):
        chain = [str(heading) for heading in row.get("headings") or []]
        same = True
        for depth, (old, new) in enumerate(zip_longest(before, chain)):
            same = same and old == new
            if new is not None and not same:
                yield {"heading": new, "level": 3 + min(depth, _HEADING_DEPTHS - 1)}
        before = chain
        passages = _passages(row)
        counts.add(row, passages)
        yield {"row": row, "number": row.get("paragraph", number), "passages": passages}


def _passages(row: Row) -> list[_Passage]:
    """The passages of a paragraph: runs of clauses that tell the same of its topics."""
    text = str(row["text"])
    by_span: dict[Span, list[Row]] = {}
    for entry in row.get("evidence") or []:
        by_span.setdefault((entry["start"], entry["end"]), []).append(entry)
    told = _told(row, by_span)
    runs = groupby(sorted(by_span) or [(0, len(text))], key=told.__getitem__)
    return [_passage(text, list(spans), by_span, topics) for topics, spans in runs]


def _passage(text: str, spans: list[Span], by_span: dict[Span, list[Row]], topics: list[str]) -> _Passage:
    """A passage as the page shows it, with what its clauses add together."""
    entries = [entry for span in spans for entry in by_span.get(span, [])]
    lines = []
    for topic in dict.fromkeys(entry["topic"] for entry in entries):
        own = [entry for entry in entries if entry["topic"] == topic]
        terms = _merged([term for entry in own for term in entry["terms"]])
        weight = sum(entry["weight"] for entry in own)
        probability = max(entry["probability"] for entry in own)
        lines.append({"topic": topic, "weight": weight, "probability": probability, "terms": terms})
    return _Passage(_pieces(text, (spans[0][0], spans[-1][1]), entries, topics), topics, lines)


def _merged(terms: list[Row]) -> list[Row]:
    """Take together what a string adds as words, as characters and wherever it stands."""
    weights: dict[str, float] = {}
    for term in terms:
        name = "".join(term["term"].split())
        weights[name] = weights.get(name, 0.0) + term["weight"]
    ranked = sorted(weights, key=lambda name: -abs(weights[name]))
    return [{"term": name, "weight": weights[name]} for name in ranked]


def _told(row: Row, by_span: dict[Span, list[Row]]) -> dict[Span, list[str]]:
    """Which of the paragraph's topics each clause tells: those probable in it, and the heaviest clause of each."""
    told: dict[Span, list[str]] = {span: [] for span in by_span or [(0, len(row["text"]))]}
    for topic in row["topics"] or []:
        own = {span: e for span, entries in by_span.items() for e in entries if e["topic"] == topic}
        best = max(own, key=lambda span: own[span]["weight"], default=None)
        for span, entry in own.items():
            if span == best or entry["probability"] >= _TOLD:
                told[span].append(topic)
    return told


def _pieces(text: str, span: Span, entries: list[Row], topics: list[str]) -> list[tuple[str, bool]]:
    """Cut a passage at the borders of the terms that raised its topics."""
    start, end = span
    raised = [False] * (end - start)
    for entry in entries:
        terms = entry.get("terms") or []
        least = _STRONG * max((term["weight"] for term in terms), default=0.0)
        for term in terms:
            if entry["topic"] in topics and term["weight"] > 0 and term["weight"] >= least:
                raised[term["start"] - start : term["end"] - start] = [True] * (term["end"] - term["start"])
    runs = groupby(range(end - start), key=raised.__getitem__)
    pieces = []
    for strong, run in runs:
        places = list(run)
        pieces.append((text[start + places[0] : start + places[-1] + 1], strong))
    return pieces
