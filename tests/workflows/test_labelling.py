"""Several processes: what they give, whoever gives it, and what becomes of it when one dies."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import topics
from topics.errors import OutputError
from topics.workflows import labelling
from topics.workflows.labelling import Batch, Wanted, label_batches, label_texts

WAIT = 60.0


def batches_while(more: Callable[[int], bool]) -> Iterator[Batch]:
    """Give batches of two paragraphs as long as it is said, but not for ever."""
    end = time.monotonic() + WAIT
    n = 0
    while more(n) and time.monotonic() < end:
        texts = [f"硬化村组道路{n}公里。", f"第{n}所学校招聘教师。" * (n % 7)]
        yield Batch([n], texts, ["", "教育工作"])
        n += 1


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The texts of the batches that this process labels; the others do not see the change."""
    labelled: list[list[str]] = []

    def noted(model: topics.Model, texts: list[str], *rest: Any) -> list[labelling.Row]:
        labelled.append(texts)
        return label_texts(model, texts, *rest)

    monkeypatch.setattr(labelling, "label_texts", noted)
    return labelled


@pytest.mark.parametrize("jobs", [2, 3])
def test_whoever_labels_the_rows_are_the_same_and_in_order(
    model: topics.Model, own: list[list[str]], jobs: int
) -> None:
    found = list(label_batches(batches_while(lambda n: n < len(own) + 40), model, Wanted(), jobs))
    assert own, "this process labels too"
    assert len(own) <= len(found) - 40, "and so do the others"
    assert [batch.items for batch, _ in found] == [[n] for n in range(len(found))]
    assert all(rows == label_texts(model, batch.texts, batch.headings, Wanted()) for batch, rows in found)


def test_a_process_that_dies_is_told_in_a_line(model: topics.Model, own: list[list[str]]) -> None:
    def kill_helpers(batch: Batch) -> None:
        if batch.items[0] > len(own):  # one of them has labelled a batch
            for process in multiprocessing.active_children():
                process.kill()

    labelled = label_batches(batches_while(lambda _: True), model, Wanted(), 2)
    with pytest.raises(OutputError, match="a labelling process died"):
        deque((kill_helpers(batch) for batch, _ in labelled), maxlen=0)
    assert not multiprocessing.active_children()


def test_processes_end_with_whoever_asked_for_their_rows(model: topics.Model) -> None:
    labelled = label_batches(batches_while(lambda _: True), model, Wanted(), 2)
    next(labelled)
    assert multiprocessing.active_children()
    labelled.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()
