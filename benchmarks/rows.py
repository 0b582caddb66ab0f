"""Invented paragraphs for measuring and testing re-labelling."""

from __future__ import annotations

import random

Row = tuple[str, str, str]
"""Id, text and heading."""

_CLAUSES = (
    "全年排查矛盾纠纷{n}件", "调解成功{n}件", "破获刑事案件{n}起", "抓获犯罪嫌疑人{n}名", "新增视频监控探头{n}个",
    "建成社会治理信息平台{n}个", "登记流动人口{n}人", "走访社区矫正对象{n}人次", "化解信访积案{n}件",
    "新修乡村公路{n}公里", "开展法治宣传{n}场", "完成重大项目{n}个", "发放救助资金{n}万元", "组织巡逻{n}次",
    "开展稳定风险评估{n}项",
)  # fmt: skip
_HEADINGS = ("一、平安建设", "二、矛盾化解", "三、经济发展", "")


def make_rows(n: int, *, seed: int = 1, clauses: int = 4, start: int = 0) -> list[Row]:
    """Invent paragraphs of a few clauses each."""
    random_ = random.Random(seed)
    rows = []
    for i in range(start, start + n):
        parts = random_.choices(_CLAUSES, k=clauses)
        text = "，".join(part.format(n=random_.randint(1, 999)) for part in parts) + "。"
        rows.append((f"p{i:07d}", text, random_.choice(_HEADINGS)))
    return rows


def changed(rows: list[Row], share: float, *, seed: int = 2, together: bool = False) -> list[Row]:
    """Change, remove and add paragraphs, a third of the share each: here and there, or those that follow each other."""
    random_ = random.Random(seed)
    n = max(1, round(len(rows) * share / 3))
    chosen = range(len(rows) - 2 * n, len(rows)) if together else random_.sample(range(len(rows)), 2 * n)
    edited, removed = set(chosen[:n]), set(chosen[n:])
    kept = [
        (name, text + "另破获电信网络诈骗案件九起。" if i in edited else text, heading)
        for i, (name, text, heading) in enumerate(rows)
        if i not in removed
    ]
    return kept + make_rows(n, seed=seed, start=int(rows[-1][0][1:]) + 1)
