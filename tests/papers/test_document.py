"""The confirmed table is a text: the same table, the same text, and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.papers import document as paper
from tests.papers.a_table import award_table


def test_what_is_written_is_read_back_whole() -> None:
    for table in (award_table(), award_table(draft=True)):
        assert paper.read(paper.canonical(table)) == table


def test_the_same_table_is_the_same_text_and_one_mark_changes_its_fingerprint() -> None:
    table = award_table()
    text = paper.canonical(table)
    sheet = table.sheets[0]
    changed = replace(table, sheets=(replace(sheet, marks=(3849, *sheet.marks[1:])), *table.sheets[1:]))
    assert text == paper.canonical(award_table())
    assert paper.fingerprint(text) != paper.fingerprint(paper.canonical(changed))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was_typed(text: str) -> None:
    table = award_table()
    typed = replace(table, awards=(replace(table.awards[0], title=text),))
    assert paper.read(paper.canonical(typed)).awards[0].title == text


def test_a_text_in_the_place_of_a_number_is_refused() -> None:
    text = paper.canonical(award_table()).replace('"amount":5000000', '"amount":"5000000"')
    with pytest.raises(ValueError, match="int expected"):
        paper.read(text)


def test_the_total_is_the_sum_of_the_awards() -> None:
    assert award_table().total == 10_000_000
