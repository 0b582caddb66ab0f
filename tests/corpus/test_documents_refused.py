"""Word files, PDF files, pages and archives that are damaged, hostile or protected are refused in one line."""

from __future__ import annotations

import io
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.corpus import archives, pdf, web
from topics.corpus.archives import archived_reports
from topics.corpus.reading import parse
from topics.errors import InputError

DATA = Path(__file__).resolve().parents[1] / "data" / "reports"
WORD, PDF, PAGE, ARCHIVED = (
    (DATA / name).read_bytes() for name in ("styles.docx", "printed.pdf", "cms.html", "saved.mhtml")
)


def refused(data: bytes, name: str, says: str) -> None:
    began = time.perf_counter()
    with pytest.raises(InputError, match=says) as caught:
        parse(data, name)
    assert time.perf_counter() - began < 20
    assert "\n" not in str(caught.value)


def word_with(**parts: bytes) -> bytes:
    """A Word file with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        wanted = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()}
        for name in {*old.namelist(), *wanted}:
            new.writestr(name, wanted[name] if name in wanted else old.read(name))
    return out.getvalue()


def test_truncated_files() -> None:
    refused(WORD[: len(WORD) // 2], "a.docx", "damaged or truncated")
    refused(PDF[: len(PDF) // 2], "a.pdf", "truncated")
    refused(ARCHIVED[: len(ARCHIVED) // 2], "a.mhtml", "truncated")


def test_other_office_files_are_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    refused(out.getvalue(), "a.docx", "a workbook")


def test_a_zip_bomb_is_not_unpacked() -> None:
    refused(word_with(word__media=bytes(60_000_000)), "a.docx", "zip bomb")


def test_an_entity_bomb_is_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "a"}">' for i in range(12))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [{entities}]><w:document xmlns:w="x">&e11;</w:document>'.encode()
    refused(word_with(word__document_xml=xml), "a.docx", "XML entities")


def test_an_entity_bomb_behind_another_encoding_is_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "a"}">' for i in range(12))
    xml = f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d [{entities}]><d>&e11;</d>'.encode("utf-16")
    refused(word_with(word__document_xml=xml), "a.docx", "damaged, or no Word file|XML entities")


def test_a_protected_pdf() -> None:
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out, encrypt="secret")
    page.drawString(72, 700, "text")
    page.save()
    refused(out.getvalue(), "a.pdf", "password-protected")


def test_a_pdf_without_text() -> None:
    file = pypdfium2.PdfDocument.new()
    file.new_page(200, 200)
    out = io.BytesIO()
    file.save(out)
    refused(out.getvalue() + b"\n%%EOF\n", "a.pdf", "without a text layer.*OCR")


def test_a_pdf_of_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    refused(PDF, "a.pdf", "2 pages is too long")


def test_a_damaged_pdf() -> None:
    refused(b"%PDF-1.4\nnothing here\n%%EOF\n", "a.pdf", "damaged")


def test_pages_nested_too_deeply_or_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    refused(b"<html>" + b"<div>" * 100_000 + "平安。".encode(), "a.html", "nested too deeply")
    monkeypatch.setattr(web, "MAX_PAGE_BYTES", 100)
    refused(PAGE, "a.html", "too large for a page")


def test_an_archived_page_without_a_page() -> None:
    refused(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nabc\n", "a.mht", "no page in it")


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_reports_of_an_archive_come_one_by_one(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.zip", {"b/r.txt": b"2", "a.docx": b"1", "c.zip": b"3", "x.png": b"", "__MACOSX/r.txt": b""}
    )
    found = list(archived_reports(path))
    assert [name.removeprefix(str(path)) for name, _ in found] == ["/a.docx", "/b/r.txt", "/c.zip"]
    assert [data for _, data in found][:2] == [b"1", b"2"]
    assert "an archive in an archive" in str(found[2][1])


def test_names_in_gbk() -> None:
    names = [name.rpartition("bundle.zip")[2] for name, _ in archived_reports(DATA / "bundle.zip")]
    assert names == ["/b.txt", "/报告/临溪县.txt"]


def test_archives_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no reports in it"):
        list(archived_reports(zipped(tmp_path / "a.zip", {"x.png": b""})))
    with pytest.raises(InputError, match="zip bomb"):
        list(archived_reports(zipped(tmp_path / "b.zip", {"r.txt": bytes(5_000_000)})))
    protected = bytearray(zipped(tmp_path / "c.zip", {"r.txt": b"1"}).read_bytes())
    at = protected.index(b"PK\x01\x02")
    protected[at + 8] |= 1
    (tmp_path / "c.zip").write_bytes(protected)
    with pytest.raises(InputError, match="password-protected"):
        list(archived_reports(tmp_path / "c.zip"))
    monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
    with pytest.raises(InputError, match="2 files in it"):
        list(archived_reports(zipped(tmp_path / "d.zip", {"r.txt": b"1", "s.txt": b"2"})))


def test_a_member_that_is_not_what_the_directory_says(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"r.txt": b"report " * 40, "s.txt": b"1"})
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)
    found = dict(archived_reports(path))
    assert "damaged" in str(found[f"{path}/r.txt"])
    assert found[f"{path}/s.txt"] == b"1"


@settings(max_examples=150)
@given(
    st.sampled_from([(WORD, "a.docx"), (PDF, "a.pdf"), (PAGE, "a.html"), (ARCHIVED, "a.mhtml")]),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=9)), min_size=1, max_size=6),
)
def test_damaged_files_are_read_or_refused(file: tuple[bytes, str], damage: list[tuple[int, bytes]]) -> None:
    data, name = bytearray(file[0]), file[1]
    for at, piece in damage:
        data[at % len(data) : at % len(data) + len(piece)] = piece
    with suppress(InputError):
        document = parse(bytes(data), name)
        assert all(document.text[line.start : line.end] == line.text for line in document.lines)
