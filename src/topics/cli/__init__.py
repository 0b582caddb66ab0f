"""The command line: parse arguments, call one workflow, translate errors to exit codes.

One module a command; nothing heavy is imported here, each command imports its workflow when it runs.
"""

from topics.cli import (  # noqa: F401 - importing a command adds it
    compare,
    evaluate,
    history,
    models,
    predict,
    relabel,
    split,
    summarise,
    train,
)
from topics.cli.app import app, run

main = run
"""The console script's entry point."""

__all__ = ["app", "main"]
