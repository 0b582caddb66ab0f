"""The labelled paragraphs that the options of ``train`` and ``evaluate`` name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from topics.workflows.examples import Dataset


def labelled(
    reports: list[Path] | None,
    labels: list[Path] | None,
    codebook: Path | None,
    table: Path | None,
    columns: tuple[str | None, ...],
) -> Dataset:
    """Read the labelled paragraphs that the options name."""
    from topics.workflows.examples import Columns, check_options, default_codebook, from_reports, from_table

    text, topics, primary, heading, group = columns
    check_options(table, columns, reports, labels)
    if table and text and topics:
        return from_table(table, Columns(text, topics, primary, heading, group), codebook)
    return from_reports(reports or [Path("seeds")], labels or [Path("labels")], codebook or default_codebook())


def codebook_names(dataset: Dataset) -> dict[str, str]:
    """Names of a codebook's topics, for people."""
    return {t.id: t.name_zh or t.name_en or t.id for t in dataset.codebook.topics}
