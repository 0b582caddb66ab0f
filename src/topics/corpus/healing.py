"""Healing: the lines of a hard-wrapped text, or those parted by the end of a page, become one paragraph again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from topics.corpus.documents import Line
from topics.corpus.headings import LIST_LEVEL, STRONG_MARK, ends_sentence, heading_level, opens_block, visible

PAGE_REASONS = frozenset({"page number", "running head", "page end"})
"""Furniture that may stand in the midst of a paragraph."""

_OPEN_END = re.compile(r"[，、,（(《“‘〔]$")
_LONG = 45
# Measure, how far short of the margin a full line may stay (a word or a bracket moved down), and its least width.
_MEASURES = (("columns", 5, 24), ("characters", 2, 12), ("narrow columns", 5, 24))
_WIDEST = 240
_AMBIGUOUS = re.compile("[\u00b7\u2010-\u203b\u2160-\u216b\u2460-\u249b\u2500-\u257f\u25a0-\u25ff]")


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """How a text is wrapped: measure and width of full lines, how paragraphs begin, left margin, usual line spacing."""

    measure: str = "columns"
    full: int = 1 << 30
    tolerance: int = 0
    indented: bool = False
    parted: bool = False
    margin: int = 0
    spacing: int = 0

    @property
    def shown(self) -> bool:
        """Whether indents or blank lines show where a paragraph begins."""
        return self.indented or self.parted

    def is_full(self, line: Line, *, inner: bool = False) -> bool:
        """Tell whether a line reaches the right margin; a line within a paragraph may have lost a space at its end.

        Where new paragraphs show anyhow, a line may end a sentence somewhat short of the margin.
        """
        return _extent(line, self.measure) + inner >= self.full - (self.tolerance if self.shown else 0)


def heal(lines: Sequence[Line], plain: Sequence[str], reasons: Sequence[str | None]) -> list[list[int]]:
    """Group the lines that belong to one paragraph.

    Parameters
    ----------
    lines : sequence of Line
        All lines of a document.
    plain : sequence of str
        Their texts in simplified characters.
    reasons : sequence of str or None
        Why a line is furniture; None where it is text.

    Returns
    -------
    list of list of int
        Indices of the lines of each heading or paragraph, in order; furniture is in none.
    """
    kept = [i for i, reason in enumerate(reasons) if reason is None]
    wrapping = _wrapping([lines[i] for i in kept], [plain[i] for i in kept])
    groups: list[list[int]] = []
    for position, i in enumerate(kept):
        last = kept[position - 1] if groups else -1
        between = reasons[last + 1 : i]
        if groups and (not between or PAGE_REASONS.issuperset(between)):
            following = plain[kept[position + 1]] if position + 1 < len(kept) else ""
            texts, inner = (plain[last], plain[i], following), len(groups[-1]) > 1
            if _continues(lines[last], lines[i], texts, wrapping, broken=bool(between), inner=inner):
                groups[-1].append(i)
                continue
        groups.append([i])
    return groups


def _continues(
    above: Line, below: Line, texts: tuple[str, str, str], wrapping: _Wrapping, *, broken: bool, inner: bool
) -> bool:
    """Tell whether a line continues the paragraph of the line above it, which itself may be an inner one."""
    first, second, following = texts
    if not _alike(above, below):
        return False
    if STRONG_MARK.match(second):
        return False
    ended, opens = ends_sentence(first), opens_block(second)
    if _OPEN_END.search(first) and not opens and (broken or below.gap <= wrapping.spacing):
        return True
    if wrapping.is_full(above, inner=inner) or _ragged(above, below, first, wrapping, opens=opens):
        if below.gap > wrapping.spacing and not broken:
            return False
        if wrapping.indented and below.indent > wrapping.margin + 1:
            return False
        opens = opens and not (wrapping.shown and heading_level(second) in (0, LIST_LEVEL))
        return not (ended and (opens or _stands_alone(below, second, following, wrapping)))
    return broken and not ended and not opens and below.indent <= wrapping.margin + 1 and len(first) > _LONG


def _ragged(above: Line, below: Line, first: str, wrapping: _Wrapping, *, opens: bool) -> bool:
    """Tell whether a line stops short of the margin for want of room for a word, where a new paragraph would show."""
    inner = below.indent <= wrapping.margin + 1 and not opens and not ends_sentence(first)
    return wrapping.shown and inner and _extent(above, wrapping.measure) * 4 >= wrapping.full * 3


def _alike(above: Line, below: Line) -> bool:
    """Tell whether nothing in the form of two lines sets them apart."""
    if above.style is not None or below.style is not None:
        return False
    return (above.bold >= len(above.text)) == (below.bold >= len(below.text))


def _stands_alone(line: Line, text: str, following: str, wrapping: _Wrapping) -> bool:
    """Tell whether a line below the end of a sentence is a heading: short, without end, with text below it."""
    return not wrapping.is_full(line) and not ends_sentence(text) and bool(following) and visible(text) != ""


def _wrapping(lines: Sequence[Line], plain: Sequence[str]) -> _Wrapping:
    """Find out whether and how a text is wrapped.

    Lines of a wrapped text pile up at its right margin, and most of those that reach it end in the midst of a sentence.
    Both do not happen where a line is a paragraph. Where blank lines part all lines, a paragraph must show all the same
    by an indent or a wider gap; else a blank line ends it, so that paragraphs put out one below the other stay as they
    are.
    """
    best, most = _Wrapping(), 0
    for measure, tolerance, narrowest in _MEASURES:
        extents = [_extent(line, measure) for line in lines]
        full = _right_margin(extents, tolerance, narrowest)
        reaching = [i for i, extent in enumerate(extents) if full - tolerance <= extent <= full]
        cut = sum(not ends_sentence(plain[i]) for i in reaching)
        if full and cut > most and cut * 2 >= len(reaching) and len(reaching) * 5 >= len(lines):
            least = _least(extents, plain, reaching, (full - tolerance, full))
            wrapping = _Wrapping(measure, least, least - (full - tolerance))
            best, most = _margins(lines, plain, reaching, wrapping), cut
    apart = best.spacing and not any(x.gap > best.spacing or x.indent > best.margin + 1 for x in lines)
    return _Wrapping() if apart else best


def _right_margin(extents: Sequence[int], tolerance: int, narrowest: int) -> int:
    """Give the extent at which lines pile up, a few longer ones aside; 0 where they do not."""
    ordered = sorted(extents, reverse=True)
    for i, extent in enumerate(ordered[: max(1, len(ordered) // 20)]):
        if i + 3 < len(ordered) and ordered[i + 3] >= extent - tolerance:
            return extent if narrowest <= extent <= _WIDEST else 0
    return 0


def _least(extents: Sequence[int], plain: Sequence[str], reaching: Sequence[int], among: tuple[int, int]) -> int:
    """Give the extent from which on a line is full: down from the margin, as long as most lines go on in the next."""
    ended: Counter[int] = Counter()
    for i in reaching:
        ended[extents[i]] += 1 if ends_sentence(plain[i]) else -1
    lowest, least = among
    while least > lowest and ended[least - 1] <= 0:
        least -= 1
    return least


def _margins(lines: Sequence[Line], plain: Sequence[str], full: Sequence[int], wrapping: _Wrapping) -> _Wrapping:
    """Find the left margin of continued lines, whether paragraphs are indented or parted, and the usual spacing."""
    below = [i + 1 for i in full if i + 1 < len(lines) and not ends_sentence(plain[i])]
    margin = Counter(lines[i].indent for i in below).most_common(1)[0][0] if below else 0
    spacing = Counter(lines[i].gap for i in below).most_common(1)[0][0] if below else 0
    reaching = set(full)
    begun = [line for i, line in enumerate(lines) if i and i - 1 not in reaching]
    indented = sum(line.indent > margin + 1 for line in begun) * 4 > len(begun)  # the others may be headings
    parted = sum(line.gap > spacing for line in begun) * 4 > len(begun) * 3
    return replace(wrapping, indented=indented, parted=parted, margin=margin, spacing=spacing)


def _extent(line: Line, measure: str) -> int:
    """Measure how far a line reaches to the right; in narrow columns, quotes and the like take one, not two."""
    if measure == "characters":
        return line.indent + len(line.text)
    return line.width - (len(_AMBIGUOUS.findall(line.text)) if measure == "narrow columns" else 0)
