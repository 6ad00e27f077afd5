"""Phone numbers in one form. The table of network codes: the ministry's announcement of 29 May 2018, as the press printed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.people.phones import NotAPhone, phone_key

MOBILE = st.builds(
    lambda network, rest: f"0{network}{rest:07}",
    st.sampled_from(["32", "58", "70", "81", "91"]),
    st.integers(0, 9999999),
)


@pytest.mark.parametrize(
    "typed, key",
    [
        ("0912345678", "0912345678"), ("+84 912.345.678", "0912345678"), ("84912345678", "0912345678"),
        ("0084 (0) 912-345-678", "0912345678"), ("912345678", "0912345678"), ("841234567", "0841234567"),
        ("０９１２ 345 678", "0912345678"), ("0169 123 4567", "0391234567"), ("1691234567", "0391234567"),
        ("+84 120 123 4567", "0701234567"), ("0212 3 852 123", "02123852123"), ("2123852123", "02123852123"),
        ("+84 24 3852 1234", "02438521234"), ("\u202a0912345678\u202c", "0912345678"), ("", ""), (" . ", ""),
    ],
)  # fmt: skip
def test_each_spelling_of_a_number_gives_its_national_form(typed: str, key: str) -> None:
    assert phone_key(typed) == key


@pytest.mark.parametrize(
    "old, new",
    [
        ("0120", "070"), ("0121", "079"), ("0122", "077"), ("0126", "076"), ("0128", "078"), ("0123", "083"),
        ("0124", "084"), ("0125", "085"), ("0127", "081"), ("0129", "082"), ("0162", "032"), ("0163", "033"),
        ("0164", "034"), ("0165", "035"), ("0166", "036"), ("0167", "037"), ("0168", "038"), ("0169", "039"),
        ("0186", "056"), ("0188", "058"), ("0199", "059"),
    ],
)  # fmt: skip
def test_a_number_of_before_2018_gets_the_new_code_of_its_network(old: str, new: str) -> None:
    assert phone_key(f"{old}9876543") == f"{new}9876543"


@pytest.mark.parametrize(
    "typed",
    ["0912", "không có", "+1 202 555 0100", "01301234567", "091234567x", "+84 9x2345678", "0612345678", "9" * 300],
)  # fmt: skip
def test_what_is_no_vietnamese_number_is_refused(typed: str) -> None:
    with pytest.raises(NotAPhone, match="không phải số điện thoại Việt Nam"):
        phone_key(typed)


def test_the_refusal_repeats_no_more_than_a_few_characters() -> None:
    with pytest.raises(NotAPhone) as refused:
        phone_key("9" * 300)
    assert len(str(refused.value)) < 120


@given(MOBILE)
def test_the_form_of_a_form_is_itself_and_the_country_code_changes_nothing(number: str) -> None:
    assert phone_key(number) == number == phone_key(f"+84{number[1:]}") == phone_key(number[1:])


@given(st.text())
def test_any_text_gives_a_national_number_or_a_refusal(text: str) -> None:
    try:
        key = phone_key(text)
    except NotAPhone:
        return
    assert key == "" or (key.startswith("0") and len(key) in (10, 11) and phone_key(key) == key)
