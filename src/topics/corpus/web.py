"""Saved web pages → document: every visible line of the page; those outside the main text carry the reason why.

The page is parsed by lxml. Which lines are furniture is told by the elements around them: what they are called, how
much of them is links, and whether they lie in the part of the page that holds its prose.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree, html

from topics.corpus.documents import Document, Line, laid_out
from topics.corpus.encodings import decode
from topics.corpus.headings import ends_sentence, heading_level
from topics.corpus.pagelines import Piece, page_lines
from topics.errors import InputError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,80}encoding=[\"']([\w-]+)", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
MAX_PAGE_BYTES = 16 * 1024 * 1024
"""A parsed page takes many times its size in memory; no report's page is larger."""

_MAIN_SHARE = 0.9
_REGION_SHARE = 0.5
_LINKED_SHARE = 0.3
_LINK_LONGEST = 80
_DATE = re.compile(r"[\[(（【]?(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）】]?\s*$")
_TEASER = re.compile(r"[\[【(（]?\s*(?:详细|详情|更多|查看全文|阅读全文|查看详情)\s*[\]】)）]?[>＞»…\s]*$")
_NAME_ABOVE, _NAME_LEAST = 3, 6


def read_page(data: bytes, place: str, encoding: str | None = None, declared: str | None = None) -> Document:
    """Read a saved web page.

    Parameters
    ----------
    data : bytes
        The file's content.
    place : str
        What to call it in an error.
    encoding : str, optional
        Its encoding; else the one it declares, unless its bytes speak against that.
    declared : str, optional
        The encoding that is declared outside it.

    Raises
    ------
    InputError
        If it decodes in no encoding, or is nested too deeply to be read whole.
    """
    if len(data) > MAX_PAGE_BYTES:
        raise InputError(
            f"{place}: {len(data):,} bytes is too large for a page (limit {MAX_PAGE_BYTES:,}); save its text"
        )
    match = _CHARSET.search(data[:4096])
    if match and not declared:
        declared = (match.group(1) or match.group(2)).decode("ascii", "ignore")
    text, encoding = decode(data, place, encoding, declared)
    return _document(_DECLARATION.sub("", text), encoding, place)


def read_archived_page(data: bytes, place: str, encoding: str | None = None) -> Document:
    """Read a web page saved as one file (MHTML): its first page, the rest being pictures and style."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if any(type(d).__name__ == "CloseBoundaryNotFoundDefect" for d in part.defects):
            raise InputError(f"{place}: the file is truncated; save the page again")
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return _archived_part(part, place, encoding)
    raise InputError(f"{place}: no page in it; save the page again")


def _archived_part(part: email.message.EmailMessage, place: str, encoding: str | None) -> Document:
    """Read the page of an archived page."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or part.defects:
        raise InputError(f"{place}: the page in it is damaged; save the page again")
    return read_page(payload, place, encoding, part.get_content_charset())


def _document(text: str, encoding: str, place: str) -> Document:
    """Make a document of a page."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError(f"{place}: not a web page that can be read: {error}") from None
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise InputError(f"{place}: the page is nested too deeply to be read whole; save its text instead")
    pieces = list(page_lines(root))
    if not pieces and root.find(".//frame") is not None:
        raise InputError(f"{place}: a page of frames, which are files of their own; save the frame with the text")
    title = " ".join((root.findtext(".//title") or "").split())
    return laid_out(_lines(root, pieces, title), encoding, title)


def _lines(root: html.HtmlElement, pieces: Sequence[Piece], title: str) -> list[Line]:
    """Tell the article from the rest of the page."""
    prose = _sums(root, pieces, [p.prose for p in pieces])
    whole = prose[root]
    # A name is not believed of an element that holds most of the prose.
    aside = [
        p.place.region.reason if p.place.region and prose[p.place.region.element] <= _REGION_SHARE * whole else ""
        for p in pieces
    ]
    main = _main_element(root, [p for p, reason in zip(pieces, aside, strict=True) if not reason])
    elements = set(main.iter())
    within = [piece.place.element in elements for piece in pieces]
    name = _name_above(pieces, within.index(True) if True in within else 0, title)
    return [
        Line(
            piece.text,
            style=piece.place.style,
            bold=piece.bold,
            furniture=reason or _reason(piece, within=inside or i == name),
        )
        for i, (piece, reason, inside) in enumerate(zip(pieces, aside, within, strict=True))
    ]


def _name_above(pieces: Sequence[Piece], first: int, title: str) -> int | None:
    """Find the name of the article where it stands in a block of its own: in the page's title, or in bold."""
    for i in range(first - 1, max(first - 1 - _NAME_ABOVE, -1), -1):
        piece = pieces[i]
        named = len(piece.text) >= _NAME_LEAST and piece.text in title
        if not piece.linked and (named or piece.bold >= len(piece.text) >= _NAME_LEAST):
            return i
    return None


def _reason(piece: Piece, *, within: bool) -> str:
    """Tell why a line is furniture; empty where it is text."""
    if piece.linked and _TEASER.search(piece.text):
        return "link"
    if piece.place.style is not None or piece.prose:
        return ""
    undated = len(_DATE.sub("", piece.text))
    if piece.linked * 5 >= undated * 4 > 0 and len(piece.text) <= _LINK_LONGEST:
        return "link"
    if piece.place.tabular and not ends_sentence(piece.text):
        return "table cell"
    return "" if within or heading_level(piece.text) else "outside the main text"


def _main_element(root: html.HtmlElement, pieces: Sequence[Piece]) -> html.HtmlElement:
    """Find the innermost element that holds the prose, then widen it as long as no block of links joins."""
    prose = _sums(root, pieces, [p.prose for p in pieces])
    main = root
    while True:
        inner = next((child for child in main if prose[child] >= _MAIN_SHARE * prose[root] > 0), None)
        if inner is None:
            break
        main = inner
    length = _sums(root, pieces, [len(p.text) for p in pieces])
    linked = _sums(root, pieces, [p.linked for p in pieces])
    outer = main.getparent()
    while outer is not None and linked[outer] - linked[main] <= _LINKED_SHARE * (length[outer] - length[main]):
        main, outer = outer, outer.getparent()
    return main


def _sums(root: html.HtmlElement, pieces: Sequence[Piece], values: Sequence[int]) -> Counter[html.HtmlElement]:
    """Add up a value of the lines in every element."""
    sums: Counter[html.HtmlElement] = Counter()
    for piece, value in zip(pieces, values, strict=True):
        sums[piece.place.element] += value
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is not None and sums[element]:
            sums[parent] += sums[element]
    return sums
