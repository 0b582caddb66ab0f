"""Decoded text → paragraphs with heading chains and exact offsets."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from topics.corpus.furniture import furniture_reason
from topics.corpus.reading import read_text
from topics.errors import InputError
from topics.records import Dropped, Paragraph, Report, text_hash

# Heading levels, outermost first. Unnumbered headings take level 0 after a heading of their own kind (see `_Chain`).
_NUM = r"[一二三四五六七八九十百]{1,4}"
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第{_NUM}[编篇部]|第{_NUM}[章节]|第{_NUM}部分")),
    (2, re.compile(r"[【〖\[].{1,40}[】〗\]]$")),
    (2, re.compile(rf"{_NUM}\s*[、.．]")),
    (3, re.compile(rf"[（(]\s*{_NUM}\s*[)）]")),
    (4, re.compile(r"\d{1,2}\s*[、.．](?!\d)")),
    (5, re.compile(r"[（(]\s*\d{1,2}\s*[)）]|[①-⑳]")),
)
_PERIOD = re.compile(
    r"(?:过去|今后|未来|来年|今年|下一年|上一年|\d{4}年(?:度|工作|主要|上半年|下半年)?|本届|五年来).{0,12}(?:回顾|总结|思路|打算|安排|部署|情况|任务|计划|要点|建议|展望)$"
)
_SENTENCE_END = re.compile(r"[。！？；…!?;][”’」』）)】]*$")
_INNER_SENTENCE = re.compile(r"[。！？；]")
_IGNORED = re.compile(r"^[\ue000-\uf8ff\u200b-\u200f\ufeff\s]+")
_HEADING_LONGEST = 60
_UNNUMBERED_LONGEST = 45


def read_report(path: Path) -> Report:
    """Read a report file and split it into paragraphs.

    Raises
    ------
    InputError
        If the file cannot be read or decoded, or no paragraph is found in it.
    """
    text, encoding = read_text(path)
    report = split_report(path.stem, text, encoding)
    if not report.paragraphs:
        raise InputError(f"{path}: no paragraph found; is it a report?")
    return report


def split_report(name: str, text: str, encoding: str = "utf-8") -> Report:
    r"""Split a decoded report into paragraphs.

    Parameters
    ----------
    name : str
        What to call the report.
    text : str
        The decoded file.
    encoding : str
        The encoding it came in; kept for the record.

    Returns
    -------
    Report
        With ``text[p.start:p.end] == p.text`` for every paragraph ``p``.

    Examples
    --------
    >>> report = split_report("r", "一、调解\n全年调解纠纷三百件。\n版权所有:某县\n")
    >>> [(p.headings, p.text) for p in report.paragraphs]
    [(('一、调解',), '全年调解纠纷三百件。')]
    """
    chain, seen = _Chain(), Counter[str]()
    paragraphs: list[Paragraph] = []
    dropped: list[Dropped] = []
    for start, end in _lines(text):
        line = text[start:end]
        bare = _IGNORED.sub("", line)
        if not bare:
            continue
        reason = furniture_reason(bare)
        if reason:
            dropped.append(Dropped(start, end, reason))
        elif is_heading(bare):
            chain.push(line, bare)
        else:
            identity = _identity(name, line, seen)
            paragraphs.append(Paragraph(name, len(paragraphs) + 1, identity, chain.headings(), line, start, end))
            chain.text_follows()
    return Report(name, text, encoding, tuple(paragraphs), tuple(dropped))


def is_heading(line: str) -> bool:
    """Tell whether a stripped line is a heading rather than a paragraph."""
    if _INNER_SENTENCE.search(line) or _SENTENCE_END.search(line):
        return False
    longest = _HEADING_LONGEST if heading_level(line) else _UNNUMBERED_LONGEST
    return len(line) <= longest


def heading_level(line: str) -> int:
    """Give the level of a numbered or bracketed heading, from 1 (outermost); 0 where it has no such mark."""
    for level, pattern in _LEVELS:
        if pattern.match(line):
            return level
    return 0


class _Chain:
    """The headings that the next paragraph stands under.

    Numbered headings nest by the kind of their number. A heading without number opens a level of its own: below an
    unnumbered heading that stands directly above it (a part's title and its first section), else in place of the last
    unnumbered one. A heading that names a period (2014年工作思路) opens a part.
    """

    def __init__(self) -> None:
        self._stack: list[tuple[float, str]] = []
        self._adjacent = False

    def push(self, line: str, bare: str) -> None:
        """Take a heading into the chain."""
        level = float(heading_level(bare)) or self._unnumbered_level(bare)
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        self._stack.append((level, line))
        self._adjacent = True

    def _unnumbered_level(self, bare: str) -> float:
        """Place an unnumbered heading above all numbered ones: a part at 0.1, other headings at 0.2 and deeper."""
        if _PERIOD.search(bare):
            return 0.1
        top = self._stack[-1][0] if self._stack else 0.1
        if self._adjacent and top < 0.5:
            return min(top + 0.1, 0.5)
        return max([0.2, *(level for level, _ in self._stack if level <= 0.5)])

    def text_follows(self) -> None:
        """Note that a paragraph stood below the last heading."""
        self._adjacent = False

    def headings(self) -> tuple[str, ...]:
        """The chain, outermost first."""
        return tuple(line for _, line in self._stack)


def _lines(text: str) -> list[tuple[int, int]]:
    """Give the offsets of the stripped lines of a text."""
    spans = []
    for match in re.finditer(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+", text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            spans.append((start, end))
    return spans


def _identity(name: str, line: str, seen: Counter[str]) -> str:
    """Give a paragraph's id: its report and hash, and a count where the same text stands again."""
    digest = text_hash(line)
    seen[digest] += 1
    repeat = f"-{seen[digest]}" if seen[digest] > 1 else ""
    return f"{name}:{digest}{repeat}"
