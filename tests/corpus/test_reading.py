"""A report file → document: forms are found out, and what is not read is refused with its remedy."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from topics.corpus import reading
from topics.corpus.reading import parse, read_bytes, read_document
from topics.errors import InputError, MissingExtraError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.doc", OLE, "Word 97 to 2003.*LibreOffice"),
        ("a.wps", OLE, "LibreOffice"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
        ("a.rtf", rb"{\rtf1 abc}", "Rich Text Format.*LibreOffice"),
        ("a.wps", b"WPS\x00\x01", "LibreOffice"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "a picture.*OCR"),
        ("a.docx", "平安".encode(), "damaged, or no docx file"),
        ("a.pdf", "平安".encode(), "damaged, or no pdf file"),
        ("a.docx", b"", "the file is empty"),
    ],
)
def test_forms_that_are_not_read(name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse(data, name)


def test_a_page_is_a_page_whatever_its_ending() -> None:
    page = '<!DOCTYPE html><html><head><meta charset="gbk"></head><body><p>全年调解纠纷三百件。</p></body></html>'
    assert parse(page.encode("gbk"), "saved.txt").text == "全年调解纠纷三百件。"


def test_missing_and_too_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(InputError, match="a folder"):
        read_document(tmp_path)
    report = tmp_path / "big.txt"
    report.write_text("平安" * 100, encoding="utf-8")
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(InputError, match="600 bytes is too large"):
        read_document(report)


def test_a_line_too_long_for_a_paragraph_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 50)
    with pytest.raises(InputError, match="a line of 60 characters is no paragraph"):
        parse(("平安" * 30).encode(), "r.txt")


def test_pipes_and_loops_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match="not a regular file"):
        read_bytes(tmp_path / "pipe.txt")
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(loop)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.txt"))
        with pytest.raises(InputError):
            read_bytes(tmp_path / "socket.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text("平安", encoding="utf-8")
    report.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        read_bytes(report)


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "r.txt"
    report.write_text("全年平安。", encoding="utf-8")
    check = reading._check_kind

    def write_meanwhile(status: os.stat_result, place: str) -> None:
        check(status, place)
        with report.open("a", encoding="utf-8") as handle:
            handle.write("又写了一行。")

    monkeypatch.setattr(reading, "_check_kind", write_meanwhile)
    with pytest.raises(InputError, match="changed while it was read"):
        read_bytes(report)


def test_names_with_odd_bytes_are_told_readably(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\\xff\.txt: no such file"):
        read_document(tmp_path / "no\udcff.txt")


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    monkeypatch.delitem(__import__("sys").modules, "topics.corpus.pdf", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'topics\[documents\]'"):
        parse(b"%PDF-1.4\n%%EOF", "a.pdf")
