"""A contest of version 1 opens, upgrades, verifies and exports the same bytes, whatever later releases add.

`tests/golden/v1/contest` was written once by `python -m tests.fixtures.golden_v1` and never changes. A release that fails here breaks
contests that provinces have kept.
"""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.desk.awards import award_files, chain_export
from core.desk.maintenance import conduct, operations
from core.papers import document_text
from core.rules.rule_card import card
from core.rules.words import Locale
from core.settings import read, sqlite_url
from core.store.engine import Store
from core.store.events import EVENTS, Event, Touches
from core.store.events.payloads import Payload
from core.store.ledger import Chain
from core.store.migrate import open_database
from core.store.queries import awards
from core.store.replay import events as replay

GOLDEN = Path(__file__).parents[1] / "golden" / "v1" / "contest"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
RESULT = "289e1f9528c11ef3716de31e7550ad6e57ad021ec9d6e77abc6969d1db9c9e4c"
AUDIT = "0be8093505923643bb47ee3ec0827106a4a02e2f25e1c7c865c45ea14daac113"
FILES = ("bang-trao-giai-thu-chinh-thuc.csv", "bang-trao-giai-thu-chinh-thuc.xlsx", "so-ket-qua-thu.jsonl")


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    """A copy of the database, opened and upgraded as the server does."""
    shutil.copy(GOLDEN / "desk.db", tmp_path / "desk.db")
    return open_database(sqlite_url(tmp_path / "desk.db"), create=True, on_migration=lambda _: None)


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


def exported(store: Store) -> dict[str, bytes]:
    made = (*award_files.files(store, NOW, names=True), chain_export.result_chain(store))
    return {each.name: each.content for each in made}


def test_the_database_verifies_to_the_same_heads(kept: Store) -> None:
    assert findings(kept) == []
    heads = operations.verify(kept).heads
    assert (heads.result.hash.hex(), heads.audit.hash.hex()) == (RESULT, AUDIT)


def test_it_exports_the_same_bytes(kept: Store) -> None:
    made = exported(kept)
    assert sorted(made) == sorted(FILES)
    assert {name: made[name] for name in FILES} == {name: (GOLDEN / name).read_bytes() for name in FILES}


def test_the_confirmed_document_is_written_again_byte_for_byte(kept: Store) -> None:
    with kept.read() as connection:
        table = awards.confirmed(connection)
    assert table is not None
    assert document_text.canonical(document_text.read(table.document)) == table.document


def test_the_backup_is_restored_to_the_same_heads(tmp_path: Path) -> None:
    told = read({"DATA_DIR": str(tmp_path)})
    restored = operations.restore(GOLDEN / "backup", told, RESULT)
    assert isinstance(restored, operations.Kept)
    assert (restored.head, restored.audit_head) == (RESULT, AUDIT)


def test_the_whole_receipt_of_a_sheet_is_found_as_it_was_printed(kept: Store) -> None:
    assert operations.verify(kept, "#9 · 084b-433f-e479-4aeb").good


class MoreHappened(Payload, frozen=True):
    """What a later release may write down."""

    entry: str


def test_one_more_event_changes_nothing_of_it(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    later = Event("more.happened", Chain.RESULT, MoreHappened, Touches.ENTRY)
    monkeypatch.setitem(EVENTS, later.name, later)
    monkeypatch.setitem(replay.ACTS, later.name, lambda *_: None)
    monkeypatch.setitem(conduct.RULES, later.name, lambda _: iter(()))
    assert findings(kept) == []
    assert exported(kept)[FILES[0]] == (GOLDEN / FILES[0]).read_bytes()


def test_one_more_key_in_the_contest_file_changes_nothing_of_it(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(card.CARDS, 2, lambda contest: {**card.CARDS[1](contest), "more": 1})
    monkeypatch.setattr(card, "CURRENT", 2)
    assert findings(kept) == []
    assert exported(kept)[FILES[0]] == (GOLDEN / FILES[0]).read_bytes()


def test_one_more_version_of_the_document_changes_nothing_of_it(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(document_text.READERS, 2, lambda _: None)
    monkeypatch.setitem(document_text.WRITERS, 2, lambda _: {})
    assert findings(kept) == []
    assert exported(kept)[FILES[0]] == (GOLDEN / FILES[0]).read_bytes()


def test_one_more_version_of_a_payload_changes_nothing_of_it(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    event = EVENTS["sheet.sealed"]
    later = replace(event, payload=MoreHappened, earlier=(event.payload,), version=2)
    monkeypatch.setitem(EVENTS, event.name, later)
    assert findings(kept) == []
