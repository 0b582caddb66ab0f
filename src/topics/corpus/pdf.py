"""PDF files with a text layer → document: printed lines, by their place on the page, become whole paragraphs again.

The characters and their boxes come from PDFium (pypdfium2).
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from topics.characters import plain
from topics.corpus.documents import Document, Line, joined, laid_out
from topics.corpus.healing import heal
from topics.corpus.printing import Printed, blocks
from topics.corpus.surroundings import furniture_reasons
from topics.errors import InputError

MAX_PAGES = 3000
_TAIL = 4096
_REMEDY = "recognise its text first (OCR, e.g. ocrmypdf -l chi_sim)"
_DIGITS = re.compile(r"\d+")
_CLAUSE = re.compile("[，。；！？]")
_UNREADABLE = 0.01
_HEAD_LINES = 2
_HEAD_LONGEST = 60
_WIDE_GAP = 1.6
_WIDE_SPACE = 1.5
_USUAL_SIZE = 10.5
_BREAKS = frozenset("\r\n")


def read_pdf(data: bytes, place: str) -> Document:
    """Read a PDF file.

    Parameters
    ----------
    data : bytes
        The file's content.
    place : str
        What to call it in an error.

    Returns
    -------
    Document
        A line a paragraph, with the page on which it begins.

    Raises
    ------
    InputError
        If the file is damaged, truncated, password-protected, too long, or has no text layer.
    """
    if b"%%EOF" not in data[-_TAIL:]:
        raise InputError(f"{place}: truncated; get the whole file")
    try:
        with pypdfium2.PdfDocument(data) as file:
            pages = len(file)
            if pages > MAX_PAGES:
                raise InputError(f"{place}: {pages:,} pages is too long for a report (limit {MAX_PAGES:,}); split it")
            blocked = [blocks(_pieces(file, number)) for number in range(1, pages + 1)]
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(f"{place}: password-protected; save it without a password") from None
        raise InputError(f"{place}: damaged ({error}); save it again") from None
    printed = [[line for block in page for line in block] for page in blocked]
    _check_text_layer(printed, place)
    return _reflowed([line for page in blocked for block in page for line in _placed(block)], printed)


def _check_text_layer(printed: Sequence[Sequence[Printed]], place: str) -> None:
    """Refuse scanned pages, and fonts that do not tell their characters."""
    if sum(bool(page) for page in printed) * 2 < len(printed) or not any(printed):
        raise InputError(f"{place}: pages without a text layer (scanned?); {_REMEDY}")
    text = "".join(line.text for page in printed for line in page)
    if text.count("\ufffd") > _UNREADABLE * len(text):
        raise InputError(f"{place}: its fonts do not tell which characters they show; {_REMEDY}")


def _pieces(file: pypdfium2.PdfDocument, number: int) -> list[Printed]:
    """Give the printed lines of a page, parted at wide white space, in the order in which the file sets them."""
    page = file[number - 1]
    text_page = page.get_textpage()
    pieces: list[Printed] = []
    start, characters = 0, [_character(text_page, i) for i in range(text_page.count_chars())]
    for line, end in enumerate([*(i for i, c in enumerate(characters) if c in _BREAKS), len(characters)]):
        visible = [i for i in range(start, end) if not characters[i].isspace()]
        if visible:
            size = pdfium.FPDFText_GetFontSize(text_page.raw, visible[0])
            size = size if size > 1 else _USUAL_SIZE
            for first, last, behind in _parted(text_page, visible, size):
                (left, _, bottom), (_, right, _) = _box(text_page, first), _box(text_page, last)
                text = "".join(characters[first:behind])
                pieces.append(Printed(text, left, right, bottom, size, number, line))
        start = end + 1
    text_page.close()
    page.close()
    return pieces


def _parted(page: pypdfium2.PdfTextPage, visible: Sequence[int], size: float) -> Iterator[tuple[int, int, int]]:
    """Part a line at wide white space: the first and last character of each piece, and where the next one begins."""
    first = visible[0]
    for here, there in pairwise(visible):
        if there > here + 1 and _box(page, there)[0] - _box(page, here)[1] > _WIDE_SPACE * size:
            yield first, here, there
            first = there
    yield first, visible[-1], visible[-1] + 1


def _character(page: pypdfium2.PdfTextPage, index: int) -> str:
    """Give a character of a page; one that its font does not tell is U+FFFD."""
    code = pdfium.FPDFText_GetUnicode(page.raw, index)
    if code in (0x02, 0xFFFE):  # how PDFium marks a hyphen at the end of a line
        return "-"
    return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _box(page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float]:
    """Give the left, right and bottom of a character."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(page.raw, index, left, right, bottom, top)
    return left.value, right.value, bottom.value


def _placed(page: Sequence[Printed]) -> Iterator[Line]:
    """Measure the lines of a page, or of one of its blocks, in columns from its left margin."""
    if not page:
        return
    margin = min(line.left for line in page)
    pitches = [abs(a.bottom - b.bottom) for a, b in pairwise(page)]
    usual = median(p for p in pitches if p > 1) if any(p > 1 for p in pitches) else 0.0
    for i, line in enumerate(page):
        column = line.size / 2
        wide = i > 0 and pitches[i - 1] > _WIDE_GAP * usual
        yield Line(
            line.text,
            indent=round((line.left - margin) / column),
            width=round((line.right - margin) / column),
            gap=int(wide),
            place=line.page,
        )


def _running_heads(printed: Sequence[Sequence[Printed]]) -> set[tuple[int, str]]:
    """Find the lines at the top and foot of pages that come again, numbers aside, on many pages."""
    places: Counter[str] = Counter()
    ends = [{*page[:_HEAD_LINES], *page[-_HEAD_LINES:]} for page in printed]
    for lines in ends:
        heads = (x.text for x in lines if len(x.text) <= _HEAD_LONGEST and not _CLAUSE.search(x.text))
        places.update({_DIGITS.sub("0", head) for head in heads})
    least = max(2, len(printed) * 2 // 5)
    return {(x.page, x.text) for lines in ends for x in lines if places[_DIGITS.sub("0", x.text)] >= least}


def _reflowed(lines: Sequence[Line], printed: Sequence[Sequence[Printed]]) -> Document:
    """Join the printed lines of each paragraph; furniture in its midst comes behind it."""
    heads = _running_heads(printed)
    lines = [replace(x, furniture="running head") if (x.place, x.text) in heads else x for x in lines]
    texts = [plain(line.text) for line in lines]
    reasons = furniture_reasons(lines, texts)
    whole: list[tuple[int, Line]] = []
    home = list(range(len(lines)))
    for group in heal(lines, texts, reasons):
        whole.append((group[0], replace(lines[group[0]], text=joined([lines[i].text for i in group]))))
        for i in range(group[0], group[-1]):
            home[i] = group[0]
    for i, reason in enumerate(reasons):
        if reason is not None:
            whole.append((home[i], replace(lines[i], furniture=reason)))
    ordered = sorted(whole, key=lambda pair: pair[0])
    return replace(laid_out((line for _, line in ordered), "pdf"), whole=True)
