"""What all HTML pages share: templates that escape, a style, and a policy that lets nothing else run or load.

A page is one file. Its content security policy names the hash of the one script it carries and forbids every request,
so that text which slipped through escaping could still neither run nor call out.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

PALETTE_SIZE = 10
"""Topics beyond this many share colours."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NEAR_CERTAIN = 0.99
_LINE_ENDS = "\n\r\t"


def render_page(template: str, **content: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/``.
    **content
        What the template shows; every text is escaped.

    Returns
    -------
    str
        A page that needs no other file.
    """
    script = _part("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _environment().get_template(template).render(
        style=_part("page.css"), script=script, script_hash=digest, **content
    )  # fmt: skip


@cache
def _environment() -> Environment:
    """Templates, with all texts escaped and slips in variable names an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("topics.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": visible,
        "plain": plain,
        "sure": sure,
        "percent": percent,
        "figure": figure,
        "between": between,
    }
    return environment


@cache
def _part(name: str) -> str:
    """A file that goes into pages as it is."""
    return files("topics.render").joinpath("templates", name).read_text(encoding="utf-8")


def visible(text: object) -> Markup:
    """Escape a text and show characters that cannot be seen, direction marks among them, by their code points.

    Examples
    --------
    >>> str(visible("<b>平安\u202e"))
    '&lt;b&gt;平安<span class="hidden-character">U+202E</span>'
    """
    from markupsafe import Markup, escape

    mark = Markup('<span class="hidden-character">U+{:04X}</span>')
    return Markup("").join(mark.format(ord(c)) if _is_hidden(c) else escape(c) for c in str(text))


def plain(text: object) -> str:
    r"""Name the characters that cannot be seen, where no markup can be: in titles and attributes.

    Examples
    --------
    >>> plain("平安\u202e")
    '平安[U+202E]'
    """
    return "".join(f"[U+{ord(c):04X}]" if _is_hidden(c) else c for c in str(text))


def _is_hidden(character: str) -> bool:
    """Tell whether a reader would not see a character."""
    return unicodedata.category(character) in _HIDDEN and character not in _LINE_ENDS


def percent(share: float | None) -> str:
    """A share as a whole percentage.

    Examples
    --------
    >>> percent(0.7249)
    '72 %'
    """
    return "—" if share is None else f"{share:.0%}".replace("%", " %")


def sure(probability: float | None) -> str:
    """A probability as a whole percentage that never claims certainty.

    Examples
    --------
    >>> sure(0.9991), sure(0.53)
    ('> 99 %', '53 %')
    """
    return "> 99 %" if probability is not None and probability > _NEAR_CERTAIN else percent(probability)


def figure(value: float | None) -> str:
    """A figure with three decimals."""
    return "—" if value is None else f"{value:.3f}"


def between(bounds: list[float | None]) -> str:
    """An interval."""
    low, high = bounds
    return "—" if low is None or high is None else f"{low:.3f} to {high:.3f}"
