"""Judging codes from a public seed: drawn again by the program in the document, different for any other list or seed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.entries.judging_codes import BadSeed, FinalsList, clean_seed, drawn_codes, first_number, in_drawn_order

CODES = st.sets(st.text("TPCĐS0123456789-", min_size=1, max_size=9), max_size=60)
SEED = "XSMB 12/8/2024: 04817"


def test_one_list_worked_by_hand() -> None:
    """The text and its hash with `printf ... | sha256sum`; then 100 + hash mod 900 for the first work."""
    closed = FinalsList.of(["TP-002", "TP-001"], ["T-500"])
    assert closed.text == "finals list 1\nwork TP-001\nwork TP-002\ntaken T-500\n"
    shell = ["sh", "-c", "printf 'finals list 1\\nwork TP-001\\nwork TP-002\\ntaken T-500\\n' | sha256sum"]
    assert closed.sha256 == subprocess.run(shell, check=True, capture_output=True, text=True).stdout[:64]
    text = f"judging code 1\\n{closed.sha256}\\n{SEED}\\nTP-001\\n0\\n"
    digest = subprocess.run(["sh", "-c", f"printf '{text}' | sha256sum"], check=True, capture_output=True, text=True)
    assert drawn_codes(closed, SEED, "T")["TP-001"] == f"T-{100 + int(digest.stdout[:64], 16) % 900}"


@given(CODES, CODES)
def test_codes_are_different_and_none_is_taken(works: set[str], taken: set[str]) -> None:
    codes = drawn_codes(FinalsList.of(works, taken), SEED, "T")
    assert set(codes) == works and len(set(codes.values())) == len(works) and not set(codes.values()) & taken
    assert all(re.fullmatch(r"T-[1-9]\d\d", code) for code in codes.values())
    assert codes == drawn_codes(FinalsList.of(sorted(works, reverse=True), taken), SEED, "T")
    assert [code for _, code in in_drawn_order(codes)] == sorted(codes.values())


def test_another_seed_work_or_taken_code_gives_other_codes() -> None:
    works = [f"TP-{number:03}" for number in range(1, 31)]
    drawn = [
        drawn_codes(FinalsList.of(works), SEED, "T"), drawn_codes(FinalsList.of(works), SEED + "8", "T"),
        drawn_codes(FinalsList.of([*works, "TP-031"]), SEED, "T"), drawn_codes(FinalsList.of(works, ["T-1"]), SEED, "T"),
    ]  # fmt: skip
    assert len({codes["TP-001"] + codes["TP-002"] + codes["TP-003"] for codes in drawn}) == len(drawn)


def test_a_taken_code_is_drawn_again() -> None:
    """With 890 of the 900 codes taken, the works share the ten that are left."""
    taken = [f"T-{number}" for number in range(110, 1000)]
    codes = drawn_codes(FinalsList.of([f"TP-{number}" for number in range(10)], taken), SEED, "T")
    assert sorted(codes.values()) == [f"T-{number}" for number in range(100, 110)]


@pytest.mark.parametrize("works, first", [(0, 100), (450, 100), (451, 1000), (4501, 10_000)])
def test_more_works_get_more_digits(works: int, first: int) -> None:
    assert first_number(works) == first


def test_the_order_of_codes_is_not_the_order_of_receipt() -> None:
    works = [f"TP-{number:03}" for number in range(1, 31)]
    order = [work for work, _ in in_drawn_order(drawn_codes(FinalsList.of(works), SEED, "T"))]
    assert sorted(order) == works and order != works


def test_the_program_in_the_document_draws_the_same(tmp_path: Path) -> None:
    page = Path("docs/contest-rules.md").read_text(encoding="utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    closed = FinalsList.of([f"CĐS24-{number:03}" for number in range(1, 200)], ["T-101", "T-202"])
    for name, text in (("draw.py", program), ("list.txt", closed.text)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "draw.py"), str(tmp_path / "list.txt"), SEED, "T"]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}).stdout
    assert dict(line.split() for line in said.splitlines()) == drawn_codes(closed, SEED, "T")


def test_seeds_are_typed_the_same_by_everybody() -> None:
    assert clean_seed("  XSMB  12/8/2024:\n04817 ") == SEED
    for bad in ("", "123", "x" * 201, "xổ số 04817", "a\u200bbcd", "- 1234"):
        with pytest.raises(BadSeed):
            clean_seed(bad)
