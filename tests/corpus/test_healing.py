"""Lines that belong together are joined, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.paragraphs import split_report
from topics.records import Report

SENTENCE = st.builds(
    lambda subject, verb, figure, rest: f"{subject}{verb}{figure}件，{rest}。",
    st.sampled_from(["全区", "各街道", "区公安分局", "县检察院会同县法院", "人民调解委员会", "综治中心"]),
    st.sampled_from(["调解矛盾纠纷", "破获刑事案件", "受理群众来信来访", "化解信访积案", "排查治安隐患"]),
    st.integers(2, 98765),
    st.sampled_from(["办结率居全市前列", "同比有所下降", "群众安全感明显增强", "没有发生重特大案件", "成效明显"]),
)
PARAGRAPHS = st.lists(st.lists(SENTENCE, min_size=3, max_size=9).map("".join), min_size=4, max_size=9)


def readings(report: Report) -> list[str]:
    return [p.reading for p in report.paragraphs]


def wrap(paragraph: str, width: int) -> str:
    return "\n".join(paragraph[i : i + width] for i in range(0, len(paragraph), width))


@given(PARAGRAPHS, st.integers(24, 45))
def test_indented_paragraphs_come_back(paragraphs: list[str], width: int) -> None:
    text = "\n".join(wrap("　　" + p, width) for p in paragraphs)
    report = split_report("r", text)
    assert readings(report) == paragraphs
    assert all(text[p.start : p.end] == p.text for p in report.paragraphs)


@given(PARAGRAPHS, st.integers(24, 45), st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_paragraphs_parted_by_blank_lines_come_back(paragraphs: list[str], width: int, between: str) -> None:
    text = between.join(wrap(p, width).replace("\n", between[: len(between) // 2]) for p in paragraphs)
    assert readings(split_report("r", text)) == paragraphs


@given(PARAGRAPHS)
def test_unwrapped_paragraphs_stay_as_they_are(paragraphs: list[str]) -> None:
    assert readings(split_report("r", "\n".join(paragraphs))) == paragraphs


@given(PARAGRAPHS, st.integers(24, 45))
def test_offsets_into_the_reading_point_at_the_same_characters(paragraphs: list[str], width: int) -> None:
    report = split_report("r", "\n".join(wrap("　　" + p, width) for p in paragraphs))
    for p in report.paragraphs:
        stretches = [p.stretch(i, i + 1) for i in range(len(p.reading))]
        assert [p.text[start:end] for start, end in stretches] == list(p.reading)
        assert p.stretch(0, len(p.reading)) == (0, len(p.text))


@pytest.mark.parametrize("between", ["\n- 3 -\n", "\n\n第 3 页 共 9 页\n\n", "\n\f\n12\n"])
def test_the_end_of_a_page_does_not_end_a_paragraph(between: str) -> None:
    first, rest = "全区排查矛盾纠纷三千二百件，" * 4 + "其中", "婚姻家庭纠纷九百件，全部化解。"
    report = split_report("r", f"{first}{between}{rest}\n另一段。")
    assert readings(report) == [first + rest, "另一段。"]
    assert [d.reason for d in report.dropped] == ["page number"]
    assert report.paragraphs[0].text == first + between + rest


def test_navigation_between_two_lines_parts_them() -> None:
    first = "全区排查矛盾纠纷三千二百件，" * 4 + "其中"
    assert readings(split_report("r", f"{first}\n首页 | 新闻 | 公告\n婚姻家庭纠纷九百件。")) == [
        first,
        "婚姻家庭纠纷九百件。",
    ]
