"""Agreement of a panel. Tables are float arrays of points: works in rows, judges in columns, NaN where there is no sheet.

Sources: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); Shrout and Fleiss, Intraclass Correlations (1979);
Siegel, Nonparametric Statistics (1956), for Kendall's W.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Vector = NDArray[np.float64]
ROUNDS = 500  # of the alternating fit; it converges long before
CLOSE = 1e-9  # points


@dataclass(frozen=True, slots=True)
class Additive:
    """The least-squares fit total = work + judge, on the sheets there are."""

    works: Vector  # points: what the fit gives each work from an average judge
    judges: Vector  # points: how far above the panel each judge marks; the mean is 0
    residuals: Table  # points; NaN where there is no sheet


def complete(table: Table) -> Table:
    """The rows with a sheet of every judge."""
    rows: Table = table[~np.isnan(table).any(axis=1)]
    return rows


def krippendorff_alpha(table: Table) -> float | None:
    """Krippendorff's alpha with the interval metric. None where it is not defined: no pair of sheets, or no difference."""
    counts = (~np.isnan(table)).sum(axis=1)
    units, n = table[counts > 1], counts[counts > 1]
    values = units[~np.isnan(units)]
    if not len(values):
        return None
    within = (np.nansum(units**2, axis=1) - np.nansum(units, axis=1) ** 2 / n) * n / (n - 1)
    observed = within.sum() / len(values)
    expected = (np.sum(values**2) - values.sum() ** 2 / len(values)) / (len(values) - 1)
    return float(1 - observed / expected) if expected > CLOSE**2 else None


def intraclass(table: Table) -> tuple[float, float] | None:
    """ICC(2,1) and ICC(2,k) of a complete table: of one judge's total, and of the panel's mean. None if not defined."""
    n, k = table.shape
    if n < 2 or k < 2:
        return None
    mean, works, judges = table.mean(), table.mean(axis=1), table.mean(axis=0)
    between = k * ((works - mean) ** 2).sum() / (n - 1)
    of_judges = n * ((judges - mean) ** 2).sum() / (k - 1)
    error = ((table - works[:, None] - judges + mean) ** 2).sum() / ((n - 1) * (k - 1))
    one = between + (k - 1) * error + k * (of_judges - error) / n
    panel = between + (of_judges - error) / n
    if abs(one) <= CLOSE**2 or abs(panel) <= CLOSE**2:
        return None
    return float((between - error) / one), float((between - error) / panel)


def kendall_w(table: Table) -> float | None:
    """Kendall's W, corrected for ties, of a complete table; more points is the better rank. None if not defined."""
    n, k = table.shape
    if n < 2 or k < 2:
        return None
    ranks = np.column_stack([_ranks(-column) for column in table.T])
    spread = ((ranks.sum(axis=1) - k * (n + 1) / 2) ** 2).sum()
    tied = sum(int(((counts := np.unique(column, return_counts=True)[1]) ** 3 - counts).sum()) for column in table.T)
    most = k**2 * (n**3 - n) - k * tied
    return float(12 * spread / most) if most else None


def additive(table: Table) -> Additive | None:
    """Fit work + judge by alternating means. None where judges can't be compared: groups that share no work."""
    have = ~np.isnan(table)
    if not table.size or not _connected(have):
        return None
    judges, works, filled = np.zeros(table.shape[1]), np.nanmean(table, axis=1), np.where(have, table, 0.0)
    sheets = have.sum(axis=0)
    for _ in range(ROUNDS):
        judges = ((filled - works[:, None]) * have).sum(axis=0) / sheets
        judges -= judges.mean()
        fitted = ((filled - judges) * have).sum(axis=1) / have.sum(axis=1)
        if np.abs(fitted - works).max() < CLOSE:
            break
        works = fitted
    return Additive(works, judges, np.where(have, table - works[:, None] - judges, np.nan))


def slope(residuals: Table, position: Table) -> float | None:
    """The least-squares slope of the residuals over `position` (0 first to 1 last in the judge's order), in points.

    None where every sheet has one position.
    """
    have = ~np.isnan(residuals)
    at, of = position[have], residuals[have]
    spread = ((at - at.mean()) ** 2).sum() if len(at) else 0.0
    return float(((at - at.mean()) * (of - of.mean())).sum() / spread) if spread > CLOSE else None


def _ranks(values: Vector) -> Vector:
    """The rank of each value, 1 for the least; equal values share the mean rank."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    shared: Vector = ((last + (last - counts + 1)) / 2)[group]
    return shared


def _connected(have: NDArray[np.bool_]) -> bool:
    """Whether every judge is joined to every other by works that both marked, directly or over others."""
    if not have.any(axis=1).all() or not have.any(axis=0).all():
        return False
    reached = np.zeros(have.shape[1], dtype=bool)
    reached[0] = True
    while True:
        further = reached | have[have[:, reached].any(axis=1)].any(axis=0)
        if (further == reached).all():
            return bool(reached.all())
        reached = further
