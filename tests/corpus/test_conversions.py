"""The real reports in every form give the paragraphs and topics that they give as text."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import opencc
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

import topics
from topics.characters import plain
from topics.corpus.paragraphs import read_report
from topics.records import Report

NAMES = ("heping-2013", "laixi-2013")
PRIVATE = dict.fromkeys(range(0xE000, 0xF900))
"""Marks of the site's own font, for which no other font has a form."""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def as_gb18030(text: str, path: Path) -> None:
    path.with_suffix(".txt").write_bytes(text.encode("gb18030"))


def as_utf16(text: str, path: Path) -> None:
    path.with_suffix(".txt").write_bytes(text.encode("utf-16"))


def as_big5(text: str, path: Path) -> None:
    traditional = opencc.OpenCC("s2tw").convert(text.translate(PRIVATE).replace("\u00a0", " "))
    path.with_suffix(".txt").write_bytes(traditional.encode("big5hkscs"))


def as_page(text: str, path: Path) -> None:
    body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines(text))
    path.with_suffix(".html").write_text(
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>工作总结_某门户网站</title></head><body>'
        '<div class="nav"><a href="/">首页</a> | <a href="/a">新闻动态</a> | <a href="/b">网上办事</a></div>'
        f'<div class="article"><div class="content">{body}</div></div><div class="related"><h3>相关文章</h3><ul>'
        '<li><a href="1">某市召开政法工作会议，部署全年任务。</a></li></ul></div>'
        '<div class="footer">某门户网站版权所有</div></body></html>',
        encoding="utf-8",
    )


def as_broken_page(text: str, path: Path) -> None:
    body = "<br>\n".join("&nbsp;&nbsp;&nbsp;&nbsp;" + html.escape(line) for line in lines(text))
    path.with_suffix(".htm").write_bytes(
        (
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body><table><tr>'
            "<td><a href=1>首页</a></td><td><a href=2>信息</a></td></tr></table>"
            f"<table><tr><td>{body}</td></tr></table>"
        ).encode("gb18030")
    )


def as_word(text: str, path: Path) -> None:
    word = docx.Document()
    for line in lines(text):
        word.add_paragraph(line)
    word.save(str(path.with_suffix(".docx")))


def as_pdf(text: str, path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page, number, y = canvas.Canvas(str(path.with_suffix(".pdf"))), 0, 0.0
    for line in lines(text.translate(PRIVATE)):
        indented = "　　" + line if "。" in line else line
        for i in range(0, len(indented), 36):
            if y < 80:
                if number:
                    page.drawCentredString(297, 40, f"- {number} -")
                    page.showPage()
                number, y = number + 1, 760.0
                page.setFont("STSong-Light", 12)
                page.drawString(72, 800, "年度报告汇编")
            page.drawString(72, y, indented[i : i + 36])
            y -= 18
    page.drawCentredString(297, 40, f"- {number} -")
    page.save()


def as_wrapped(text: str, path: Path) -> None:
    wrapped = (line[i : i + 40] for line in text.splitlines() for i in range(0, max(1, len(line)), 40))
    path.with_suffix(".txt").write_text("\n".join(wrapped), encoding="utf-8")


FORMS: list[Callable[[str, Path], None]] = [
    as_gb18030,
    as_utf16,
    as_big5,
    as_page,
    as_broken_page,
    as_word,
    as_pdf,
    as_wrapped,
]


def squeezed(text: str) -> str:
    return plain("".join(text.translate(PRIVATE).split()))


def converted(real: Path, folder: Path, form: Callable[[str, Path], None]) -> list[Report]:
    for name in NAMES:
        form((real / f"{name}.txt").read_text(encoding="utf-8"), folder / name)
    return [read_report(path) for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_the_paragraphs_and_topics_are_the_same(
    real: Path, tmp_path: Path, root: Path, form: Callable[[str, Path], None]
) -> None:
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (real / "reports_dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    reports = converted(real, tmp_path, form)
    found = [p for report in reports for p in report.paragraphs]
    traditional = opencc.OpenCC("s2tw") if form is as_big5 else None
    wanted = [row["text"] if traditional is None else traditional.convert(row["text"]) for row in rows]
    assert [squeezed(p.reading) for p in found] == [squeezed(text) for text in wanted]
    assert all(report.text[p.start : p.end] == p.text for report in reports for p in report.paragraphs)
    model = topics.load(root / "models" / (root / "models" / "CURRENT").read_text(encoding="utf-8").strip())
    given = model.predict([p.reading for p in found], [p.heading for p in found])
    original = [p for name in NAMES for p in read_report(real / f"{name}.txt").paragraphs]
    told = model.predict([p.text for p in original], [p.heading for p in original])
    assert [p.topics for p in given] == [p.topics for p in told]
