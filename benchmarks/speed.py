"""How fast the shipped model labels, against what a user would write instead, in one run.

Run with ``make bench``; writes benchmarks/results.md and benchmarks/results.json. The naive pipeline is jieba in a
`TfidfVectorizer` over word 1- and 2-grams with one-vs-rest logistic regression, fitted on the same seeds. Text is made
by recombining paragraphs of seeds/. Ratios compare medians of the same run, because machines are noisy.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import joblib

import topics
from benchmarks.baselines import fasttext_model
from benchmarks.naive import words
from topics.modeling.segmentation import cut
from topics.records import Example
from topics.storage.models import find_model
from topics.workflows.examples import from_reports

HERE = Path(__file__).parent
REPEATS = 3
BATCH = 20_000
TABLE = 100_000

Row = tuple[str, str, str, str]


def main() -> None:
    """Measure every row and write the tables."""
    examples = from_reports([Path("seeds")], [Path("labels")], Path("labels/codebook.toml")).examples
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measure(examples, Path(folder)))
    write(rows)


def measure(examples: list[Example], folder: Path) -> Iterator[Row]:
    """Measure, a row at a time."""
    naive = folder / "naive.joblib"
    fit_naive(examples, naive)
    yield from batch_rows(recombined(examples, BATCH), naive)
    yield from process_rows(naive)
    yield from loading_rows()
    yield from table_rows(examples, folder)
    seconds, _ = run("train", "--models", str(folder / "models"))
    yield "training on all seeds, calibration included", f"{seconds:.0f} s", "—", "≤ 60 s on two idle cores"


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
    """Batch prediction in one process, against the naive pipeline and segmentation alone."""
    model = topics.load()
    vectorizer, classifier = joblib.load(naive)
    size = sum(map(len, texts))
    part = texts[: len(texts) // 10]
    ours = timed(lambda: model.predict(texts))
    segmented = timed(lambda: [cut(text) for text in texts])
    slow = timed(lambda: classifier.predict(vectorizer.transform(part))) * size / sum(map(len, part))
    rate = f"{size / ours / 1e6:.2f} million characters a second"
    yield f"batch of {len(texts):,} paragraphs against the naive pipeline", rate, f"{slow / ours:.1f} ×", "≥ 12 ×"
    yield "the same against segmentation alone", rate, f"{segmented / ours:.2f} ×", "≥ 0.4 ×"
    yield from fasttext_rows(texts, ours)


def fasttext_rows(texts: list[str], ours: float) -> Iterator[Row]:
    """Against fastText on text that is segmented already, where it is installed."""
    examples = from_reports([Path("seeds")], [Path("labels")], Path("labels/codebook.toml"))
    try:
        model = fasttext_model(examples.examples, examples.codebook)
    except ImportError:
        return
    lines = [" ".join(cut(text)).replace("\n", " ") + "\n" for text in texts]
    peer = timed(lambda: [model.f.predict(line, 5, 0.0, "strict") for line in lines])
    yield "the same against fastText on segmented text", f"{ours:.1f} s", f"{peer / ours:.2f} ×", "—"


def process_rows(naive: Path) -> Iterator[Row]:
    """Whole processes: one report, and the help."""
    report = "tests/data/sample/" + min(p.name for p in Path("tests/data/sample").iterdir())
    ours = median_of(lambda: run("predict", report)[0])
    slow = median_of(lambda: spawn([sys.executable, "-m", "benchmarks.naive", str(naive), report])[0])
    yield (
        "topics predict of one report, whole process",
        f"{ours:.2f} s",
        f"{ours / slow:.2f} ×",
        "≤ 0.2 × the naive script",
    )
    help_time = median_of(lambda: run("--help")[0])
    typer_time = median_of(lambda: spawn([sys.executable, "-c", "import typer"])[0])
    ratio = f"{help_time / typer_time:.2f} ×"
    yield "topics --help, whole process", f"{help_time:.2f} s", ratio, "≤ 2 × import typer"


def loading_rows() -> Iterator[Row]:
    """Load the model, and the size of its file."""
    topics.load().predict([""])
    seconds = timed(topics.load)
    size = (find_model() / "model.joblib").stat().st_size
    yield "loading the model", f"{seconds * 1000:.0f} ms", "—", "≤ 50 ms"
    yield "the model's file", f"{size / 1e6:.2f} MB", "—", "≤ 4 MB"


def table_rows(examples: list[Example], folder: Path) -> Iterator[Row]:
    """Tables through the command: two processes against one, and ten times the rows."""
    small, large = folder / "small.jsonl", folder / "large.jsonl"
    texts = recombined(examples, BATCH)
    write_table(small, texts, TABLE)
    write_table(large, texts, 10 * TABLE)
    one = run("predict", str(small), "--text", "text", "-o", str(folder / "out.jsonl"))
    two = run("predict", str(small), "--text", "text", "-o", str(folder / "out.jsonl"), "--jobs", "2")
    ten = run("predict", str(large), "--text", "text", "-o", str(folder / "out.jsonl"))
    yield f"--jobs 2 against one process, {TABLE:,} rows", f"{two[0]:.0f} s", f"{one[0] / two[0]:.2f} ×", "≥ 1.7 ×"
    label = f"{10 * TABLE:,} rows against {TABLE:,}"
    yield f"peak memory, {label}", f"{ten[1]:.0f} MB", f"{ten[1] / one[1]:.2f} ×", "≤ 1.15 ×"
    yield f"time, {label}", f"{ten[0]:.0f} s", f"{ten[0] / one[0]:.2f} ×", "≤ 10.5 ×"


def write_table(path: Path, texts: list[str], n: int) -> None:
    """Write a table of paragraphs."""
    with path.open("w", encoding="utf-8") as handle:
        for i in range(n):
            handle.write(json.dumps({"id": i, "text": texts[i % len(texts)]}, ensure_ascii=False) + "\n")


def run(*arguments: str) -> tuple[float, float]:
    """Run the command in a process of its own: seconds and peak memory in megabytes."""
    return spawn([sys.executable, "-m", "topics", *arguments])


def spawn(command: list[str]) -> tuple[float, float]:
    """Run a process; peak memory is its own, as the system counts it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def timed(work: Callable[[], Any]) -> float:
    """Median seconds of a piece of work, after one run that is not counted."""

    def once() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    once()
    return median_of(once)


def median_of(measure_once: Callable[[], float]) -> float:
    """Median of several measurements."""
    return statistics.median(measure_once() for _ in range(REPEATS))


def machine() -> str:
    """Describe the machine in a line."""
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {platform.system()}"


def write(rows: list[Row]) -> None:
    """Write the results as Markdown and JSON."""
    lines = [f"Measured by `make bench` on {machine()}; medians of {REPEATS}.", ""]
    lines += ["| | measured | ratio | aim |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    text = "\n".join(lines) + "\n"
    (HERE / "results.md").write_text(text, encoding="utf-8")
    record = {
        "machine": machine(),
        "rows": [dict(zip(("what", "measured", "ratio", "aim"), r, strict=True)) for r in rows],
    }
    (HERE / "results.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
