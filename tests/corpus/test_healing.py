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


@given(PARAGRAPHS, st.integers(18, 45))
def test_indented_paragraphs_come_back(paragraphs: list[str], width: int) -> None:
    text = "\n".join(wrap("　　" + p, width) for p in paragraphs)
    report = split_report("r", text)
    assert readings(report) == paragraphs
    assert all(text[p.start : p.end] == p.text for p in report.paragraphs)


@given(PARAGRAPHS, st.integers(18, 45), st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_paragraphs_parted_by_blank_lines_come_back(paragraphs: list[str], width: int, between: str) -> None:
    text = between.join(wrap(p, width).replace("\n", between[: len(between) // 2]) for p in paragraphs)
    assert readings(split_report("r", text)) == paragraphs


def fill(paragraph: str, width: int, quote: int) -> list[str]:
    """Wrap at a width in columns, of which quotes take one or two."""
    lines, used = [""], 0
    for character in paragraph:
        wide = quote if character in "“”" else 1 + (character > "\u2e7f")
        if used + wide > width:
            lines.append("")
            used = 0
        lines[-1] += character
        used += wide
    return lines


@given(PARAGRAPHS, st.integers(36, 90), st.sampled_from([1, 2]), st.booleans())
def test_lines_filled_to_a_width_come_back(paragraphs: list[str], width: int, quote: int, blank: bool) -> None:
    paragraphs = [p.replace("治安", "“治安”") for p in paragraphs]
    lines = [fill(p if blank else f"　　{p}", width, quote) for p in paragraphs]
    text = ("\n\n" if blank else "\n").join("\n".join(some) for some in lines)
    assert readings(split_report("r", text)) == paragraphs


def test_a_blank_line_ends_a_paragraph_even_behind_a_comma() -> None:
    assert readings(split_report("r", "全区排查矛盾，\n化解纠纷。\n\n打击犯罪。其中，\n\n另一段。")) == [
        "全区排查矛盾，化解纠纷。",
        "打击犯罪。其中，",
        "另一段。",
    ]


def test_wrapped_lines_that_are_furniture_together_are_left_out() -> None:
    report = split_report("r", "全区调解纠纷三百件。\n主办单位：某区人民政府，\n某区司法局")
    assert readings(report) == ["全区调解纠纷三百件。"]
    assert [d.reason for d in report.dropped] == ["site owner"]


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
