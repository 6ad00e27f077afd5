"""The list of officials: who keeps it, what the ledger says of it, and how its texts are erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.desk.accounts import accounts
from core.desk.entries import officials
from core.desk.entries.official_input import Typed
from core.desk.entries.officials import Official, OfficialChanged, OfficialGone, OfficialKnown
from core.desk.maintenance import erasure, operations
from core.desk.maintenance.erasure import OfficialListed
from core.desk.matching import match_decisions
from core.desk.matching.match_decisions import Outcome
from core.rules.access import NotAllowed, Principal, Role
from core.rules.people.phones import NotAPhone
from core.rules.words import Locale
from core.store import ledger_rows
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, NOW, SECRETARY, assigned_panel, joined, person
from tests.desk.maintenance.test_erasure import texts
from tests.fixtures.ledger_payloads import acts, raw

ADMIN, COMMITTEE = person("quantri", Role.ADMIN), person("ban", Role.COMMITTEE)
AN = Typed("Lò Văn An", "Ban Tổ chức", "07/05/1990", "0912 345 678", "Phó ban")
AUTHOR = f"TÁC-GIẢ-{CODES[0]}"  # an author in the fixture


@pytest.fixture
def desk(store: Store) -> Store:
    joined(joined_panel := assigned_panel(store), ADMIN)
    joined(joined_panel, COMMITTEE)
    return joined_panel


def the_list(store: Store) -> tuple[Official, ...]:
    return officials.listed(store, SECRETARY)


def only(store: Store) -> Official:
    (official,) = the_list(store)
    return official


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


@pytest.mark.parametrize("who", [LAN, CHIEF, CHANNEL, COMMITTEE], ids=lambda who: who.username)
def test_nobody_else_reads_or_changes_the_list(desk: Store, who: Principal) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    (listed,) = the_list(desk)
    number = listed.id
    refused: list[Callable[[], object]] = [
        lambda: officials.listed(desk, who), lambda: officials.add(desk, who, AN, NOW),
        lambda: officials.correct(desk, who, listed, AN, NOW), lambda: officials.remove(desk, who, number, NOW),
        lambda: officials.import_list(desk, who, "họ và tên,ban\nA B,C", NOW), lambda: match_decisions.lines(desk, who),
        lambda: match_decisions.decide(desk, who, 1, Outcome.SAME, "vì", 0, NOW),
    ]  # fmt: skip
    for act in refused:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", [SECRETARY, ADMIN], ids=lambda who: who.username)
def test_a_member_is_added_corrected_and_removed_with_ledger_rows(desk: Store, who: Principal) -> None:
    officials.add(desk, who, AN, NOW)
    (row,) = the_list(desk)
    assert row == Official(row.id, "Lò Văn An", "Ban Tổ chức", date(1990, 5, 7), "0912345678", "Phó ban")
    officials.correct(desk, who, row, Typed("Lò Văn Ân", "Ban Tổ chức"), NOW)
    assert the_list(desk)[0].phone == ""
    officials.remove(desk, who, row.id, NOW)
    assert the_list(desk) == ()
    facts = {"official": row.id, "body": "Ban Tổ chức", "name": "Lò Văn An"}
    more = {"birth_date": "1990-05-07", "phone": "0912345678", "note": "Phó ban"}
    assert acts(desk, "official.added") == [(who.username, facts | more)]
    assert acts(desk, "official.corrected") == [(who.username, facts | {"name": "Lò Văn Ân"})]
    assert acts(desk, "official.removed") == [(who.username, {"official": row.id})]
    assert findings(desk) == []


def test_the_ledger_has_no_text_about_a_member(desk: Store) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    with desk.read() as connection:
        rows = [row.text for row in ledger_rows.rows(connection)]
    planted = ("Lò Văn An", "1990-05-07", "0912345678", "Phó ban")  # four digits alone are in many a hash
    assert [(word, row) for word in planted for row in rows if word in row] == []
    assert set(raw(desk, "official.added")[0]) == {"official", "body", "name", "birth_date", "phone", "note"}


def test_the_same_member_of_the_same_body_is_listed_once(desk: Store) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    with pytest.raises(OfficialKnown):
        officials.add(desk, SECRETARY, Typed("LÒ VĂN AN", "ban tổ chức", "1990-05-07"), NOW)
    officials.add(desk, SECRETARY, Typed("Lò Văn An", "Ban Tổ chức", "01/01/2000"), NOW)  # another person
    officials.add(desk, SECRETARY, Typed("Lò Văn An", "Ban Giám khảo", "07/05/1990"), NOW)  # another body
    with pytest.raises(OfficialKnown):
        officials.correct(desk, SECRETARY, the_list(desk)[2], AN, NOW)


def test_a_removed_or_unknown_member_is_not_changed(desk: Store) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    (listed,) = the_list(desk)
    officials.remove(desk, SECRETARY, listed.id, NOW)
    for gone in (listed.id, 0, 10**9):
        with pytest.raises(OfficialGone):
            officials.correct(desk, SECRETARY, replace(listed, id=gone), AN, NOW)
        with pytest.raises(OfficialGone):
            officials.remove(desk, SECRETARY, gone, NOW)
    officials.add(desk, SECRETARY, AN, NOW)  # may come back
    assert findings(desk) == []


def test_a_refused_text_changes_nothing_and_the_same_texts_write_no_row(desk: Store) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    (listed,) = the_list(desk)
    with pytest.raises(NotAPhone):
        officials.correct(desk, SECRETARY, listed, Typed("Lò Văn An", "jury", phone="12"), NOW)
    officials.correct(desk, SECRETARY, listed, AN, NOW)
    assert the_list(desk)[0].phone == "0912345678" and acts(desk, "official.corrected") == []


def test_a_correction_of_what_another_person_corrected_meanwhile_is_refused(desk: Store) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    (shown,) = the_list(desk)
    officials.correct(desk, SECRETARY, shown, replace(AN, phone="0987654321"), NOW)
    with pytest.raises(OfficialChanged):
        officials.correct(desk, SECRETARY, shown, replace(AN, note="Trưởng ban"), NOW)
    assert the_list(desk) == (replace(shown, phone="0987654321"),)
    officials.correct(desk, SECRETARY, only(desk), replace(AN, note="Trưởng ban"), NOW)
    assert the_list(desk) == (replace(shown, note="Trưởng ban"),)


def test_a_list_is_imported_once_and_its_bad_rows_are_named(desk: Store) -> None:
    text = (
        "Họ và tên\tBan\tĐiện thoại\nLò Văn An\tBan Tổ chức\t912345678\nHà Thị Mai\tTổ Thư ký\tx\nVừ A Dơ\tTổ Thư ký\t"
    )
    first = officials.import_list(desk, SECRETARY, text + "\nVừ  A Dơ\tTổ Thư ký\t", NOW)
    assert (first.added, first.known, [problem.line for problem in first.problems]) == (2, 1, [3])
    again = officials.import_list(desk, ADMIN, text, NOW)
    assert (again.added, again.known) == (0, 2)
    assert [row.name for row in the_list(desk)] == ["Lò Văn An", "Vừ A Dơ"]
    assert len(acts(desk, "official.added")) == 2 and findings(desk) == []


class TestErasure:
    @pytest.fixture
    def decided(self, desk: Store) -> Store:
        """A member with an author's name, and a decision about both."""
        officials.add(desk, SECRETARY, Typed(AUTHOR, "Ban Tổ chức", "07/05/1990", "0912345678", "ZZQX ghi chú"), NOW)
        officials.correct(
            desk, SECRETARY, only(desk), Typed(AUTHOR, "Ban Tổ chức", "08/05/1990", "0391234567", "ZZQX sửa"), NOW
        )
        (line,) = [line for line in match_decisions.lines(desk, SECRETARY) if line.open]
        match_decisions.decide(desk, SECRETARY, line.id, Outcome.DIFFERENT, "ZZQX hỏi rồi", 0, NOW)
        return desk

    def test_a_member_on_the_list_is_not_erased(self, decided: Store) -> None:
        with pytest.raises(OfficialListed):
            erasure.erase_official(decided, accounts.SYSTEM, "1", NOW)
        for unknown in ("2", "x", "9" * 40, "-1", ""):
            with pytest.raises(OfficialGone):
                erasure.erase_official(decided, accounts.SYSTEM, unknown, NOW)

    def test_every_text_about_a_removed_member_goes_and_both_chains_verify(self, decided: Store) -> None:
        officials.remove(decided, SECRETARY, 1, NOW)
        assert erasure.erase_official(decided, accounts.SYSTEM, "1", NOW) == 9  # four texts twice, and a reason
        assert findings(decided) == []
        left = texts(decided)
        assert [word for word in ("ZZQX", "1990-05", "0912345678", "0391234567") if word in left] == []

    def test_a_work_takes_the_reasons_about_its_authors_along(self, decided: Store) -> None:
        assert erasure.erase_entry(decided, accounts.SYSTEM, CODES[0], NOW) == 4
        assert findings(decided) == []
        assert "ZZQX hỏi rồi" not in texts(decided) and "ZZQX sửa" in texts(decided)

    def test_the_keepers_account_takes_its_reasons_and_not_the_members_texts(self, decided: Store) -> None:
        accounts.deactivate(decided, accounts.SYSTEM, SECRETARY.username, NOW)
        assert erasure.erase_account(decided, accounts.SYSTEM, SECRETARY.username, NOW) == 3
        assert findings(decided) == []
        assert "ZZQX hỏi rồi" not in texts(decided) and "ZZQX sửa" in texts(decided)


def test_a_text_changed_in_the_table_is_found(desk: Store) -> None:
    officials.add(desk, SECRETARY, AN, NOW)
    changed = t.official.update().values(phone="0999999999")
    desk.change(lambda transaction: transaction.connection.execute(changed).close())
    assert any("Thành viên số 1 trong danh sách các ban: khác với sổ cái (phone)" in each for each in findings(desk))
