"""A document → paragraphs with heading chains and exact offsets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from topics.characters import plain
from topics.corpus.documents import Document, Line, between_words, joined, plain_document
from topics.corpus.furniture import furniture_reason
from topics.corpus.headings import LETTER_SPACE, Chain, heading_level, is_heading, is_spaced, run_in, visible
from topics.corpus.healing import heal
from topics.corpus.reading import read_document
from topics.corpus.surroundings import furniture_reasons
from topics.errors import InputError
from topics.files import readable_name
from topics.records import Dropped, Heading, Paragraph, Report, text_hash

_AROUND = " \t\u3000*_"
"""White space, and the marks of bold in Markdown, around a heading in one line with its paragraph."""


def read_report(path: Path, encoding: str | None = None) -> Report:
    """Read a report file and split it into paragraphs.

    Parameters
    ----------
    path : Path
        A report as text, Markdown, saved web page, Word file or PDF file.
    encoding : str, optional
        The encoding of a text; found out if not given.

    Raises
    ------
    InputError
        If the file cannot be read or decoded, or no paragraph is found in it.
    MissingExtraError
        If its form needs a library that is not installed.
    """
    return report_of(readable_name(path.stem), read_document(path, encoding), readable_name(str(path)))


def report_of(name: str, document: Document, place: str) -> Report:
    """Split a document, or raise an `InputError` naming `place` if there is no paragraph in it."""
    report = split_document(name, document)
    if not report.paragraphs:
        raise InputError(f"{place}: no paragraph found; is it a report?")
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
    return split_document(name, plain_document(text, encoding))


def split_document(name: str, document: Document) -> Report:
    """Split a document into paragraphs, headings and furniture; see `split_report`."""
    simple = plain(document.text)
    texts = [simple[line.start : line.end] for line in document.lines]
    reasons = furniture_reasons(document.lines, texts)
    splitter = _Splitter(name, document)
    groups = (
        [[i] for i, r in enumerate(reasons) if r is None] if document.whole else heal(document.lines, texts, reasons)
    )
    for group in groups:
        splitter.add([document.lines[i] for i in group], [texts[i] for i in group])
    furniture = (
        Dropped(line.start, line.end, reason)
        for line, reason in zip(document.lines, reasons, strict=True)
        if reason is not None
    )
    return Report(
        name,
        document.text,
        document.encoding,
        tuple(splitter.paragraphs),
        tuple(sorted((*furniture, *splitter.dropped), key=lambda d: d.start)),
        tuple(splitter.headings),
        document.title,
    )


@dataclass(slots=True)
class _Splitter:
    """Takes the lines of one heading or paragraph after another."""

    name: str
    document: Document
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, lines: Sequence[Line], texts: Sequence[str]) -> None:
        """Take the lines of a heading or paragraph; or of furniture, as wrapped lines may show only together."""
        first, whole = lines[0], texts[0] if len(lines) == 1 else plain(joined([line.text for line in lines]))
        simple = visible(whole)
        reason = "no visible character" if not simple else furniture_reason(simple) if len(lines) > 1 else None
        if reason:
            self.dropped.append(Dropped(first.start, lines[-1].end, reason))
            return
        bold, spaced = first.bold and _bold(lines), is_spaced(whole)
        if is_heading(simple, first.style, bold):
            self._head(_closed(joined([line.text for line in lines]), spaced), lines[-1].end, simple, first)
            return
        lead = run_in(whole, bold) if whole[0] == simple[0] else 0
        if 0 < lead <= len(first.text):
            text = _closed(first.text[:lead].strip(_AROUND), spaced)
            self._head(text, first.start + lead, whole[:lead], first, run_in=True)
        elif heading_level(simple):
            self.chain.close(heading_level(simple))
        self._paragraph(lines, spaced=spaced)
        self.chain.text_follows()

    def _head(self, text: str, end: int, simple: str, line: Line, *, run_in: bool = False) -> None:
        """Take a heading."""
        depth = self.chain.push(text, simple, line.style, run_in=run_in)
        self.headings.append(Heading(text, line.start, end, depth, line.place))

    def _paragraph(self, lines: Sequence[Line], *, spaced: bool) -> None:
        """Take a paragraph."""
        start, end = lines[0].start, lines[-1].end
        text = self.document.text[start:end]
        breaks = [(a.end + between_words(a.text, b.text) - start, b.start - start) for a, b in pairwise(lines)]
        if spaced:
            spaces = ((x.start - start, space) for x in lines for space in LETTER_SPACE.finditer(x.text))
            breaks = sorted([*breaks, *((offset + space.start(), offset + space.end()) for offset, space in spaces)])
        digest = text_hash("".join([line.text for line in lines]) if breaks else text)
        self.seen[digest] += 1
        repeat = f"-{self.seen[digest]}" if self.seen[digest] > 1 else ""
        self.paragraphs.append(
            Paragraph(
                self.name,
                len(self.paragraphs) + 1,
                f"{self.name}:{digest}{repeat}",
                self.chain.headings(),
                text,
                start,
                end,
                tuple(breaks),
                lines[0].place,
            )
        )


def _bold(lines: Sequence[Line]) -> int:
    """Count the characters in bold from the start of a paragraph on."""
    return sum(x.bold for x in lines) if all(x.bold == len(x.text) for x in lines[:-1]) else lines[0].bold


def _closed(heading: str, spaced: bool) -> str:
    """A heading without the spaces between its characters, where its line is spaced out."""
    return LETTER_SPACE.sub("", heading) if spaced else heading
