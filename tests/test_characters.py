"""Characters that are read as others: one for one, and simplified text stays as it is."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from topics.characters import plain, variants
from topics.modeling.text import normalize


@given(st.text())
def test_the_length_stays(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


def test_no_reading_is_itself_read_as_another() -> None:
    characters, readings = variants()
    assert len(characters) == len(readings) == len(set(characters)) > 4000
    assert not set(characters) & set(readings)


def test_everyday_simplified_characters_stay() -> None:
    everyday = bytes(b for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for b in (high, low))
    text = everyday.decode("gb2312", "ignore")
    assert {c for c in text if plain(c) != c} == {"乾"}


def test_forms_that_reports_come_in() -> None:
    assert plain("２０１３年︰調解﹑排査") == "2013年：调解、排查"
    assert normalize("ＤＮＡ比中案件３９起") == normalize("DNA比中案件39起")
    assert normalize("化解矛盾糾紛﹐構建和諧社會") == normalize("化解矛盾纠纷，构建和谐社会")
    assert plain("⼈⼝管理") == "人口管理"


def test_a_character_that_taiwan_writes_for_two() -> None:
    assert normalize("圍繞著重點，成效顯著，著名") == normalize("围绕着重点，成效显著，著名")
    assert normalize("着力打击，显著、著作、著") == "着力打击,显著、著作、着"


def test_traditional_reports_read_as_simplified_ones(root: Path) -> None:
    import opencc

    to_traditional = opencc.OpenCC("s2t")
    text = "".join(p.read_text(encoding="utf-8") for p in sorted((root / "tests" / "data").rglob("*.txt")) if _utf8(p))
    text = "".join(c for c in text if plain(c) == c)
    traditional = to_traditional.convert(text)
    assert len(traditional) == len(text)
    changed = sum(a != b for a, b in zip(text, traditional, strict=True))
    missed = sum(a != b for a, b in zip(text, plain(traditional), strict=True))
    assert changed > 1000
    assert missed < 0.001 * len(text)


def _utf8(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_the_table_is_read_at_once() -> None:
    variants.cache_clear()
    began = time.perf_counter()
    variants()
    assert time.perf_counter() - began < 0.05
