"""The sheet's text about weights: each weight, how the total is computed, and its exact maximum."""

from fractions import Fraction

import pytest

from core.desk.judging.judge_sheets import subtotal
from core.rules.contest_file.reader import load
from core.rules.words import Language, Locale
from core.web.sheet import sheet_document

VI, EN = Locale(), Locale(Language.EN)


@pytest.mark.parametrize(
    "value, vietnamese, english",
    [
        (Fraction(3, 2), "1,5", "1.5"),
        (Fraction(1, 3), "1/3", "1/3"),
        (Fraction(25, 3), "25/3", "25/3"),
        (Fraction(100), "100", "100"),
        (Fraction(1, 8), "0,125", "0.125"),
        (Fraction(7, 4), "1,75", "1.75"),
        (Fraction(1, 16), "1/16", "1/16"),
    ],
)
def test_a_ratio_is_written_without_rounding(value: Fraction, vietnamese: str, english: str) -> None:
    assert (sheet_document.exact(value, VI), sheet_document.exact(value, EN)) == (vietnamese, english)


def values(weights: tuple[str, ...], marks: tuple[int, ...], locale: Locale = VI) -> sheet_document.Document:
    keys = [f"C{number}" for number in range(len(weights))]
    rows = "".join(
        f'[[criteria]]\nkey = "{key}"\nname = "{key}"\nmax = "10"\nstep = "0.25"\nweight = "{weight}"\n'
        for key, weight in zip(keys, weights, strict=True)
    )
    contest = load(f'[contest]\nkey = "x"\nname = "x"\n{rows}[scoring]\nmethod = "mean"\n', "x")
    held = dict(zip(keys, marks, strict=False))
    return sheet_document.values(contest, 1, held, {}, subtotal(contest, held), locale)


def test_the_total_is_worked_out_before_the_judge() -> None:
    assert values(("1.5", "1"), (850, 775))["sum"] == "Tổng điểm = 8,50 × 1,5 + 7,75 = 20,50"


def test_a_rounded_total_says_so() -> None:
    assert values(("1/3", "1/3", "1/3"), (850, 775, 900))["sum"] == (
        "Tổng điểm = 8,50 × 1/3 + 7,75 × 1/3 + 9,00 × 1/3 ≈ 8,42 (làm tròn đến 2 chữ số thập phân)"
    )


def test_only_what_is_given_is_added() -> None:
    assert values(("1/2", "1/2"), (850,))["sum"] == "Tổng điểm = 8,50 × 0,5 = 4,25"
    assert values(("1/2", "1/2"), ())["sum"] == ""


def test_without_weights_nothing_is_explained() -> None:
    assert "sum" not in values(("1", "1"), (850, 775))
