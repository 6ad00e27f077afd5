"""The text of an award document: equal documents give equal text, and only text in the shape of its version is read."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.papers import document_text
from core.papers.document import VERSION
from tests.papers.sample_document import award_document, of_one, of_two

SHEET = "$.sections[0].sheets[0]"


def test_what_is_written_is_read_back_whole() -> None:
    for document in (award_document(), award_document(draft=True), of_two(), of_two(draft=True)):
        assert document_text.read(document_text.canonical(document)) == document


def test_the_same_document_is_the_same_text_and_one_mark_changes_its_fingerprint() -> None:
    document = award_document()
    text = document_text.canonical(document)
    sheet, *others = document.sections[0].sheets
    changed = of_one(sheets=(replace(sheet, marks=(3849, *sheet.marks[1:])), *others))
    assert text == document_text.canonical(award_document())
    assert document_text.fingerprint(text) != document_text.fingerprint(document_text.canonical(changed))


def test_the_salt_changes_the_fingerprint() -> None:
    texts = [document_text.canonical(replace(award_document(), salt=salt)) for salt in ("c0de" * 8, "c0df" * 8)]
    assert len(set(map(document_text.fingerprint, texts))) == 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back_as_typed(text: str) -> None:
    award = replace(award_document().awards[0], title=text)
    assert document_text.read(document_text.canonical(of_one(awards=(award,)))).awards[0].title == text


@pytest.mark.parametrize("salt", ["c0de" * 7, "C0DE" * 8, "c0de" * 8 + "\n", "muối" * 8])
def test_a_salt_that_is_not_16_bytes_in_hex_is_not_written(salt: str) -> None:
    with pytest.raises(ValueError, match=r"\$\.salt"):
        document_text.canonical(replace(award_document(), salt=salt))


def test_a_value_of_another_type_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"Expected `int`, got `bool` - at `\$\.drawn_at`"):
        document_text.canonical(replace(award_document(), drawn_at=True))


Change = Callable[[dict[str, Any]], object]
MISSHAPEN: dict[str, tuple[Change, str]] = {
    "a text for a number": (lambda of: of["sections"][0]["sheets"][0].update(total="5700"), f"Expected `int`, got `str` - at `{SHEET}.total`"),
    "a fraction": (lambda of: of["sections"][0]["sheets"][0].update(total=57.5), f"Expected `int`, got `float` - at `{SHEET}.total`"),
    "true for 1": (lambda of: of["sections"][0]["sheets"][0].update(judge=True), f"Expected `int`, got `bool` - at `{SHEET}.judge`"),
    "nothing for a name": (lambda of: of["sections"][0]["awards"][0].update(title=None), "Expected `str`, got `null`"),
    "a field missing": (lambda of: of["sections"][0].pop("criteria"), "missing required field `criteria` - at `$.sections[0]`"),
    "a field too many": (lambda of: of["sections"][0]["judges"][0].update(seat=1), "unknown field `seat` - at `$.sections[0].judges[0]`"),
    "no version": (lambda of: of.pop("version"), "missing required field `version`"),
    "a version in words": (lambda of: of.update(version="1"), "Expected `int`, got `str` - at `$.version`"),
    "a version that never was": (lambda of: of.update(version=0), "there is no version 0"),
    "confirmed without a salt": (lambda of: of.update(salt=""), "a confirmed award document has a salt"),
    "a draft with a salt": (lambda of: of.update(confirmed_by=None), "a draft has none"),
}  # fmt: skip


@pytest.mark.parametrize("change,why", MISSHAPEN.values(), ids=MISSHAPEN.keys())
def test_what_is_not_of_its_version_s_shape_is_refused_by_name(change: Change, why: str) -> None:
    of = json.loads(document_text.canonical(award_document()))
    change(of)
    with pytest.raises(ValueError, match=r"^award document: ") as wrong:
        document_text.read(json.dumps(of))
    assert why in str(wrong.value)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{} {}", '"1"'])
def test_what_is_not_an_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^award document: "):
        document_text.read(text)


def test_a_later_release_s_document_is_refused_in_one_sentence() -> None:
    text = document_text.canonical(award_document()).replace('"version":1', '"hall":"A","version":2')
    with pytest.raises(document_text.NewerVersion) as wrong:
        document_text.read(text)
    assert str(wrong.value) == (
        "Bảng trao giải đã xác nhận được lưu theo phiên bản 2, mới hơn phiên bản 1 mà phần mềm này đọc được; "
        "hãy nâng cấp phần mềm."
    )


def test_every_version_that_is_read_is_written() -> None:
    assert document_text.READERS.keys() == document_text.WRITERS.keys() == set(range(1, VERSION + 1))
