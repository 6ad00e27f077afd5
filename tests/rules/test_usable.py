"""Text that no database can store is refused before it is saved: a NUL, and a lone surrogate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.words import UnusableText, usable


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_every_other_text_stays_as_it_is(text: str) -> None:
    assert usable(text) == text


@pytest.mark.parametrize("point", [0, 0xD800, 0xDC80, 0xDFFF])
@given(st.text(), st.text())
def test_one_such_character_anywhere_is_enough(point: int, before: str, after: str) -> None:
    with pytest.raises(UnusableText, match="không lưu được"):
        usable(before + chr(point) + after)
