"""Headings: what is one, how deep it stands, and the chain that a paragraph stands under.

All rules look at lines in simplified characters (`topics.characters.plain`); what goes into the chain is the original.
"""

from __future__ import annotations

import re

from topics.characters import SPACES

# Heading levels, outermost first. Unnumbered headings take level 0 after a heading of their own kind (see `Chain`).
_NUM = r"[一二三四五六七八九十百]{1,4}"
_LEVELS = (
    (1, rf"第{_NUM}[编篇部]"),
    (2, rf"第{_NUM}章"),
    (3, rf"第{_NUM}节"),
    (4, r"[【〖\[].{1,40}[】〗\]]$"),
    (4, rf"{_NUM}\s*[、.．]"),
    (5, rf"[（(]\s*{_NUM}\s*[)）]"),
    (6, r"\d{1,2}\s*[、.．](?!\d)"),
    (7, r"[（(]\s*\d{1,2}\s*[)）]|[①-⑳]|\d{1,2}(?:\.\d{1,2}){1,2}[\s、](?=\s*\D)"),
    (8, rf"{_NUM}是"),
)
_LEVEL = re.compile("|".join(f"({pattern})" for _, pattern in _LEVELS))
_FIRST = frozenset("第【〖[（(一二三四五六七八九十百0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
"""What a mark of these begins with; nearly all lines of text begin otherwise."""

LETTER_SPACE = re.compile(rf"(?<=\S)[ {SPACES}](?=\S)")
"""The space between two characters of a line that is spaced out."""

LIST_LEVEL = 8
"""Level of 一是, 二是; these begin headings and, within a paragraph, the parts of a list."""

STRONG_MARK = re.compile(rf"[【〖]|第{_NUM}[编篇章节]")
"""What begins a heading wherever it begins a line."""

_PRIVATE = "".join(map(chr, range(0xE000, 0xF900)))
_INVISIBLE = _PRIVATE + "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad \t\n\r\u00a0\u3000"
_DEEPEST = 9.0
_INVISIBLE_SET = frozenset(_INVISIBLE)
_PERIOD = re.compile(
    r"(?:过去|今后|未来|来年|今年|下一年|上一年|\d{4}年(?:度|工作|主要|上半年|下半年)?|本届|五年来).{0,12}(?:回顾|总结|思路|打算|安排|部署|情况|任务|计划|要点|建议|展望)$"
)
_SENTENCE_ENDS, _CLOSING = frozenset("。！？；…!?;"), "”’」』）)】"
_INNER_SENTENCE = re.compile(r"[。！？；]")
_QUOTED = re.compile(r"“[^“”]{1,30}”")
_BULLET = re.compile(rf"[●■◆▲★○□◇•·▪-]\s*\S|[【〖]|{_NUM}是|其[一二三四五六]|第{_NUM}[，,、]")
_HEADING_LONGEST = 60
_UNNUMBERED_LONGEST = 45
_RUN_IN = (
    re.compile(r"[【〖][^】〗]{1,40}[】〗](?=\s*\S)"),
    re.compile(
        rf"(?:{_NUM}\s*[、.．]|[（(]\s*{_NUM}\s*[)）]|\d{{1,2}}\s*[、.．](?!\d)|[（(]\s*\d{{1,2}}\s*[)）]|[①-⑳])"
        r"\s*(?:[^。！？；：\d\s]{2,40}。|[^。！？；：\d\s]{2,20}：|[^。！？；：，\d\s]{2,30}(?=\s{2}))(?=\s*\S)"
    ),
)


def is_heading(line: str, style: int | None = None, bold: int = 0) -> bool:
    """Tell whether a stripped line is a heading rather than a paragraph.

    Parameters
    ----------
    line : str
        The line in simplified characters.
    style : int or None
        Level of the heading that the form says it is.
    bold : int
        How many characters from its start are bold.

    Examples
    --------
    >>> is_heading("二、矛盾纠纷排查"), is_heading("全年调解纠纷三百件。"), is_heading("“平安是福！”")
    (True, False, True)
    """
    if len(line) > _HEADING_LONGEST:
        return False
    marked = style is not None or (bold >= len(line) and heading_level(line) > 0)
    if marked and not _INNER_SENTENCE.search(line[:-1]):
        return True
    slogan = line.startswith("“") and _QUOTED.fullmatch(line) is not None
    if (ends_sentence(line) and not slogan) or _INNER_SENTENCE.search(_QUOTED.sub("", line)):
        return False
    longest = _HEADING_LONGEST if heading_level(line) else _UNNUMBERED_LONGEST
    return len(line) <= longest


def heading_level(line: str) -> int:
    """Give the level of a numbered or bracketed heading, from 1 (outermost); 0 where it has no such mark."""
    match = _LEVEL.match(line) if line[:1] in _FIRST else None
    return _LEVELS[match.lastindex - 1][0] if match and match.lastindex else 0


def opens_block(line: str) -> bool:
    """Tell whether a line begins with a mark that begins a heading or a paragraph."""
    return heading_level(line) > 0 or _BULLET.match(line) is not None


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends a sentence."""
    return _bare(line).rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS


def visible(line: str) -> str:
    """A line as it is seen: without the private and invisible characters at its ends, and closed up where spaced out.

    Examples
    --------
    >>> visible("政 府 工 作 报 告"), visible("首页 新闻 公告")
    ('政府工作报告', '首页 新闻 公告')
    """
    line = _bare(line)
    return LETTER_SPACE.sub("", line) if is_spaced(line) else line


def _bare(line: str) -> str:
    """A line without the private and invisible characters at its ends; few have any, and stripping takes its time."""
    if line and line[0] not in _INVISIBLE_SET and line[-1] not in _INVISIBLE_SET:
        return line
    return line.strip(_INVISIBLE)


def is_spaced(line: str) -> bool:
    """Tell whether a line has a space behind nearly every character, as wide titles and recognised print have."""
    spaces = line.count(" ")
    return spaces * 5 >= len(line) * 2 > 4 and (len(line) - spaces) * 3 <= len(line.split()) * 4


def run_in(line: str, bold: int = 0) -> int:
    """Give the length of the heading that a paragraph begins with: 【…】, a numbered phrase or one in bold; else 0.

    Examples
    --------
    >>> line = "（二）加强排查调处。全年调解纠纷三百件。"
    >>> line[: run_in(line)]
    '（二）加强排查调处。'
    """
    if 2 <= bold <= 40 and bold < len(line):
        return bold
    for pattern in _RUN_IN:
        match = pattern.match(line)
        if match:
            return match.end()
    return 0


class Chain:
    """The headings that the next paragraph stands under.

    Numbered headings nest by the kind of their number. A heading without number opens a level of its own: below an
    unnumbered heading that stands directly above it (a part's title and its first section), else in place of the last
    unnumbered one. A heading that names a period (2014年工作思路) opens a part. Two headings to which the form gives
    levels nest by these.
    """

    def __init__(self) -> None:
        self._stack: list[tuple[float, int | None, str]] = []
        self._adjacent = False

    def push(self, text: str, plain: str, style: int | None = None, *, run_in: bool = False) -> int:
        """Take a heading into the chain and give its depth there, from 1.

        Parameters
        ----------
        text : str
            The heading as it stands.
        plain : str
            The same in simplified characters.
        style : int or None
            Level that the form gives it.
        run_in : bool
            Whether it stands in one line with its paragraph; without a number it then stands below all others.
        """
        level = float(heading_level(plain)) or (_DEEPEST if run_in else self._unnumbered_level(plain))
        while self._stack and self._yields(self._stack[-1], level, style):
            self._stack.pop()
        self._stack.append((level, style, text))
        self._adjacent = True
        return len(self._stack)

    def close(self, level: int) -> None:
        """End the headings of a level and deeper: a paragraph with a number of that level begins."""
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()

    @staticmethod
    def _yields(above: tuple[float, int | None, str], level: float, style: int | None) -> bool:
        """Tell whether a heading of the chain ends where a new one begins."""
        if style is not None and above[1] is not None:
            return above[1] >= style
        return above[0] >= level

    def _unnumbered_level(self, plain: str) -> float:
        """Place an unnumbered heading above all numbered ones: a part at 0.1, other headings at 0.2 and deeper."""
        if _PERIOD.search(plain):
            return 0.1
        top = self._stack[-1][0] if self._stack else 0.1
        if self._adjacent and top < 0.5:
            return min(top + 0.1, 0.5)
        return max([0.2, *(level for level, _, _ in self._stack if level <= 0.5)])

    def text_follows(self) -> None:
        """Note that a paragraph stood below the last heading."""
        self._adjacent = False

    def headings(self) -> tuple[str, ...]:
        """The chain, outermost first."""
        return tuple(text for _, _, text in self._stack)
