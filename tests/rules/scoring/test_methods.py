"""The scoring methods, on panels with known results."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.contest import Method
from core.rules.scoring.marks import exceeds_gap
from core.rules.scoring.methods import half_up, score_of
from tests.rules.sample_contest import ND, ST, contest

totals = st.lists(st.integers(0, 2000), min_size=3, max_size=9).map(sorted)
by_total = st.sampled_from([Method.MEAN, Method.MEDIAN, Method.TRIMMED_MEAN])

# From the ministry's rule 05/QĐ-BVHTTDL: points out of 100, mean, sheets more than 15 away.
PANELS = [
    ("88 90 86.5 91 62", "83.50", ["62"]),
    ("95 60 90 58 92", "79.00", ["95", "60", "58"]),
    ("80 50", "65.00", []),  # 15 is not more than 15
    ("82 84 83 85 84.5", "83.70", []),
]


def hundredths(text: str) -> int:
    return int(Fraction(text) * 100)


@pytest.mark.parametrize("panel, mean, far", PANELS)
def test_the_panels_of_the_ministry(panel: str, mean: str, far: list[str]) -> None:
    rules, sheets = contest(gap_alert=1500), sorted(map(hundredths, panel.split()))
    assert score_of(rules, sheets) == hundredths(mean)
    assert [word for word in panel.split() if exceeds_gap(rules, sheets, hundredths(word))] == far


def test_no_alert_where_none_is_set_or_nobody_has_marked() -> None:
    assert not exceeds_gap(contest(), [0, 9999], 9999)
    assert not exceeds_gap(contest(gap_alert=100), [], 9999)


@pytest.mark.parametrize(
    "method, sheets, score",
    [
        (Method.MEDIAN, [100, 200, 900], 200),
        (Method.MEDIAN, [100, 200, 300, 900], 250),
        (Method.TRIMMED_MEAN, [0, 800, 850, 900, 1000], 850),
        (Method.TRIMMED_MEAN, [0, 800, 1000], 800),
        (Method.TRIMMED_MEAN, [0, 800], None),
        (Method.MEAN, [], None),
    ],
)
def test_by_hand(method: Method, sheets: list[int], score: int | None) -> None:
    assert score_of(contest(method), sheets) == score


@pytest.mark.parametrize("numerator, rounded", [(8125, 813), (8124, 812), (26750, 2675), (0, 0), (5, 1), (4, 0)])
def test_halves_go_up(numerator: int, rounded: int) -> None:
    """docs/design.md, Scores: round(8.125, 2) is 8.12 and wrong; half up it is 8.13."""
    assert half_up(numerator, 10) == rounded


def test_a_shadow_is_another_method_over_the_same_sheets() -> None:
    sheets = [0, 800, 1000]
    assert [score_of(contest(), sheets, method) for method in (None, Method.MEDIAN, Method.TRIMMED_MEAN)] == [
        600,
        800,
        800,
    ]


@given(by_total, totals, st.integers(0, 8))
def test_a_higher_total_never_lowers_a_score(method: Method, sheets: list[int], at: int) -> None:
    raised = sorted(total + 50 * (number == at) for number, total in enumerate(sheets))
    before, after = score_of(contest(method), sheets), score_of(contest(method), raised)
    assert before is not None and after is not None and before <= after


@given(by_total, st.integers(0, 2000), st.integers(3, 9))
def test_identical_totals_are_the_score(method: Method, total: int, number: int) -> None:
    assert score_of(contest(method), [total] * number) == total


@given(by_total, totals, st.integers(1, 9))
def test_multiplying_all_marks_multiplies_the_score(method: Method, sheets: list[int], times: int) -> None:
    fine = contest(method, decimals=2)
    scaled = score_of(fine, [total * times for total in sheets])
    plain = score_of(fine, sheets)
    assert scaled is not None and plain is not None
    assert abs(scaled - plain * times) <= times  # each is rounded once


def test_weights_are_exact() -> None:
    rules = contest(weight=Fraction(1, 3))
    assert (rules.weight_scale, rules.weights, rules.maximum_total) == (3, (1, 3), 4000)
    assert score_of(rules, [rules.total({ND: 1000, ST: 0})]) == 333
    assert replace(rules, criteria=rules.criteria[1:]).weight_scale == 1
