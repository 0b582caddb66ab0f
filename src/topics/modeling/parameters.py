"""What training can be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from topics.modeling.linear import CHAR_GRAM, MAX_WINDOW, MAX_WINDOWS


@dataclass(frozen=True, slots=True)
class Parameters:
    """What training can be told; docs/decisions has a table of what each part brings.

    Attributes
    ----------
    C : float
        Inverse strength of regularisation of the linear classifiers.
    windows : tuple of int
        Lengths in clauses of the passages that are learned from and scored; 0 stands for the whole paragraph.
    char_range : tuple of int
        Shortest and longest character n-gram.
    min_df : int
        A term must stand in this many clauses.
    max_terms : int
        At most this many terms are kept, those that tell most by the chi-square statistic.
    word_weight, heading_weight : float
        Weight of the words of the text, and of the heading's, beside the text's characters; 0 leaves them out.
    folds : int
        Folds of the cross-validation that calibration and thresholds come from.
    seed : int
        Seed of the folds.
    """

    C: float = 0.15
    windows: tuple[int, ...] = (1, 3, 0)
    char_range: tuple[int, int] = (1, 2)
    min_df: int = 2
    max_terms: int = 100_000
    word_weight: float = 1.0
    heading_weight: float = 0.3
    folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        sound = {
            "C": self.C > 0,
            "windows": 0 < len(self.windows) <= MAX_WINDOWS and all(0 <= w <= MAX_WINDOW for w in self.windows),
            "char_range": 1 <= self.char_range[0] <= self.char_range[1] <= CHAR_GRAM,
            "min_df": self.min_df >= 1,
            "folds": self.folds >= 2,
        }
        for name, holds in sound.items():
            if not holds:
                raise ValueError(f"{name}={getattr(self, name)!r} makes no sense; see the parameters of training")

    @property
    def whole(self) -> bool:
        """Whether texts are taken as wholes.

        Then a text is one clause, a term that it repeats counts less each time, marks (a question mark, the brackets of
        a title) count as characters, and words stand alone: there are too few examples to learn pairs of them from.
        """
        return self.windows == (0,)

    @property
    def scale(self) -> tuple[float, float, float]:
        """Weights of the fields: words, characters, heading."""
        return self.word_weight, 1.0, self.heading_weight

    def record(self) -> dict[str, Any]:
        """Give the parameters as plain values."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}
