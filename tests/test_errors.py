"""The tree of errors is the one that its module draws."""

from __future__ import annotations

import inspect
import re

from topics import errors


def test_the_drawing_names_every_error_with_its_exit_code() -> None:
    drawn = dict(re.findall(r"(\w+Error)\s+(\d)", errors.__doc__ or ""))
    found = {n: e for n, e in inspect.getmembers(errors, inspect.isclass) if issubclass(e, errors.TopicsError)}
    assert {name: str(error.exit_code) for name, error in found.items()} == drawn
