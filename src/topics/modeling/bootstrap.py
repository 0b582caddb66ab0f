"""Intervals by resampling whole reports.

Paragraphs of one report resemble each other, and a bootstrap over paragraphs would promise too much (Cameron, Gelbach
and Miller, "Bootstrap-based improvements for inference with clustered errors", 2008). Percentile intervals are too
narrow where reports are few; they are widened as a t quantile widens a normal one (Hesterberg, "What teachers should
know about the bootstrap", 2015: the expanded percentile interval), and corrected for bias and skewness, which measures
near 1 have (Efron, "Better bootstrap confidence intervals", 1987: BCa). What few reports do not show of the tails of
average precision and calibration error, a last widening by 2 over their number makes up for; the simulation of
``benchmarks/intervals.py`` called for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bounds = list[float | None]

DRAWS = 2000
LEVEL = 0.95
FEWEST_REPORTS = 5
"""Fewer reports than this say nothing about reports; resampling then goes over paragraphs, and says so."""

ROUGH_REPORTS = 20
"""With fewer reports than this an interval holds the truth less often than it says."""

_MOST_GROUPS = 1000
_WIDENING = 2.0
_LEAST_BELOW = 0.1
_MOST_ACCELERATION = 0.15


@dataclass(frozen=True)
class Resampling:
    """Draws of reports with replacement, shared by all measures, so that differences between models are paired.

    Attributes
    ----------
    owner : ndarray of shape (n,), dtype int64
        The number of each paragraph's group.
    n_groups : int
        Number of groups.
    unit : str
        ``"report"``, or ``"paragraph"`` where there are no reports or too few.
    seed : int
        Seed of the draws.
    rough : bool
        Whether reports are too few for intervals that hold the truth as often as they say.
    """

    owner: Ints
    n_groups: int
    unit: str
    seed: int
    rough: bool

    @cached_property
    def weights(self) -> Array:
        """How often each sample has each group: the sample itself, the draws, and the sample less each group in turn.

        An array of shape (1 + DRAWS + n_groups, n_groups).
        """
        rng = np.random.default_rng(self.seed)
        draws = rng.multinomial(self.n_groups, np.full(self.n_groups, 1 / self.n_groups), size=DRAWS)
        return np.concatenate((np.ones((1, self.n_groups)), draws, 1 - np.eye(self.n_groups)))

    def sums(self, values: NDArray[np.generic]) -> Array:
        """Sum values of shape (n, ...) over the paragraphs of every sample in `weights`.

        Returns
        -------
        ndarray of shape (len(weights), ...), dtype float64
            The sums over the sample itself come first.
        """
        flat = np.asarray(values, dtype=np.float64).reshape(len(self.owner), -1)
        by_group = np.stack([np.bincount(self.owner, weights=c, minlength=self.n_groups) for c in flat.T], axis=1)
        return np.asarray((self.weights @ by_group).reshape(-1, *values.shape[1:]))

    def interval(self, values: Array) -> Bounds:
        """Give the interval of a measure from its draws.

        Parameters
        ----------
        values : ndarray of shape (len(weights),)
            The measure on every sample in `weights`; not a number where a sample does not define it.

        Returns
        -------
        list of float or None
            Lower and upper end; None where the sample does not define the measure.
        """
        from scipy.stats import norm, t

        drawn = values[1 : DRAWS + 1][np.isfinite(values[1 : DRAWS + 1])]
        if not np.isfinite(values[0]) or not len(drawn) or self.n_groups < 2:
            return [None, None]
        n = self.n_groups
        half = float(-t.ppf((1 - LEVEL) / 2, n - 1) * np.sqrt(n / (n - 1)) * (1 + _WIDENING / n))
        below = ((drawn < values[0]).mean() + (drawn <= values[0]).mean()) / 2
        bias = float(norm.ppf(np.clip(below, _LEAST_BELOW, 1 - _LEAST_BELOW)))
        ends = bias + np.array([-half, half])
        low, high = np.quantile(drawn, norm.cdf(bias + ends / (1 - _acceleration(values[DRAWS + 1 :]) * ends)))
        return [float(low), float(high)]

    def share_interval(self, values: Array, trials: NDArray[np.generic]) -> Bounds:
        """Give the interval of a share, or of a measure that is 1 where all is right, also where no draw differs.

        Parameters
        ----------
        values : ndarray of shape (len(weights),)
            The share on every sample in `weights`.
        trials : ndarray of shape (n,)
            How many trials each paragraph gives.

        Notes
        -----
        Where the draws do not differ, the exact interval takes their place (Clopper and Pearson, 1934), with the groups
        that have a trial as the number of independent trials.
        """
        if values[0] not in (0.0, 1.0):
            return self.interval(values)
        groups = len(np.unique(self.owner[np.asarray(trials) > 0]))
        edge = ((1 - LEVEL) / 2) ** (1 / groups)
        return [edge, 1.0] if values[0] else [0.0, 1 - edge]


def _acceleration(left_out: Array) -> float:
    """How much the spread of a measure changes with the measure, from the values without each group (the jackknife)."""
    known = left_out[np.isfinite(left_out)]
    gaps = known.mean() - known if len(known) else np.zeros(1)
    spread = float((gaps**2).sum())
    raw = float((gaps**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    return float(np.clip(raw, -_MOST_ACCELERATION, _MOST_ACCELERATION))


def resampling(groups: Sequence[str], seed: int = 0) -> Resampling:
    """Make ready to resample paragraphs by their groups.

    Parameters
    ----------
    groups : sequence of str, length n
        The report of each paragraph.
    seed : int
        Seed of the draws.

    Examples
    --------
    >>> resampling(["a", "a", "b", "c", "d", "e"]).unit
    'report'
    >>> resampling(["a", "a", "b"]).unit
    'paragraph'
    """
    _, owner = np.unique(np.asarray(groups), return_inverse=True)
    n_groups = int(owner.max()) + 1
    rough = n_groups < ROUGH_REPORTS
    unit = "report" if FEWEST_REPORTS <= n_groups < len(owner) else "paragraph"
    if unit == "paragraph":
        owner, n_groups = np.arange(len(owner)), len(owner)
    if n_groups > _MOST_GROUPS:
        # Random bags of independent groups vary as the groups do, and memory stays bounded.
        bag = np.random.default_rng(seed).permutation(n_groups) % _MOST_GROUPS
        owner, n_groups = bag[owner], _MOST_GROUPS
    return Resampling(owner.astype(np.int64), n_groups, unit, seed, rough)
