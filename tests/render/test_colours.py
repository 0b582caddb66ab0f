"""The colours of topics: readable on each other, and apart for every kind of colour vision."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

from topics.render.page import PALETTE_SIZE

_CSS = files("topics.render").joinpath("templates", "page.css").read_text(encoding="utf-8")
_PAIRS = re.findall(r"\.c(\d) \{ --tint: #(\w{6}); --strong: #(\w{6}); \}", _CSS)
TINTS, STRONG = ([bytes.fromhex(pair[i]) for pair in _PAIRS] for i in (1, 2))
INK = bytes.fromhex("1d2430")

# Simulation of dichromats: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
# vision deficiency", 2009, severity 1.
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
_XYZ = np.array([(0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175), (0.0193339, 0.119192, 0.9503041)])


def linear(colour: bytes) -> np.ndarray:
    c = np.array(list(colour)) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: bytes, b: bytes) -> float:
    """WCAG 2's contrast ratio."""
    low, high = sorted(float(_XYZ[1] @ linear(c)) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    x = _XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_there_are_as_many_colours_as_the_code_says() -> None:
    assert [int(pair[0]) for pair in _PAIRS] == list(range(PALETTE_SIZE))


def test_text_is_readable_on_every_colour() -> None:
    assert all(contrast(strong, tint) >= 4.5 for strong, tint in zip(STRONG, TINTS, strict=True))
    assert all(contrast(INK, tint) >= 7 for tint in TINTS)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("colours", [TINTS[:5], STRONG[:5]], ids=["tints", "strong"])
def test_five_topics_can_be_told_apart(vision: str, colours: list[bytes]) -> None:
    seen = [lab(np.array(VISION[vision]) @ linear(c)) for c in colours]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) > 10  # about 2 is just noticeable
