"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="ID|PATH", help="Model to use; default: the current one.")
]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--models",
        metavar="DIR",
        help="Model store; default: ./models if it has a current model, else the shipped one.",
    ),
]
ReportsOption = Annotated[
    list[Path] | None,
    typer.Option("--reports", metavar="DIR", help="Folder of reports; may be given again. Default: seeds."),
]
LabelsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--labels",
        metavar="PATH",
        help="Label file, or folder with gold.csv and spans.csv; may be given again. Default: labels.",
    ),
]
CodebookOption = Annotated[
    Path | None,
    typer.Option(
        "--codebook",
        metavar="FILE",
        help="Codebook (TOML); default: labels/codebook.toml, or for a table the topics found in it.",
    ),
]
TableOption = Annotated[
    Path | None,
    typer.Option(
        "--table",
        metavar="FILE",
        help="Table of labelled paragraphs (.csv .jsonl .parquet) instead of reports and labels.",
    ),
]
TextOption = Annotated[
    str | None, typer.Option("--text", metavar="COLUMN", help="Column of a table that holds the paragraph.")
]
HeadingOption = Annotated[
    str | None, typer.Option("--heading", metavar="COLUMN", help="Column of a table that holds the heading.")
]
TopicsOption = Annotated[
    str | None,
    typer.Option("--topics", metavar="COLUMN", help="Column that holds the topics; several are joined by |."),
]
PrimaryOption = Annotated[
    str | None, typer.Option("--primary", metavar="COLUMN", help="Column that holds the primary topic.")
]
GroupOption = Annotated[
    str | None,
    typer.Option(
        "--group", metavar="COLUMN", help="Column that names the report a row is from; splits and intervals go by it."
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="Encoding of text reports (gb18030, big5 ...); default: found out."
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="PATTERN",
        help="Of folders, read only files that match (*.txt, 2013/*); may be given again.",
    ),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="PATTERN", help="Of folders, leave out files that match; may be given again."),
]
PrecisionOption = Annotated[
    float | None,
    typer.Option(
        "--precision",
        metavar="SHARE",
        help="Promise this precision, such as 0.95: what is marked auto keeps it, the rest is for review.",
    ),
]
