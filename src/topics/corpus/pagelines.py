"""A parsed web page → its visible lines, each with what the elements around it tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

_NAME = re.compile(r"\w+")
_SILENT = frozenset(
    _NAME.findall("script style template noscript noframes head title meta link object iframe select option svg math")
)
_BLOCKS = frozenset(
    _NAME.findall(
        "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer"
        " form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td tfoot th"
        " thead tr ul"
    )
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BOLD = frozenset(("b", "strong"))
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAGS = {"nav": "navigation", "footer": "page footer", "aside": "beside the text", "figcaption": "caption"}
# What makers of pages call the parts that are not the article, in class and id.
_NAMES = (
    (
        "navigation",
        "nav|navi|navbar|navigation|menu|submenu|crumbs?|breadcrumbs?|location|position|weizhi|dqwz|pager|pagination",
    ),
    ("page footer", "footer|foot|copyright"),
    ("related pages", "related|relate|relevant|recommend|xg[a-z]{2}|hot|rank"),
    (
        "beside the text",
        "sidebar|aside|share|bdshare|toolbar|tools|comments?|qr|qrcode|login|search|links|friendlinks?",
    ),
)
_NAMED = tuple(
    (reason, re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_\d-])", re.IGNORECASE)) for reason, names in _NAMES
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SENTENCE_END = re.compile(r"[。！？；]")
_SENTENCE_LEAST = 6
_CELL_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Region:
    """An element that says by its name or style that it is not the article."""

    element: html.HtmlElement
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: its innermost block, and what the blocks around it tell.

    Attributes
    ----------
    element : HtmlElement
        The innermost block.
    region : Region or None
        The outermost element around it that says that it is not the article.
    style : int or None
        Level of the heading element it stands in.
    tabular : bool
        Whether it stands in a row of several short cells.
    """

    element: html.HtmlElement
    region: Region | None = None
    style: int | None = None
    tabular: bool = False

    def inside(self, element: html.HtmlElement, tag: str) -> Place:
        """The place inside a block."""
        reason = "" if self.region else _reason(element, tag)
        return Place(
            element,
            Region(element, reason) if reason else self.region,
            _HEADINGS.get(tag, self.style),
            _short_cells(element) if tag == "tr" else self.tabular,
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A visible line of a page.

    Attributes
    ----------
    place : Place
        Where it stands.
    text : str
        The line.
    linked, bold : int
        How many of its characters are links, and how many from its start are bold.
    """

    place: Place
    text: str
    linked: int
    bold: int

    @property
    def prose(self) -> int:
        """Characters of it that are whole sentences; none where links prevail."""
        if self.linked * 2 >= len(self.text):
            return 0
        return sum(len(s) for s in _SENTENCE_END.split(self.text)[:-1] if len(s) >= _SENTENCE_LEAST)


def page_lines(root: html.HtmlElement) -> Iterator[Piece]:
    """Give the visible lines of a page in order."""
    line, stack, silent = _Line(), [Place(root)], 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        if tag in _SILENT:
            silent += step
        if tag in _BLOCKS:
            yield from line.flush(stack[-1])
            if step > 0:
                stack.append(stack[-1].inside(element, tag))
            else:
                stack.pop()
        line.enter(element, tag, step)
        if not silent:
            for i, text in enumerate(_runs(element, tag, step)):
                if i:
                    yield from line.flush(stack[-1])
                line.take(text)
    yield from line.flush(stack[-1])


def _runs(element: html.HtmlElement, tag: str, step: int) -> list[str]:
    """Give the text at the start or behind the end of an element; preformatted text line by line."""
    text = (element.text if step > 0 else element.tail) or ""
    return text.splitlines() if tag == "pre" and step > 0 else [text]


@dataclass(slots=True)
class _Line:
    """The line that is being gathered."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    bold: int = 0
    links: int = 0
    bolds: int = 0

    def enter(self, element: html.HtmlElement, tag: str, step: int) -> None:
        """Enter (1) or leave (-1) an element."""
        if tag == "a" and element.get("href"):
            self.links += step
        if tag in _BOLD or _BOLD_STYLE.search(element.get("style") or ""):
            self.bolds += step

    def take(self, text: str) -> None:
        """Take text that stands in the line."""
        text = _SPACE.sub(_space, text)
        text = text if self.length else text.lstrip()
        self.parts.append(text)
        self.linked += len(text) if self.links else 0
        self.bold += len(text) if self.bolds and self.bold == self.length else 0
        self.length += len(text)

    def flush(self, place: Place) -> Iterator[Piece]:
        """Give the line, if there is anything in it, and begin another."""
        text = "".join(self.parts).rstrip()
        if text:
            yield Piece(place, text, min(self.linked, len(text)), min(self.bold, len(text)))
        self.parts, self.length, self.linked, self.bold = [], 0, 0, 0


def _reason(element: html.HtmlElement, tag: str) -> str:
    """Tell by an element's name and attributes why all in it is furniture; empty where it may be text."""
    if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or ""):
        return "hidden"
    if tag in ("body", "html") or tag in _TAGS:
        return _TAGS.get(tag, "")
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return next((reason for reason, pattern in _NAMED if pattern.search(names)), "")


def _short_cells(row: html.HtmlElement) -> bool:
    """Tell whether a table's row has several cells and all of them are short, as in a table of figures."""
    filled = 0
    for cell in row:
        length = 0
        for text in cell.itertext():
            length += len(text.strip())
            if length > _CELL_LONGEST:
                return False
        filled += length > 0
    return filled > 1


def _space(match: re.Match[str]) -> str:
    """White space within a line is one space; a line break of the source between two Chinese characters is none."""
    if "\n" not in match.group():
        return " "
    before, after = match.string[max(0, match.start() - 1) : match.start()], match.string[match.end() : match.end() + 1]
    return "" if before > "\u2e7f" and after > "\u2e7f" else " "
