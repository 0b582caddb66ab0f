"""Statistics of the labelled reports: sizes, lengths, topics, borderline rules, agreement and near-duplicates.

Run with ``make seeds-stats``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import cohen_kappa_score

from topics.records import Example
from topics.workflows.examples import from_reports

SEEDS, LABELS = Path("seeds"), Path("labels")
RUN = 20
SHINGLE = 6
NEAR = 0.3

_RULE = re.compile(r"\d+[+-]")


def main() -> None:
    """Print all statistics as Markdown."""
    dataset = from_reports([SEEDS], [LABELS], LABELS / "codebook.toml")
    examples = dataset.examples
    print(f"{len(examples)} labelled paragraphs in {len({e.group for e in examples})} reports\n")
    print_lengths(examples)
    print_topics(examples, dataset.codebook.ids)
    print_rules(LABELS / "gold.csv")
    print_agreement(LABELS / "second.csv", LABELS / "first.csv", dataset.codebook.ids)
    print_duplicates(examples)


def print_lengths(examples: list[Example]) -> None:
    """Print quantiles of the paragraphs' lengths."""
    lengths = np.array([len(e.text) for e in examples])
    quartiles = " / ".join(f"{q:.0f}" for q in np.percentile(lengths, [25, 50, 75]))
    print(f"characters: {lengths.sum():,}; quartiles {quartiles}; longest {lengths.max()}")
    print(f"over 350 characters: {np.mean(lengths > 350):.0%}; under 80: {np.mean(lengths < 80):.0%}\n")


def print_topics(examples: list[Example], topics: tuple[str, ...]) -> None:
    """Print how often each topic is given, and is primary."""
    given = Counter(t for e in examples for t in e.topics)
    primary = Counter(e.primary for e in examples)
    print("| topic | paragraphs | primary |\n| --- | ---: | ---: |")
    for topic in (*topics, "other"):
        count = given[topic] if topic in given else sum(not e.topics for e in examples)
        print(f"| {topic} | {count} | {primary[topic]} |")
    print(f"\nno topic: {np.mean([not e.topics for e in examples]):.0%}; "
          f"two or more: {np.mean([len(e.topics) > 1 for e in examples]):.0%}\n")  # fmt: skip


def print_rules(path: Path) -> None:
    """Print how many paragraphs exercise each borderline rule on either side."""
    with path.open(encoding="utf-8", newline="") as handle:
        rules = Counter(rule for row in csv.DictReader(handle) for rule in _RULE.findall(row["note"]))
    numbers = sorted({int(rule[:-1]) for rule in rules})
    print("| rule | counts | does not count |\n| ---: | ---: | ---: |")
    for n in numbers:
        print(f"| {n} | {rules[f'{n}+']} | {rules[f'{n}-']} |")
    print()


def print_agreement(second: Path, first: Path, topics: tuple[str, ...]) -> None:
    """Print Cohen's kappa between the writers' labels and those of a reader who did not see them."""
    if not (second.is_file() and first.is_file()):
        return
    one, two = (_topics_by_paragraph(path) for path in (first, second))
    keys = sorted(set(one) & set(two))
    print(
        f"agreement of writer and blind reader on {len(keys)} paragraphs\n\n| topic | Cohen's kappa |\n| --- | ---: |"
    )
    for topic in topics:
        given = [[topic in labels[k][0] for k in keys] for labels in (one, two)]
        print(f"| {topic} | {cohen_kappa_score(*given):.3f} |")
    print(f"| primary topic | {cohen_kappa_score([one[k][1] for k in keys], [two[k][1] for k in keys]):.3f} |\n")


def _topics_by_paragraph(path: Path) -> dict[tuple[str, str, str], tuple[set[str], str]]:
    """Read topics and primary topic by report, number and hash."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {
            (row["report"], row["paragraph"], row["hash"]): (set(row["topics"].split("|")), row["primary"])
            for row in csv.DictReader(handle)
        }


def print_duplicates(examples: list[Example]) -> None:
    """Print pairs of paragraphs that resemble each other, and runs of text that stand in two reports."""
    texts = [e.text for e in examples]
    shingles = CountVectorizer(analyzer="char", ngram_range=(SHINGLE, SHINGLE), binary=True).fit_transform(texts)
    common = (shingles @ shingles.T).tocoo()
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    jaccard = common.data / (sizes[common.row] + sizes[common.col] - common.data)
    near = (common.row < common.col) & (jaccard >= NEAR)
    print(f"pairs of paragraphs with a Jaccard similarity over {SHINGLE}-grams of {NEAR} or more: {near.sum()}")
    for i, j in zip(common.row[near][:10], common.col[near][:10], strict=True):
        print(f"  {examples[i].group} ~ {examples[j].group}: {texts[i][:30]}…")
    homes: dict[str, set[str]] = {}
    for example in examples:
        for i in range(len(example.text) - RUN + 1):
            homes.setdefault(example.text[i : i + RUN], set()).add(example.group)
    print(f"runs of {RUN} characters that stand in more than one report: {sum(len(h) > 1 for h in homes.values())}")


if __name__ == "__main__":
    main()
