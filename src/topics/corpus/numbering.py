"""The automatic numbers of a Word file, which are in no text: 一、 （一） 1. ① as Word would show them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

_DIGITS = "〇一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")
_MARKS = re.compile(r"[\w①-⑳]")


def chinese_number(number: int) -> str:
    """Write a number from 1 to 99 as headings do.

    Examples
    --------
    >>> [chinese_number(n) for n in (3, 10, 12, 20, 35)]
    ['三', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    if tens > 9:
        return "".join(_DIGITS[int(d)] for d in str(number))
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")


def _circled(number: int) -> str:
    """Write a number in a circle."""
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": lambda n: str(n).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "upperLetter": lambda n: chr(64 + n) if n <= 26 else str(n),
    "lowerLetter": lambda n: chr(96 + n) if n <= 26 else str(n),
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "ideographDigital": chinese_number,
    "japaneseCounting": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
}


class Numbering:
    """Counts the numbered paragraphs of a file, as they come.

    Parameters
    ----------
    word : docx.document.Document
        The file.
    """

    def __init__(self, word: WordDocument) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        try:
            root: Any = word.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {a.get(qn("w:abstractNumId")): _levels(a) for a in root.findall(qn("w:abstractNum"))}
        for num in root.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            if link is not None:
                self._levels[num.get(qn("w:numId"))] = abstract.get(link.get(qn("w:val")), {})

    def label(self, element: Any, style: Any) -> str:
        """Give the number that Word shows before a paragraph, and count it; empty where there is none."""
        properties = _properties(element, style)
        if properties is None:
            return ""
        number, level = (properties.find(qn(f"w:{tag}")) for tag in ("numId", "ilvl"))
        identity = number.get(qn("w:val")) if number is not None else ""
        depth = int(level.get(qn("w:val")) or 0) if level is not None else 0
        levels = self._levels.get(identity or "", {})
        if depth not in levels:
            return ""
        counts = self._counts[identity]
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return self._shown(levels, counts, depth)

    @staticmethod
    def _shown(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], depth: int) -> str:
        """Write a number out; bullets are left out."""

        def number(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            form, _, first = levels.get(at, ("decimal", "", 1))
            return _FORMATS.get(form, str)(counts.get(at, first))

        shown = _PLACE.sub(number, levels[depth][1])
        return shown if _MARKS.search(shown) else ""


def _levels(abstract: Any) -> dict[int, tuple[str, str, int]]:
    """Give the levels of a numbering: format, pattern and first number."""
    levels = {}
    for level in abstract.findall(qn("w:lvl")):
        form, text, start = (level.find(qn(f"w:{tag}")) for tag in ("numFmt", "lvlText", "start"))
        depth = int(level.get(qn("w:ilvl")) or 0)
        first = start.get(qn("w:val")) if start is not None else "1"
        levels[depth] = (
            form.get(qn("w:val")) if form is not None else "decimal",
            (text.get(qn("w:val")) or "") if text is not None else "",
            int(first) if first.isdigit() else 1,
        )
    return levels


def _properties(element: Any, style: Any) -> Any:
    """Find the numbering of a paragraph: its own, or that of its style."""
    path = f"{qn('w:pPr')}/{qn('w:numPr')}"
    found = element.find(path)
    while found is None and style is not None:
        found = style.element.find(path)
        style = style.base_style
    return found
