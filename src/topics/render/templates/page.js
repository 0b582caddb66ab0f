"use strict";
(() => {
  const paragraphs = [...document.querySelectorAll(".paragraph")];
  const buttons = [...document.querySelectorAll(".filter button")];
  const status = document.getElementById("shown");

  // A heading stays while a paragraph below it, before the next heading of its level or above, is shown.
  function showHeadings() {
    for (const report of document.querySelectorAll(".report")) {
      const open = [];
      for (const item of report.children) {
        if (item.classList.contains("heading")) {
          while (open.length && open[open.length - 1].tagName >= item.tagName) open.pop();
          item.hidden = true;
          open.push(item);
        } else if (item.classList.contains("paragraph") && !item.hidden) {
          for (const heading of open) heading.hidden = false;
        }
      }
      report.hidden = !report.querySelector(".paragraph:not([hidden])");
    }
  }

  function choose(button) {
    const kind = button.dataset.kind, value = button.dataset.value;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    let count = 0;
    for (const paragraph of paragraphs) {
      const held = kind === "all" || (kind === "status" ? paragraph.dataset.status === value
        : paragraph.dataset.topics.split(" ").includes(value));
      paragraph.hidden = !held;
      count += held;
    }
    showHeadings();
    if (status) status.textContent = `${count} of ${paragraphs.length} paragraphs shown`;
  }

  function step(by) {
    const shown = paragraphs.filter((paragraph) => !paragraph.hidden);
    const here = shown.findIndex((paragraph) => paragraph.contains(document.activeElement));
    const next = shown[here < 0 ? (by > 0 ? 0 : shown.length - 1) : here + by];
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
    }
  }

  for (const button of buttons) button.addEventListener("click", () => choose(button));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") document.body.classList.add("quiet-tips");
    else if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
  const wake = () => document.body.classList.remove("quiet-tips");
  document.addEventListener("focusin", wake);
  document.addEventListener("mouseover", wake);
})();
