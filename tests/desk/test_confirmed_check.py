"""The confirmed award table follows from the marks, and what is given out is the table whose hash is in the ledger."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
import sqlalchemy as sa

from core.desk import award_files, awarding, chairing, interactions, judging, safekeeping
from core.desk.again import Sure
from core.desk.judging import Change
from core.papers import document as paper
from core.rules.access import Role
from core.rules.words import Tongue
from core.store import tables as t
from core.store.awards import ConfirmedTableAltered
from core.store.engine import Store
from tests.databases import owning
from tests.desk.a_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, joined, person, seated
from tests.desk.test_conduct import MEETING
from tests.store.rewriting import rewritten
from tests.store.test_verify import altered

COMMITTEE = person("ban", Role.COMMITTEE)
POINTS = {"T-101": "35", "T-202": "30", "T-303": "25"}
Forgery = Callable[[dict[str, Any]], None]


@pytest.fixture
def confirmed(store: Store) -> Store:
    """Three works marked by three judges, the first prize confirmed."""
    joined(seated(store), COMMITTEE)
    for who in (LAN, MINH, CHIEF):
        for code, points in POINTS.items():
            judging.save(store, who, code, Change({"ND": points, "ST": "10"}), 0, NOW)
            judging.submit(store, who, code, 1, f"{who.username}-{code}".ljust(16, "k"), NOW)
    chairing.close(store, Sure(CHIEF), "T-404 không ai chấm.", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    awarding.confirm(store, Sure(COMMITTEE), awarding.proposal(store, COMMITTEE, MEETING).seen, MEETING)
    assert said(store) == []
    return store


def said(store: Store) -> list[str]:
    return [finding.said(Tongue()) for finding in safekeeping.verify(store).findings]


def other_winner(document: dict[str, Any]) -> None:
    document["awards"][0] |= {"code": "T-303", "title": "Tác phẩm T-303"}


def more_money(document: dict[str, Any]) -> None:
    document["awards"][0]["amount"] *= 10


def other_author(document: dict[str, Any]) -> None:
    document["awards"][0]["author"] = "Người khác"


def other_place(document: dict[str, Any]) -> None:
    document["standings"][0]["place"], document["standings"][1]["place"] = 2, 1


def other_mark(document: dict[str, Any]) -> None:
    document["sheets"][0]["marks"][0] += 50


def other_head(document: dict[str, Any]) -> None:
    document["proof"]["ledger_head"] = "0" * 64


FORGERIES = {
    "winner": other_winner, "money": more_money, "author": other_author, "place": other_place, "mark": other_mark,
    "head": other_head,
}  # fmt: skip


def forged(text: str, forgery: Forgery) -> str:
    document = json.loads(text)
    forgery(document)
    return rfc8785.dumps(document).decode()


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
class TestAForgedDocument:
    def test_is_named_and_given_to_nobody(self, confirmed: Store, forgery: Forgery) -> None:
        with owning(confirmed) as connection:
            text = connection.execute(sa.select(t.award_table.c.document)).scalar_one()
            altered(connection, t.award_table.update().values(document=forged(text, forgery)))
        assert any("Bảng trao giải đã xác nhận thứ 1: khác với sổ cái (document)" in each for each in said(confirmed))
        for give in (
            lambda: award_files.export(confirmed, COMMITTEE, "xlsx", MEETING),
            lambda: award_files.files(confirmed, MEETING, names=True),
            lambda: awarding.proposal(confirmed, COMMITTEE, MEETING),
            lambda: awarding.table(confirmed, MEETING),
        ):
            with pytest.raises(ConfirmedTableAltered):
                give()

    def test_is_named_by_the_recount_where_its_event_was_forged_too(self, confirmed: Store, forgery: Forgery) -> None:
        """The chain is whole, the hash is right: only the marks say otherwise."""
        with owning(confirmed) as connection:
            kept = connection.execute(sa.select(t.award_table)).one()
            text = forged(kept.document, forgery)
            altered(
                connection,
                t.award_table.update().values(document=text),
                lambda: rewritten(connection, kept.ledger_seq, other_hash(text)),
            )
        found = said(confirmed)
        assert found and all("khác với kết quả tính lại" in each for each in found)


def other_hash(text: str) -> Forgery:
    def change(payload: dict[str, Any]) -> None:
        payload["document"] = paper.fingerprint(text)

    return change


class TestASecondTable:
    def test_is_refused_by_the_database(self, confirmed: Store) -> None:
        with pytest.raises(Exception, match="a table is confirmed already"):
            confirmed.change(
                lambda unit: unit.connection.execute(t.award_table.insert().values(second(unit.connection))).close()
            )

    def test_put_there_all_the_same_is_named_and_nothing_is_given_out(self, confirmed: Store) -> None:
        with owning(confirmed) as connection:
            altered(connection, t.award_table.insert().values(second(connection)))
        assert "Bảng trao giải đã xác nhận thứ 2: có trong cơ sở dữ liệu mà sổ cái không ghi." in said(confirmed)
        with pytest.raises(ConfirmedTableAltered):
            awarding.table(confirmed, MEETING)


def second(connection: sa.Connection) -> dict[str, Any]:
    kept = connection.execute(sa.select(t.award_table)).mappings().one()
    return {**kept, "id": kept["id"] + 1, "document": forged(kept["document"], other_winner)}


def test_a_table_without_its_event_is_given_to_nobody(confirmed: Store) -> None:
    with owning(confirmed) as connection:
        altered(connection, t.award_table.update().values(ledger_seq=3))
    with pytest.raises(ConfirmedTableAltered):
        awarding.table(confirmed, MEETING)


def test_the_whole_table_is_what_the_recount_gives(confirmed: Store) -> None:
    assert [(row.code, row.amount) for row in awarding.table(confirmed, MEETING).awards] == [(CODES[0], 5_000_000)]
