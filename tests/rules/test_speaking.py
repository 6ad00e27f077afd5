"""Sentences stay values until they are shown, then follow the conventions of the reader's language."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from core.rules import ORDER
from core.rules.words import (
    Bound,
    Day,
    Dong,
    Exact,
    Language,
    Locale,
    Moment,
    Number,
    Points,
    Refusal,
    Sentence,
    Unavailable,
    film_time,
    seconds,
)

CATALOGUE = {"Thiếu {left} phiếu.": "{left} sheets missing.", " đồng": " dong", "{hour} ngày {day}": "{hour}, {day}"}
ENGLISH = Locale(Language.EN, CATALOGUE.__getitem__)


@pytest.mark.parametrize(
    "fact, vietnamese, english",
    [
        (Points(850), "8,50", "8.50"),
        (Bound(4000), "40", "40"),
        (Bound(50), "0,5", "0.5"),
        (Bound(25), "0,25", "0.25"),
        (Exact(Fraction(100)), "100", "100"),
        (Exact(Fraction(3, 2)), "1,5", "1.5"),
        (Exact(Fraction(25, 3)), "25/3", "25/3"),
        (Exact(Fraction(7, 40)), "0,175", "0.175"),
        (Exact(Fraction(0)), "0", "0"),
        (Exact(Fraction(1, 12)), "1/12", "1/12"),
        (seconds(3000), "3", "3"),
        (seconds(299_540), "299,54", "299.54"),
        (seconds(-40), "-0,04", "-0.04"),
        (Points(-5, 2), "-0,05", "-0.05"),
        (Points(88, 0), "88", "88"),
        (Number(5_000_000), "5.000.000", "5,000,000"),
        (Dong(5_000_000), "5.000.000 đồng", "5,000,000 dong"),
        (Day(date(1975, 3, 12)), "12/03/1975", "12 Mar 1975"),
        (Moment(datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)), "23:59:59 ngày 10/09/2024", "23:59:59, 10 Sep 2024"),
    ],
)
def test_numbers_and_times_follow_the_reader(fact: Points, vietnamese: str, english: str) -> None:
    assert fact.localize(Locale()) == vietnamese
    assert fact.localize(ENGLISH) == english


def test_a_sentence_is_translated_with_its_facts() -> None:
    sentence = Sentence("Thiếu {left} phiếu.", {"left": Number(1200)})
    assert sentence.localize(Locale()) == "Thiếu 1.200 phiếu."
    assert sentence.localize(ENGLISH) == "1,200 sheets missing."


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        Moment(datetime(2024, 9, 10)).localize(Locale())  # noqa: DTZ001  # the error itself


def test_a_refusal_is_its_sentence() -> None:
    refusal = Refusal("Thiếu {text}.", text="phiếu")
    assert str(refusal) == "Thiếu phiếu."
    assert refusal.sentences == (refusal.sentence,)


def test_the_table_of_contents_is_the_import_order() -> None:
    import ast
    from pathlib import Path

    for at, name in enumerate(ORDER):
        tree = ast.parse(Path("core/rules", *name.split(".")).with_suffix(".py").read_text(encoding="utf-8"))
        imported = {
            n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("core.")
        }
        assert imported <= {f"core.rules.{above}" for above in ORDER[:at]}, name
    rules = (path.relative_to("core/rules").with_suffix("") for path in Path("core/rules").rglob("*.py"))
    assert {".".join(path.parts) for path in rules if path.name != "__init__"} == {*ORDER}


def test_an_unavailable_database_gives_the_operator_the_reason() -> None:
    """The text of the underlying error, on one line; nothing without an underlying error."""
    away = Unavailable("Không trả lời.")
    assert away.why == ""
    away.__cause__ = OSError("lost")
    away.__cause__.__cause__ = OSError("connection\nrefused")
    assert (str(away), away.why) == ("Không trả lời.", "(connection refused)")


@pytest.mark.parametrize("milliseconds, text", [(0, "0:00"), (247_999, "4:07"), (3_600_000, "60:00")])
def test_a_time_in_a_film_is_minutes_and_seconds(milliseconds: int, text: str) -> None:
    assert film_time(milliseconds) == text
