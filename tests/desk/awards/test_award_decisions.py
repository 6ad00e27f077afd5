"""From standings to the award table: proposed, decided, confirmed, revoked; for the Sơn La contest."""

import csv
import hashlib
import io
import re
from datetime import datetime, timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, award_files
from core.desk.awards.award_refusals import (
    AlreadyConfirmed,
    BadChoice,
    ChangedMeanwhile,
    NoSuchDecision,
    NotYet,
    StillUndecided,
    UnusedDecision,
)
from core.desk.interactions import freeze
from core.desk.judging.judge_assignment import ReasonMissing
from core.papers import document_text
from core.papers.document import AwardDocument
from core.rules.access import NotAllowed, Principal
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import SessionBegan, SheetSealed
from core.store.queries import awards
from tests.desk.contest_with_panel import SALT
from tests.desk.judged_contest import (
    ADMIN,
    CHANNEL,
    COMMITTEE,
    JUDGES,
    JUDGING,
    MARKS,
    MEETING,
    SECRETARY,
    SON_LA,
    TIED,
    TOML,
    events,
    judged,
    posted,
)
from tests.fixtures.ledger_payloads import acts
from tests.fixtures.readings import confirmed_reading

CHIEF = JUDGES[2]
WHY = "Ban Tổ chức thống nhất tại cuộc họp ngày 15/9/2024."
COUNTS = {"T-405": 120, "T-401": 80}


def closed(store: Store, marks: dict[str, tuple[int, ...]] | None = None) -> Store:
    """The contest at the award meeting: sheets submitted, the window closed, interactions frozen."""
    judged(store, marks or MARKS)
    for code, reactions in COUNTS.items():
        posted(store, code, reactions)
    freeze(store, CHANNEL, MEETING)
    return store


def confirmed(store: Store) -> AwardDocument:
    seen = award_decisions.proposal(store, COMMITTEE, MEETING).seen
    return award_decisions.confirm(store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)


def changed(store: Store, statement: sa.Update) -> None:
    """Change the tables directly, without the desk."""

    def act(transaction: WriteTransaction) -> None:
        transaction.connection.execute(statement)

    store.change(act)


def marked(store: Store, work: int, hundredths: int) -> None:
    """Change every judge's first mark of this work, as if the sheet was returned and sealed again."""

    def act(transaction: WriteTransaction) -> None:
        mine = (t.mark.c.entry_id == work, t.mark.c.criterion == 0)
        transaction.connection.execute(t.mark.update().where(*mine).values(hundredths=hundredths))
        payload = SheetSealed("GK11", f"T-{400 + work}", 2, {"ND": hundredths}, transaction.commit_text("{}"), 10_000)
        transaction.record(at=0, actor="hoa", payload=payload)

    store.change(act)


def agree(store: Store, now: datetime = MEETING) -> AwardDocument:
    proposed, full = (
        award_decisions.proposal(store, COMMITTEE, now).document,
        award_decisions.full_document(store, COMMITTEE, now),
    )
    assert (proposed.awards, proposed.undecided, proposed.withheld) == (full.awards, full.undecided, full.withheld)
    return proposed


def given(table: AwardDocument) -> list[tuple[str, str, int]]:
    return [(row.prize, row.code, row.amount) for row in table.awards]


class TestThePlansExample:
    """Plan V with the defaults 1, 2, 3, 5 and 1: twelve works a point apart, 91 to 80.

    Scores: 39 + 18 + 17 + 13 + 4 = 91 for T-401, then one less each. The prizes by score go down the list and T-412
    has none. The interaction prize goes to T-405 with 120 reactions. 5 + 2 × 3 + 3 × 2 + 5 × 1 + 1 = 23 million đồng.
    """

    GOLDEN = (
        ("NHAT", "T-401", 5_000_000),
        ("NHI", "T-402", 3_000_000),
        ("NHI", "T-403", 3_000_000),
        ("BA", "T-404", 2_000_000),
        ("BA", "T-405", 2_000_000),
        ("BA", "T-406", 2_000_000),
        ("KK", "T-407", 1_000_000),
        ("KK", "T-408", 1_000_000),
        ("KK", "T-409", 1_000_000),
        ("KK", "T-410", 1_000_000),
        ("KK", "T-411", 1_000_000),
        ("PHU", "T-405", 1_000_000),
    )

    def test_the_allocation(self, store: Store) -> None:
        proposal = award_decisions.proposal(closed(store), COMMITTEE, MEETING)
        assert tuple(given(proposal.document)) == self.GOLDEN
        assert proposal.document.total == 23_000_000
        assert proposal.missing == () and proposal.may_decide and proposal.document.draft

    def test_the_lines_of_the_table(self, sqlite_store: Store) -> None:
        first = award_decisions.proposal(closed(sqlite_store), COMMITTEE, MEETING).document.awards[0]
        assert (first.prize_name, first.place, first.score) == ("Giải Nhất", 1, 9100)
        assert (first.title, first.author, first.unit) == ("Tác phẩm T-401", "Tác giả T-401", "Đơn vị T-401")
        assert first.certificate == "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh" and "91,00" in first.why

    def test_the_letterhead_is_the_contests(self, sqlite_store: Store) -> None:
        head = award_decisions.proposal(closed(sqlite_store), COMMITTEE, MEETING).document.letterhead
        assert head.bodies == ("Ban Chỉ đạo Chuyển đổi số tỉnh Sơn La", "Ban Tổ chức Cuộc thi")
        assert [each.title for each in head.signatories] == ["Thư ký", "Trưởng Ban Giám khảo", "Trưởng Ban Tổ chức"]

    def test_every_sheet_is_in_the_table(self, sqlite_store: Store) -> None:
        table = award_decisions.full_document(closed(sqlite_store), COMMITTEE, MEETING)
        (section,) = table.sections
        assert len(section.sheets) == 12 * 3
        assert section.sheets[0].marks == (3900, 1800, 1700, 1300, 400) and section.sheets[0].total == 9100
        assert all(row.totals == (row.score,) * 3 and row.spread == 0 for row in section.standings)


class TestBeforeEverythingIsClosed:
    """docs/design.md, People: nobody decides before the sheets and the interactions are closed."""

    def test_what_is_missing_is_one_sentence_each(self, sqlite_store: Store) -> None:
        proposal = award_decisions.proposal(judged(sqlite_store), COMMITTEE, JUDGING)
        texts = [str(sentence.text) for sentence in proposal.missing]
        assert len(texts) == 2 and texts[0].startswith("Vòng chấm chưa đóng") and texts[1].startswith("Lượt tương tác")
        assert not proposal.may_decide and len(proposal.document.awards) == 11

    def test_nothing_is_decided(self, sqlite_store: Store) -> None:
        judged(sqlite_store, TIED)
        with pytest.raises(NotYet, match="Vòng chấm chưa đóng"):
            award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, JUDGING)
        with pytest.raises(NotYet):
            award_decisions.withhold(sqlite_store, COMMITTEE, "KK", 1, WHY, JUDGING)
        with pytest.raises(NotYet, match="Lượt tương tác chưa chốt"):
            award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), "", MEETING, SALT)
        assert events(sqlite_store, "decision.made") == []

    def test_the_chief_may_close_the_round_before_its_window_ends(self, sqlite_store: Store) -> None:
        judged(sqlite_store)
        with sqlite_store.read() as _:
            pass
        changed(sqlite_store, t.contest.update().values(judging_closed_at=1))
        assert len(award_decisions.proposal(sqlite_store, COMMITTEE, JUDGING).missing) == 1


class TestUndecidedPrizes:
    """Four works share place 4; three prizes "Ba" come before one "Khuyến khích": the committee chooses."""

    def test_the_tied_works_are_named_and_nobody_gets_the_prize(self, sqlite_store: Store) -> None:
        proposal = award_decisions.proposal(closed(sqlite_store, TIED), COMMITTEE, MEETING)
        assert [(each.prize_name, each.quantity, each.codes) for each in proposal.document.undecided] == [
            ("Giải Ba", 3, ("T-404", "T-405", "T-406", "T-407")),
            ("Giải Khuyến khích", 1, ("T-404", "T-405", "T-406", "T-407")),
        ]
        with pytest.raises(StillUndecided, match="Giải Ba"):
            award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), proposal.seen, MEETING, SALT)

    def test_a_choice_with_its_reason_decides_the_prize(self, store: Store) -> None:
        closed(store, TIED)
        award_decisions.choose(store, COMMITTEE, "BA", ("T-407", "T-404", "T-405"), WHY, MEETING)
        table = award_decisions.proposal(store, COMMITTEE, MEETING).document
        assert table.undecided == () and table.total == 23_000_000
        assert [row.code for row in table.awards if row.prize == "BA"] == ["T-404", "T-405", "T-407"]
        assert all(WHY in row.why for row in table.awards if row.prize == "BA")
        assert next(row.prize for row in table.awards if row.code == "T-406") == "KK"
        (made,) = events(store, "decision.made")
        assert (made["prize"], made["entries"], made["reason"]) == ("BA", ["T-404", "T-405", "T-407"], WHY)

    @pytest.mark.parametrize(
        "prize,codes",
        [
            ("BA", ("T-404", "T-405")),
            ("BA", ("T-404", "T-405", "T-408")),
            ("BA", ("T-404", "T-404", "T-405")),
            ("NHAT", ("T-401",)),
            ("KK", ("T-404",)),  # the higher prize comes first
            ("???", ()),
        ],
    )
    def test_a_choice_that_does_not_fit_is_refused(
        self, sqlite_store: Store, prize: str, codes: tuple[str, ...]
    ) -> None:
        closed(sqlite_store, TIED)
        with pytest.raises(BadChoice):
            award_decisions.choose(sqlite_store, COMMITTEE, prize, codes, WHY, MEETING)

    def test_a_choice_needs_a_reason(self, sqlite_store: Store) -> None:
        closed(sqlite_store, TIED)
        with pytest.raises(ReasonMissing):
            award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), "  ", MEETING)

    def test_a_choice_can_be_taken_back_until_it_is_confirmed(self, store: Store) -> None:
        closed(store, TIED)
        number = award_decisions.choose(store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
        award_decisions.revoke(store, COMMITTEE, number, MEETING)
        assert len(award_decisions.proposal(store, COMMITTEE, MEETING).document.undecided) == 2
        assert events(store, "decision.revoked") == [{"decision": number}]
        with pytest.raises(NoSuchDecision):
            award_decisions.revoke(store, COMMITTEE, number, MEETING)

    def test_a_decision_that_no_longer_fits_stops_the_confirmation(self, sqlite_store: Store) -> None:
        """Withholding two "Ba" leaves one for the four: the choice of three no longer applies."""
        closed(sqlite_store, TIED)
        award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
        award_decisions.withhold(sqlite_store, COMMITTEE, "BA", 2, WHY, MEETING)
        award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404",), WHY, MEETING)
        proposal = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
        assert (
            proposal.document.undecided == ()
            and proposal.allocation is not None
            and len(proposal.allocation.unused) == 1
        )
        with pytest.raises(UnusedDecision):
            award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), proposal.seen, MEETING, SALT)


class TestThePageAndThePaper:
    """The page uses the live standings, the paper every sheet: both give the same awards."""

    def test_they_agree_whatever_is_decided(self, sqlite_store: Store) -> None:
        judged(sqlite_store, TIED)
        posted(sqlite_store, "T-412", 900)  # after the last prize by score
        freeze(sqlite_store, CHANNEL, MEETING)
        agree(sqlite_store)
        for prize, quantity in (("KK", 3), ("NHAT", 1)):
            award_decisions.withhold(sqlite_store, COMMITTEE, prize, quantity, WHY, MEETING)
            agree(sqlite_store)
        open_ = agree(sqlite_store).undecided[0]
        assert (open_.prize_name, open_.codes) == ("Giải Ba", ("T-404", "T-405", "T-406", "T-407"))
        award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-406"), WHY, MEETING)
        last = agree(sqlite_store).awards[-1]
        assert (last.prize, last.code, last.place, last.score) == ("PHU", "T-412", 12, 8000)

    def test_they_agree_while_sheets_come_in(self, sqlite_store: Store) -> None:
        judged(sqlite_store)
        for work, points in ((12, 4000), (3, 0), (1, 2000)):
            marked(sqlite_store, work, points)
            agree(sqlite_store, JUDGING)

    def test_opening_the_page_again_reads_no_sheet(self, sqlite_store: Store) -> None:
        """Measured: with 5,000 works and 30 judges, a page that reads every sheet takes 8 s."""
        award_decisions.proposal(closed(sqlite_store, TIED), COMMITTEE, MEETING)
        sql: list[str] = []
        sa.event.listen(sqlite_store.engine, "before_cursor_execute", lambda *of: sql.append(of[2]))
        award_decisions.withhold(sqlite_store, COMMITTEE, "KK", 1, WHY, MEETING)
        sql.clear()
        proposal = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
        assert proposal.decisions and sql and not [line for line in sql if re.search(r"FROM (mark|sheet)", line)]


class TestWithholding:
    def test_a_withheld_prize_is_paid_to_nobody_and_has_its_reason(self, store: Store) -> None:
        closed(store)
        award_decisions.withhold(store, COMMITTEE, "KK", 2, WHY, MEETING)
        table = award_decisions.proposal(store, COMMITTEE, MEETING).document
        assert table.total == 21_000_000 and len(table.awards) == 10
        assert [(prize.prize_name, prize.quantity) for prize in table.withheld] == [("Giải Khuyến khích", 2)]
        assert WHY in table.withheld[0].why

    @pytest.mark.parametrize("prize,quantity", [("KK", 0), ("KK", 6), ("KK", -1), ("KHONG", 1)])
    def test_not_more_than_there_are(self, sqlite_store: Store, prize: str, quantity: int) -> None:
        closed(sqlite_store)
        with pytest.raises(BadChoice):
            award_decisions.withhold(sqlite_store, COMMITTEE, prize, quantity, WHY, MEETING)

    def test_money_is_conserved(self, sqlite_store: Store) -> None:
        closed(sqlite_store)
        fund = sum(prize.amount * prize.quantity for prize in SON_LA.prizes)
        worth = {prize.name: prize.amount for prize in SON_LA.prizes}
        for prize, quantity in (("KK", 1), ("BA", 3), ("PHU", 1), ("KK", 4), ("NHAT", 1)):
            award_decisions.withhold(sqlite_store, COMMITTEE, prize, quantity, WHY, MEETING)
            table = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).document
            withheld = sum(worth[each.prize_name] * each.quantity for each in table.withheld)
            assert table.undecided == () and table.total + withheld == fund


class TestConfirming:
    def test_the_confirmed_table_is_the_one_shown_and_is_stored(self, store: Store) -> None:
        table = confirmed(closed(store))
        assert table.confirmed_by == "Vì Thị Hải" and tuple(given(table)) == TestThePlansExample.GOLDEN
        proposal = award_decisions.proposal(store, SECRETARY, MEETING + timedelta(days=1))
        assert proposal.document == table and proposal.confirmed_at == MEETING and not proposal.may_decide
        with store.read() as connection:
            stored = awards.confirmed(connection)
        assert stored is not None
        (event,) = events(store, "awards.confirmed")
        assert event["document"] == document_text.fingerprint(stored.document)
        assert event["awards"][0] == {"prize": "NHAT", "entry": "T-401", "amount": 5_000_000}  # type: ignore[index]  # a list of the payload

    def test_later_changes_do_not_alter_the_papers(self, sqlite_store: Store) -> None:
        table = confirmed(closed(sqlite_store))
        changed(sqlite_store, t.mark.update().values(hundredths=0))
        changed(sqlite_store, t.entry.update().values(title="Khác"))
        assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).document == table

    def test_nothing_is_decided_or_confirmed_again(self, sqlite_store: Store) -> None:
        confirmed(closed(sqlite_store))
        for act in (
            lambda: award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), "", MEETING, SALT),
            lambda: award_decisions.withhold(sqlite_store, COMMITTEE, "KK", 1, WHY, MEETING),
            lambda: award_decisions.choose(sqlite_store, COMMITTEE, "KK", ("T-401",), WHY, MEETING),
            lambda: award_decisions.revoke(sqlite_store, COMMITTEE, 1, MEETING),
        ):
            with pytest.raises(AlreadyConfirmed):
                act()

    def test_a_table_that_changed_since_it_was_looked_at_is_not_confirmed(self, sqlite_store: Store) -> None:
        seen = award_decisions.proposal(closed(sqlite_store), COMMITTEE, MEETING).seen
        award_decisions.withhold(sqlite_store, COMMITTEE, "KK", 1, WHY, MEETING)
        with pytest.raises(ChangedMeanwhile):
            award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)

    def test_a_changed_sheet_stops_the_confirmation_even_if_no_award_changed(self, sqlite_store: Store) -> None:
        seen = award_decisions.proposal(closed(sqlite_store), COMMITTEE, MEETING).seen
        marked(sqlite_store, 12, 2700)  # T-412 stays last
        with pytest.raises(ChangedMeanwhile):
            award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)

    def test_a_change_without_a_ledger_row_stops_the_confirmation(self, sqlite_store: Store) -> None:
        seen = award_decisions.proposal(closed(sqlite_store), COMMITTEE, MEETING).seen
        changed(sqlite_store, t.mark.update().where(t.mark.c.entry_id == 12).values(hundredths=4000))
        with pytest.raises(ChangedMeanwhile):
            award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)

    def test_new_accounts_closed_accounts_and_dropped_drafts_change_nothing(self, sqlite_store: Store) -> None:
        seen = award_decisions.proposal(closed(sqlite_store), COMMITTEE, MEETING).seen
        award_files.export(sqlite_store, SECRETARY, "csv", MEETING)
        sqlite_store.change(
            lambda transaction: transaction.record(at=0, actor="hoa", payload=SessionBegan("GK11", "0" * 16))
        )
        assert (
            tuple(given(award_decisions.confirm(sqlite_store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)))
            == TestThePlansExample.GOLDEN
        )

    def test_it_permanently_closes_the_data_it_was_made_from(self, sqlite_store: Store) -> None:
        confirmed(closed(sqlite_store))
        with sqlite_store.read() as connection:
            row = connection.execute(t.contest.select()).one()
        assert row.judging_closed_at is not None and row.awards_confirmed_at is not None


class TestPermissions:
    @pytest.mark.parametrize("who", [SECRETARY, CHIEF, *JUDGES, CHANNEL, ADMIN])
    def test_only_the_committee_decides(self, sqlite_store: Store, who: Principal) -> None:
        closed(sqlite_store)
        for act in (
            lambda: award_decisions.confirm(sqlite_store, Reauthenticated(who), "", MEETING, SALT),
            lambda: award_decisions.withhold(sqlite_store, who, "KK", 1, WHY, MEETING),
            lambda: award_decisions.choose(sqlite_store, who, "KK", (), WHY, MEETING),
            lambda: award_decisions.revoke(sqlite_store, who, 1, MEETING),
        ):
            with pytest.raises(NotAllowed):
                act()

    @pytest.mark.parametrize("who", [*JUDGES[:2], CHANNEL, ADMIN])
    def test_other_roles_see_no_proposal(self, sqlite_store: Store, who: Principal) -> None:
        closed(sqlite_store)
        with pytest.raises(NotAllowed):
            award_decisions.proposal(sqlite_store, who, MEETING)
        with pytest.raises(NotAllowed):
            award_files.export(sqlite_store, who, "xlsx", MEETING)

    def test_the_chief_sees_no_interactions_while_marking_is_open(self, sqlite_store: Store) -> None:
        judged(sqlite_store)
        typed = {"reactions": "98765432", "comments": "0", "shares": "0", "views": "0"}
        confirmed_reading(sqlite_store, CHANNEL, "T-409", typed, JUDGING, MEETING)
        seen = award_decisions.proposal(sqlite_store, CHIEF, JUDGING)
        assert "98765432" not in document_text.canonical(seen.document) and not any(
            row.prize == "PHU" for row in seen.document.awards
        )
        assert any(
            row.prize == "PHU" for row in award_decisions.proposal(sqlite_store, COMMITTEE, JUDGING).document.awards
        )


class TestDownloading:
    def test_the_workbook_and_the_csv_agree_with_the_table(self, store: Store) -> None:
        table = confirmed(closed(store))
        book = award_files.export(store, COMMITTEE, "xlsx", MEETING)
        assert book.name == "bang-trao-giai-son-la-2024-chinh-thuc.xlsx"
        page = openpyxl.load_workbook(io.BytesIO(book.content))["Bảng trao giải"]
        cells = {cell.value for row in page.iter_rows() for cell in row}
        assert {23_000_000, "Bằng chữ: Hai mươi ba triệu đồng.", "T-401", 91} <= cells
        lines = award_files.export(store, SECRETARY, "csv", MEETING)
        rows = list(csv.reader(io.StringIO(lines.content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert [(row[1], row[2], int(row[8])) for row in rows[1:13]] == [
            (award.prize_name, award.code, award.amount) for award in table.awards
        ]

    def test_each_download_is_in_the_ledger_with_the_files_fingerprint(self, sqlite_store: Store) -> None:
        made = award_files.export(judged(sqlite_store), SECRETARY, "csv", JUDGING)
        payload = {"file": made.name, "sha256": hashlib.sha256(made.content).hexdigest()}
        assert acts(sqlite_store, "awards.exported") == [(SECRETARY.username, payload)]

    def test_before_the_confirmation_it_is_a_draft(self, sqlite_store: Store) -> None:
        assert "du-thao" in award_files.export(judged(sqlite_store), COMMITTEE, "csv", JUDGING).name

    def test_judges_are_named_only_for_those_whom_the_contest_lets_see_them(self, sqlite_store: Store) -> None:
        named = 'names_beside_marks = ["chief"]'
        toml = _with_names(named)
        judged(sqlite_store, toml=toml)
        for who, expected in ((CHIEF, True), (SECRETARY, False), (COMMITTEE, False)):
            content = award_files.export(sqlite_store, who, "xlsx", JUDGING).content
            book = openpyxl.load_workbook(io.BytesIO(content))
            cells = {cell.value for page in book for row in page.iter_rows() for cell in row}
            assert ("Nguyễn Thị Hòa" in cells) is expected and ("GK11" in cells) is not expected


def _with_names(line: str) -> str:
    """The contest with other roles that may see judges' names beside marks."""
    if re.search(r"^names_beside_marks", TOML, re.MULTILINE):
        return re.sub(r"^names_beside_marks.*$", line, TOML, flags=re.MULTILINE)
    return TOML.replace("[judging]", f"[judging]\n{line}") if "[judging]" in TOML else f"{TOML}\n[judging]\n{line}\n"
