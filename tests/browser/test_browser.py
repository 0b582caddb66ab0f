"""The pages in a real browser: Debian's Chromium, headless, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import topics
from topics.render import evaluation_page, report_page
from topics.workflows.evaluate import evaluate_model
from topics.workflows.examples import Dataset
from topics.workflows.labelling import Wanted
from topics.workflows.predict import predict_reports
from topics.workflows.reports import Failures

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HOSTILE = """一、<script>document.title = "ran"</script>
今年新修乡村公路五公里，<img src="http://example.invalid/x" onerror="document.title='ran'">改造危桥一座。招聘教师四名。
<a href="javascript:document.title='ran'">点此</a>招聘乡村教师四名。资助贫困学生\u202e两百人，建成校舍两栋。
</div></main><svg onload="document.title='ran'"></svg>今年造林三百亩，苗圃育苗五万株。护林员巡山四百次，补植林木两百亩。
二、其他工作
发放养老金，慰问老人。召开会议三次。
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with an empty profile."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra browser)")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=CHROMIUM, headless=True, args=FLAGS,
            viewport={"width": 1280, "height": 900},
        )  # fmt: skip
        yield context
        context.close()


@pytest.fixture(scope="module")
def report(model: topics.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a hostile report."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "敌意.txt").write_text(HOSTILE, encoding="utf-8")
    rows = predict_reports(
        [str(folder / "敌意.txt")], model, Failures(print), wanted=Wanted(explain=True, precision=0.9)
    )
    names = {"roads": "道路<b>", "schools": "学校", "forests": "造林"}
    (folder / "report.html").write_text(report_page(rows, names, model.id, 0.9), encoding="utf-8")
    return folder / "report.html"


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    """The page of the hostile report, opened; nothing may be asked of any server, and nothing may go wrong."""
    opened = browser.new_page()
    asked, wrong = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.goto(report.as_uri())
    yield opened
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert wrong == []
    opened.close()


def test_hostile_text_is_shown_and_never_runs(page: Any) -> None:
    assert page.title() == "Topics of 敌意"
    text = page.inner_text("main")
    for piece in ("<script>", "<img src=", "<a href=", "</main>", "<svg onload", "U+202E"):
        assert piece in text
    assert page.locator("main img, main svg, main a[href^=javascript], main script").count() == 0


def test_the_report_reads_as_it_was_written(page: Any) -> None:
    shown = "".join(page.locator(".text .passage").evaluate_all(
        "spans => spans.map(s => [...s.childNodes].filter(n => !n.classList || !(n.classList.contains('tip')"
        " || n.classList.contains('also'))).map(n => n.textContent).join(''))"
    ))  # fmt: skip
    for line in HOSTILE.splitlines()[1:4]:
        assert line.replace("\u202e", "U+202E") in shown


def test_evidence_shows_on_hover_and_on_focus(page: Any) -> None:
    passage = page.locator(".passage.told").first
    tip = passage.locator(".tip")
    assert not tip.is_visible()
    passage.hover()
    assert tip.is_visible()
    assert "道路<b>" in tip.inner_text()
    page.mouse.move(0, 0)
    assert not tip.is_visible()
    passage.focus()
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_the_filter_keeps_a_topic_and_its_headings(page: Any) -> None:
    every = page.locator(".paragraph").count()
    page.get_by_role("button", name="学校").click()
    assert page.locator(".paragraph:visible").count() < every
    assert all("学校" in t for t in page.locator(".paragraph:visible .meta").all_inner_texts())
    assert page.locator(".heading:visible").count() == 1
    assert page.locator("[aria-pressed=true]").inner_text().startswith("学校")
    page.get_by_role("button", name="all paragraphs").click()
    assert page.locator(".paragraph:visible").count() == every


def test_everything_can_be_reached_by_keyboard(page: Any) -> None:
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.className.split(' ')[0] || document.activeElement.tagName"))
    assert {"skip", "passage", "number"} <= reached
    page.get_by_role("button", name="学校").focus()
    page.keyboard.press("Enter")
    assert page.locator(".paragraph:visible").count() < page.locator(".paragraph").count()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.className").startswith("paragraph")


def test_printed_it_holds_all_text_and_no_tips(page: Any) -> None:
    page.emulate_media(media="print")
    page.locator(".passage.told").first.focus()
    assert page.locator(".tip:visible").count() == 0
    assert page.locator(".paragraph:visible").count() == page.locator(".paragraph").count()
    assert len(page.pdf()) > 10_000


def test_a_narrow_screen_does_not_scroll_sideways(page: Any) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    tip = page.locator(".passage.told").first.locator(".tip")
    page.locator(".passage.told").first.focus()
    assert tip.evaluate("tip => tip.scrollWidth <= tip.clientWidth && tip.getBoundingClientRect().right <= 380")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_an_evaluation_shows_its_plots(browser: Any, model: topics.Model, dataset: Dataset, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    result = evaluate_model(model, dataset, 0.9)
    (tmp_path / "e.html").write_text(evaluation_page(result, {"roads": "道路"}, "a model"), encoding="utf-8")
    opened = browser.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((tmp_path / "e.html").as_uri())
    sizes = opened.locator("figure img").evaluate_all("images => images.map(i => i.complete && i.naturalWidth)")
    assert len(sizes) == 3
    assert all(size > 100 for size in sizes)
    assert "promise" in opened.inner_text("main")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    opened.close()
