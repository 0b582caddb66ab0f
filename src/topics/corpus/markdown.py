"""Markdown → document. Its text stays as it stands in the file; marks around a line are left out of the line."""

from __future__ import annotations

import re
from dataclasses import replace

from topics.corpus.documents import Document, Line, plain_document

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_QUOTE_OR_ITEM = re.compile(r"(?:>\s*|[-*+]\s+)+")
_UNDERLINE = re.compile(r"=+|-+")
_BOLD = re.compile(r"(\*\*|__)(.+?)\1")
_TABLE = re.compile(r"\|.*\|")
_FENCE = re.compile(r"(?:```|~~~).*")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


def markdown_document(text: str, encoding: str) -> Document:
    r"""Make a document of Markdown.

    Examples
    --------
    >>> [(x.text, x.style, x.bold) for x in markdown_document("## 调解\n**排查。**全年排查", "utf-8").lines]
    [('调解', 2, 0), ('**排查。**全年排查', None, 7)]
    """
    plain = plain_document(text, encoding)
    lines: list[Line] = []
    front = plain.lines[:1] and plain.lines[0].text == "---"
    for i, line in enumerate(plain.lines):
        if front:
            front = i == 0 or line.text != "---"
            lines.append(replace(line, furniture="front matter"))
        elif lines and _UNDERLINE.fullmatch(line.text) and not line.gap:
            lines[-1] = replace(lines[-1], style=1 if line.text[0] == "=" else 2)
            lines.append(replace(line, furniture="heading mark"))
        else:
            lines.append(_line(line))
    return replace(plain, lines=tuple(lines))


def _line(line: Line) -> Line:
    """Read the marks of a line."""
    for reason, pattern in (("table row", _TABLE), ("code fence", _FENCE), ("picture", _PICTURE)):
        if pattern.fullmatch(line.text):
            return replace(line, furniture=reason)
    heading = _HEADING.fullmatch(line.text)
    if heading and heading.group(2):
        return _within(line, *heading.span(2), style=len(heading.group(1)))
    item = _QUOTE_OR_ITEM.match(line.text)
    line = _within(line, item.end(), len(line.text)) if item and item.end() < len(line.text) else line
    bold = _BOLD.match(line.text)
    if bold and bold.end() == len(line.text):
        return replace(_within(line, *bold.span(2)), bold=len(bold.group(2)))
    return replace(line, bold=bold.end() if bold else 0)


def _within(line: Line, start: int, end: int, style: int | None = None) -> Line:
    """A part of a line."""
    text = line.text[start:end]
    return replace(line, text=text, start=line.start + start, style=style)
