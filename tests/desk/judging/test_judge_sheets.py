"""A judge's own sheet: saved drafts, sealed revisions, and permissions."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.desk.judging import judge_queue, judge_sheets, recusals
from core.desk.judging.judge_assignment import (
    BadText,
    JudgingClosed,
    JudgingNotYetOpen,
    JudgingOver,
    NoSuchWork,
    ReasonMissing,
)
from core.desk.judging.judge_sheets import Change, return_sheet, save, submit
from core.desk.judging.sheet_refusals import (
    BadFields,
    BadSubmitKey,
    Incomplete,
    NotWatchedEnough,
    SheetIsSealed,
    SheetNotSealed,
    StaleVersion,
)
from core.rules.access import NotAllowed
from core.rules.judging.sheet_state import SheetState
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, SECRETARY, assigned_panel
from tests.fixtures.ledger_payloads import payloads_of, raw

CODE = CODES[0]
KEY = "0123456789abcdef"
WHOLE = Change({"ND": "38,5", "ST": "17"}, {"ND": "Thông điệp rõ.", "": "Đáng xem."})


@pytest.fixture
def desk(store: Store) -> Store:
    return assigned_panel(store)


def ledger(store: Store, event: str) -> list[dict[str, Any]]:
    return payloads_of(store, event)


def counted(store: Store) -> list[tuple[str, int, int]]:
    with store.read() as connection:
        rows = connection.execute(
            sa.select(t.account.c.username, t.mark.c.criterion, t.mark.c.hundredths)
            .join(t.account, t.account.c.id == t.mark.c.judge_id)
            .order_by(t.account.c.username, t.mark.c.criterion)
        )
        return [(row.username, row.criterion, row.hundredths) for row in rows]


def sealed(store: Store, who: Any = LAN, key: str = KEY) -> judge_sheets.Receipt:
    version = save(store, who, CODE, WHOLE, 0, NOW).version
    return submit(store, who, CODE, version, key, NOW)


class TestDraft:
    """A draft is saved at every change (docs/design.md, Sheets)."""

    def test_a_mark_typed_with_a_comma_or_a_point_is_the_same(self, desk: Store) -> None:
        assert save(desk, LAN, CODE, Change({"ND": "8,5"}), 0, NOW).marks == {"ND": 850}
        assert save(desk, LAN, CODE, Change({"ND": "9"}), 1, NOW).marks == {"ND": 900}
        assert save(desk, LAN, CODE, Change({"ND": "8.5"}), 2, NOW).marks == {"ND": 850}

    def test_what_was_saved_is_there_when_the_sheet_is_opened_again(self, desk: Store) -> None:
        save(desk, LAN, CODE, Change({"ND": "38,5"}, {"": "Đáng xem."}), 0, NOW)
        sheet = judge_queue.open_sheet(desk, LAN, CODE, NOW)
        assert (sheet.marks, sheet.remarks, sheet.version) == ({"ND": 3850}, {"": "Đáng xem."}, 1)
        assert (sheet.state, sheet.total, sheet.missing) == (SheetState.DRAFT, 3850, ("ST",))

    def test_a_deleted_mark_is_missing_and_not_zero(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        saved = save(desk, LAN, CODE, Change({"ST": ""}), 1, NOW)
        assert saved.marks == {"ND": 3850}
        assert saved.missing == ("ST",)

    def test_zero_is_a_mark(self, desk: Store) -> None:
        assert save(desk, LAN, CODE, Change({"ND": "0", "ST": "0"}), 0, NOW).missing == ()

    def test_each_change_writes_one_ledger_row_without_the_text_of_remarks(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        assert ledger(desk, "sheet.drafted") == [
            {"judge": "lan", "entry": CODE, "version": 1, "marks": {"ND": 3850, "ST": 1700}, "remarks": ["", "ND"]}
        ]

    def test_saving_what_is_already_there_changes_nothing(self, desk: Store) -> None:
        first = save(desk, LAN, CODE, WHOLE, 0, NOW)
        again = save(desk, LAN, CODE, Change({"ND": "38.50"}), 1, NOW + timedelta(seconds=5))
        assert again == first
        assert len(ledger(desk, "sheet.drafted")) == 1

    def test_a_draft_does_not_count(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        assert counted(desk) == []

    def test_a_second_window_gets_a_conflict_and_nothing_is_overwritten(self, desk: Store) -> None:
        save(desk, LAN, CODE, Change({"ND": "30"}), 0, NOW)
        with pytest.raises(StaleVersion) as refused:
            save(desk, LAN, CODE, Change({"ND": "10"}), 0, NOW)
        assert (refused.value.now.version, refused.value.now.marks) == (1, {"ND": 3000})
        assert judge_queue.open_sheet(desk, LAN, CODE, NOW).marks == {"ND": 3000}

    @pytest.mark.parametrize(
        "typed",
        [
            "40,5",
            "-1",
            "38,3",
            "nan",
            "inf",
            "1e1",
            "+8",
            "８",
            "8,5,0",
            "1_0",
            "0x8",
            "∞",
            "٣",
            "8 5",
            "9" * 400,
            "\x00",
        ],
    )
    def test_what_is_not_a_mark_of_the_criterion_is_refused_by_its_field(self, desk: Store, typed: str) -> None:
        with pytest.raises(BadFields) as refused:
            save(desk, LAN, CODE, Change({"ND": typed, "ST": "17"}), 0, NOW)
        assert set(refused.value.fields) == {"mark:ND"}
        assert judge_queue.open_sheet(desk, LAN, CODE, NOW).version == 0

    @pytest.mark.parametrize("text", ["\x00", "a\x07b", "\ud800", "x" * 4001])
    def test_a_remark_that_cannot_be_kept_is_refused_by_its_field(self, desk: Store, text: str) -> None:
        with pytest.raises(BadFields) as refused:
            save(desk, LAN, CODE, Change(remarks={"": text}), 0, NOW)
        assert set(refused.value.fields) == {"remark:"}

    def test_a_criterion_the_rubric_does_not_have_is_refused(self, desk: Store) -> None:
        with pytest.raises(BadFields) as refused:
            save(desk, LAN, CODE, Change({"XX": "1"}, {"YY": "?"}), 0, NOW)
        assert set(refused.value.fields) == {"mark:XX", "remark:YY"}

    def test_a_remark_is_kept_in_nfc(self, desk: Store) -> None:
        save(desk, LAN, CODE, Change(remarks={"": "Ho\u0300a"}), 0, NOW)
        assert judge_queue.open_sheet(desk, LAN, CODE, NOW).remarks == {"": "Hòa"}


class TestSubmit:
    """A submitted sheet is a revision that cannot be changed."""

    def test_seals_counts_and_gives_a_short_receipt(self, desk: Store) -> None:
        receipt = sealed(desk)
        assert re.fullmatch(r"#\d+ · [0-9a-f]{4}(-[0-9a-f]{4}){3}", receipt.text)
        assert counted(desk) == [("lan", 0, 3850), ("lan", 1, 1700)]
        sheet = judge_queue.open_sheet(desk, LAN, CODE, NOW)
        assert (sheet.state, sheet.receipt) == (SheetState.SEALED, receipt)
        assert sheet.read_only is not None

    def test_the_ledger_holds_the_marks_and_a_commitment_to_the_remarks(self, desk: Store) -> None:
        receipt = sealed(desk)
        (row,), stored = ledger(desk, "sheet.sealed"), raw(desk, "sheet.sealed")[0]
        assert row["marks"] == {"ND": 3850, "ST": 1700}
        assert (row["judge"], row["entry"], row["revision"]) == ("lan", CODE, 1)
        assert re.fullmatch(r"[0-9a-f]{64}", stored["remarks"])
        with desk.read() as connection:
            digest = connection.execute(
                sa.select(t.ledger.c.hash).where(t.ledger.c.chain == "result", t.ledger.c.seq == receipt.ledger_seq)
            ).scalar_one()
        assert receipt.text.replace("-", "").endswith(digest.hex()[:16])

    def test_the_same_submit_twice_is_one_revision_and_one_receipt(self, desk: Store) -> None:
        first = sealed(desk)
        assert submit(desk, LAN, CODE, 1, KEY, NOW) == first
        assert len(ledger(desk, "sheet.sealed")) == 1

    def test_the_submit_key_of_another_judge_is_refused(self, desk: Store) -> None:
        sealed(desk)
        save(desk, MINH, CODE, WHOLE, 0, NOW)
        with pytest.raises(BadSubmitKey):
            submit(desk, MINH, CODE, 1, KEY, NOW)

    @pytest.mark.parametrize("key", ["", "short", "x" * 65, "0123456789abcde/", "0123456789abcdef\n"])
    def test_a_submit_without_a_valid_key_is_refused(self, desk: Store, key: str) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        with pytest.raises(BadSubmitKey):
            submit(desk, LAN, CODE, 1, key, NOW)

    def test_an_incomplete_sheet_is_refused_naming_the_criteria(self, desk: Store) -> None:
        save(desk, LAN, CODE, Change({"ND": "30"}), 0, NOW)
        with pytest.raises(Incomplete, match="Tính sáng tạo"):
            submit(desk, LAN, CODE, 1, KEY, NOW)
        assert counted(desk) == []

    def test_an_unwritten_sheet_is_refused(self, desk: Store) -> None:
        with pytest.raises(Incomplete):
            submit(desk, LAN, CODE, 0, KEY, NOW)

    def test_a_sheet_changed_elsewhere_since_it_was_shown_is_not_sealed(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        save(desk, LAN, CODE, Change({"ND": "1"}), 1, NOW)
        with pytest.raises(StaleVersion):
            submit(desk, LAN, CODE, 1, KEY, NOW)

    def test_a_sealed_sheet_is_read_only(self, desk: Store) -> None:
        sealed(desk)
        with pytest.raises(SheetIsSealed):
            save(desk, LAN, CODE, Change({"ND": "1"}), 2, NOW)
        with pytest.raises(SheetIsSealed):
            submit(desk, LAN, CODE, 2, "another-key-0123456", NOW)

    def test_the_rule_card_freezes_at_the_first_sealed_sheet(self, desk: Store) -> None:
        def frozen_at() -> int | None:
            with desk.read() as connection:
                at: int | None = connection.execute(sa.select(t.contest.c.frozen_at)).scalar_one()
                return at

        save(desk, LAN, CODE, WHOLE, 0, NOW)
        assert frozen_at() is None
        submit(desk, LAN, CODE, 1, KEY, NOW)
        first = frozen_at()
        assert first == NOW.timestamp() * 1000
        save(desk, MINH, CODE, WHOLE, 0, NOW)
        submit(desk, MINH, CODE, 1, "key-of-minh-0123456", NOW + timedelta(hours=1))
        assert frozen_at() == first

    def test_enough_of_the_film_must_be_watched_where_the_contest_says_so(self, store: Store) -> None:
        assigned_panel(store, judging='[judging]\nwatched_share = "0.95"\n')
        save(store, LAN, CODE, WHOLE, 0, NOW)
        with pytest.raises(NotWatchedEnough, match=r"0%.*95%"):
            submit(store, LAN, CODE, 1, KEY, NOW)


class TestReturned:
    """Correcting a sheet makes a new revision with a reason."""

    def test_a_returned_sheet_counts_no_longer_shows_why_and_can_be_corrected(self, desk: Store) -> None:
        sealed(desk)
        return_sheet(desk, CHIEF, "lan", CODE, "Chênh 20 điểm so với hội đồng.", NOW)
        assert counted(desk) == []
        sheet = judge_queue.open_sheet(desk, LAN, CODE, NOW)
        assert (sheet.state, sheet.return_reason) == (SheetState.RETURNED, "Chênh 20 điểm so với hội đồng.")
        version = save(desk, LAN, CODE, Change({"ND": "20"}), sheet.version, NOW).version
        assert judge_queue.open_sheet(desk, LAN, CODE, NOW).return_reason is not None
        assert submit(desk, LAN, CODE, version, "second-key-01234567", NOW).revision == 2
        assert counted(desk) == [("lan", 0, 2000), ("lan", 1, 1700)]
        assert ledger(desk, "sheet.returned")[0]["reason"] == "Chênh 20 điểm so với hội đồng."
        with desk.read() as connection:
            stored = connection.execute(
                sa.select(t.sheet_revision.c.marks).order_by(t.sheet_revision.c.number)
            ).scalars()
            assert [json.loads(marks)["ND"] for marks in stored] == [3850, 2000]

    def test_a_window_opened_before_the_return_gets_a_conflict(self, desk: Store) -> None:
        sealed(desk)
        before = judge_queue.open_sheet(desk, LAN, CODE, NOW).version
        return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", NOW)
        with pytest.raises(StaleVersion):
            save(desk, LAN, CODE, Change({"ND": "20"}), before, NOW)

    def test_only_the_chief_returns_and_only_with_a_reason(self, desk: Store) -> None:
        sealed(desk)
        for other in (LAN, MINH, SECRETARY):
            with pytest.raises(NotAllowed):
                return_sheet(desk, other, "lan", CODE, "Xem lại.", NOW)
        with pytest.raises(ReasonMissing):
            return_sheet(desk, CHIEF, "lan", CODE, " \n", NOW)
        with pytest.raises(BadText):
            return_sheet(desk, CHIEF, "lan", CODE, "x" * 1001, NOW)

    def test_a_draft_cannot_be_returned(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        with pytest.raises(SheetNotSealed):
            return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", NOW)

    def test_nothing_is_returned_once_the_window_has_ended(self, desk: Store) -> None:
        sealed(desk)
        with pytest.raises(JudgingOver):
            return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", datetime(2024, 9, 2, tzinfo=UTC))


def close(store: Store) -> None:
    store.change(lambda transaction: transaction.connection.execute(t.contest.update().values(judging_closed_at=1)))


class TestPermissionsAndTimes:
    """The desk checks permissions; the round's state is checked in the same transaction."""

    @pytest.mark.parametrize("code", ["T-404", "T-999", "", "T-101 ", "t-101", "' or 1=1 --"])
    def test_a_work_not_assigned_to_the_judge_gets_the_answer_of_an_unknown_work(self, desk: Store, code: str) -> None:
        for act in (
            lambda: judge_queue.open_sheet(desk, LAN, code, NOW),
            lambda: save(desk, LAN, code, WHOLE, 0, NOW),
            lambda: submit(desk, LAN, code, 0, KEY, NOW),
            lambda: recusals.declare(desk, LAN, code, "Người nhà.", NOW),
        ):
            with pytest.raises(NoSuchWork):
                act()

    @pytest.mark.parametrize("who", [SECRETARY, CHANNEL])
    def test_nobody_but_a_judge_marks(self, desk: Store, who: Any) -> None:
        for act in (
            lambda: judge_queue.queue(desk, who, NOW),
            lambda: judge_queue.open_sheet(desk, who, CODE, NOW),
            lambda: save(desk, who, CODE, WHOLE, 0, NOW),
            lambda: submit(desk, who, CODE, 0, KEY, NOW),
        ):
            with pytest.raises(NotAllowed):
                act()

    @pytest.mark.parametrize(
        "when,reason",
        [
            (datetime(2024, 8, 10, 16, 59, 59, tzinfo=UTC), JudgingNotYetOpen),
            (datetime(2024, 8, 30, 17, tzinfo=UTC), JudgingOver),
        ],
    )
    def test_marking_is_refused_outside_the_window(self, desk: Store, when: datetime, reason: type[Exception]) -> None:
        with pytest.raises(reason):
            save(desk, LAN, CODE, WHOLE, 0, when)

    def test_the_first_and_the_last_second_belong_to_the_window(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, datetime(2024, 8, 10, 17, tzinfo=UTC))
        save(desk, LAN, CODE, Change({"ND": "1"}), 1, datetime(2024, 8, 30, 16, 59, 59, 900_000, tzinfo=UTC))

    def test_nothing_is_kept_once_the_chief_has_closed_the_round(self, desk: Store) -> None:
        save(desk, LAN, CODE, WHOLE, 0, NOW)
        close(desk)
        for act in (
            lambda: save(desk, LAN, CODE, Change({"ND": "1"}), 1, NOW),
            lambda: submit(desk, LAN, CODE, 1, KEY, NOW),
            lambda: return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", NOW),
        ):
            with pytest.raises(JudgingClosed):
                act()

    def test_a_naive_time_is_refused(self, desk: Store) -> None:
        with pytest.raises((ValueError, TypeError)):
            save(desk, LAN, CODE, WHOLE, 0, NOW.replace(tzinfo=None))
