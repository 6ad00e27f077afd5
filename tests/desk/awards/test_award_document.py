"""What is stored when awards are confirmed: a document with its version and salt; also a document of several
sections.
"""

import json
import re

import pytest

from core.cli.award import lines
from core.desk import context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, award_files
from core.desk.interactions import freeze
from core.desk.printed_marks import printed_mark
from core.papers import document_text
from core.papers.csv_table import award_csv
from core.rules.words import Locale
from core.store.engine import Store
from core.store.queries import awards
from tests.desk.contest_with_panel import SALT
from tests.desk.judged_contest import CHANNEL, COMMITTEE, MEETING, SECRETARY, events, judged, posted, store_document
from tests.papers.sample_document import of_two


@pytest.fixture
def ready(sqlite_store: Store) -> Store:
    """A contest ready for confirmation."""
    judged(sqlite_store)
    posted(sqlite_store, "T-405", 120)
    freeze(sqlite_store, CHANNEL, MEETING)
    return sqlite_store


def stored(store: Store) -> str:
    with store.read() as connection:
        found = awards.confirmed(connection)
    assert found is not None
    return found.document


def test_it_has_its_version_the_salt_and_one_section_without_a_name(ready: Store) -> None:
    seen = award_decisions.proposal(ready, COMMITTEE, MEETING).seen
    document = award_decisions.confirm(ready, Reauthenticated(COMMITTEE), seen, MEETING, SALT)
    text = stored(ready)
    plain = json.loads(text)
    assert (plain["version"], plain["salt"]) == (1, SALT)
    assert [(section["key"], section["name"]) for section in plain["sections"]] == [("", "")]
    assert document_text.read(text) == document and document_text.canonical(document) == text


def test_without_a_salt_nothing_is_confirmed(ready: Store) -> None:
    seen = award_decisions.proposal(ready, COMMITTEE, MEETING).seen
    for salt in ("", "muối", SALT[1:]):
        with pytest.raises(ValueError, match="salt"):
            award_decisions.confirm(ready, Reauthenticated(COMMITTEE), seen, MEETING, salt)
    assert events(ready, "awards.confirmed") == []
    assert award_decisions.proposal(ready, COMMITTEE, MEETING).confirmed_at is None


def test_a_draft_has_no_salt(ready: Store) -> None:
    proposed, full_document = (
        award_decisions.proposal(ready, COMMITTEE, MEETING).document,
        award_decisions.full_document(ready, COMMITTEE, MEETING),
    )
    assert (proposed.salt, full_document.salt, full_document.version) == ("", "", 1)


def test_a_salt_is_16_random_bytes() -> None:
    salts = {context.new_salt() for _ in range(50)}
    assert len(salts) == 50 and all(re.fullmatch("[0-9a-f]{32}", salt) for salt in salts)


class TestADocumentOfTwoSections:
    """A contest of two categories: the desk makes none yet, but any confirmed document can be shown and exported."""

    def test_is_shown_and_exported(self, sqlite_store: Store) -> None:
        store_document(judged(sqlite_store), of_two())
        assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).document == of_two()
        mark = printed_mark(sqlite_store, MEETING)
        assert award_files.export(sqlite_store, SECRETARY, "csv", MEETING).content == award_csv(of_two(), mark)

    def test_is_printed_by_the_command_section_by_section(self) -> None:
        rows = [line.split("\t")[:4] for line in lines(of_two(draft=True), Locale())]
        assert [line[0] for line in rows] == [
            "Dự thảo bảng trao giải.",
            "Phim ngắn", "Giải Nhất", "Giải Nhì", "Giải Ba", "Giải Khuyến khích", "Giải phụ",
            "Phóng sự <ảnh>", "Giải Nhất phóng sự", "Giải Ba phóng sự", "Giải Nhì phóng sự",
            "Tổng cộng",
        ]  # fmt: skip
        assert [line[3] for line in rows if line[0].startswith("Giải Nhất")] == ["56,33", "87,5"]
        assert rows[-1] == ["Tổng cộng", "14.000.000 đồng"]
