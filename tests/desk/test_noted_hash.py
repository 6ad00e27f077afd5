"""A noted ledger hash is read in every form in which it is printed or copied (DECISIONS 47)."""

import pytest

from core.desk.noted_hash import TooLittleNoted, noted_hash
from core.store.verification.verify import Noted

WHOLE = "7f3a91c208d45be1" * 4
MARK = f"187:{WHOLE[:16]}"
RECEIPT = Noted(187, "7f3a91c208d45be1")


@pytest.mark.parametrize(
    "text",
    [
        "#187 · 7f3a-91c2-08d4-5be1",
        "#187 · 7F3A-91C2-08D4-5BE1",
        "  #187 · 7f3a-91c2-08d4-5be1\n",
        "#187 7f3a 91c2 08d4 5be1",
        "#187: 7f3a91c208d45be1",
        "# 187 – 7f3a–91c2–08d4–5be1",
        "#187\u00a0·\u00a07f3a\u201191c2\u201108d4\u20115be1",
        "#187 • 7f3a−91c2−08d4−5be1.",
        "187 · 7f3a-91c2-08d4-5be1",
        "＃１８７　・　７ｆ３ａ－９１ｃ２－０８ｄ４－５ｂｅ１",
        "#187 · 7f3a-\u200b91c2-\u00ad08d4-\ufeff5be1",
        "“#187 · 7f3a-91c2-08d4-5be1”",
        "(#187 · 7f3a-91c2-08d4-5be1)",
        "187:7f3a91c208d45be1",
        "187: 7f3a-91c2-08d4-5be1",
    ],
)
def test_a_receipt_is_a_row_and_its_digits(text: str) -> None:
    assert noted_hash(text) == RECEIPT


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        WHOLE.upper(),
        f" {WHOLE}. ",
        " ".join(WHOLE[at : at + 4] for at in range(0, 64, 4)),
        f"{WHOLE[:32]}\n{WHOLE[32:]}",
    ],
)
def test_a_whole_hash_needs_no_row(text: str) -> None:
    assert noted_hash(text) == Noted(None, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        f"Sổ cái: dòng 187, mã {WHOLE}",
        f"Thể lệ chấm sha256:{'0' * 64}\nSổ cái dòng 187, mã {WHOLE}",
        f"Thể lệ chấm sha256:{'a' * 64}; sổ cái dòng 187, mã {WHOLE}",
        f"Đúng: sổ kết quả 187 dòng, mã cuối {WHOLE}; sổ nhật ký 45 dòng, mã cuối {'b' * 64}.",
        f"Good: result chain of 187 rows, last hash {WHOLE}; audit chain of 45 rows, last hash {'b' * 64}.",
    ],
)
def test_what_a_paper_or_a_command_prints_is_read_whole(text: str) -> None:
    assert noted_hash(text) == Noted(187, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        MARK,
        f" {MARK.upper()}. ",
        f"Dấu xác thực {MARK}",
        f"Thể lệ chấm sha256:{'0' * 64}\nDấu xác thực {MARK}",
        f"https://cham.example.vn/results?mark={MARK}",
        f"{MARK}; Thể lệ chấm sha256:{'a' * 64}",
    ],
)
def test_a_mark_is_read_with_words_around_it(text: str) -> None:
    assert noted_hash(text) == Noted(187, WHOLE[:16])


def test_a_whole_hash_with_its_row_is_both() -> None:
    assert noted_hash(f"#9 · {WHOLE}") == Noted(9, WHOLE)


@pytest.mark.parametrize(
    "text", ["7f3a91c208d45be1", "7f3a-91c2-08d4-5be1", "7F3A 91C2 08D4 5BE1", "1234-5678-9012-3456"]
)
def test_sixteen_digits_are_enough_without_a_row(text: str) -> None:
    found = noted_hash(text)
    assert found.row is None and len(found.digits) == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#187",
        "#187 · ",
        "#187 · 7f3a-91c",
        "#121 · b0dd-a96c",
        "b0dd-a96c",
        "B0DD A96C",
        "7f3a-91c2-08d4-5be",
        f"{WHOLE}0",
        f"#187 · {WHOLE}0",
        "g" * 16,
        "#x · 7f3a-91c2-08d4-5be1",
        "7f3a-91c2-08d4-5bel",
        "mã 7f3a-91c2-08d4-5be1",
        "/" * 16,
        "7f3a-91c2-08d4-5be1 #187",
        "9" * 13 + ":7f3a91c208d45be1",
        "9" * 5000 + ":7f3a91c208d45be1",
        "#187#7f3a-91c2-08d4-5be1#",
    ],
)
def test_a_text_that_identifies_no_row_is_refused(text: str) -> None:
    with pytest.raises(TooLittleNoted, match="không phải là mã sổ cái"):
        noted_hash(text)
