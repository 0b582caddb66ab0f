"""How fast the shipped model labels, against what a user would write instead, in one run.

Run with ``make bench``; writes benchmarks/results.md and benchmarks/results.json. The naive pipeline is jieba in a
`TfidfVectorizer` over word 1- and 2-grams with one-vs-rest logistic regression, fitted on the same seeds. Text is made
by recombining paragraphs of seeds/. What is compared is measured in turns, so that a busy moment meets both; a ratio is
the median of the ratios of all turns, with the least and the greatest behind it.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib

import topics
from benchmarks.baselines import fasttext_model
from benchmarks.naive import words
from benchmarks.processes import Ran, spawn
from topics.modeling.segmentation import cut
from topics.records import Example
from topics.storage.models import find_model
from topics.workflows.examples import Dataset, from_reports

HERE = Path(__file__).parent
TURNS = 5
FEW_TURNS = 3
BATCH = 20_000
TABLE = 100_000

Work = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """A line of the results."""

    what: str
    measured: str
    ratio: str
    aim: str


def main() -> None:
    """Measure every row and write the tables."""
    dataset = from_reports([Path("seeds")], [Path("labels")], Path("labels/codebook.toml"))
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in measure(dataset, Path(folder)):
            print(row, flush=True)
            rows.append(row)
    write(rows)


def measure(dataset: Dataset, folder: Path) -> Iterator[Row]:
    """Measure, a row at a time."""
    naive = folder / "naive.joblib"
    fit_naive(dataset.examples, naive)
    texts = recombined(dataset.examples, BATCH)
    yield from batch_rows(texts, naive)
    yield from fasttext_rows(texts, dataset)
    yield from process_rows(naive)
    yield from loading_rows()
    yield from table_rows(texts, folder)
    yield from training_rows(folder)


def recombined(examples: list[Example], n: int) -> list[str]:
    """Make paragraphs by putting the halves of two together."""
    rng = random.Random(0)
    texts = [e.text for e in examples]
    return [a[: len(a) // 2] + b[len(b) // 2 :] for a, b in ((rng.choice(texts), rng.choice(texts)) for _ in range(n))]


def fit_naive(examples: list[Example], path: Path) -> None:
    """Fit and store what a user would write instead."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    vectorizer = TfidfVectorizer(tokenizer=words, token_pattern=None, ngram_range=(1, 2))
    X = vectorizer.fit_transform([e.text for e in examples])
    names = sorted({t for e in examples for t in e.topics})
    classifier = OneVsRestClassifier(LogisticRegression()).fit(X, [[t in e.topics for t in names] for e in examples])
    joblib.dump((vectorizer, classifier), path)


def batch_rows(texts: list[str], naive: Path) -> Iterator[Row]:
    """Batch prediction in one process, against the naive pipeline (on a tenth of the text) and segmentation alone."""
    model = topics.load()
    vectorizer, classifier = joblib.load(naive)
    size, part = sum(map(len, texts)), texts[: len(texts) // 10]
    scale = size / sum(map(len, part))
    ours, slow, segmented = turns(
        lambda: model.predict(texts),
        lambda: classifier.predict(vectorizer.transform(part)),
        lambda: [cut(text) for text in texts],
    )
    rate = f"{size / statistics.median(ours) / 1e6:.2f} million characters a second"
    yield Row(
        f"{len(texts):,} paragraphs, one process, against the naive pipeline", rate, ratio(slow, ours, scale), "≥ 12 ×"
    )
    yield Row("the same against `rjieba.cut` alone", rate, ratio(segmented, ours), "≥ 0.4 ×")


def fasttext_rows(texts: list[str], dataset: Dataset) -> Iterator[Row]:
    """Against fastText on text that is segmented already, where it is installed."""
    try:
        peer = fasttext_model(dataset.examples, dataset.codebook)
    except ImportError:
        return
    model = topics.load()
    lines = [" ".join(cut(text)).replace("\n", " ") + "\n" for text in texts]
    ours, theirs = turns(lambda: model.predict(texts), lambda: [peer.f.predict(x, 5, 0.0, "strict") for x in lines])
    seconds = f"{statistics.median(theirs):.2f} s for fastText"
    yield Row("the same against fastText on text segmented before", seconds, ratio(theirs, ours), "—")


def process_rows(naive: Path) -> Iterator[Row]:
    """Whole processes: one report, and the help."""
    report = "tests/data/sample/" + min(p.name for p in Path("tests/data/sample").iterdir())
    script = [sys.executable, "-m", "benchmarks.naive", str(naive), report]
    ours, slow = turns(lambda: run("predict", report), lambda: whole(script))
    helped, typer = turns(lambda: run("--help"), lambda: whole([sys.executable, "-c", "import typer"]))
    yield Row(
        "`topics predict` of one report, whole process", seconds(ours), ratio(ours, slow), "≤ 0.2 × the naive script"
    )
    yield Row("`topics --help`, whole process", seconds(helped), ratio(helped, typer), "≤ 2 × `import typer`")


def loading_rows() -> Iterator[Row]:
    """Load the model, and the size of its file."""
    topics.load().predict([""])
    (loading,) = turns(topics.load)
    size = (find_model() / "model.joblib").stat().st_size
    yield Row("loading the model", f"{statistics.median(loading) * 1000:.0f} ms", "", "≤ 50 ms")
    yield Row("the model's file", f"{size / 1e6:.2f} MB", "", "≤ 4 MB")


def table_rows(texts: list[str], folder: Path) -> Iterator[Row]:
    """Tables through the command: two processes against one, and ten times the rows."""
    small, large, out = folder / "small.jsonl", folder / "large.jsonl", str(folder / "out.jsonl")
    write_table(small, texts, TABLE)
    write_table(large, texts, 10 * TABLE)
    command = ("predict", str(small), "--text", "text", "-o", out)
    pairs = [(run(*command), run(*command, "--jobs", "2")) for _ in range(FEW_TURNS)]
    one, two = ([pair[i].seconds for pair in pairs] for i in range(2))
    ten = run("predict", str(large), "--text", "text", "-o", out)
    memory = [pair[0].megabytes for pair in pairs]
    yield Row(f"a table of {TABLE:,} rows, `--jobs 2` against one process", seconds(two), ratio(one, two), "≥ 1.7 ×")
    label = f"{10 * TABLE:,} rows against {TABLE:,}"
    yield Row(
        f"peak memory, {label}", f"{ten.megabytes:.0f} MB", ratio([ten.megabytes] * len(memory), memory), "≤ 1.15 ×"
    )
    yield Row(f"time, {label}", f"{ten.seconds:.0f} s", ratio([ten.seconds] * len(one), one), "≤ 10.5 ×")


def training_rows(folder: Path) -> Iterator[Row]:
    """Train on all seeds."""
    trained = run("train", "--models", str(folder / "models"))
    measured = f"{trained.seconds:.0f} s, {trained.cpu:.0f} s of a core"
    yield Row("training on all seeds, calibration included", measured, "", "≤ 60 s on two idle cores")


def write_table(path: Path, texts: list[str], n: int) -> None:
    """Write a table of paragraphs."""
    with path.open("w", encoding="utf-8") as handle:
        for i in range(n):
            handle.write(json.dumps({"id": i, "text": texts[i % len(texts)]}, ensure_ascii=False) + "\n")


def run(*arguments: str) -> Ran:
    """Run the command in a process of its own."""
    return whole([sys.executable, "-m", "topics", *arguments])


def whole(command: list[str]) -> Ran:
    """Run a process that must not fail."""
    ran = spawn(command)
    if ran.code:
        raise RuntimeError(f"{command} ended with {ran.code}: {ran.errors}")
    return ran


def turns(*works: Work) -> list[list[float]]:
    """Seconds of pieces of work that take turns, after one turn that is not counted."""
    for work in works:
        work()
    taken = [[elapsed(work) for work in works] for _ in range(TURNS)]
    return [list(each) for each in zip(*taken, strict=True)]


def elapsed(work: Work) -> float:
    """Seconds of a piece of work; a process has been timed already."""
    start = time.perf_counter()
    result = work()
    return result.seconds if isinstance(result, Ran) else time.perf_counter() - start


def seconds(taken: list[float]) -> str:
    """A median with its spread."""
    return f"{statistics.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})"


def ratio(above: list[float], below: list[float], scale: float = 1.0) -> str:
    """The ratio of two measurements with its spread over the turns."""
    found = [scale * a / b for a, b in zip(above, below, strict=True)]
    return f"{statistics.median(found):.2f} × ({min(found):.2f} to {max(found):.2f})"


def machine() -> str:
    """Describe the machine in a line."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    processor = next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "rjieba", "jieba", "scikit-learn"))
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    return (
        f"{os.cpu_count()} cores ({processor}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}; {load}"
    )


def write(rows: list[Row]) -> None:
    """Write the results as Markdown and JSON."""
    described = machine()
    lines = [f"Measured by `make bench` on {described}. Medians of {TURNS} turns ({FEW_TURNS} for tables),"]
    lines += ["least and greatest in brackets; training and the largest table once.", ""]
    lines += ["| | measured | ratio | aim |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {' | '.join(asdict(row).values())} |" for row in rows]
    text = "\n".join(lines) + "\n"
    (HERE / "results.md").write_text(text, encoding="utf-8")
    record = {"machine": described, "rows": [asdict(row) for row in rows]}
    (HERE / "results.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
