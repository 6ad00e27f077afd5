"""A film's verdicts: each with its clause, and who may take the film all the same."""

import re
from pathlib import Path

import pytest

from core.rules.entries.film_rules import (
    FILM_RULES,
    FilmRule,
    FilmVerdict,
    Level,
    broken,
    failed,
    overridable,
    passed,
)
from core.rules.words import Locale, Sentence

WHAT = Sentence("Thời lượng 238 giây.")


def test_every_rule_stands_in_the_document() -> None:
    page = Path("docs/contest-rules.md").read_text(encoding="utf-8")
    assert set(FILM_RULES) == set(FilmRule)
    for facts in FILM_RULES.values():
        section = re.search(rf"### {facts.number} .*?(?=\n### |\n## )", page, re.DOTALL)
        assert (section and f"Plan {facts.clause}" in section[0]) or "the same words" in str(section and section[0])


@pytest.mark.parametrize(
    "verdict, line",
    [
        (passed(FilmRule.LENGTH, WHAT), "Đạt: Thời lượng 238 giây."),
        (
            FilmVerdict(Level.WARNING, FilmRule.WHOLE, WHAT),
            "Cần xem (mục III.4; người sơ loại quyết định): Thời lượng 238 giây.",
        ),
        (
            failed(FilmRule.LENGTH, WHAT),
            "Không đạt (mục III.4; Tổ Thư ký có thể nhận nếu ghi lý do): Thời lượng 238 giây.",
        ),
        (
            failed(FilmRule.PLAYS, WHAT),
            "Không đạt (mục III.4; không ai được bỏ qua): Thời lượng 238 giây.",
        ),
    ],
)
def test_the_line_says_the_clause_and_who_may_decide_otherwise(verdict: FilmVerdict, line: str) -> None:
    assert verdict.line.localize(Locale()) == line


def test_the_office_may_override_only_where_every_broken_rule_allows_it() -> None:
    long, cut, warned = (
        failed(FilmRule.LENGTH, WHAT),
        failed(FilmRule.PLAYS, WHAT),
        FilmVerdict(Level.WARNING, FilmRule.WHOLE, WHAT),
    )
    assert overridable((long, warned)) and overridable(()) and not overridable((long, cut))
    assert broken((cut, long, long, warned)) == (FilmRule.LENGTH, FilmRule.PLAYS)
    assert warned.passed and not long.passed
