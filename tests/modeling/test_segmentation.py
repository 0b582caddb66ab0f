"""The segmenter: the same words as the reference, and refusal of models of another."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.paragraphs import read_report
from topics.errors import ModelError
from topics.modeling import segmentation
from topics.modeling.segmentation import check_segmenter, cut, segmenter_record
from topics.modeling.text import normalize


@pytest.fixture(scope="module")
def reference() -> object:
    """The segmenter in Python that ours is held against."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is written for an older Python
        import jieba

        jieba.setLogLevel(logging.ERROR)
        jieba.initialize()
    return jieba


def test_the_reference_cuts_the_reports_alike(reference: object, root: Path) -> None:
    reports = sorted((root / "seeds").glob("*.txt"))[::6]
    paragraphs = [normalize(p.text) for report in reports for p in read_report(report).paragraphs]
    assert len(paragraphs) > 300
    differing = [p for p in paragraphs if cut(p) != list(reference.cut(p, HMM=False))]  # type: ignore[attr-defined]
    assert differing == []


@given(st.text(max_size=120))
def test_tokens_joined_give_the_text(text: str) -> None:
    assert "".join(cut(text)) == text


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@given(st.lists(st.text(st.sampled_from("推进社会治安a1。 \n"), max_size=12), max_size=12))
def test_words_are_the_same_piece_by_piece(size: int, lines: list[str]) -> None:
    text = "\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segmentation, "_PIECE", size)
        assert segmentation.word_lengths(text).tolist() == [len(token) for token in cut(text)]


@pytest.mark.parametrize("change", [{"version": "0.0.1"}, {"name": "other"}, {"hmm": True}, {"dictionary": "mine"}])
def test_models_of_another_segmenter_are_refused(change: dict[str, object]) -> None:
    check_segmenter(segmenter_record())
    with pytest.raises(ModelError, match="made for the segmenter"):
        check_segmenter(segmenter_record() | change)
