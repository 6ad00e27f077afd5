"""Measures of agreement against published examples, and where they are not defined."""

import numpy as np
import pytest

from core.desk.robustness.agreement import additive, complete, intraclass, kendall_w, krippendorff_alpha, slope

NONE = np.nan
# Krippendorff (2011), reliability data of four observers and twelve units: interval alpha 0.849
KRIPPENDORFF = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]).T  # fmt: skip
# Shrout and Fleiss (1979), table 2: six targets, four judges; ICC(2,1) 0.29, ICC(2,4) 0.62
SHROUT = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
# Siegel (1956): three executives rank six applicants; W 0.16
EXECUTIVES = -np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], dtype=float).T
# Siegel (1956): three rankings of ten with ties; W 0.828
TIED = -np.array([
    [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
    [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
    [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
]).T  # fmt: skip


def test_krippendorff_s_own_example() -> None:
    assert krippendorff_alpha(KRIPPENDORFF) == pytest.approx(0.849, abs=5e-4)


def test_shrout_and_fleiss_s_own_example() -> None:
    assert intraclass(SHROUT) == pytest.approx((0.29, 0.62), abs=5e-3)


@pytest.mark.parametrize("table, w", [(EXECUTIVES, 0.16), (TIED, 0.828)], ids=["no ties", "ties"])
def test_siegel_s_examples_of_kendall_s_w(table: np.ndarray, w: float) -> None:
    assert kendall_w(table) == pytest.approx(w, abs=5e-3 if w < 0.2 else 5e-4)


def test_what_is_not_defined_is_none() -> None:
    same, one = np.full((6, 3), 80.0), np.array([[70.0], [80.0]])
    assert (krippendorff_alpha(same), intraclass(same), kendall_w(same)) == (None, None, None)
    assert (krippendorff_alpha(one), intraclass(one), kendall_w(one)) == (None, None, None)
    assert krippendorff_alpha(np.full((2, 2), NONE)) is None
    assert complete(np.array([[1.0, NONE], [2.0, 3.0]])).tolist() == [[2.0, 3.0]]


class TestAdditive:
    WORKS, JUDGES = np.array([90.0, 80.0, 70.0, 60.0]), np.array([-3.0, 1.0, 2.0])

    def test_works_and_judges_are_found_although_sheets_are_missing(self) -> None:
        table = self.WORKS[:, None] + self.JUDGES
        table[0, 0] = table[2, 1] = NONE
        fit = additive(table)
        assert fit is not None
        assert fit.works == pytest.approx(self.WORKS) and fit.judges == pytest.approx(self.JUDGES)
        assert np.nanmax(np.abs(fit.residuals)) < 1e-6
        assert np.isnan(fit.residuals[0, 0])

    def test_groups_that_share_no_work_are_not_compared(self) -> None:
        table = np.array([[80.0, 81.0, NONE, NONE], [NONE, NONE, 60.0, 64.0]])
        assert additive(table) is None
        joined = np.vstack([table, [70.0, NONE, 71.0, NONE]])
        assert additive(joined) is not None
        assert additive(np.empty((0, 0))) is None


def test_a_slope_over_the_viewing_order() -> None:
    positions = np.array([[0.0, 1.0], [0.5, 0.0], [1.0, 0.5]])
    assert slope(4 * positions - 2, positions) == pytest.approx(4)
    assert slope(np.zeros((3, 2)), positions) == pytest.approx(0)
    assert slope(np.full((3, 2), NONE), positions) is None
    assert slope(np.zeros((1, 2)), np.zeros((1, 2))) is None
