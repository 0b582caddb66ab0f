"""What every form of report is read into: a decoded text and the lines of it, with what the form tells of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\f\v\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document, white space around it aside.

    Attributes
    ----------
    text : str
        The line.
    start : int
        Its offset in the document's text.
    indent, width : int
        Columns left of the line, and up to its right end; a Chinese character takes two.
    gap : int
        Blank lines above it.
    style : int or None
        Level of the heading that the form says it is: 0 a title, from 1 the others.
    bold : int
        How many characters from its start are set in bold.
    furniture : str
        Why the form says that it is no text; empty where it does not.
    place : int or None
        Number of its page (PDF) or paragraph (Word), from 1.
    """

    text: str
    start: int = 0
    indent: int = 0
    width: int = 0
    gap: int = 0
    style: int | None = None
    bold: int = 0
    furniture: str = ""
    place: int | None = None

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Document:
    """A report file as it was read.

    Attributes
    ----------
    text : str
        The decoded file; for a page, a Word file or a PDF file the lines found in it, joined by line breaks.
    encoding : str
        Encoding of the file, or the name of its form where it has none of its own.
    lines : tuple of Line
        The lines that are not blank; ``text[line.start:line.end] == line.text``.
    title : str
        The title that the form carries apart from the text.
    whole : bool
        Whether every line is a whole heading or paragraph, so that nothing is to be healed.
    """

    text: str
    encoding: str
    lines: tuple[Line, ...]
    title: str = ""
    whole: bool = False


def plain_document(text: str, encoding: str = "utf-8") -> Document:
    r"""Make a document of plain text.

    Examples
    --------
    >>> [(line.text, line.start, line.gap) for line in plain_document("一、调解 \n\n　调解纠纷").lines]
    [('一、调解', 0, 0), ('调解纠纷', 8, 1)]
    """
    lines: list[Line] = []
    behind = 0
    for match in _LINE.finditer(text):
        whole = match.group()
        bare = whole.strip()
        if bare:
            start = match.start() + whole.index(bare[0])
            gap = len(_BREAK.findall(text, behind, start)) - 1 if lines and start > behind + 1 else 0
            indent = columns(whole[: start - match.start()]) if start > match.start() else 0
            lines.append(Line(bare, start, indent, indent + columns(bare), gap))
            behind = start + len(bare)
    return Document(text, encoding, tuple(lines))


def laid_out(lines: Iterable[Line], form: str, title: str = "") -> Document:
    """Make a document of lines that have no text to stand in yet: they are joined by line breaks."""
    placed: list[Line] = []
    offset = 0
    for line in lines:
        text = _BREAK.sub(" ", line.text)
        placed.append(replace(line, text=text, start=offset, width=line.width or columns(text)))
        offset += len(text) + 1
    return Document("\n".join(line.text for line in placed), form, tuple(placed), title)


def columns(text: str) -> int:
    """Count the columns a text takes: two for a character that UTF-8 needs three bytes for."""
    return len(text) + (len(text.encode("utf-8", "surrogatepass")) - len(text)) // 2


def between_words(above: str, below: str) -> bool:
    """Tell whether a line break between two lines parts Latin words, so that it stands for a space."""
    return above[-1:].isascii() and above[-1:].isalnum() and below[:1].isascii() and below[:1].isalpha()


def joined(pieces: Sequence[str]) -> str:
    """Join the lines of a paragraph that line breaks had cut.

    Examples
    --------
    >>> joined(["全年排查矛盾", "纠纷", "Peaceful", "County"])
    '全年排查矛盾纠纷Peaceful County'
    """
    text = pieces[0]
    for piece in pieces[1:]:
        text += f" {piece}" if between_words(text, piece) else piece
    return text
