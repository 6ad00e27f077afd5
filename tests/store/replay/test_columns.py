"""Every column of every table is compared with the ledger, checked by another test, or excluded with a reason; each
is tried.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.desk import interaction_freezes, interactions
from core.desk.accounts import accounts, confirmations, password_resets, passwords, sessions
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, publication
from core.desk.background import film_pairs
from core.desk.channel import reading_entry, reading_reviews
from core.desk.channel.reading_entry import TypedReading
from core.desk.entries import entry_door, officials
from core.desk.entries.official_input import Typed
from core.desk.entries.registration import register_by_office
from core.desk.entries.submissions import Read, new_link
from core.desk.finals import draw, finalist_changes, finalists
from core.desk.finals.finalist_changes import NewProposal
from core.desk.finals.finalists import NewPost
from core.desk.judging import judge_sheets, recusals, watch_time
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.desk.matching import match_decisions
from core.desk.matching.match_decisions import Outcome
from core.desk.screening.verdicts import give, recuse
from core.rules.access import Role
from core.rules.entries.screening import Verdict
from core.rules.entries.states import FinalistChange
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from core.store.films import film_pairs as film_pair_rows
from core.store.films.film_copies import CopyKind
from core.store.films.film_pairs import PairKey, PairRow
from core.store.finals.changes import ProposedFilm
from core.store.replay.columns import DERIVED, FREE, HELD, RENAMED
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
    film_of,
    joined,
    person,
)
from tests.desk.entries.accepted import accepted_works
from tests.desk.entries.entered import FORM, LATE, enter
from tests.desk.screening.screened import FIRST, SECOND, receive, said
from tests.fixtures.films import registered_copy
from tests.fixtures.readings import confirmed_reading
from tests.serving.databases import owner_transaction
from tests.store.verification.test_verify import Undone, altered

PICTURE = "ab" * 32
COMMITTEE, MEMBER = person("ban", Role.COMMITTEE), person("ban2", Role.COMMITTEE)
MEETING = NOW + timedelta(days=30)
NOT_TRIED = {name for name, why in HELD.items() if name.endswith(".id") or name.startswith("ledger.")}
# PostgreSQL itself refuses these while another row refers to them.
NOT_TRIED |= {"official.id", "finalist.code", "finals_list.id"}
OTHERWISE = {  # columns where one more letter or unit would be invalid
    "sheet.state": "draft", "sheet.marks": '{"ND":1}', "sheet.remarks": '{"ND":"x"}', "sheet_revision.marks": '{"ND":1}',
    "sheet_revision.remarks": '{"ND":"x"}', "decision.kind": "choose", "decision.entries": '["T-404"]',
    "contest.toml": "x", "award_table.document": "{}", "retraction.outcome": "declined", "account_role.role": "chief",
    "match_decision.outcome": "same", "submission.state": "received",
    "reading_detail.questions": '["jump"]', "reading_review.verdict": "rejected",
    "film_copy.kind": "playable", "finalist_change.kind": "disqualify", "finalist_change.outcome": "declined", "finals_list.works": "[]", "finals_list.taken": "[]", "finals_list.left_out": "[]",
    "film_pair_decision.verdict": "different",
    "screening_verdict.verdict": "reject", "screening_verdict.answers": '{"R08":"no"}',
}  # fmt: skip


def columns() -> Iterator[str]:
    for table in t.metadata.tables.values():
        yield from (f"{table.name}.{column.name}" for column in table.columns)


def compared() -> set[str]:
    """The columns that the replayed state contains, by their names in the tables."""
    named = set()
    for name in columns():
        table, column = name.split(".")
        seen = RENAMED.get(name, RENAMED.get(column, column))
        if table in DERIVED and seen in {*DERIVED[table].key, *DERIVED[table].fields}:
            named.add(name)
    return named


def test_every_column_is_classified() -> None:
    assert set(columns()) - compared() - set(HELD) - set(FREE) == set()
    assert compared() & set(FREE) == set()
    assert (set(HELD) | set(FREE)) - set(columns()) == set()  # none that no longer exists
    assert all(why for why in {**HELD, **FREE}.values())


@pytest.fixture
def whole(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """A contest with a row in every derived table, up to the published result."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    monkeypatch.setattr(passwords, "matching", lambda *_, **__: True)
    joined(assigned_panel(store), COMMITTEE)
    for other in (FIRST, SECOND, MEMBER):
        joined(store, other)
    enter_final(store)
    ticket = sessions.sign_in(store, sessions.Attempt("lan", "x", "10.0.0.1", "b"), NOW)
    sessions.establish(store, ticket, "b", "10.0.0.1", "tests", NOW)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}, {"ND": "Rõ."}), 0, NOW)
    watch_time.add_note(store, LAN, CODES[0], 1000, "Hay.", NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    judge_sheets.save(store, MINH, CODES[1], Change({"ND": "30", "ST": "17"}), 0, NOW)
    judge_sheets.submit(store, MINH, CODES[1], 1, "m" * 16, NOW)
    judge_sheets.return_sheet(store, CHIEF, "minh", CODES[1], "Xem lại.", NOW)
    decide_pair(store)
    recusals.declare(store, MINH, CODES[2], "Người nhà.", NOW)
    accounts.add(store, accounts.SYSTEM, "gk.moi", f"TÁC-GIẢ-{CODES[1]}", [Role.JUDGE], NOW)
    for author in (f"TÁC-GIẢ-{CODES[0]}", f"TÁC-GIẢ-{CODES[2]}"):
        officials.add(store, SECRETARY, Typed(author, "Ban Tổ chức", "07/05/1990", "0912345678", "Phó ban"), NOW)
    for line in match_decisions.lines(store, SECRETARY):  # two members, and the account
        match_decisions.decide(store, SECRETARY, line.id, Outcome.DIFFERENT, "Người khác.", line.seen, NOW)
    officials.remove(store, SECRETARY, 2, NOW)
    for _ in range(2):
        entered = register_by_office(store, SECRETARY, FORM, NOW, late_reason="Bưu điện chậm.")
        new_link(store, SECRETARY, Read(entered.code, 1), NOW)
    screen(store)
    entry_door.set_door(store, SECRETARY, opened=True, code="SL24", now=NOW)
    registered_copy(store, tmp_path, CODES[0], CopyKind.LIGHT, b"light")
    password_resets.reset_link(store, accounts.SYSTEM, "kenh", NOW)
    counts = dict.fromkeys(INTERACTION_KINDS, "7")
    first = confirmed_reading(store, CHANNEL, CODES[0], counts, NOW, NOW)
    typed = [
        TypedReading(
            code, {**counts, "shares": "9"}, "Đã xem.", "https://x.vn/1", PICTURE, None, None, corrects, "Nhầm."
        )
        for code, corrects in ((CODES[0], first), (CODES[1], None), (CODES[2], None))
    ]
    results = reading_entry.save(store, CHANNEL, typed, NOW, NOW, picture_library(tmp_path))
    assert all(each.number for each in results)
    reading_reviews.reject(store, SECRETARY, results[-1].number or 0, "Không khớp ảnh.", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    interaction_freezes.reopen(
        store, COMMITTEE, "Nhập nhầm.", interaction_freezes.reopening(store, COMMITTEE).seen, MEETING
    )
    interactions.freeze(store, CHANNEL, MEETING)
    award_decisions.withhold(store, COMMITTEE, "NHAT", 1, "Chưa xứng.", MEETING)
    award_decisions.confirm(
        store, Reauthenticated(COMMITTEE), award_decisions.proposal(store, COMMITTEE, MEETING).seen, MEETING, SALT
    )
    publish(store)
    return store


def publish(store: Store) -> None:
    """The result published, taken back, and published again; somebody proposes to take it back once more."""
    committee = Reauthenticated(COMMITTEE)
    for reason in ("Sai tên.", "Sai đơn vị."):
        number = publication.publish(store, committee, publication.state(store, COMMITTEE).document, MEETING)
        proposal = publication.propose_retraction(store, MEMBER, number, reason, MEETING)
        if number == 1:
            publication.retract(store, committee, proposal, "Đúng là sai.", MEETING)


def screen(store: Store) -> None:
    """A work with two verdicts about it, and one that a screener leaves to others."""
    for code, film in (("TP-004", "a" * 64), ("TP-005", "b" * 64)):
        receive(store, code, film)
    give(store, FIRST, "TP-004", 2, said(Verdict.RETURN, "Thiếu phụ đề."), NOW)
    recuse(store, FIRST, "TP-005", "Người nhà.", NOW)


def picture_library(folder: Path) -> Path:
    """A library with one screenshot."""
    (folder / f"{PICTURE}.jpg").write_bytes(b"x")
    return folder


def enter_final(store: Store) -> None:
    """Two submissions in the final round, of a list that leaves one out."""
    accepted_works(store, 2)
    enter(store, "chờ")
    close = draw.Closing(draw.state(store, SECRETARY).now.sha256, "Xổ số", "Không có phim")
    draw.close_list(store, SECRETARY, close, LATE)
    codes = draw.draw(store, Reauthenticated(SECRETARY), close.seen, "04817", LATE)
    for kind, submission in ((FinalistChange.WITHDRAW, "TP-001"), (FinalistChange.WITHDRAW, "TP-002")):
        version = finalist_changes.changeable(store, SECRETARY, codes[submission]).version
        finalist_changes.propose(store, SECRETARY, NewProposal(codes[submission], kind, version, "Xin rút"), LATE)
    finalist_changes.confirm(store, COMMITTEE, 1, "Đã ký", LATE)
    finalist_changes.decline(store, COMMITTEE, 2, "Chưa ký", LATE)
    film = ProposedFilm("c" * 64, "c.jpg", 240_000, 1280, 720, ("length",))
    version = finalist_changes.changeable(store, SECRETARY, codes["TP-002"]).version
    new = NewProposal(codes["TP-002"], FinalistChange.FILM, version, "Mất tiếng", film=film)
    finalist_changes.propose(store, SECRETARY, new, LATE)
    finalists.record_post(store, CHANNEL, NewPost(codes["TP-001"], "https://facebook.com/1", LATE, 0), LATE)


def decide_pair(store: Store) -> None:
    """A pair of two works' films that are alike, and a decision about it."""
    films = sorted(film_of(code)[:64] for code in CODES[:2])
    pair = PairRow(PairKey(films[0], films[1], published=False), 9000, 9000, 1000, 0, False, "[]", "near_copy", 0)
    store.change(lambda transaction: film_pair_rows.put_pair(transaction.connection, pair))
    film_pairs.decide(store, SECRETARY, film_pairs.listed(store, SECRETARY)[0].id, "same_work", "Cùng phim.", 0, NOW)


def otherwise(connection: sa.Connection, column: sa.Column[Any], row: sa.RowMapping) -> list[Any]:
    """Other values that this column could have in this row without breaking a key."""
    name, value, keys = f"{column.table.name}.{column.name}", row[column.name], list(column.table.primary_key)
    if name in OTHERWISE:
        return [OTHERWISE[name]]
    taken = {tuple(each) for each in connection.execute(sa.select(*keys))} if column.primary_key else set()
    if column.foreign_keys:
        (key,) = column.foreign_keys
        others = [other for other in connection.execute(sa.select(key.column)).scalars() if other != value]
    else:
        others = [f"x{value or ''}" if isinstance(column.type, sa.Text) else (value or 0) + 1000]
    return [o for o in others if tuple(o if each is column else row[each.name] for each in keys) not in taken]


def change(connection: sa.Connection, column: sa.Column[Any]) -> None:
    """Set the column to another value in one row, preferably a non-null one. Deletes the first row if there is no
    other value.
    """
    keys = list(column.table.primary_key)
    rows = connection.execute(sa.select(column.table).order_by(column.is_(None), *keys)).mappings().all()
    found = next(((row, value) for row in rows for value in otherwise(connection, column, row)), None)
    if found is None:  # every judge is assigned to every work: no other value is possible
        altered(connection, column.table.delete().where(*(each == rows[0][each.name] for each in keys)))
        return
    row, value = found
    where = [each == row[each.name] for each in keys]
    altered(connection, column.table.update().where(*where).values({column.name: value}))


def test_every_changed_column_is_reported(whole: Store, long: bool) -> None:
    """On PostgreSQL only every fourth column, unless `--long` is given: the comparison is the same code."""
    few = whole.url.get_backend_name() == "postgresql" and not long
    assert [finding.localize(Locale()) for finding in operations.verify(whole).findings] == []
    silent = []
    for name in sorted((compared() | set(HELD)) - NOT_TRIED)[:: 4 if few else 1]:
        table, column = name.split(".")
        with suppress(Undone), owner_transaction(whole) as connection:
            change(connection, t.metadata.tables[table].c[column])
            if not [each for each in operations._verdict(connection).findings if "Chốt" not in each.localize(Locale())]:
                silent.append(name)
            raise Undone
    assert silent == []


def test_an_inserted_row_is_reported(whole: Store) -> None:
    """An added row in any derived table is reported: a session, a second award table, a role, a reading, an account."""
    confirmations_before = confirmations.waiting(whole, COMMITTEE)
    assert [each.username for each in confirmations_before] == ["gk.moi"]
    for table in DERIVED:
        if table in {"contest", "entry_door", "finals_draw", "reading_detail"}:  # one row, or one for each reading
            continue
        with suppress(Undone), owner_transaction(whole) as connection:
            altered(connection, *added(connection, t.metadata.tables[table]))
            findings = [each.localize(Locale()) for each in operations._verdict(connection).findings]
            assert any("mà sổ cái không ghi" in each for each in findings), (table, findings)
            raise Undone


def added(connection: sa.Connection, table: sa.Table) -> Iterator[Any]:
    """The insert of a copy of the table's first row, under another key."""
    row = dict(connection.execute(sa.select(table).order_by(*table.primary_key)).mappings().first() or {})
    keys = [column for column in table.columns if column.primary_key or column.unique]
    keys = [column for column in keys if not (table.name == "film_copy" and column.name == "kind")]  # has a CHECK
    for column in keys:
        others = [each for key in column.foreign_keys for each in connection.execute(sa.select(key.column)).scalars()]
        taken = set(connection.execute(sa.select(column)).scalars())
        free = [each for each in others if each not in taken]
        if column.foreign_keys and free:
            row[column.name] = free[0]
        elif not column.foreign_keys:
            row[column.name] = (max(taken) + 1) if isinstance(row[column.name], int) else f"x{row[column.name]}"
    row |= {"revision": 9} if table.name == "screening_verdict" else {}  # a screener says one thing about a revision
    row |= {"submit_key": "z" * 16} if "submit_key" in row else {}
    yield table.insert().values(row)
