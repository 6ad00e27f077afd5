"""The confirmed award table must follow from the marks, and what is exported must be the table whose hash is in the
ledger.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
import sqlalchemy as sa

from core.desk import interactions, rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, award_files
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import confirmed_check, operations
from core.papers import document_text
from core.rules.access import Role
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from core.store.queries.awards import ConfirmedTableAltered
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, SALT, assigned_panel, joined, person
from tests.desk.maintenance.test_conduct import MEETING
from tests.papers.sample_document import of_two
from tests.serving.databases import owner_transaction
from tests.store.rewriting import rewritten, signed_again
from tests.store.verification.test_verify import altered

COMMITTEE = person("ban", Role.COMMITTEE)
POINTS = {"T-101": "35", "T-202": "30", "T-303": "25"}
Forgery = Callable[[dict[str, Any]], None]


@pytest.fixture
def confirmed(store: Store) -> Store:
    """Three works marked by three judges, with the first prize confirmed."""
    joined(assigned_panel(store), COMMITTEE)
    for who in (LAN, MINH, CHIEF):
        for code, points in POINTS.items():
            judge_sheets.save(store, who, code, Change({"ND": points, "ST": "10"}), 0, NOW)
            judge_sheets.submit(store, who, code, 1, f"{who.username}-{code}".ljust(16, "k"), NOW)
    rounds.close(store, Reauthenticated(CHIEF), "T-404 không ai chấm.", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    award_decisions.confirm(
        store, Reauthenticated(COMMITTEE), award_decisions.proposal(store, COMMITTEE, MEETING).seen, MEETING, SALT
    )
    assert findings(store) == []
    return store


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


def other_winner(document: dict[str, Any]) -> None:
    document["sections"][0]["awards"][0] |= {"code": "T-303", "title": "Tác phẩm T-303"}


def more_money(document: dict[str, Any]) -> None:
    document["sections"][0]["awards"][0]["amount"] *= 10


def other_author(document: dict[str, Any]) -> None:
    document["sections"][0]["awards"][0]["author"] = "Người khác"


def other_place(document: dict[str, Any]) -> None:
    document["sections"][0]["standings"][0]["place"], document["sections"][0]["standings"][1]["place"] = 2, 1


def other_mark(document: dict[str, Any]) -> None:
    document["sections"][0]["sheets"][0]["marks"][0] += 50


def other_head(document: dict[str, Any]) -> None:
    document["proof"]["ledger_head"] = "0" * 64


def another_section(document: dict[str, Any]) -> None:
    document["sections"].append({**document["sections"][0], "key": "PS", "name": "Phóng sự"})


def no_section(document: dict[str, Any]) -> None:
    document["sections"] = []


def nobody_confirmed(document: dict[str, Any]) -> None:
    document |= {"confirmed_by": None, "salt": ""}


FORGERIES = {
    "winner": other_winner, "money": more_money, "author": other_author, "place": other_place, "mark": other_mark,
    "head": other_head, "section": another_section, "no section": no_section, "draft": nobody_confirmed,
}  # fmt: skip


def forged(text: str, forgery: Forgery) -> str:
    document = json.loads(text)
    forgery(document)
    return rfc8785.dumps(document).decode()


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
class TestAForgedDocument:
    def test_is_reported_and_not_exported(self, confirmed: Store, forgery: Forgery) -> None:
        with owner_transaction(confirmed) as connection:
            text = connection.execute(sa.select(t.award_table.c.document)).scalar_one()
            altered(connection, t.award_table.update().values(document=forged(text, forgery)))
        assert any(
            "Bảng trao giải đã xác nhận thứ 1: khác với sổ cái (document)" in each for each in findings(confirmed)
        )
        for give in (
            lambda: award_files.export(confirmed, COMMITTEE, "xlsx", MEETING),
            lambda: award_files.files(confirmed, MEETING, names=True),
            lambda: award_decisions.proposal(confirmed, COMMITTEE, MEETING),
            lambda: award_decisions.document(confirmed, MEETING),
        ):
            with pytest.raises(ConfirmedTableAltered):
                give()

    def test_is_reported_by_the_recount_even_with_a_forged_event(self, confirmed: Store, forgery: Forgery) -> None:
        """The chain and its signatures verify, the hash matches: only a recount from the marks shows the change."""
        with owner_transaction(confirmed) as connection:
            row = connection.execute(sa.select(t.award_table)).one()
        put_in(confirmed, forged(row.document, forgery))
        found = findings(confirmed)
        assert found and all("khác với kết quả tính lại" in each for each in found)


def other_hash(text: str) -> Forgery:
    def change(payload: dict[str, Any]) -> None:
        payload["document"] = document_text.fingerprint(text)

    return change


def put_in(store: Store, text: str) -> None:
    """Replace the text of the confirmed document, with a forged event of it, and sign all again."""
    with owner_transaction(store) as connection:
        seq = connection.execute(sa.select(t.ledger.c.id).where(t.ledger.c.event == "awards.confirmed")).scalar_one()
        altered(
            connection,
            t.award_table.update().values(document=text),
            lambda: rewritten(connection, seq, other_hash(text)),
            lambda: signed_again(connection, store.signing_key),
        )


@pytest.mark.parametrize("text", ["{}", '{"version":1}', "", '{"version":"1"}'])
def test_a_text_that_is_not_a_document_is_named(confirmed: Store, text: str) -> None:
    put_in(confirmed, text)
    assert findings(confirmed) == [
        "Bảng trao giải đã xác nhận: nội dung lưu không đúng dạng của phiên bản, không đọc được."
    ]


def test_what_differs_in_one_of_several_sections_is_named_with_it(
    confirmed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    films, reports = of_two().sections
    other = replace(
        reports, sheets=reports.sheets[:1], withheld=tuple(replace(row, why="") for row in reports.withheld)
    )
    put_in(confirmed, document_text.canonical(replace(of_two(), sections=(films, other), confirmed_by=COMMITTEE.name)))
    monkeypatch.setattr(confirmed_check, "award_document", lambda *_, **__: of_two())
    assert findings(confirmed) == [
        "Bảng trao giải đã xác nhận: phiếu chấm của hạng mục Phóng sự <ảnh> khác với kết quả tính lại."
    ]


class TestASecondTable:
    def test_is_refused_by_the_database(self, confirmed: Store) -> None:
        with pytest.raises(Exception, match="a table is confirmed already"):
            confirmed.change(
                lambda transaction: transaction.connection.execute(
                    t.award_table.insert().values(second(transaction.connection))
                ).close()
            )

    def test_inserted_anyway_is_reported_and_nothing_is_exported(self, confirmed: Store) -> None:
        with owner_transaction(confirmed) as connection:
            altered(connection, t.award_table.insert().values(second(connection)))
        assert "Bảng trao giải đã xác nhận thứ 2: có trong cơ sở dữ liệu mà sổ cái không ghi." in findings(confirmed)
        with pytest.raises(ConfirmedTableAltered):
            award_decisions.document(confirmed, MEETING)


def second(connection: sa.Connection) -> dict[str, Any]:
    row = connection.execute(sa.select(t.award_table)).mappings().one()
    return {**row, "id": row["id"] + 1, "document": forged(row["document"], other_winner)}


def test_a_table_without_its_event_is_not_exported(confirmed: Store) -> None:
    with owner_transaction(confirmed) as connection:
        altered(connection, t.award_table.update().values(ledger_seq=3))
    with pytest.raises(ConfirmedTableAltered):
        award_decisions.document(confirmed, MEETING)


def test_the_whole_table_is_what_the_recount_gives(confirmed: Store) -> None:
    assert [(row.code, row.amount) for row in award_decisions.document(confirmed, MEETING).awards] == [
        (CODES[0], 5_000_000)
    ]
