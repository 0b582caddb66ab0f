"""``topics summarise``: how much of each report is about which topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from topics.corpus.tables import is_table
from topics.errors import InputError, UsageError
from topics.records import OTHER
from topics.workflows.library import Model
from topics.workflows.predict import predict_reports
from topics.workflows.predictions import read_predictions
from topics.workflows.reports import Failures

Row = dict[str, Any]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_CHINESE_YEAR = re.compile(r"[一二][九〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_PLACE = re.compile(
    r"(?:中共|中国共产党)?(?P<place>[\u4e00-\u9fff]{1,8}?(?:特别行政区|自治区|自治州|自治县|自治旗|[省市州盟县区旗]))"
)
_NO_PLACE = re.compile(r"[我本全各辖该城社小矿园两][省市州盟县区旗]$|[党红锦国]旗$")
_BEFORE_PLACE = re.compile(r"^[\d〇○零一二三四五六七八九十]+年度?|共青团|关于|在(?=.{0,8}[省市州盟县区旗])")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(slots=True)
class _Share:
    """Counts of some paragraphs."""

    reports: set[str] = field(default_factory=set)
    paragraphs: int = 0
    characters: int = 0
    topics: dict[str, int] = field(default_factory=dict)
    primary: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Count a paragraph."""
        self.reports.add(str(row.get("report") or ""))
        self.paragraphs += 1
        self.characters += len(row["text"])
        for topic in row["topics"]:
            self.topics[topic] = self.topics.get(topic, 0) + 1
        self.primary[row["primary"]] = self.primary.get(row["primary"], 0) + 1

    def record(self, topics: Sequence[str]) -> Row:
        """Give counts and shares as plain values."""
        return {
            "reports": len(self.reports),
            "paragraphs": self.paragraphs,
            "characters": self.characters,
            "topics": {t: self.topics.get(t, 0) / self.paragraphs for t in topics},
            "primary": {t: self.primary.get(t, 0) / self.paragraphs for t in (*topics, OTHER)},
        }


def summarise_inputs(inputs: Sequence[str], model: Model, failures: Failures) -> dict[str, Any]:
    """Summarise reports, or files of predictions.

    Parameters
    ----------
    inputs : sequence of str
        Report files, folders, ``-``, or prediction files.
    model : Model
        Labels the reports.
    failures : Failures
        Told of every input that cannot be read; the others go on.

    Returns
    -------
    dict
        ``topics`` (list), ``by_report``, ``by_year`` and ``by_place`` (lists of dict with ``name``, counts, ``topics``:
        share of the paragraphs that report on each topic, and ``primary``: shares by primary topic, which add up to 1).
        A report's entry also has its ``year`` and ``place``, or None.
    """
    if not inputs:
        raise UsageError("nothing to summarise: give report files, folders, or files of predictions")
    by_report: dict[str, _Share] = {}
    origin: dict[str, tuple[str | None, str | None]] = {}
    rows = list(_rows(inputs, model, failures))
    for row in rows:
        name = str(row.get("report") or "")
        origin.setdefault(name, (year_of(name, _title(row)), place_of(name, _title(row))))
        by_report.setdefault(name, _Share()).add(row)
    topics = list(dict.fromkeys(topic for row in rows for topic in row["scores"]))
    return {
        "topics": topics,
        "by_report": [
            {"name": name, "year": origin[name][0], "place": origin[name][1]} | share.record(topics)
            for name, share in by_report.items()
        ],
        "by_year": _grouped(rows, topics, lambda row: origin[str(row.get("report") or "")][0]),
        "by_place": _grouped(rows, topics, lambda row: origin[str(row.get("report") or "")][1]),
    }


def _grouped(rows: Iterable[Row], topics: Sequence[str], key: Callable[[Row], str | None]) -> list[Row]:
    """Summarise rows by a key, in its order; rows without are left out."""
    shares: dict[str, _Share] = {}
    for row in rows:
        name = key(row)
        if name is not None:
            shares.setdefault(name, _Share()).add(row)
    return [{"name": name} | shares[name].record(topics) for name in sorted(shares)]


def _rows(inputs: Sequence[str], model: Model, failures: Failures) -> Iterator[Row]:
    """Label reports and read predictions, in the order of the inputs."""
    for name in inputs:
        if not is_table(Path(name)) or Path(name).is_dir():
            yield from predict_reports([name], model, failures)
            continue
        try:
            yield from read_predictions(Path(name))
        except InputError as error:
            failures.add(str(error))


def _title(row: Row) -> str:
    """The outermost heading of a paragraph: of the first one, a report's title."""
    headings = row.get("headings") or []
    return str(headings[0]) if headings else ""


def year_of(name: str, title: str) -> str | None:
    """Find the year a report is about: the one year in its file name, else the first in its title.

    Examples
    --------
    >>> year_of("安潭县2013", ""), year_of("report", "中共安潭县委二〇〇〇年工作总结"), year_of("2012-2019", "")
    ('2013', '2000', None)
    """
    years = set(_YEAR.findall(name.translate(_FULL_WIDTH)))
    if len(years) == 1:
        return str(years.pop())
    found = _YEAR.findall(title.translate(_FULL_WIDTH)) or _CHINESE_YEAR.findall(title)
    return str(found[0]).translate(_DIGITS) if found else None


def place_of(name: str, title: str) -> str | None:
    """Find the place a report is about, in Chinese: in its file name, else in its title.

    Examples
    --------
    >>> place_of("2013-report", "中共安潭县委政法委员会2013年工作总结"), place_of("清河省临川市2014", "")
    ('安潭县', '清河省临川市')
    """
    for text in (name, _BEFORE_PLACE.sub("", title)):
        parts = []
        position = re.search(r"[\u4e00-\u9fff]", text)
        start = position.start() if position else len(text)
        while (found := _PLACE.match(text, start)) and not _NO_PLACE.search(found["place"]):
            parts.append(found["place"])
            start = found.end()
        if parts:
            return "".join(parts)
    return None
