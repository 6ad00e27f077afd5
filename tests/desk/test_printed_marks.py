"""Every paper carries the newest checkpoint's mark, which `verify --head` accepts."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from core.desk import printed_marks
from core.desk.awards import award_files
from core.desk.channel import freeze_minutes
from core.desk.finals import finalists
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.desk.printed_marks import printed_mark, receipt_mark
from core.settings import settings
from core.store import ledger_rows
from core.store.engine import Store
from core.store.ledger import Chain
from core.store.signing.checkpoints import all_checkpoints
from tests.desk.awards.test_publication import COMMITTEE, LATER
from tests.desk.awards.test_publication import desk as confirmed_desk
from tests.desk.contest_with_panel import CHANNEL, CODES, LAN, NOW, assigned_panel

MARK = re.compile(r"\b\d+:[0-9a-f]{16}\b")
ORIGIN = "https://cham.example.vn"
desk = confirmed_desk  # one work marked, its prize confirmed


def of_workbook(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    return "\n".join(
        [*cells, *(str(page.oddFooter.left.text) for page in book if page.oddFooter and page.oddFooter.left)]
    )


def of_minutes(store: Store) -> str:
    return freeze_minutes.minutes(store, CHANNEL, 1, LATER).mark.text


PAPERS: dict[str, Callable[[Store], str]] = {
    "xlsx": lambda store: of_workbook(award_files.export(store, COMMITTEE, "xlsx", LATER).content),
    "csv": lambda store: award_files.export(store, COMMITTEE, "csv", LATER).content.decode("utf-8-sig"),
    "command": lambda store: award_files.files(store, LATER, names=True)[1].content.decode("utf-8-sig"),
    "finals": lambda store: of_workbook(finalists.workbook_file(store, COMMITTEE, LATER).content),
    "minutes": of_minutes,
}


def occasions(store: Store) -> list[str]:
    with store.read() as connection:
        return [each.occasion for each in all_checkpoints(connection)]


def test_every_paper_carries_the_newest_mark_and_verify_accepts_it(desk: Store) -> None:
    with desk.read() as connection:
        head = ledger_rows.head(connection, Chain.RESULT)
    newest = f"{head.seq}:{head.hash.hex()[:16]}"
    assert {name: set(MARK.findall(draw(desk))) for name, draw in PAPERS.items()} == {name: {newest} for name in PAPERS}
    assert operations.verify(desk, newest).good
    assert operations.verify(desk, f"Dấu xác thực {newest}").good
    assert operations.verify(desk, f"{ORIGIN}/results?mark={newest}").good
    assert not operations.verify(desk, f"{head.seq - 1}:{newest.partition(':')[2]}").good
    assert occasions(desk) == ["closing", "freeze", "confirmation"]  # nothing came after the last


def test_rows_after_the_checkpoint_are_signed_before_the_paper(store: Store) -> None:
    assigned_panel(store)
    before = printed_mark(store, NOW)
    assert occasions(store) == ["paper"]
    assert printed_mark(store, NOW + timedelta(hours=1)) == before  # no row came after it
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
    assert printed_mark(store, NOW) == before  # a draft is not in the result chain
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    after = printed_mark(store, NOW)
    with store.read() as connection:
        sealed = max(row.seq for row in ledger_rows.rows(connection) if row.event == "sheet.sealed")
    assert int(after.text.partition(":")[0]) == sealed + 1
    assert occasions(store) == ["paper", "paper"]
    assert operations.verify(store, after.text).good and operations.verify(store, before.text).good


def test_the_same_state_gives_the_same_file(desk: Store) -> None:
    for form in ("xlsx", "csv"):
        made = [award_files.export(desk, COMMITTEE, form, LATER + timedelta(hours=at)).content for at in (0, 1)]
        assert made[0] == made[1]
    finals = [finalists.workbook_file(desk, COMMITTEE, LATER).content for _ in range(2)]
    assert finals[0] == finals[1]


def test_a_sheet_is_printed_with_the_mark_of_its_own_row(store: Store) -> None:
    assigned_panel(store)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
    receipt = judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    mark = receipt_mark(receipt.text)
    assert receipt_mark("") is None
    assert mark is not None and mark.text.startswith(f"{receipt.ledger_seq}:") and MARK.fullmatch(mark.text)
    assert operations.verify(store, mark.text).good
    assert occasions(store) == []


def test_the_code_leads_to_the_first_public_address(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assigned_panel(sqlite_store)
    assert printed_mark(sqlite_store, NOW).address == ""
    public = replace(settings(), public_origins=(ORIGIN, "https://other.example.vn"))
    monkeypatch.setattr(printed_marks, "settings", lambda: public)
    mark = printed_mark(sqlite_store, NOW)
    assert mark.address == f"{ORIGIN}/results?mark={mark.text}"
