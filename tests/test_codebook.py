"""The codebook and its errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from topics.codebook import codebook_of, read_codebook
from topics.errors import InputError


def test_the_shipped_codebook(root: Path) -> None:
    book = read_codebook(root / "labels" / "codebook.toml")
    assert len(book.ids) == 5
    assert all(t.name_zh and t.name_en and t.definition and t.seed_terms for t in book.topics)


def test_the_digest_tells_codebooks_apart(corpus: Path) -> None:
    book = read_codebook(corpus / "labels" / "codebook.toml")
    assert book.digest() == read_codebook(corpus / "labels" / "codebook.toml").digest()
    assert book.digest() != codebook_of(list(book.ids)).digest()


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('\ufeff[[topic]]\nid = "roads"\n', encoding="utf-8")
    assert read_codebook(path).ids == ("roads",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", r"no \[\[topic\]\] tables"),
        ("topic = 3", r"no \[\[topic\]\] tables"),
        ("topic = [1]", "topic 1: needs an id"),
        ("[[topic]]\nname_zh = '路'", "topic 1: needs an id"),
        ("[[topic]]\nid = 'a|b'", "topic 1: needs an id without"),
        ("[[topic]]\nid = ''", "topic 1: needs an id"),
        ("[[topic]]\nid = 'a'\n[[topic]]\nid = 'a'", "'a' is given twice"),
        ("[[topic]]\nid = 'other'", "stands for paragraphs without a topic"),
        ("[[topic]]\nid = 'a'\nseed_terms = '路'", r"topic 1 \(a\): seed_terms must be a list"),
        ("[[topic]]\nid = 'a'\nseed_terms = ['']", r"topic 1 \(a\): seed_terms"),
        ("[[topic]]\nid = 'a'\ndefinition = 5", r"topic 1 \(a\): definition must be text"),
        ("[[topic]\n", "not a readable codebook: .*line 1"),
        ("a = " + "[" * 100_000, "not a readable codebook"),
    ],
)
def test_errors_name_file_and_topic(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=rf"c\.toml.*{says}"):
        read_codebook(path)


def test_unreadable_codebooks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such codebook"):
        read_codebook(tmp_path / "none.toml")
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not a readable codebook"):
        read_codebook(tmp_path / "c.toml")
    with pytest.raises(InputError, match="not a readable codebook"):
        read_codebook(tmp_path)
