"""Text → paragraphs with heading chains and exact offsets."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.headings import heading_level, is_heading
from topics.corpus.paragraphs import read_report, split_report
from topics.errors import InputError
from topics.records import text_hash

LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "一、道路建设",
                "（二）桥梁",
                "【概况】",
                "　　全年修路三公里。",
                "版权所有：某镇",
                "\u2028",
                "\x0b",
                "\r",
                "第一章 总述",
                "甲" * 400,
            ]
        ),
    ),
    max_size=12,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r", "\u2029"]))
def test_offsets_are_exact_and_every_line_has_one_fate(lines: list[str], end: str) -> None:
    text = end.join(lines)
    report = split_report("r", text)
    pieces = [(p.start, p.end) for p in report.paragraphs] + [(d.start, d.end) for d in report.dropped]
    pieces = [(s, e) for s, e in pieces if not any(s > p.start and e < p.end for p in report.paragraphs if p.breaks)]
    covered = {
        i for part in (*report.headings, *report.paragraphs, *report.dropped) for i in range(part.start, part.end)
    }
    assert all(c.isspace() for i, c in enumerate(text) if i not in covered)
    for p in report.paragraphs:
        assert text[p.start : p.end] == p.text == p.text.strip()
        assert p.text
    assert [p.number for p in report.paragraphs] == list(range(1, len(report.paragraphs) + 1))
    assert len({p.id for p in report.paragraphs}) == len(report.paragraphs)
    ordered = sorted(pieces)
    assert all(a[1] <= b[0] for a, b in pairwise(ordered))


SPLITTABLE = st.lists(
    st.one_of(
        st.text(
            st.sampled_from("全县调解矛盾纠纷一二三百件，、。；：“”（）【】 　12.（①第章是页图目录年月日首页|"),
            max_size=70,
        ),
        st.sampled_from(
            ["一、道路建设", "【概况】全年平稳。", "一是修路。二是架桥。", "- 3 -", "　　全年修路三公里。", "目录"]
        ),
    ),
    max_size=14,
)


@given(SPLITTABLE, st.sampled_from(["\n", "\n\n", "\n\n\n", "\n　　"]), st.integers(8, 60))
def test_splitting_what_was_split_changes_nothing(lines: list[str], between: str, width: int) -> None:
    wrapped = (line[i : i + width] for line in lines for i in range(0, len(line), width))
    readings = [p.reading for p in split_report("r", between.join(wrapped)).paragraphs]
    again = [p.reading for p in split_report("r", "\n\n".join(readings)).paragraphs]
    assert again == readings


def chains(text: str) -> list[tuple[str, ...]]:
    return [p.headings for p in split_report("r", text).paragraphs]


def test_numbered_headings_nest() -> None:
    text = (
        "一、经济\n（一）农业\n粮食增产。\n（二）工业\n1.钢铁\n产量上升。\n（1）炼钢\n出钢三炉。\n二、社会\n人口增长。"
    )
    assert chains(text) == [
        ("一、经济", "（一）农业"),
        ("一、经济", "（二）工业", "1.钢铁"),
        ("一、经济", "（二）工业", "1.钢铁", "（1）炼钢"),
        ("二、社会",),
    ]


def test_yearbook_entries_replace_each_other_under_the_section() -> None:
    text = "政法\n综治工作\n【概况】\n全年平稳。\n【调解】\n调解成功。\n检察\n【批捕】\n批捕十人。"
    assert chains(text) == [
        ("政法", "综治工作", "【概况】"),
        ("政法", "综治工作", "【调解】"),
        ("政法", "检察", "【批捕】"),
    ]


def test_a_heading_in_one_line_with_its_paragraph_is_in_the_chain_and_in_the_text() -> None:
    entry, more = split_report("r", "政法\n【概况】全年平稳，破案十起。\n另有两起在侦。").paragraphs
    assert (entry.headings, entry.text) == (("政法", "【概况】"), "【概况】全年平稳，破案十起。")
    assert (entry.heading, more.heading) == ("政法", "【概况】")


def test_a_period_opens_a_part() -> None:
    text = "2013年工作总结\n道路\n修路三公里。\n2014年工作思路\n道路\n再修三公里。"
    assert chains(text) == [("2013年工作总结", "道路"), ("2014年工作思路", "道路")]


def test_ids_stay_when_text_above_changes_and_repeats_are_counted() -> None:
    before = split_report("r", "甲事已办。\n乙事已办。\n乙事已办。")
    after = split_report("r", "新的一段。\n甲事已办。\n乙 事已办。\n乙事已办。")
    assert [p.id for p in before.paragraphs] == [p.id for p in after.paragraphs][1:]
    assert before.paragraphs[2].id == f"r:{text_hash('乙事已办。')}-2"


@given(st.lists(st.text("a:-1\n", max_size=4), min_size=2, max_size=2, unique=True))
def test_ids_of_two_reports_differ_whatever_their_names(names: list[str]) -> None:
    first, second = (split_report(name, "甲事已办。\n甲事已办。\n乙事已办。") for name in names)
    assert not {p.id for p in first.paragraphs} & {p.id for p in second.paragraphs}
    assert all(p.id.rpartition(":")[0] == first.name for p in first.paragraphs)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一编 总则", 1),
        ("第一章 总则", 2),
        ("第二节 桥梁", 3),
        ("【概况】", 4),
        ("三、道路", 4),
        ("（三）桥", 5),
        ("3.5公里", 0),
        ("3、桥", 6),
        ("③桥", 7),
        ("三是修桥", 8),
        ("道路", 0),
    ],
)
def test_heading_levels(line: str, level: int) -> None:
    assert heading_level(line) == level


@pytest.mark.parametrize("line", ["一是修路。", "全年修路三公里；", "甲" * 46, "一、" + "甲" * 60, "他说：“好。”"])
def test_lines_that_are_no_headings(line: str) -> None:
    assert not is_heading(line)


def test_the_tiny_corpus_in_all_its_encodings(corpus: Path) -> None:
    reports = {p.stem: read_report(p) for p in sorted((corpus / "reports").iterdir())}
    assert {r.encoding for r in reports.values()} == {"utf-8", "gb18030"}
    assert all(len(r.paragraphs) == 7 for r in reports.values())
    web = reports["2004-liuxi"]
    assert [d.reason for d in web.dropped] == [
        "position on the site",
        "page date and source",
        "page tools",
        "copyright",
        "site registration",
    ]
    assert web.paragraphs[0].headings == ("柳溪乡2004年工作情况", "（一）其他工作")


def test_a_saved_page_keeps_its_text_and_loses_its_furniture(sample: Path) -> None:
    report = read_report(sample / "2021-yanshi-web.txt")
    assert len(report.paragraphs) == 10
    kept = "".join(p.text + "".join(p.headings) for p in report.paragraphs)
    for word in ("版权所有", "ICP", "打印", "上一篇", "责任编辑", "联系电话", "浏览", "无障碍", "分享到"):
        assert word not in kept
    assert report.paragraphs[5].heading == "三、平安“一条心”，打防两手抓"


def test_a_file_without_paragraphs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "menu.txt"
    path.write_text("首页 > 公开\n版权所有：某镇\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"menu\.txt: no paragraph found"):
        read_report(path)
