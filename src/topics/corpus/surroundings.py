"""Furniture that only its surroundings betray: running heads, tables of contents, signatures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import groupby

from topics.corpus.documents import Line
from topics.corpus.furniture import furniture_reason
from topics.corpus.headings import ends_sentence, opens_block, visible

_DIGITS = re.compile(r"\d+")
_ENTRY_PAGE = re.compile(r"[\s.…·]*[(（]?\d{1,4}[)）]?$")
_SIGNER = re.compile(
    r"[^，。：]{2,30}(?:委员会|委|人民政府|政府|办公室|办|局|院|厅|部|处|站|所|支队|大队|总队|中心|领导小组|工作组|协会|公司)"
    r"(\d{4}年\d{1,2}月\d{1,2}日|[二〇○零一三四五六七八九十年月]{6,13}日)?"
)
_HOME = re.compile(r"(?:网站)?首\s*页")
_MENU_LEAST, _ITEM_LONGEST = 4, 8
_RUNNING_LONGEST = 40
_RUNNING_LEAST, _RUNNING_SURE = 2, 3
_CONTENTS_LONGEST = 60


def furniture_reasons(lines: Sequence[Line], plain: Sequence[str]) -> list[str | None]:
    """Tell of every line of a document why it is furniture, or None where it is text.

    Parameters
    ----------
    lines : sequence of Line
        The lines.
    plain : sequence of str
        Their texts in simplified characters.
    """
    reasons = [line.furniture or _own_reason(line, text) for line, text in zip(lines, plain, strict=True)]
    _mark_menus(lines, plain, reasons)
    _mark_running_heads(plain, reasons)
    _mark_contents(plain, reasons)
    _mark_signature(lines, plain, reasons)
    return reasons


def _own_reason(line: Line, text: str) -> str | None:
    """Tell by a line itself why it is furniture; what the form calls a heading is none for its strokes and dots."""
    reason = furniture_reason(visible(text))
    return None if reason == "navigation" and line.style is not None else reason


def _mark_menus(lines: Sequence[Line], plain: Sequence[str], reasons: list[str | None]) -> None:
    """Mark the items of a menu that stand in lines of their own, the home page among them."""
    for short, group in groupby(range(len(plain)), key=lambda i: len(plain[i]) <= _ITEM_LONGEST):
        run = list(group) if short else []
        items = [i for i in run if lines[i].style is None and not opens_block(plain[i]) and not ends_sentence(plain[i])]
        if len(items) >= _MENU_LEAST and items == run and any(_HOME.fullmatch(plain[i]) for i in run):
            for i in run:
                reasons[i] = reasons[i] or "navigation"


def _mark_running_heads(plain: Sequence[str], reasons: list[str | None]) -> None:
    """Mark short lines that come again and again beside page numbers."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(plain):
        if reasons[i] is None and len(text) <= _RUNNING_LONGEST and not ends_sentence(text):
            places[_DIGITS.sub("0", text)].append(i)
    for where in places.values():
        # The first of many may stand on a page above which there is no number.
        beside = where[len(where) >= _RUNNING_SURE :]
        if len(where) >= _RUNNING_LEAST and all("page number" in reasons[max(0, i - 2) : i + 3] for i in beside):
            for i in where:
                reasons[i] = "running head"


def _mark_contents(plain: Sequence[str], reasons: list[str | None]) -> None:
    """Mark the entries below a line 目录: those with a page number, and those that come again as headings."""
    if "table of contents" not in reasons:
        return
    counts = Counter(text.replace(" ", "") for text in plain if len(text) <= _CONTENTS_LONGEST)
    entries: set[str] = set()
    for i in range(reasons.index("table of contents") + 1, len(plain)):
        if len(plain[i]) > _CONTENTS_LONGEST:
            return
        whole = plain[i].replace(" ", "")
        entry = _ENTRY_PAGE.sub("", whole)
        again = counts[entry] > (whole == entry) and whole not in entries
        if reasons[i] is None and not again and whole == entry:
            return
        reasons[i] = reasons[i] or "contents line"
        entries.add(entry)


def _mark_signature(lines: Sequence[Line], plain: Sequence[str], reasons: list[str | None]) -> None:
    """Mark the signer and the date at the end of a report."""
    kept = [i for i, reason in enumerate(reasons) if reason is None]
    dated = False
    for i in reversed(kept):
        dated = dated or "date line" in reasons[i + 1 : i + 4]
        signer = _SIGNER.fullmatch(plain[i].replace(" ", ""))
        if not signer or lines[i].style is not None:
            return
        dated = dated or signer.group(1) is not None
        if not dated and lines[i].indent < 8:
            return
        reasons[i] = "signature"
