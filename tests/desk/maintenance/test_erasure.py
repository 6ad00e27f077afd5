"""Deleting a person's texts and name leaves both chains valid, and none of the texts in the database."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk import interactions, rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.account_refusals import BadUsername
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions
from core.desk.awards.chain_export import result_chain
from core.desk.channel import reading_entry, reading_reviews
from core.desk.channel.reading_entry import TypedReading
from core.desk.judging import judge_sheets, recusals, watch_time
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import erasure, operations
from core.rules.access import NotAllowed, Role
from core.rules.words import Locale
from core.store import ledger_rows
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import (
    CHANNEL,
    CHIEF,
    CODES,
    LAN,
    MINH,
    NOW,
    SALT,
    SECRETARY,
    assigned_panel,
    joined,
    person,
)
from tests.serving.databases import owner_transaction
from tests.store.verification.test_verify import altered

COMMITTEE = person("ban", Role.COMMITTEE)
MEETING = NOW + timedelta(days=30)
PLANTED = "ZZQX"  # a marker in every name and text below


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A contest up to the confirmed award table, with a marker in every name, title, unit, reason, remark and note."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    joined(assigned_panel(store), COMMITTEE)
    accounts.add(store, accounts.SYSTEM, "gk.zzqx", f"Lường {PLANTED} Mới", [Role.JUDGE], NOW)
    who = person("gk.zzqx", Role.JUDGE)
    for version, code in enumerate(CODES[:2]):
        judge_sheets.save(store, who, code, Change({"ND": "38,5", "ST": "17"}, {"ND": f"{PLANTED} rõ"}), 0, NOW)
        judge_sheets.submit(store, who, code, 1, f"{version}" * 16, NOW)
    watch_time.add_note(store, who, CODES[0], 1000, f"{PLANTED} hay", NOW)
    judge_sheets.return_sheet(store, CHIEF, "gk.zzqx", CODES[1], f"{PLANTED} xem lại", NOW)
    recusals.declare(store, who, CODES[2], f"{PLANTED} người nhà", NOW)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "30", "ST": "17"}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "m" * 16, NOW)
    rounds.close(store, Reauthenticated(CHIEF), f"{PLANTED} hết giờ", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    award_decisions.withhold(store, COMMITTEE, "NHAT", 1, f"{PLANTED} chưa xứng", MEETING)
    award_decisions.confirm(
        store, Reauthenticated(COMMITTEE), award_decisions.proposal(store, COMMITTEE, MEETING).seen, MEETING, SALT
    )
    return store


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


def texts(store: Store, *, besides: tuple[str, ...] = ()) -> str:
    """All text in the database, except for these tables."""
    with store.read() as connection:
        tables = [table for name, table in t.metadata.tables.items() if name not in besides]
        return "\n".join(repr(tuple(row)) for table in tables for row in connection.execute(sa.select(table)))


def test_the_fixture_puts_the_marker_where_it_would_be_found(desk: Store) -> None:
    assert findings(desk) == []
    assert texts(desk).count(PLANTED) > 10


def test_no_ledger_row_contains_a_name_or_free_text(desk: Store) -> None:
    with desk.read() as connection:
        rows = [row.text for row in ledger_rows.rows(connection)]
    planted = [PLANTED, PLANTED.lower(), "TÁC-GIẢ", "ĐƠN-VỊ", "Tác phẩm", "LAN", '"lan"', "minh", "truong", "ban"]
    assert [(word, row) for word in planted for row in rows if word in row] == []


def test_a_closed_account_is_erased_with_all_its_texts_and_both_chains_verify(desk: Store) -> None:
    before = operations.verify(desk).heads
    accounts.deactivate(desk, accounts.SYSTEM, "gk.zzqx", MEETING)
    assert (
        erasure.erase_account(desk, accounts.SYSTEM, "gk.zzqx", MEETING) == 5
    )  # two names, two sheets' remarks, a reason
    assert findings(desk) == []
    after = operations.verify(desk).heads
    assert after.result == before.result and after.audit.seq == before.audit.seq + 2
    left = texts(desk, besides=("award_table",))  # an official paper keeps the names it was confirmed with
    for words in (f"Lường {PLANTED}", f"{PLANTED} rõ", f"{PLANTED} hay", f"{PLANTED} người nhà", "gk.zzqx"):
        assert words not in left
    assert f"{PLANTED} xem lại" in left  # the chief's text


def test_what_a_channel_keeper_wrote_beside_readings_is_erased(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    assigned_panel(store)
    counts = {"reactions": "5", "comments": "0", "shares": "9", "views": "8"}
    first = reading_entry.enter(store, CHANNEL, CODES[0], counts, NOW, NOW, f"{PLANTED} đã xem")
    typed = TypedReading(
        CODES[0], counts, f"{PLANTED} rồi", "https://bai-dang.vn", corrects=first, reason=f"{PLANTED} nhầm"
    )
    assert reading_entry.save(store, CHANNEL, [typed], NOW, NOW)[0].number
    other = reading_entry.enter(store, CHANNEL, CODES[1], counts, NOW, NOW, f"{PLANTED} đã xem")
    reading_reviews.reject(store, SECRETARY, other, "không khớp", NOW)
    assert texts(store).count(PLANTED) > 4 and findings(store) == []
    accounts.deactivate(store, accounts.SYSTEM, "kenh", MEETING)
    assert erasure.erase_account(store, accounts.SYSTEM, "kenh", MEETING) == 2 + 4
    assert findings(store) == []
    assert PLANTED not in texts(store) and "không khớp" in texts(store) and "bai-dang" in texts(store)


def test_the_chiefs_texts_are_erased_from_other_judges_sheets(desk: Store) -> None:
    accounts.deactivate(desk, accounts.SYSTEM, "truong", MEETING)
    erasure.erase_account(desk, accounts.SYSTEM, "truong", MEETING)
    assert findings(desk) == []
    assert f"{PLANTED} xem lại" not in texts(desk) and f"{PLANTED} hết giờ" not in texts(desk)


def test_the_chief_named_in_the_contest_file_keeps_the_username_used_for_ranking(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chief's totals break ties: with another username the confirmed table could not be recounted."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    assigned_panel(store, ties='ladder = ["chief"]\nchief = "truong"')
    joined(store, COMMITTEE)
    for who, first, second in ((LAN, "30", "31"), (MINH, "30", "30"), (CHIEF, "31", "30")):
        for code, points in ((CODES[0], first), (CODES[1], second)):
            judge_sheets.save(store, who, code, Change({"ND": points, "ST": "17"}), 0, NOW)
            judge_sheets.submit(store, who, code, 1, f"{who.username}-{code}-{'0' * 16}", NOW)
    rounds.close(store, Reauthenticated(CHIEF), "hết giờ", NOW)
    seen = award_decisions.proposal(store, COMMITTEE, MEETING).seen
    award_decisions.confirm(store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)
    accounts.deactivate(store, accounts.SYSTEM, "truong", MEETING)
    erasure.erase_account(store, accounts.SYSTEM, "truong", MEETING)
    assert findings(store) == []
    assert "TRUONG" not in texts(store, besides=("award_table",))


def test_nobody_can_choose_an_erased_username(desk: Store) -> None:
    accounts.deactivate(desk, accounts.SYSTEM, "gk.zzqx", MEETING)
    erasure.erase_account(desk, accounts.SYSTEM, "gk.zzqx", MEETING)
    with desk.read() as connection:
        (username,) = connection.scalars(sa.select(t.account.c.username).where(t.account.c.name == "")).all()
    with pytest.raises(BadUsername):
        accounts.add(desk, accounts.SYSTEM, username, "Lò Văn Khác", [Role.JUDGE], MEETING)


def test_a_work_is_erased_and_its_marks_stay(desk: Store) -> None:
    assert erasure.erase_entry(desk, accounts.SYSTEM, CODES[0], MEETING) == 3
    assert findings(desk) == []
    assert f"TÁC-GIẢ-{CODES[0]}" not in texts(desk, besides=("award_table",))
    with desk.read() as connection:
        assert connection.execute(sa.select(t.mark.c.hundredths).where(t.mark.c.entry_id == 1)).all() != []


def test_erased_texts_cannot_be_written_again_without_the_ledger(desk: Store) -> None:
    erasure.erase_entry(desk, accounts.SYSTEM, CODES[0], MEETING)
    with owner_transaction(desk) as connection:
        altered(connection, t.entry.update().where(t.entry.c.code == CODES[0]).values(author="Người khác"))
    assert findings(desk) == [f"Tác phẩm {CODES[0]}: khác với sổ cái (author)."]


def test_an_active_account_is_not_erased(desk: Store) -> None:
    with pytest.raises(erasure.AccountOpen):
        erasure.erase_account(desk, accounts.SYSTEM, "lan", MEETING)
    for who in (LAN, MINH, CHIEF, COMMITTEE):
        with pytest.raises(NotAllowed):
            erasure.erase_entry(desk, who, CODES[0], MEETING)


def test_the_exported_result_chain_is_the_hashed_text_and_nothing_personal(desk: Store) -> None:
    whole = result_chain(desk).content.decode()
    head, prev = operations.verify(desk).heads.result, "00" * 32
    for line in whole.splitlines():
        assert json.loads(line)["prev"] == prev and json.loads(line)["chain"] == "result"
        prev = hashlib.sha256(b"\x00ban-giam-khao-ledger-v1\n" + line.encode()).hexdigest()
    assert (whole.count("\n"), prev) == (head.seq, head.hash.hex())
    for planted in (PLANTED, PLANTED.lower(), "TÁC-GIẢ", "ĐƠN-VỊ", "Tác phẩm", "Người nhà", "lan", "minh", "truong"):
        assert planted not in whole
