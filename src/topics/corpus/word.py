"""Word files (.docx) → document: the paragraphs of the body in order, with heading styles, numbering and bold.

Opened by python-docx; the text is taken from the XML below it, so that links, tables, text boxes and
insertions are in it and deletions are not.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

from topics.corpus.archives import open_archive
from topics.corpus.documents import Document, Line, laid_out
from topics.corpus.numbering import Numbering
from topics.errors import InputError

_BODY = "word/document.xml"
_FOREIGN = {
    "xl/workbook.xml": "a workbook; save the column of paragraphs as CSV and use --text",
    "ppt/presentation.xml": "a presentation; save its text",
    "content.xml": "an OpenDocument file; convert it with LibreOffice: soffice --headless --convert-to docx FILE",
}
_CELL_LONGEST = 60
_P, _R, _T, _TAB, _BR, _TR, _TC, _TXBX = (qn(f"w:{t}") for t in ("p", "r", "t", "tab", "br", "tr", "tc", "txbxContent"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = (_FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:instrText"))
_NO_BREAK_HYPHEN = qn("w:noBreakHyphen")


def read_word(data: bytes, place: str) -> Document:
    """Read a Word file.

    Parameters
    ----------
    data : bytes
        The file's content.
    place : str
        What to call it in an error.

    Returns
    -------
    Document
        A line a paragraph, with its number in the file; page headers and footers as furniture at the end.

    Raises
    ------
    InputError
        If the file is damaged, password-protected, too large when unpacked, or no Word file.
    """
    with open_archive(data, place) as archive:
        names = set(archive.namelist())
        if _BODY not in names:
            kind = next((what for name, what in _FOREIGN.items() if name in names), "no Word file; unpack it first")
            raise InputError(f"{place}: {kind}")
        if any(b"<!DOCTYPE" in archive.read(name)[:4096] for name in names if name.endswith((".xml", ".rels"))):
            raise InputError(f"{place}: declares XML entities, as no word processor does; refused")
    try:
        word = docx.Document(io.BytesIO(data))
        return laid_out(_lines(word), "docx", word.core_properties.title or "")
    except (KeyError, ValueError, BadZipFile, etree.LxmlError, AttributeError) as error:
        raise InputError(f"{place}: damaged, or no Word file ({error}); save it again") from None


def _lines(word: WordDocument) -> Iterator[Line]:
    """Give the lines of a file in order."""
    styles = _Styles(word)
    for number, element in enumerate(_paragraphs(word.element.body), 1):
        yield from styles.lines(element, number)
    seen: set[str] = set()
    for section in word.sections:
        for part in (section.header, section.footer):
            for text in ("" if part.is_linked_to_previous else p.text.strip() for p in part.paragraphs):
                if text and text not in seen:
                    seen.add(text)
                    yield Line(" ".join(text.split()), furniture="running head")


def _paragraphs(root: Any) -> Iterator[Any]:
    """Give the paragraph elements below an element, in order, deletions and doubled drawings aside."""
    for element in root.iter(_P):
        if not any(a.tag == _FALLBACK for a in element.iterancestors()):
            yield element


@dataclass(slots=True)
class _Styles:
    """What the styles of a file say of its paragraphs."""

    word: WordDocument
    numbering: Numbering = field(init=False)
    styles: dict[str, Any] = field(init=False)
    row: Any = None
    tabular: bool = False

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.word)
        self.styles = {style.style_id: style for style in self.word.styles}

    def lines(self, element: Any, number: int) -> Iterator[Line]:
        """Give the lines of a paragraph: one, or several where a line break parts it."""
        style = self._style(element)
        label = self.numbering.label(element, style)
        level = _outline_level(element, style)
        strong = _on(style.element, "w:rPr/w:b") if style is not None else False
        pieces = _pieces(element, strong)
        furniture = _furniture(style) or self._in_table(element)
        for text, bold in _split(pieces):
            bare = label + text.strip()
            bold = len(bare) if bold >= len(text.rstrip()) else bold + len(label)
            bold = bold if any(b for _, b in pieces) else 0
            if bare:
                yield Line(bare, style=level, bold=bold, furniture=furniture, place=number)
            label = ""

    def _in_table(self, element: Any) -> str:
        """Tell whether a paragraph is a cell of a table of figures."""
        row = next((a for a in element.iterancestors() if a.tag == _TR), None)
        if row is not self.row:
            self.row, self.tabular = row, row is not None and _short_cells(row)
        return "table cell" if self.tabular else ""

    def _style(self, element: Any) -> Any:
        """Give the style of a paragraph, None where it has none of its own."""
        found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(found.get(qn("w:val"))) if found is not None else None


def _pieces(element: Any, strong: bool) -> list[tuple[str, bool]]:
    """Give the text of a paragraph's runs, and whether each is bold."""
    pieces: list[tuple[str, bool]] = []
    for run in element.iter(_R):
        between = [a.tag for a in _up_to(run, element)]
        if any(tag in _SKIPPED or tag == _TXBX for tag in between):
            continue
        bold = _on(run, "w:rPr/w:b", strong)
        text = "".join(_text(child) for child in run)
        pieces.append((text, bold)) if text else None
    return pieces


def _up_to(element: Any, top: Any) -> Iterator[Any]:
    """Give the ancestors of an element below another."""
    for ancestor in element.iterancestors():
        if ancestor is top:
            return
        yield ancestor


def _text(child: Any) -> str:
    """Give the text of a part of a run."""
    if child.tag == _T:
        return child.text or ""
    return {_TAB: "\t", _BR: "\n", _NO_BREAK_HYPHEN: "-", qn("w:cr"): "\n"}.get(child.tag, "")


def _split(pieces: list[tuple[str, bool]]) -> list[tuple[str, int]]:
    """Part runs at line breaks: each line's text and how many characters from its start are bold."""
    lines: list[list[Any]] = [["", 0]]
    for text, bold in pieces:
        for i, part in enumerate(text.splitlines() + ([""] if text.endswith("\n") else [])):
            if i:
                lines.append(["", 0])
            line = lines[-1]
            if bold and line[1] == len(line[0]):
                line[1] += len(part)
            line[0] += part
    return [(text, bold) for text, bold in lines]


def _outline_level(element: Any, style: Any) -> int | None:
    """Give the level of a heading, 0 for a title, by the paragraph's outline level or its style; None for text."""
    own = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    level = _value(own)
    while level is None and style is not None:
        level = _value(style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
        name = (style.name or "").lower()
        if level is None and name == "title":
            return 0
        if level is None and name.startswith("heading ") and name[8:].isdigit():
            level = int(name[8:]) - 1
        style = style.base_style
    return level + 1 if level is not None and 0 <= level < 9 else None


def _value(element: Any) -> int | None:
    """Give an element's number."""
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) if value.isdigit() else None


def _on(element: Any, path: str, default: bool = False) -> bool:
    """Tell whether a property is switched on."""
    found = element.find("/".join(qn(part) for part in path.split("/")))
    return default if found is None else found.get(qn("w:val"), "1") not in ("0", "false", "off")


def _furniture(style: Any) -> str:
    """Tell by its style why a paragraph is furniture; empty where it is text."""
    name = (style.name or "").lower() if style is not None else ""
    return "contents line" if name.startswith("toc") else "caption" if name == "caption" else ""


def _short_cells(row: Any) -> bool:
    """Tell whether a row has several cells and all of them are short, as in a table of figures."""
    lengths = [sum(len(t.text or "") for t in cell.iter(_T)) for cell in row if cell.tag == _TC]
    return sum(n > 0 for n in lengths) > 1 and max(lengths) <= _CELL_LONGEST
