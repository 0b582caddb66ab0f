"""The small value types that flow through the package; all frozen, none knows how it was made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

OTHER = "other"
"""The primary topic of a paragraph that has no topic."""


def text_hash(text: str) -> str:
    """Hash a text, white space aside, as labels and ids carry it.

    Parameters
    ----------
    text : str
        Text of a paragraph.

    Returns
    -------
    str
        The first 12 hexadecimal digits of the SHA-256 of the text without white space.

    Examples
    --------
    >>> text_hash("全年 调解") == text_hash("全年调解")
    True
    """
    return hashlib.sha256("".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report, the unit that is labelled.

    Attributes
    ----------
    report : str
        Name of the report: its file name without the ending.
    number : int
        Place among the report's paragraphs, from 1.
    id : str
        Report and hash of the text; it stays the same when text above the paragraph changes.
    headings : tuple of str
        The headings it stands under, outermost first.
    text : str
        The paragraph as it stands in the report.
    start, end : int
        Offsets in characters into the decoded file: ``decoded[start:end] == text``.
    breaks : tuple of (int, int)
        Stretches of `text` that are not of the paragraph: line breaks in a hard-wrapped report, and the page numbers
        and running heads between two pages. Empty for most.
    place : int or None
        Number of the page (PDF) or of the paragraph (Word) in which it begins, from 1.
    """

    report: str
    number: int
    id: str
    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    place: int | None = None

    @property
    def reading(self) -> str:
        """The text as it reads: without its breaks."""
        if not self.breaks:
            return self.text
        bounds = [0, *(offset for span in self.breaks for offset in span), len(self.text)]
        pieces = [self.text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
        # A piece ends with white space only where one character of the break stands for a space between words.
        return "".join(f"{piece[:-1]} " if piece[-1].isspace() else piece for piece in pieces)

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Give the stretch of `text` that holds the characters from `start` to `end` of `reading`."""
        return self._offset(start), self._offset(end - 1) + 1 if end > start else self._offset(start)

    def _offset(self, position: int) -> int:
        """Give the place in `text` of a character of `reading`."""
        for start, end in self.breaks:
            if position < start:
                break
            position += end - start
        return position

    @property
    def heading(self) -> str:
        """The innermost heading above the text, or the empty string; one in the same line is part of the text."""
        return next((heading for heading in reversed(self.headings) if not self.reading.startswith(heading)), "")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of a report that is not text: page furniture, with the reason why it was left out."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a report.

    Attributes
    ----------
    text : str
        The heading as it reads; where it stands in one line with a paragraph, the part of the paragraph that is it.
    start, end : int
        Offsets in characters into the decoded file; line breaks may lie between them.
    depth : int
        How deep it stands among the headings open at its place, from 1 (outermost).
    place : int or None
        Number of its page or paragraph, as in `Paragraph`.
    """

    text: str
    start: int
    end: int
    depth: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report, read and split.

    Attributes
    ----------
    name : str
        File name without the ending.
    text : str
        The decoded file, into which all offsets point; for a page, a Word file or a PDF file the lines found in it.
    encoding : str
        The encoding in which the file was read, or its form (``docx``, ``pdf``) where it has none of its own.
    paragraphs : tuple of Paragraph
        Its paragraphs in order.
    dropped : tuple of Dropped
        The lines left out as page furniture.
    headings : tuple of Heading
        Its headings in order.
    title : str
        The title that the file carries apart from its text.
    """

    name: str
    text: str
    encoding: str
    paragraphs: tuple[Paragraph, ...]
    dropped: tuple[Dropped, ...] = ()
    headings: tuple[Heading, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What a person gave to a paragraph.

    Attributes
    ----------
    report : str
        Name of the report.
    paragraph : int
        Number of the paragraph in it.
    hash : str
        `text_hash` of the paragraph as the annotator read it.
    topics : tuple of str
        Topic ids, possibly none.
    primary : str
        One of `topics`, or ``"other"`` iff there is none.
    annotator, note : str
        Who gave the label, and a remark.
    """

    report: str
    paragraph: int
    hash: str
    topics: tuple[str, ...]
    primary: str
    annotator: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paragraph that carries a topic, marked by its writer; offsets are into the paragraph's text."""

    start: int
    end: int
    topic: str


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled paragraph to learn from or to measure on.

    Attributes
    ----------
    text, heading : str
        The paragraph and its innermost heading.
    topics : tuple of str
        Gold topics.
    primary : str
        Gold primary topic; empty where the labels do not tell.
    group : str
        The report (or row) it belongs to; splits never part a group.
    spans : tuple of Span or None
        The clauses that carry the topics; None where nobody marked them.
    """

    text: str
    heading: str
    topics: tuple[str, ...]
    primary: str
    group: str
    spans: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class TermWeight:
    """A term that raised (or, below 0, lowered) a topic's logit; offsets are into the paragraph's text."""

    term: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage adds to a topic's logit.

    Attributes
    ----------
    topic : str
        The topic.
    start, end : int
        The passage: offsets into the paragraph's text.
    weight : float
        The sum over all the passage's terms.
    terms : tuple of TermWeight
        Its strongest terms, strongest first.
    probability : float or None
        That the passage speaks for the topic, where its neighbours are heard too.
    """

    topic: str
    start: int
    end: int
    weight: float
    terms: tuple[TermWeight, ...] = ()
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A topic that was assigned, with its probability and status: ``"auto"`` or ``"review"``."""

    probability: float
    status: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model gave to a paragraph.

    Attributes
    ----------
    topics : tuple of str
        Topics, most probable first.
    primary : str
        Topic with the greatest share of the text; ``"other"`` iff `topics` is empty.
    scores : dict of str to float
        Probability of every topic.
    confidence : float or None
        Probability that `primary` is right, where a precision was asked for.
    status : str
        ``"auto"`` if the promise of precision covers `primary`, else ``"review"``; empty where none was asked for.
    labels : dict of str to Mark
        The assigned topics with the same mark each, where a precision was asked for.
    """

    topics: tuple[str, ...]
    primary: str
    scores: dict[str, float]
    confidence: float | None = None
    status: str = ""
    labels: dict[str, Mark] = field(default_factory=dict)
