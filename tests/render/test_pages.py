"""Pages: whatever a report holds is shown as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import topics
from topics.modeling.metrics import Outcomes, evaluate
from topics.render import evaluation_page, model_card, report_page, summary_page
from topics.storage.models import read_card
from topics.workflows.train import TrainResult

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "</style><script>x()</script>",
    "</article></main><iframe src=//example.invalid>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;&#60;",
    "abc\u202edef\u2066ghi\u200f",
    "\ud800\x00\x1b[2J\u2028",
    "$\\frac{a}$",
]
TAGS = {
    "a", "article", "b", "body", "button", "caption", "div", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "html", "i", "img", "kbd", "li", "main", "meta", "nav", "p", "script", "section", "small", "span",
    "style", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip


class Reader(HTMLParser):
    """What a page's markup holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        (self.scripts if self.tags and self.tags[-1] == "script" else self.text).append(data)


def assert_harmless(page: str) -> Reader:
    found = Reader(page)
    assert set(found.tags) <= TAGS
    assert found.tags.count("script") == 1
    assert not [a for a in found.attributes if a[0].startswith("on")]
    for name, value in found.attributes:
        if name in ("href", "src"):
            assert value.startswith(("#", "data:image/svg+xml;base64,")), value
    assert "default-src 'none'" in page.partition("<title>")[0]
    page.encode("utf-8")
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]", page)
    return found


def row(text: str, heading: str = "一、道路", report: str = "r") -> dict[str, Any]:
    """A prediction as `topics predict --explain --precision` gives it."""
    half = len(text) // 2
    spans = [(0, half), (half, len(text))] if half else [(0, len(text))]
    evidence = [
        {"topic": t, "start": a, "end": b, "weight": 1.5, "probability": 0.9,
         "terms": [{"term": text[a:b], "start": a, "end": b, "weight": 0.5}]}
        for t in ("roads", "schools") for a, b in spans
    ]  # fmt: skip
    return {
        "report": report, "paragraph": 1, "headings": [heading], "text": text, "topics": ["roads"], "primary": "roads",
        "scores": {"roads": 0.9, "schools": 0.2}, "confidence": 0.8, "status": "review",
        "labels": {"roads": {"probability": 0.9, "status": "review"}}, "evidence": evidence,
    }  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_in_a_report_runs(hostile: str) -> None:
    names = {"roads": hostile, "schools": "学校"}
    found = assert_harmless(report_page([row(hostile, hostile, hostile)], names, hostile, 0.95))
    if "<script>" in hostile:
        assert "<script>" in "".join(found.text)


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_is_shown(text: str, heading: str) -> None:
    found = assert_harmless(report_page([row(text, heading)], {"roads": "道路", "schools": "学校"}, "m", None))
    shown = "".join(found.text)
    for word in re.findall(r"\w+", text[: len(text) // 2], re.ASCII):
        assert word in shown


def test_the_report_reads_in_order_with_its_headings() -> None:
    rows = [row("修路。", "一、道路"), row("修桥。", "一、道路"), row("建校。", "二、学校")]
    page = report_page(rows, {"roads": "道路", "schools": "学校"}, "m", 0.95)
    places = [page.index(f">{text}") for text in ("一、道路</h3>", "二、学校</h3>")]
    assert places == sorted(places)
    assert page.count("一、道路</h3>") == 1
    assert page.count('<span class="flag">review</span>') == 3 + 1  # and in the legend
    assert "0 % are automatic at precision 0.95" in page


def test_where_a_paragraph_has_several_topics_each_passage_names_its_own() -> None:
    one, two = row("修路。建校。"), row("修路。建校。")
    two["topics"] = ["roads", "schools"]
    two["evidence"] = [e for e in two["evidence"] if (e["topic"] == "roads") == (e["start"] == 0)]
    names = {"roads": "道路", "schools": "学校"}
    assert 'class="also' not in report_page([one], names, "m", None)
    assert re.findall(r'class="also c\d">(\w+)<', report_page([two], names, "m", None)) == ["道路", "学校"]


def test_no_reports_and_no_evidence_make_a_page(model: topics.Model) -> None:
    assert_harmless(report_page([], {"roads": "道路"}, "m", None))
    bare = {"text": "修路", "topics": [], "primary": "other", "scores": {}}
    assert "修路" in report_page([bare], {"roads": "道路"}, "m", None)


def result(topic: str = "a") -> dict[str, Any]:
    """An evaluation with a topic that has no support."""
    rng = np.random.default_rng(0)
    gold = rng.random((60, 2)) < [0.5, 0.0]
    scores = np.clip(gold * 0.6 + rng.random((60, 2)) * 0.4, 0, 1)
    chosen = scores > 0.5
    primary = [np.where(f.any(axis=1), f.argmax(axis=1), -1) for f in (gold, chosen)]
    found = evaluate(Outcomes((topic, "空"), gold, chosen, *primary, scores, [str(i // 6) for i in range(60)]))
    error = {"report": topic, "heading": topic, "text": topic, "topic": topic, "kind": "wrong", "probability": 0.9,
             "gold": [], "predicted": [topic]}  # fmt: skip
    return found | {"errors": [error]}


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if "\ud800" not in h])
def test_an_evaluation_is_shown_with_plots(hostile: str) -> None:
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    found = assert_harmless(evaluation_page(result(hostile), {}, hostile))
    assert found.tags.count("img") == 2
    assert "no support" in "".join(found.text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_summary_is_shown(hostile: str) -> None:
    entry = {"name": hostile, "year": None, "place": hostile, "reports": 1, "paragraphs": 2, "characters": 9,
             "topics": {"roads": 0.5}, "primary": {"roads": 0.5, "other": 0.5}}  # fmt: skip
    summary = {"topics": ["roads"], "by_report": [entry], "by_year": [], "by_place": [entry]}
    assert_harmless(summary_page(summary, {"roads": hostile}))


def test_a_model_card_names_figures_and_weaknesses(trained: TrainResult) -> None:
    card = read_card(trained.folder)
    text = model_card(card)
    for piece in (
        trained.id,
        "## Figures",
        "## Known weaknesses",
        "## How to reproduce",
        "rjieba",
        "## Promise of precision",
    ):
        assert piece in text
    card["codebook"]["names"] = dict.fromkeys(card["topics"], "<script>|\n# x")
    assert "<script>" not in model_card(card)
    assert "\n# x" not in model_card(card)
