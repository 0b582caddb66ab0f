"""Bytes → decoded text. No character is ever replaced: what does not decode exactly is refused."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

from topics.errors import InputError, UsageError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHINESE = ("gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
# What a page or a person calls an encoding → those of its family, tried in order; the superset stands for the subset.
_FAMILIES = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "gb18030": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
    "big5hkscs": ("big5hkscs",),
    "cp950": ("cp950",),
    "utf-8": ("utf-8",),
    "utf-16": ("utf-16-le", "utf-16-be"),
}
_SAMPLE = 4_000
_PLAUSIBLE = 0.6
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")
_REMEDY = "name its encoding with --encoding, or save it as UTF-8"


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A text and the encoding in which every byte of it decodes."""

    text: str
    encoding: str


def decode(data: bytes, place: str, encoding: str | None = None, declared: str | None = None) -> tuple[str, str]:
    """Decode the bytes of a text exactly.

    Parameters
    ----------
    data : bytes
        The file's content.
    place : str
        What to call the file in an error.
    encoding : str, optional
        The encoding to use and no other; found out if not given: by a byte order mark, else UTF-8 if the bytes are
        valid in it, else that of GB18030, Big5 and UTF-16 in which they decode and read most like Chinese.
    declared : str, optional
        The encoding that the file itself names; used unless the bytes speak against it.

    Returns
    -------
    tuple of str
        The text, without a byte order mark, and the name of its encoding.

    Raises
    ------
    InputError
        If the bytes are empty or binary, or decode in no encoding exactly; names the offset of the byte that does not
        fit.
    UsageError
        If Python knows no such `encoding`.

    Examples
    --------
    >>> decode("平安".encode("gb18030"), "a.txt")
    ('平安', 'gb18030')
    >>> decode("矛盾糾紛排查".encode("big5"), "a.txt")
    ('矛盾糾紛排查', 'cp950')
    """
    if not data.strip():
        raise InputError(f"{place}: the file is empty")
    declared = declared if _is_known(declared) else None
    bom, marked = next(((b, e) for b, e in _BOMS if data.startswith(b)), (b"", None))
    names = _family(encoding) if encoding else (marked,) if marked else _guesses(declared)
    tried: list[str] = []
    found = []
    for name in names:
        result = _exact(data, bom if name == marked else b"", name, tried)
        if result and name in ("utf-8", marked) and name not in _family(declared):
            found = [result]
            break
        found += [result] if result else []
    found = [d for d in found if not _is_binary(d, tried)]
    if not (encoding or marked):
        found = _plausible(found, tried)
    if not found and b"\x00" in data and not marked:
        raise InputError(f"{place}: byte {data.index(0)} is NUL: a binary file, not text; save the report as text")
    if not found:
        raise InputError(f"{place}: not text in a known encoding ({'; '.join(tried)}); {_REMEDY}")
    return found[0].text, found[0].encoding


def known_encoding(name: str) -> str:
    """Check the name of an encoding that a person gave.

    Raises
    ------
    UsageError
        If Python knows no such text encoding.
    """
    _family(name)
    return name


def _family(name: str | None) -> tuple[str, ...]:
    """Give the encodings that a name may stand for."""
    if not name:
        return ()
    try:
        known = codecs.lookup(name)
        "".encode(known.name)
    except (LookupError, ValueError):
        raise UsageError(f"no such encoding: {name}; try utf-8, gb18030, big5 or utf-16") from None
    return _FAMILIES.get(known.name, (known.name,))


def _is_known(name: str | None) -> bool:
    """Tell whether Python knows a text encoding of that name."""
    try:
        return _family(name) != ()
    except UsageError:
        return False


def _guesses(declared: str | None) -> tuple[str, ...]:
    """Give the encodings to try, that which the file names first."""
    first = _family(declared)
    # Pages call themselves Latin-1 by default of their server; every byte would decode in it.
    first = tuple(name for name in first if name in ("utf-8", *_CHINESE))
    return (*first, *(name for name in ("utf-8", *_CHINESE) if name not in first))


def _exact(data: bytes, bom: bytes, encoding: str, tried: list[str]) -> _Decoded | None:
    """Decode in one encoding, or note at which byte it fails."""
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        tried.append(f"{encoding} fails at byte {error.start + len(bom)}")
        return None
    for bad, what in (("\x00", "is NUL, as in a binary file"), ("\ufffd", "holds a replacement character")):
        if bad in text:
            offset = len(text[: text.index(bad)].encode(encoding)) + len(bom)
            tried.append(f"{encoding}: byte {offset} {what}")
            return None
    return _Decoded(text, encoding)


def _plausible(found: list[_Decoded], tried: list[str]) -> list[_Decoded]:
    """Order what was decoded by how much it reads like Chinese; but for UTF-8, what does not is left out."""
    if [d.encoding for d in found] == ["utf-8"]:
        return found
    likeness = {d.encoding: _likeness(d.text) for d in found}
    tried += [f"{name} gives no Chinese" for name, like in likeness.items() if like < _PLAUSIBLE and name != "utf-8"]
    kept = [d for d in found if likeness[d.encoding] >= _PLAUSIBLE or d.encoding == "utf-8"]
    return sorted(kept, key=lambda d: -likeness[d.encoding])


def _is_binary(decoded: _Decoded, tried: list[str]) -> bool:
    """Tell whether what decodes is no text, and note it."""
    sample = decoded.text[:_SAMPLE]
    binary = len(_CONTROLS.findall(sample)) * 50 > len(sample)
    tried += [f"{decoded.encoding} gives control characters, as in a binary file"] if binary else []
    return binary


def _likeness(text: str) -> float:
    """Give the share of everyday Chinese characters and punctuation among the characters beyond ASCII."""
    sample = text[:_SAMPLE]
    beyond = sum(c > "\x7f" for c in sample)
    usual = _usual()
    return sum(c in usual for c in sample) / beyond if beyond else 1.0


@cache
def _usual() -> frozenset[str]:
    """The everyday characters of GB 2312 (its first level) and Big5 (its frequent part), and punctuation."""
    simplified = (bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((a, b)) for a in range(0xA4, 0xC7) for b in trails)
    characters = "".join(c.decode("gb2312", "ignore") for c in simplified)
    characters += "".join(c.decode("big5", "ignore") for c in traditional)
    points = (
        *range(0x2010, 0x2040),
        *range(0x2460, 0x2474),
        *range(0x3000, 0x3018),
        *range(0xFF01, 0xFF5F),
        0xB7,
        0xA0,
    )
    return frozenset(characters + "".join(map(chr, points)))
