"""Mutated reports against the reader and the splitter: ``python -m benchmarks.fuzz [--minutes N] [--seed N]``.

Bytes of every form are damaged at random and read: the reader gives a document or one line of refusal. Texts are
damaged as people damage them (cut, wrapped, furniture in between), and must keep what `docs/reports.md` promises.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from topics.corpus.paragraphs import split_document, split_report
from topics.corpus.reading import parse, read_document
from topics.errors import InputError
from topics.records import Dropped, Heading, Paragraph, Report

ROOT = Path(__file__).resolve().parents[1]
SLOW = 1.0
LARGEST = 200_000
FURNITURE = (
    "- 3 -",
    "12",
    "首页 | 新闻 | 公告",
    "目录",
    "某区年鉴",
    "版权所有：某区",
    "（2009年1月3日）",
    "某区司法局",
    "【概况】",
    "一、调解",
    "（二）排查",
    "1. 排查",
    "“平安是福！”",
    "一是排查。",
    "图1 调解",
    "\ue000",
    "　　",
    "\x0c",
    "第 3 页 共 9 页",
    "·3·  某区年鉴",
    "立案 12 13 -5%",
)
CHARACTERS = "，。；：、“”（）【】《》…0123456789.．一二三是第章节　 \t\r\u2028\u200b\ue001年月日A-"

Mutation = Callable[[random.Random, str], str]


def cut(rng: random.Random, text: str) -> str:
    """Keep a stretch."""
    start = rng.randrange(len(text) + 1)
    return text[start : start + rng.randrange(40, 3000)]


def sprinkle(rng: random.Random, text: str) -> str:
    """Put in or replace characters."""
    characters = list(text)
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(characters) + 1)
        characters[at : at + rng.randrange(2)] = rng.choice(CHARACTERS)
    return "".join(characters)


def furnish(rng: random.Random, text: str) -> str:
    """Put lines of furniture and headings between lines."""
    lines = text.split("\n")
    for _ in range(rng.randrange(1, 6)):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(FURNITURE))
    return "\n".join(lines)


def shuffle(rng: random.Random, text: str) -> str:
    """Repeat, drop and move lines."""
    lines = text.split("\n")
    return "\n".join(rng.choice(lines) for _ in range(rng.randrange(1, len(lines) + 3)))


def wrap(rng: random.Random, text: str) -> str:
    """Wrap every line at a width."""
    width, indent = rng.randrange(8, 60), rng.choice(("", "　　"))
    lines = [indent + line.strip() for line in text.split("\n")]
    return "\n".join(line[i : i + width] for line in lines for i in range(0, len(line) or 1, width))


def spread(rng: random.Random, text: str) -> str:
    """Space lines out as recognised print is."""
    space = rng.choice((" ", "　"))
    return "\n".join(space.join(line) if rng.random() < 0.5 else line for line in text.split("\n"))


def unend(rng: random.Random, text: str) -> str:
    """Take away or add ends of sentences."""
    return text.replace(rng.choice("。，；："), rng.choice(("", "，", "。", "\n", "。\n\n")), rng.randrange(1, 9))


MUTATIONS: tuple[Mutation, ...] = (cut, sprinkle, furnish, shuffle, wrap, spread, unend)


def mutated(rng: random.Random, text: str) -> str:
    """Damage a text in several ways."""
    for mutation in rng.choices(MUTATIONS, k=rng.randrange(1, 5)):
        text = mutation(rng, text)
    return text


def faults(text: str) -> list[str]:
    """Tell which promises the splitter breaks for a text."""
    report = split_report("r", text)
    found = []
    if any(text[p.start : p.end] != p.text for p in report.paragraphs):
        found.append("offsets")
    covered = bytearray(len(text))
    parts: list[Heading | Paragraph | Dropped] = [*report.headings, *report.paragraphs, *report.dropped]
    for part in parts:
        covered[part.start : part.end] = b"\x01" * (part.end - part.start)
    if any(not seen and not c.isspace() for c, seen in zip(text, covered, strict=True)):
        found.append("lost characters")
    if readings(split_report("r", "\n\n".join(readings(report)))) != readings(report):
        found.append("not idempotent")
    return found


def readings(report: Report) -> list[str]:
    """The paragraphs as they read."""
    return [p.reading for p in report.paragraphs]


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Damage bytes: flip, cut and repeat, or only put in marks that leave the encoding whole."""
    content = bytearray(data)
    kinds = rng.choice(((0, 1, 2), (3,), (3,), (0, 1, 2, 3)))
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(content) or 1)
        match rng.choice(kinds):
            case 0:
                content[at : at + 1] = rng.randbytes(1)
            case 1:
                del content[at : at + rng.randrange(1, 64)]
            case 2:
                content[at:at] = content[at : at + rng.randrange(1, 256)]
            case _:
                at = content.find(rng.choice(b"<>\n /"), at) + 1
                content[at:at] = rng.choice(
                    (b"<table><tr><td>", b"</div>", b"\n\n", b"<b>", b"&#0;", b"<br>", b"</body>", b" ")
                )
    return bytes(content[:LARGEST])


def read(data: bytes, name: str) -> str:
    """Read damaged bytes: tell whether they were read or refused; any other outcome is an error."""
    try:
        split_document("r", parse(data, name))
    except InputError as error:
        return "refused" if "\n" not in str(error) else "refused in several lines"
    return "read"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run for some minutes and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="how many failing inputs to print of each kind")
    options = parser.parse_args(arguments)
    rng, outcomes, end = random.Random(options.seed), Counter[str](), time.monotonic() + 60 * options.minutes
    files = sorted((ROOT / "tests/data/reports").iterdir())
    texts = [read_document(p).text for p in (*files, *sorted((ROOT / "seeds").glob("*.txt"))) if p.suffix != ".zip"]
    while time.monotonic() < end:
        begun = time.process_time()
        case: str | bytes
        if rng.random() < 0.25:
            path = rng.choice(files)
            case = data = damaged(rng, path.read_bytes())
            found = [f"bytes {read(data, path.name)}"]
        else:
            case = text = mutated(rng, rng.choice(texts))
            found = ["text", *faults(text)]
        if time.process_time() - begun > SLOW:
            found.append("slow")
        for outcome in found:
            outcomes[outcome] += 1
            if outcome not in ("text", "bytes read", "bytes refused") and outcomes[outcome] <= options.show:
                print(f"{outcome}: {case!r}\n", flush=True)
    print(dict(outcomes), f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


if __name__ == "__main__":
    main()
