"""The plots of an evaluation, as SVG."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from topics.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Zen Hei",
)
_INK, _BLUE, _BAND = "#1d2430", "#14568f", "#cfe3f7"
_SIZE = (5.2, 4.0)
_DARK = 0.5  # cells above this share of their row carry light text


def plots_of(result: dict[str, Any], names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Draw what an evaluation holds.

    Yields
    ------
    tuple of str
        Title, caption, and the plot as the address of an image that is its own data.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    yield (
        "Reliability",
        "Of the pairs of paragraph and topic that were given a probability, the share that has the topic; bars are "
        "95 % intervals.",
        _drawn(_reliability, result["reliability"]),
    )
    if result.get("coverage"):
        yield (
            "Precision against coverage",
            "Precision of the primary topic when only the surest paragraphs are taken, with 95 % intervals.",
            _drawn(_coverage, result["coverage"], result.get("promise")),
        )
    if result.get("confusion"):
        yield "Primary topics", "Rows are labels, columns predictions.", _drawn(_confusion, result["confusion"], names)
    if result.get("learning"):
        yield (
            "Learning curve",
            "Macro-F1 of cross-validation by the number of labelled reports, with 95 % intervals. A curve that still "
            "rises says that more labels would help.",
            _drawn(_learning, result["learning"]),
        )


@contextmanager
def _axes() -> Iterator[tuple[Axes, io.BytesIO]]:
    """Axes in the house's style that are saved as SVG, with text as text, at the end."""
    try:
        from matplotlib import font_manager, rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("matplotlib", "plots") from None
    known = set(font_manager.get_font_names())
    style: dict[Any, Any] = {
        "font.family": [f for f in _FONTS if f in known],
        "svg.fonttype": "none",
        "svg.hashsalt": "topics",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.parse_math": False,
    }
    buffer = io.BytesIO()
    with rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # the reader's browser has the glyph
        figure = Figure(figsize=_SIZE, layout="constrained")
        yield figure.add_subplot(), buffer
        figure.savefig(buffer, format="svg", metadata={"Date": None})


def _drawn(draw: Any, *data: Any) -> str:
    """Draw one plot; an image cannot run scripts or mix its names with the page's."""
    with _axes() as (axes, buffer):
        draw(axes, *data)
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


def _reliability(axes: Axes, bins: Sequence[dict[str, Any]]) -> None:
    """Predicted beside observed shares."""
    x, y = [b["predicted"] for b in bins], [b["observed"] for b in bins]
    axes.plot([0, 1], [0, 1], color="#98a1b0", linewidth=1, linestyle="--", label="perfect")
    for b in bins:
        if b["interval"][0] is not None:
            axes.plot([b["predicted"]] * 2, b["interval"], color=_BLUE, linewidth=1.2)
    axes.plot(x, y, marker="o", markersize=5, color=_BLUE, linewidth=1, label="observed")
    axes.set(xlabel="predicted probability", ylabel="share that has the topic", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.legend(frameon=False, loc="upper left")


def _coverage(axes: Axes, points: Sequence[dict[str, Any]], promise: dict[str, Any] | None) -> None:
    """Precision of the surest paragraphs."""
    x = [p["share"] for p in points]
    low, high = ([p["interval"][i] if p["interval"][i] is not None else p["precision"] for p in points] for i in (0, 1))
    axes.fill_between(x, low, high, color=_BAND, linewidth=0)
    axes.plot(x, [p["precision"] for p in points], color=_BLUE)
    if promise:
        axes.axhline(promise["precision"], color="#a03a00", linewidth=1, linestyle="--", label="promise")
        axes.legend(frameon=False, loc="lower left")
        if promise["primary"]["observed"] is not None:
            axes.plot(promise["primary"]["share"], promise["primary"]["observed"], marker="D", color="#a03a00")
            axes.annotate("automatic", (promise["primary"]["share"], promise["primary"]["observed"]), xytext=(6, 8),
                          textcoords="offset points", color="#a03a00")  # fmt: skip
    axes.set(xlabel="share of the paragraphs, surest first", ylabel="precision of the primary topic", xlim=(0, 1.01))
    axes.set_ylim(max(0.0, min(low) - 0.03), 1.005)


def _confusion(axes: Axes, confusion: dict[str, Any], names: dict[str, str]) -> None:
    """Counts, shaded by their share of the row."""
    counts = confusion["counts"]
    shares = [[n / max(1, sum(row)) for n in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    labels = [names.get(topic, topic) for topic in confusion["topics"]]
    axes.set_xticks(range(len(labels)), labels, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(labels)), labels)
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            axes.text(j, i, str(n), ha="center", va="center", color="white" if shares[i][j] > _DARK else _INK)
    axes.set(xlabel="predicted", ylabel="labelled")


def _learning(axes: Axes, points: Sequence[dict[str, Any]]) -> None:
    """Macro-F1 by the number of reports."""
    known = [p for p in points if p["macro_f1"] is not None]
    x = [p["reports"] for p in known]
    bounded = [p for p in known if p["interval"][0] is not None]
    axes.fill_between(
        [p["reports"] for p in bounded],
        [p["interval"][0] for p in bounded],
        [p["interval"][1] for p in bounded],
        color=_BAND,
        linewidth=0,
    )
    axes.plot(x, [p["macro_f1"] for p in known], marker="o", color=_BLUE)
    axes.set(xlabel="labelled reports", ylabel="macro-F1 (out-of-fold)")
