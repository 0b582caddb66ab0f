"""What a user would write instead: jieba in a `TfidfVectorizer`, one-vs-rest logistic regression, joblib.

``python -m benchmarks.naive MODEL REPORT`` labels a report's lines with a stored pipeline.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jieba
import joblib


def words(text: str) -> list[str]:
    """Segment a text; a function of a module, because jieba's own method cannot be pickled."""
    tokens: list[str] = jieba.lcut(text)
    return tokens


if __name__ == "__main__":
    vectorizer, classifier = joblib.load(sys.argv[1])
    lines = [line for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines() if len(line) > 30]
    print(classifier.predict(vectorizer.transform(lines)).sum())
