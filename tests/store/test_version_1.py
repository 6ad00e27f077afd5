"""A contest of version 1 opens, upgrades, verifies and exports the same bytes, whatever later releases add.

`tests/golden/v1/contest` and `contest-postgresql` were written once by `python -m tests.fixtures.golden_v1` and never changes. A release that fails here breaks
contests that provinces have kept.
"""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.desk.awards import award_decisions, award_files, chain_export
from core.desk.maintenance import conduct, operations
from core.papers import document_text
from core.papers.csv_table import award_csv
from core.papers.workbook import award_workbook
from core.rules.rule_card import card
from core.rules.words import Locale, Sentence
from core.settings import read, sqlite_url
from core.store.engine import Store
from core.store.events import EVENTS, Event, Touches
from core.store.events.payloads import Payload
from core.store.ledger import Chain
from core.store.migrate import open_database
from core.store.queries import awards
from core.store.replay import events as replay
from tests.serving.databases import Cluster

GOLDEN = Path(__file__).parents[1] / "golden" / "v1" / "contest"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
RESULT = "289e1f9528c11ef3716de31e7550ad6e57ad021ec9d6e77abc6969d1db9c9e4c"
AUDIT = "0be8093505923643bb47ee3ec0827106a4a02e2f25e1c7c865c45ea14daac113"
PG_RESULT = "5a95feef78896922bb31195334302ff70ca0ce6ee4852a03cfc8bcbc6e5bb949"
PG_AUDIT = "3b2045ba68cc2016db2e212a12c2db0cb5f75b59efd3c29528584dff4ed40ecd"
FILES = ("bang-trao-giai-thu-chinh-thuc.csv", "bang-trao-giai-thu-chinh-thuc.xlsx", "so-ket-qua-thu.jsonl")


@pytest.fixture
def golden_store(tmp_path: Path) -> Store:
    """A copy of the database, opened and upgraded as the server does."""
    shutil.copy(GOLDEN / "desk.db", tmp_path / "desk.db")
    return open_database(sqlite_url(tmp_path / "desk.db"), create=True, on_migration=lambda _: None)


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


def exported(store: Store) -> dict[str, bytes]:
    """The files as version 1 made them: papers carry a mark since, for which the chain is signed."""
    chain, document = chain_export.result_chain(store), award_decisions.document(store, NOW)
    drawn = award_csv(document), award_workbook(document, names=True)
    return {FILES[0]: drawn[0], FILES[1]: drawn[1], chain.name: chain.content}


def test_the_database_verifies_to_the_same_heads(golden_store: Store) -> None:
    assert findings(golden_store) == []
    heads = operations.verify(golden_store).heads
    assert (heads.result.hash.hex(), heads.audit.hash.hex()) == (RESULT, AUDIT)


def test_it_exports_the_same_bytes(golden_store: Store) -> None:
    made = exported(golden_store)
    assert sorted(made) == sorted(FILES)
    assert {name: made[name] for name in FILES} == {name: (GOLDEN / name).read_bytes() for name in FILES}


def test_its_papers_carry_a_mark_for_which_it_is_signed(golden_store: Store) -> None:
    made = {each.name: each.content for each in award_files.files(golden_store, NOW, names=True)}
    assert sorted(made) == sorted(FILES[:2])
    (mark,) = re.findall(rb"[0-9]+:[0-9a-f]{16}\b", made[FILES[0]])
    assert made[FILES[0]].replace(mark + b"; ", b"") == (GOLDEN / FILES[0]).read_bytes()
    assert findings(golden_store) == []
    assert operations.verify(golden_store, mark.decode()).good


def test_the_confirmed_document_is_written_again_byte_for_byte(golden_store: Store) -> None:
    with golden_store.read() as connection:
        table = awards.confirmed(connection)
    assert table is not None
    assert document_text.canonical(document_text.read(table.document)) == table.document


def test_the_backup_is_restored_to_the_same_heads(tmp_path: Path) -> None:
    settings = read({"DATA_DIR": str(tmp_path)})
    restored = operations.restore(GOLDEN / "backup", settings, None)
    assert isinstance(restored, operations.RestoredOlder)
    assert restored.revision == "v1"
    store = open_database(settings.database_url, on_migration=lambda _: None)
    verdict = operations.verify(store, RESULT)
    assert (verdict.heads.result.hash.hex(), verdict.heads.audit.hash.hex()) == (RESULT, AUDIT)
    assert verdict.good


def test_a_backup_of_postgresql_is_restored_verifies_and_exports_the_same_bytes(
    cluster: Cluster, tmp_path: Path
) -> None:
    """Played on PostgreSQL like the other on SQLite, with salts of its own, and so with heads of its own."""
    golden = GOLDEN.with_name("contest-postgresql")
    cluster.sql("create database kept_of_version_1")
    settings = replace(read({"DATA_DIR": str(tmp_path)}), database_url=cluster.url("kept_of_version_1"))
    try:
        restored = operations.restore(golden / "backup", settings, None)
        assert isinstance(restored, operations.RestoredOlder)
        store = open_database(settings.database_url, on_migration=lambda _: None)
        try:
            assert findings(store) == []
            heads = operations.verify(store, PG_RESULT).heads
            assert (heads.result.hash.hex(), heads.audit.hash.hex(), heads.result.seq) == (PG_RESULT, PG_AUDIT, 29)
            assert operations.verify(store, "#9 · f998-d623-5b51-63b9").good
            assert {
                name: content == (golden / name).read_bytes() for name, content in exported(store).items()
            } == dict.fromkeys(FILES, True)
        finally:
            store.close()
    finally:
        cluster.sql("drop database kept_of_version_1 with (force)")


def test_the_whole_receipt_of_a_sheet_is_found_as_it_was_printed(golden_store: Store) -> None:
    assert operations.verify(golden_store, "#9 · 084b-433f-e479-4aeb").good


class MoreHappened(Payload, frozen=True):
    """A payload that a later release may add."""

    entry: str


def test_one_more_event_changes_nothing_of_it(golden_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    later = Event("more.happened", Chain.RESULT, MoreHappened, Sentence("Việc sau"), Touches.ENTRY)
    monkeypatch.setitem(EVENTS, later.name, later)
    monkeypatch.setitem(replay.ACTS, later.name, lambda *_: None)
    monkeypatch.setitem(conduct.RULES, later.name, lambda _: iter(()))
    assert findings(golden_store) == []
    assert exported(golden_store)[FILES[0]] == (GOLDEN / FILES[0]).read_bytes()


def test_one_more_key_in_the_contest_file_changes_nothing_of_it(
    golden_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(card.CARDS, 2, lambda contest: {**card.CARDS[1](contest), "more": 1})
    monkeypatch.setattr(card, "CURRENT", 2)
    assert findings(golden_store) == []
    assert exported(golden_store)[FILES[0]] == (GOLDEN / FILES[0]).read_bytes()


def test_one_more_version_of_the_document_changes_nothing_of_it(
    golden_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(document_text.READERS, 2, lambda _: None)
    monkeypatch.setitem(document_text.WRITERS, 2, lambda _: {})
    assert findings(golden_store) == []
    assert exported(golden_store)[FILES[0]] == (GOLDEN / FILES[0]).read_bytes()


def test_one_more_version_of_a_payload_changes_nothing_of_it(
    golden_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = EVENTS["sheet.sealed"]
    later = replace(event, payload=MoreHappened, earlier=(event.payload,), version=2)
    monkeypatch.setitem(EVENTS, event.name, later)
    assert findings(golden_store) == []
