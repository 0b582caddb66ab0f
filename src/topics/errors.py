"""The errors of `topics`, each with the exit code that the command line gives it.

    TopicsError                     2   nothing was done
    ├── UsageError                  2   an argument or option that cannot be served
    ├── InputError                  2   a report, table, label file or codebook that cannot be used
    │   └── LabelError              2   labels that do not fit the reports or the codebook
    ├── OutputError                 2   a place that cannot be written
    ├── MissingExtraError           2   an optional part that is not installed
    ├── UnfinishedError             1   a run that ended early: what it had done is whole, the next run does the rest
    ├── LockedError                 3   another run holds the lock
    ├── ModelError                  4   a model that is damaged, foreign or made for another segmenter
    └── GuardError                  5   a run that would change more than it was allowed to

The library raises these and never prints; `topics.cli` alone translates them into one line on stderr.
"""


class TopicsError(Exception):
    """Base of all errors that a caller can remedy; its text is one line that names file, place and remedy."""

    exit_code = 2


class UsageError(TopicsError):
    """An argument or option that cannot be served."""


class InputError(TopicsError):
    """A report, table, label file or codebook that cannot be used."""


class LabelError(InputError):
    """Labels that do not fit the reports or the codebook."""


class OutputError(TopicsError):
    """A place that cannot be written."""


class MissingExtraError(TopicsError):
    """An optional part that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: pip install 'topics[{extra}]'")


class UnfinishedError(TopicsError):
    """A run that ended early: what it had done is whole, the next run does the rest."""

    exit_code = 1


class LockedError(TopicsError):
    """Another run holds the lock."""

    exit_code = 3


class ModelError(TopicsError):
    """A model that is damaged, foreign or made for another segmenter."""

    exit_code = 4


class GuardError(TopicsError):
    """A run that would change more than it was allowed to."""

    exit_code = 5
