"""Printed pieces of a page come in the order in which they are read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from topics.corpus.printing import Printed, blocks

SIZE = 10.0


def piece(text: str, left: float, row: int, line: int) -> Printed:
    return Printed(text, left, left + SIZE * len(text), 800.0 - 18 * row, SIZE, 1, line)


def column(mark: str, left: float, rows: range) -> list[Printed]:
    return [piece(f"{mark}{row:02}全县调解矛盾纠纷", left, row, 0) for row in rows]


def numbered(pieces: list[Printed]) -> list[Printed]:
    return [
        Printed(p.text, p.left, p.right, p.bottom, p.size, p.page, line)
        for line, height in enumerate(dict.fromkeys(p.bottom for p in pieces))
        for p in pieces
        if p.bottom == height
    ]


def texts(pieces: list[Printed]) -> list[list[str]]:
    return [[line.text for line in block] for block in blocks(pieces)]


@pytest.mark.parametrize("columns", [2, 3])
def test_columns_are_read_one_after_the_other_however_the_file_sets_them(columns: int) -> None:
    parts = [column(mark, 50 + 150.0 * i, range(1, 9)) for i, mark in enumerate("甲乙丙"[:columns])]
    wanted = [[p.text for p in part] for part in parts]
    pieces = [p for part in parts for p in part]
    assert texts([replace(p, line=i) for i, p in enumerate(pieces)]) == wanted
    assert texts(numbered(sorted(pieces, key=lambda p: (-p.bottom, p.left)))) == wanted


def test_lines_across_part_the_columns_above_from_those_below() -> None:
    above = column("甲", 50, range(1, 7)) + column("乙", 200, range(1, 7))
    below = column("丙", 50, range(8, 14)) + column("丁", 200, range(8, 14))
    title = piece("全县政法工作概况和各项主要指标完成情况", 100, 7, 0)
    found = texts(numbered([*below, *above, title]))
    assert [block[0][:1] for block in found] == ["甲", "乙", "全", "丙", "丁"]


def test_a_page_without_columns_is_one_block_and_keeps_its_white_space() -> None:
    lines = [
        piece("年  月  日　　", 50, 0, 0),
        piece("盖章", 200, 0, 0),
        *(piece("甲" * 30, 50, r, r) for r in range(1, 9)),
    ]
    assert texts(lines) == [["年  月  日　　盖章", *["甲" * 30] * 8]]
    assert blocks([]) == []


def test_a_table_of_figures_has_no_columns_of_prose() -> None:
    cells = [
        piece(text, left, row, row) for row in range(9) for text, left in (("盗窃　　　　", 50.0), ("1203", 200.0))
    ]
    assert texts(cells) == [["盗窃　　　　1203"] * 9]
