"""Page furniture is left out, text is kept, and no line takes long to judge."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.furniture import furniture_reason

FURNITURE = [
    ("版权所有 © 某镇人民政府", "copyright"),
    ("浙ICP备05000001号", "site registration"),
    ("主办单位：某镇人民政府", "site owner"),
    ("您现在的位置：首页 > 政务公开", "position on the site"),
    ("首页 | 新闻 | 公告", "navigation"),
    ("联系我们 | 网站地图 | 设为首页", "navigation"),
    ("发布日期：2010-01-05", "page date and source"),
    ("来源：某镇党政办", "page date and source"),
    ("2010年1月5日", "date line"),
    ("浏览次数：318", "view counter"),
    ("【打印本页】 【关闭窗口】", "page tools"),
    ("上一篇：某镇召开会议", "neighbouring pages"),
    ("附件：统计表.xls", "attachment"),
    ("联系电话：0000-1234567", "contact line"),
    ("第 3 页 共 12 页", "page number"),
    ("一、道路建设…………… 12", "contents line"),
    ("柳政发〔2010〕12号", "document number"),
    ("索引号：000014349/2010-00012", "index line"),
    ("————————", "rule"),
    ("（责任编辑：周小禾）", "page date and source"),
    ("[通讯员 李某某 供稿]", "editor line"),
    ("www.example.test", "navigation"),
]
TEXT = [
    "全年调解纠纷三百件。",
    "开通举报电话：12345，受理线索20件。",
    "首页推荐栏目办好了，群众满意。",
    "来源于群众的意见得到重视，办结建议二十件。",
    "一是道路建设；二是桥梁建设",
    "更多群众用上了自来水。",
    "2010年1月5日，全镇召开大会，部署道路建设。",
    "地址普查完成，登记门牌三千块。",
]
HOSTILE = [
    "联系我们" + "|" * 200 + "，",
    "联系我们" + ("  甲" * 60) + "，。",
    "法律声明" + " | 甲" * 50 + "，",
    "|" * 200 + " 甲 乙",
    "甲|" * 100 + "甲甲甲甲甲甲甲甲甲甲甲甲",
    " ".join("甲" * 40) + "甲" * 30,
    "打印" * 100,
    "." * 239 + "甲",
    "·" * 230 + "甲1",
    "来源：" * 79,
]


@pytest.mark.parametrize(("line", "reason"), FURNITURE)
def test_furniture(line: str, reason: str) -> None:
    assert furniture_reason(line) == reason


@pytest.mark.parametrize("line", TEXT)
def test_text(line: str) -> None:
    assert furniture_reason(line) is None


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_lines_are_judged_at_once(line: str) -> None:
    began = time.perf_counter()
    furniture_reason(line)
    assert time.perf_counter() - began < 1


@given(st.text(st.sampled_from("首页联系我们更多|｜/· 　:：>甲1.年月日来源"), max_size=240))
def test_lines_made_of_a_page_s_pieces_are_judged_at_once(line: str) -> None:
    began = time.perf_counter()
    furniture_reason(line)
    assert time.perf_counter() - began < 1
