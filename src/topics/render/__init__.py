"""Results → tables, CSV, JSON, Markdown and HTML pages; nothing here reads, scores or writes a file."""

from topics.render.card import model_card
from topics.render.evaluation_page import evaluation_page
from topics.render.measures import print_comparison, print_evaluation
from topics.render.report_page import report_page
from topics.render.runs import print_history, print_relabelling
from topics.render.summary_page import summary_page
from topics.render.tables import (
    csv_lines,
    jsonl_lines,
    print_models,
    print_predictions,
    print_summary,
    print_terms,
    split_lines,
    summary_rows,
    to_json,
)

__all__ = [
    "csv_lines",
    "evaluation_page",
    "jsonl_lines",
    "model_card",
    "print_comparison",
    "print_evaluation",
    "print_history",
    "print_models",
    "print_predictions",
    "print_relabelling",
    "print_summary",
    "print_terms",
    "report_page",
    "split_lines",
    "summary_page",
    "summary_rows",
    "to_json",
]
