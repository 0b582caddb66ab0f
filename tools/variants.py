"""Write `src/topics/variants.txt`: the characters that are read as another one, and the one they are read as.

Run ``python -m tools.variants`` after a new OpenCC; it is needed here only, never where texts are labelled.
Each traditional character gives the simplified one that OpenCC gives for it alone (configurations t2s, hk2s and tw2s,
in this order); radicals and compatibility forms, as PDF files hold them, give what NFKC gives.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import opencc

TARGET = Path(__file__).resolve().parents[1] / "src" / "topics" / "variants.txt"

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2EBF0))
_FORMS = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20), (0x3192, 0x31A0), (0xFE10, 0xFE70), (0xFF61, 0xFF66))
_PUNCTUATION = dict(zip("「」『』﹁﹂﹃﹄‧•・∙⋅─―﹣‐‑﹘", "“”‘’“”‘’·····———————", strict=False)) | {
    "〜": "～",
    "∼": "～",
    "︰": "：",
}
# What OpenCC settles by the phrase, given its most frequent reading in reports (瞭解, 乾淨, 甦醒).
_MORE = dict(zip("瞭乾麼揹甦彷", "了干么背苏仿", strict=True))
_WIDE = str.maketrans("!?,:;()", "！？，：；（）")


def variants() -> dict[str, str]:
    """Give every character that is read as another one."""
    converters = [opencc.OpenCC(name) for name in ("t2s", "hk2s", "tw2s")]
    found = dict(_forms())
    for character in (chr(c) for low, high in _HAN for c in range(low, high)):
        plain = next((s for c in converters if (s := c.convert(character)) != character), character)
        if len(plain) == 1 and plain != character:
            found[character] = plain
    found = {c: plain for c, plain in found.items() if not _everyday(c)} | _PUNCTUATION | _MORE
    return {c: found.get(plain, plain) for c, plain in sorted(found.items())}


def _everyday(character: str) -> bool:
    """Tell whether a character is one of the 3,755 everyday ones of simplified text (么, 著), which stay."""
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _forms() -> Iterator[tuple[str, str]]:
    """Give radicals and compatibility forms that stand for one character."""
    for character in (chr(c) for low, high in _FORMS for c in range(low, high)):
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) == 1 and plain != character and not plain.isspace():
            yield character, plain.translate(_WIDE) if ord(character) < 0xFF61 else plain


def main() -> None:
    """Write the table: a line that names the source, the characters, what they are read as."""
    table = variants()
    sources = f"OpenCC {version('opencc')} (Apache-2.0), Unicode {unicodedata.unidata_version} (NFKC)"
    source = f"# {len(table)} characters. Sources: {sources}"
    TARGET.write_text("\n".join((source, "".join(table), "".join(table.values()), "")), encoding="utf-8")


if __name__ == "__main__":
    main()
