"""``topics history``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer

from topics.cli.app import app


class HistoryFormat(StrEnum):
    """Forms of a history."""

    TABLE = "table"
    JSON = "json"


@app.command(
    epilog="Examples:  topics history topics.db  |  topics history topics.db --paragraph 2024-report:0123456789ab"
)
def history(
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="What topics relabel wrote: database file or address, or folder.")
    ],
    paragraph: Annotated[
        str | None, typer.Option("--paragraph", metavar="ID", help="Tell the story of one paragraph.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Last changes to show.")] = 20,
    format: Annotated[
        HistoryFormat | None, typer.Option("--format", help="Default: table on a terminal, json otherwise.")
    ] = None,
) -> None:
    """Show the runs over a target and what changed, or one paragraph's story."""
    from topics.render import print_history, to_json
    from topics.workflows.relabel.history import history as read_history
    from topics.workflows.relabel.history import story
    from topics.workflows.relabel.opening import open_target

    with ExitStack() as stack:
        opened = open_target(stack, target)
        result = story(opened, paragraph) if paragraph is not None else read_history(opened, limit)
    form = format or (HistoryFormat.TABLE if sys.stdout.isatty() else HistoryFormat.JSON)
    if form is HistoryFormat.JSON:
        typer.echo(to_json(result))
    else:
        print_history(result, sys.stdout)
