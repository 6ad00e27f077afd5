"""The list of finalists: where each was posted, with its history, and the list as files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest

from core.desk.finals import finalists
from core.desk.finals.finalists import Finalist, NewPost
from core.desk.judging.judge_assignment import ReasonMissing
from core.desk.maintenance import operations
from core.rules.access import NotAllowed, Role
from core.rules.entries.posts import BadAddress, PostedLater
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL, LAN, assigned_panel, joined, person
from tests.desk.entries.accepted import accepted_works
from tests.desk.entries.entered import OFFICE
from tests.desk.finals.test_draw import close, draw_codes

COMMITTEE = person("ban", Role.COMMITTEE)
AT = datetime(2024, 8, 12, 13, 0, tzinfo=UTC)  # two days after the window of R17
ADDRESS = "https://www.facebook.com/cds.sonla/posts/417"


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    """Three finalists, one with a title like a formula."""
    joined(assigned_panel(sqlite_store), COMMITTEE)
    accepted_works(sqlite_store)
    close(sqlite_store)
    draw_codes(sqlite_store)
    return sqlite_store


def listed(desk: Store, at: datetime = AT) -> dict[str, Finalist]:
    return {each.submission: each for each in finalists.listed(desk, COMMITTEE, at)}


def post(desk: Store, **changes: object) -> None:
    work = listed(desk)["TP-001"]
    made = NewPost(work.code, ADDRESS, AT - timedelta(days=3), work.seen)
    finalists.record_post(desk, CHANNEL, replace(made, **changes), AT)  # type: ignore[arg-type]


def test_a_post_is_recorded_and_corrected_with_a_reason(desk: Store) -> None:
    assert all(each.late and each.post is None for each in listed(desk).values())
    post(desk)
    work = listed(desk)["TP-001"]
    assert work.post is not None and (work.post.address, work.late) == (ADDRESS, False)
    with pytest.raises(ReasonMissing):
        post(desk, address=ADDRESS + "8")
    post(desk, address=ADDRESS + "8", reason="Đăng lại", posted_at=AT)
    work = listed(desk)["TP-001"]
    assert work.post is not None and work.post.address == ADDRESS + "8" and work.late
    assert [each.reason for each in work.posts] == ["", "Đăng lại"]
    post(desk, address="", reason="Trang gỡ bài")
    assert listed(desk)["TP-001"].post is None and len(listed(desk)["TP-001"].posts) == 3
    assert operations.verify(desk).findings == ()


def test_what_is_not_a_post_is_refused(desk: Store) -> None:
    for refusal, changes in (
        (BadAddress, {"address": "javascript:alert(1)"}),
        (PostedLater, {"posted_at": AT + timedelta(minutes=1)}),
        (finalists.NoFinalist, {"code": "T-101"}),  # a work of the jury that came by import
        (finalists.NothingToCorrect, {"address": ""}),
    ):
        with pytest.raises(refusal):
            post(desk, **changes)
    assert all(not each.posts for each in listed(desk).values())


def test_a_second_tab_is_told(desk: Store) -> None:
    seen = listed(desk)["TP-001"].seen
    post(desk)
    with pytest.raises(finalists.PostEnteredMeanwhile):
        post(desk, seen=seen, reason="Lần nữa")


def test_the_files_have_code_and_title_and_no_author(desk: Store) -> None:
    post(desk)
    works = listed(desk)
    text = finalists.text_file(desk, COMMITTEE, AT).content.decode("utf-8-sig")
    assert text.splitlines() == [f"{each.code} – {each.title}" for each in sorted(works.values(), key=lambda w: w.code)]
    content = finalists.workbook_file(desk, COMMITTEE, AT).content
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    rows = {row[1]: row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]}
    assert set(rows) == {each.code for each in works.values()}
    assert rows[works["TP-001"].code][2:5] == ("Phim 1", "Vào chung kết", ADDRESS)
    assert rows[works["TP-002"].code][6] == "Chưa đăng"
    assert "Quàng" not in text and "Quàng" not in str(rows)


def test_who_reads_and_who_records(desk: Store) -> None:
    for who in (LAN, person("quantri", Role.ADMIN), person("truong", Role.CHIEF)):
        with pytest.raises(NotAllowed):
            finalists.listed(desk, who, AT)
        with pytest.raises(NotAllowed):
            finalists.text_file(desk, who, AT)
    with pytest.raises(NotAllowed):
        finalists.record_post(desk, COMMITTEE, NewPost("T-100", ADDRESS, AT, 0), AT)
    assert finalists.listed(desk, OFFICE, AT)
