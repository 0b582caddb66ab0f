"""What is refused."""

from __future__ import annotations

import pytest

from topics.errors import GuardError, UsageError
from topics.storage.schema import MODEL, NEW, Stored
from topics.workflows.relabel.guard import FEWEST, Limits, Measures, check, reference_of
from topics.workflows.relabel.items import Action, Done, Item, Label, SourceRow
from topics.workflows.relabel.taxonomy import Carrier

REFERENCE = {"primary": {"a": 0.5, "other": 0.5}, "unknown_words": 0.02}


def measured(labels: list[tuple[str | None, str]], *, words: int = 1000, unknown: int = 20) -> Measures:
    """Measure old and new topics (old None for a new paragraph)."""
    measures = Measures(Carrier(("a", "b"), {"old": ("a",)}, "codebook.toml"), REFERENCE, words=words, unknown=unknown)
    pairs = []
    for number, (before, after) in enumerate(labels):
        old = None if before is None else Stored(str(number), "h", before, "other", None, "m", "c", False, 1)
        row = SourceRow(str(number), "h", "文", "")
        item = Item(Action.SCORE, MODEL if old else NEW, "", row, old)
        pairs.append((item, Label(after, after.split("|")[0] or "other", "{}")))
    assert len(list(measures.watch([Done("", pairs)]))) == 1
    return measures


def test_churn_counts_sets_of_topics_of_unchanged_paragraphs() -> None:
    measures = measured([("a|b", "b|a"), ("a", ""), ("old", "a"), (None, "a"), ("", "")])
    assert (measures.compared, measures.changed) == (4, 1)
    assert measures.churn() == 0.25
    check(measures, Limits(churn=0.25))
    with pytest.raises(GuardError, match=r"1 of 4 unchanged paragraphs \(25.0%\)"):
        check(measures, Limits(churn=0.24))
    assert [example["id"] for example in measures.examples] == ["1"]


def test_text_like_that_of_training_does_not_drift() -> None:
    measures = measured([(None, "a"), (None, "")] * FEWEST)
    drift = measures.drift()
    assert drift is not None
    assert drift < 0.001


@pytest.mark.parametrize(
    ("labels", "unknown"), [([(None, "a")] * FEWEST, 20), ([(None, "a"), (None, "")] * FEWEST, 400)]
)
def test_other_topics_or_unknown_words_are_drift(labels: list[tuple[str | None, str]], unknown: int) -> None:
    measures = measured(labels, unknown=unknown)
    with pytest.raises(GuardError, match="moved away"):
        check(measures, Limits(drift=0.25))


def test_unknown_words_are_counted() -> None:
    measures = Measures(Carrier(("a",), {}, "codebook.toml"), REFERENCE, known=frozenset(["调解"]))
    row = SourceRow("1", "h", "调解，纠纷，破案。", "")
    assert len(list(measures.watch([Done("", [(Item(Action.SCORE, NEW, "", row, None), Label("a", "a", "{}"))])]))) == 1
    assert (measures.words, measures.unknown) == (3, 2)


def test_few_paragraphs_say_nothing() -> None:
    measures = measured([(None, "a")] * (FEWEST - 1))
    assert measures.drift() is None
    check(measures, Limits(drift=0.0))


def test_a_model_without_record_cannot_be_judged() -> None:
    assert reference_of({"id": "m"}, Limits(churn=0.1)) is None
    with pytest.raises(UsageError, match="train it again"):
        reference_of({"id": "m"}, Limits(drift=0.1))
