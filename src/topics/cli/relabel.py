"""``topics relabel``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topics.cli.app import PARTIAL, app, complain
from topics.cli.options import CodebookOption, ModelOption
from topics.cli.progress import progress
from topics.errors import GuardError, TopicsError, UsageError

if TYPE_CHECKING:
    from topics.workflows.relabel.engines import Engine
    from topics.workflows.relabel.sources import Columns


class EngineName(StrEnum):
    """Where paragraphs are scored."""

    LOCAL = "local"
    DASK = "dask"


class LogFormat(StrEnum):
    """Forms of messages."""

    TEXT = "text"
    JSON = "json"


@app.command(
    epilog="Examples:  topics relabel reports/  |  "
    "topics relabel postgresql://user@host/name --table paragraphs --id id --text body --max-churn 0.1"
)
def relabel(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Folder of reports; database address (with --table, --id and --text); "
            "Parquet file or folder (with --id and --text).",
        ),
    ],
    table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="Table of a database that holds the paragraphs.")
    ] = None,
    id: Annotated[
        str | None, typer.Option("--id", metavar="COL", help="Column with the paragraph's id.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="COL", help="Column with the paragraph.")
    ] = None,
    heading: Annotated[
        str | None, typer.Option("--heading", metavar="COL", help="Column with the heading it stands under.")
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(
            "--into",
            metavar="TARGET",
            help="Where the labels go. Default: topics.db beside a folder, the same database, "
            "or a folder NAME.topics beside a dataset.",
        ),
    ] = None,
    model: ModelOption = None,
    codebook: CodebookOption = None,
    engine: Annotated[EngineName, typer.Option("--engine", help="Where to score.")] = EngineName.LOCAL,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler; default: a cluster of this machine."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", min=1, help="Processes of this machine. Default: 1; with dask one a core."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Score every paragraph, and put right labels that the model does not give.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; write nothing.")] = False,
    max_churn: Annotated[
        float | None,
        typer.Option(
            "--max-churn", metavar="SHARE", min=0, max=1,
            help="Refuse to change the topics of more than this share of unchanged paragraphs.",
        ),
    ] = None,
    max_drift: Annotated[
        float | None,
        typer.Option(
            "--max-drift", metavar="NUMBER", min=0,
            help="Refuse text further than this from the model's training text (population stability index).",
        ),
    ] = None,
    summary: Annotated[
        Path | None, typer.Option("--summary", metavar="FILE", help="Write the JSON summary here.")
    ] = None,
    log_format: Annotated[LogFormat, typer.Option("--log-format", help="Form of messages.")] = LogFormat.TEXT,
) -> None:  # fmt: skip
    """Bring the labels of a store of paragraphs up to date, and record what changed and why."""
    from topics.workflows.relabel.guard import Limits
    from topics.workflows.relabel.running import Options

    with _messages(log_format):
        columns = _columns(id, text, heading)
        _check(source, table, columns, engine, scheduler)
        limits = Limits(max_churn, max_drift)
        with progress("batches") as tell, ExitStack() as stack:
            result = _run(
                stack, (source, into, table, columns), (model, codebook), _engine(engine, scheduler, jobs),
                Options(full, dry_run, limits, tell), log_format,
            )  # fmt: skip
        _tell(result, summary)
        if result["refused"]:
            raise GuardError(result["refused"])
    if result["counts"]["failed"]:
        raise typer.Exit(PARTIAL)


def _run(
    stack: ExitStack,
    places: tuple[str, str | None, str | None, Columns | None],
    models: tuple[str | None, Path | None],
    engine: Engine,
    options: Any,
    log_format: LogFormat,
) -> dict[str, Any]:
    """Open everything and run."""
    from topics.workflows.library import load
    from topics.workflows.relabel.opening import open_both
    from topics.workflows.relabel.running import Work, relabel
    from topics.workflows.relabel.taxonomy import find_carrier
    from topics.workflows.reports import Failures

    problems: list[str] = []

    def note(message: str) -> None:
        problems.append(message)
        _log(message, "warning", log_format)

    loaded = load(models[0])
    carrier = find_carrier(loaded.topics, models[1])
    source, target = open_both(stack, *places, write=not options.dry_run)
    return relabel(Work(source, target, loaded, carrier, engine, options, Failures(note), problems))


def _columns(id: str | None, text: str | None, heading: str | None) -> Columns | None:
    """The columns that the options name."""
    from topics.workflows.relabel.sources import Columns

    if id and text:
        return Columns(id, text, heading)
    if id or text or heading:
        raise UsageError("--id and --text go together; --heading goes with them")
    return None


def _check(source: str, table: str | None, columns: Columns | None, engine: EngineName, scheduler: str | None) -> None:
    """Refuse options that do not go together."""
    if table and not columns:
        raise UsageError(f"{source}: --table needs --id COLUMN and --text COLUMN")
    if scheduler and engine is not EngineName.DASK:
        raise UsageError("--scheduler needs --engine dask")


def _engine(engine: EngineName, scheduler: str | None, jobs: int | None) -> Engine:
    """The engine that the options name."""
    from topics.workflows.relabel import engines

    if engine is EngineName.DASK:
        from topics.workflows.relabel.cluster import dask

        return dask(scheduler, jobs or os.cpu_count() or 1)
    return engines.processes(jobs or 1)


def _tell(result: dict[str, Any], file: Path | None) -> None:
    """Give the summary: to a file if one is named, as a table to a terminal, else as one line of JSON."""
    from topics.files import atomic_write
    from topics.render import print_relabelling

    line = json.dumps(result, ensure_ascii=False)
    if file:
        with atomic_write(file) as handle:
            handle.write(line + "\n")
    if sys.stdout.isatty():
        print_relabelling(result, sys.stdout)
    elif not file:
        typer.echo(line)


@contextmanager
def _messages(form: LogFormat) -> Iterator[None]:
    """Give errors in the form of the other messages."""
    try:
        yield
    except TopicsError as error:
        if form is LogFormat.TEXT:
            raise
        _log(str(error), "error", form)
        raise typer.Exit(error.exit_code) from None


def _log(message: str, level: str, form: LogFormat) -> None:
    """Write one message to stderr."""
    if form is LogFormat.TEXT:
        complain(message)
    else:
        entry = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "message": message}
        typer.echo(json.dumps(entry, ensure_ascii=False), err=True)
