"""The application: what all commands share, and errors → exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any, NoReturn

import typer

from topics import __version__
from topics.errors import TopicsError

app = typer.Typer(
    name="topics",
    help="Labels the paragraphs of Chinese governance work reports with governance topics.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PARTIAL, INTERRUPTED = 1, 130


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Labels the paragraphs of Chinese governance work reports with governance topics."""
    if version:
        typer.echo(f"topics {__version__}")
        raise typer.Exit


def run() -> NoReturn:
    """Run the command line; the console script's entry point."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Data is UTF-8 everywhere; a lone surrogate becomes its escape, which is what JSON has for it too.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    with _exit_codes():
        app()
    sys.exit(0)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """Translate what the library raises into one line on stderr and an exit code."""
    try:
        yield
    except TopicsError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _abandon_stdout()
        sys.exit(PARTIAL)
    except OSError as error:
        if error.filename is None:
            _abandon_stdout()
        complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
        sys.exit(TopicsError.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _abandon_stdout() -> None:
    """Give up output that nobody takes any more, so that Python does not try it again, and complain, at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """Write one line to stderr."""
    typer.echo("topics: " + " ".join(message.split()), err=True)


def inform(message: str) -> None:
    """Say something that is no fault on stderr."""
    typer.echo(message, err=True)


@contextmanager
def writing(path: Path | None) -> Iterator[IO[str]]:
    """Open a file to be written whole or not at all, or standard output where none is named."""
    from topics.files import atomic_write

    if path is None:
        yield sys.stdout
        sys.stdout.flush()
    else:
        with atomic_write(path) as handle:
            yield handle


def topic_names(card: dict[str, Any]) -> dict[str, str]:
    """Names of a model's topics, for people."""
    names = card["codebook"].get("names")
    return {str(k): v for k, v in names.items() if isinstance(v, str)} if isinstance(names, dict) else {}
