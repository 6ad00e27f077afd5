"""The list of finalists is closed, the codes are drawn once, and the works stand in the judges' queues."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.background import background_jobs
from core.desk.background.film_checks import FILM_CHECK
from core.desk.entries import entry_refusals, officials
from core.desk.entries.official_input import Typed
from core.desk.entries.submission_views import of_office
from core.desk.entries.submissions import Read, office_move
from core.desk.finals import draw
from core.desk.finals import finals_refusals as refusals
from core.desk.finals.draw import Closing
from core.desk.judging import judge_queue
from core.desk.maintenance import operations
from core.desk.matching import match_decisions
from core.desk.matching.match_decisions import Outcome
from core.rules.access import NotAllowed, Role
from core.rules.entries.judging_codes import BadSeed, FinalsList, drawn_codes
from core.rules.entries.states import Move, SubmissionState
from core.rules.words import Language, Locale, Refusal
from core.store.engine import Store
from core.store.films import film_pairs
from core.store.films.film_pairs import PairKey, PairRow
from core.store.queries import entries
from tests.desk.contest_with_panel import CODES, LAN, assigned_panel, film_of, person
from tests.desk.entries.accepted import accepted, accepted_works, film_hash, received
from tests.desk.entries.entered import LATE, OFFICE, OPEN, enter

SEED, SOURCE = "XSMB 12/8/2024: 04817", "Giải đặc biệt xổ số miền Bắc ngày 12/8/2024"
DRAWN_AT = datetime(2024, 8, 12, 12, 0, tzinfo=UTC)


def ready(store: Store) -> Store:
    """A contest with four imported works of the jury, and three submissions that passed the screening."""
    assigned_panel(store)
    accepted_works(store)
    return store


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    return ready(sqlite_store)


def close(desk: Store, source: str = SOURCE, reason: str = "", at: datetime = LATE) -> None:
    draw.close_list(desk, OFFICE, Closing(draw.state(desk, OFFICE).now.sha256, source, reason), at)


def draw_codes(desk: Store, seed: str = SEED) -> dict[str, str]:
    closed = draw.state(desk, OFFICE).closed
    return dict(draw.draw(desk, Reauthenticated(OFFICE), closed.sha256 if closed else "", seed, DRAWN_AT))


def findings(desk: Store) -> list[str]:
    return [each.localize(Locale()) for each in operations.verify(desk).findings]


def test_a_drawn_work_is_in_the_queue_with_all_it_had(store: Store) -> None:
    desk = ready(store)
    close(desk)
    codes = draw_codes(desk)
    assert codes == drawn_codes(FinalsList.of(["TP-001", "TP-002", "TP-003"], CODES), SEED, "T")
    with desk.read() as connection:
        work = entries.work(connection, codes["TP-002"])
    assert work is not None
    assert (work.title, work.author, work.unit) == ("Phim 2", "Quàng Văn Chung", "Xã Chiềng Xôm")
    assert (work.sha256, work.video, work.poster, work.milliseconds) == (
        film_hash("TP-002"), f"{film_hash('TP-002')}.mp4", "TP-002.jpg", 240_000,
    )  # fmt: skip
    assert set(codes.values()) <= {each.work.code for each in judge_queue.queue(desk, LAN, DRAWN_AT).works}
    view = of_office(desk, OFFICE, "TP-002")
    assert (
        view.row.state is SubmissionState.FINALIST
        and view.moves == (Move.REPLACE_FINALIST_FILM,)
        and view.may_correct
        and view.finalist
    )
    assert view.history[-1].act.localize(Locale()) == "Bốc thăm mã chấm"
    assert findings(desk) == []


def test_a_finalists_film_is_checked_and_listed_once(desk: Store) -> None:
    entered = {"TP-001", "TP-002", "TP-003"}

    def requested() -> tuple[int, set[str]]:
        count = background_jobs.request_film_checks(desk, OFFICE, Path("/no/library"), LATE)
        lines = background_jobs.lines(desk, Language.VI)
        return count, {line.subject for line in lines if line.title == FILM_CHECK.title}

    count, before = requested()
    assert count == len(before) and before > entered
    close(desk)
    codes = set(draw_codes(desk).values())
    assert requested() == (3, before - entered | codes)


def test_the_jury_gets_the_works_in_the_order_of_codes(desk: Store) -> None:
    close(desk)
    codes = draw_codes(desk)
    with desk.read() as connection:
        ids = [getattr(entries.work(connection, code), "id") for code in sorted(codes.values())]  # noqa: B009
    assert ids == sorted(ids)


def test_the_codes_are_drawn_once(desk: Store) -> None:
    with pytest.raises(refusals.NotClosed):
        draw_codes(desk)
    close(desk)
    for bad in ("", "đặc biệt"):
        with pytest.raises(BadSeed):
            draw_codes(desk, bad)
    draw_codes(desk)
    with pytest.raises(refusals.AlreadyDrawn):
        draw_codes(desk, "99999")
    with pytest.raises(refusals.AlreadyDrawn):
        close(desk, reason="Thêm một tác phẩm")


def test_the_list_is_closed_after_the_window(desk: Store) -> None:
    with pytest.raises(refusals.StillReceiving):
        close(desk, at=OPEN)
    with pytest.raises(refusals.SourceMissing):
        close(desk, source=" ")
    close(desk)
    assert findings(desk) == []


def test_works_that_wait_are_named_and_left_out_with_a_reason(desk: Store) -> None:
    enter(desk, "muon", title="Chưa xem")
    with pytest.raises(refusals.WorksWaiting) as refused:
        close(desk)
    assert "TP-004" in str(refused.value)
    close(desk, reason="Tác giả không gửi phim")
    state = draw.state(desk, OFFICE)
    assert state.closed is not None and state.closed.left_out == ("TP-004",)
    assert state.closed.works == ("TP-001", "TP-002", "TP-003") and not state.outdated
    assert findings(desk) == []


def test_a_list_that_changed_is_closed_again_before_the_draw(desk: Store) -> None:
    close(desk)
    office_move(desk, OFFICE, Read("TP-002", 3), Move.WITHDRAW, "Tác giả xin rút", DRAWN_AT)
    assert draw.state(desk, OFFICE).outdated
    with pytest.raises(refusals.ListChanged) as refused:
        draw_codes(desk)
    assert "TP-002" in str(refused.value)
    with pytest.raises(refusals.ReasonForAnotherList):
        close(desk, at=DRAWN_AT)
    close(desk, reason="TP-002 đã rút", at=DRAWN_AT)
    assert sorted(draw_codes(desk)) == ["TP-001", "TP-003"]
    assert findings(desk) == []


def test_another_list_than_the_one_read_is_not_closed_or_drawn(desk: Store) -> None:
    with pytest.raises(refusals.SeenListChanged):
        draw.close_list(desk, OFFICE, Closing("0" * 64, SOURCE), LATE)
    close(desk)
    with pytest.raises(refusals.SeenListChanged):
        draw.draw(desk, Reauthenticated(OFFICE), "0" * 64, SEED, DRAWN_AT)


def test_an_author_who_may_be_an_official_stops_the_draw(desk: Store) -> None:
    officials.add(desk, OFFICE, Typed("Quàng Văn Bình", "Ban Tổ chức", "02/01/1971", "0987654301", ""), OPEN)
    close(desk)
    with pytest.raises(refusals.OfficialsAmongAuthors) as refused:
        draw_codes(desk)
    assert "TP-001 (Quàng Văn Bình)" in str(refused.value) and draw.state(desk, OFFICE).problems
    [line] = [each for each in match_decisions.lines(desk, OFFICE) if each.work == "TP-001"]
    match_decisions.decide(desk, OFFICE, line.id, Outcome.SAME, "Chính là người này", 0, LATE)
    with pytest.raises(refusals.OfficialsAmongAuthors):
        draw_codes(desk)
    match_decisions.decide(desk, OFFICE, line.id, Outcome.DIFFERENT, "Người khác", draw_seen(desk), LATE)
    draw_codes(desk)
    assert [each.work for each in match_decisions.lines(desk, OFFICE)] == ["TP-001"]  # not the jury's work as well


def draw_seen(desk: Store) -> int:
    return next(each.seen for each in match_decisions.lines(desk, OFFICE) if each.work == "TP-001")


def test_films_that_are_alike_stop_the_draw(desk: Store) -> None:
    close(desk)
    alike(desk, film_hash("TP-003"), film_of(CODES[0])[:64])
    with pytest.raises(refusals.TwinsUndecided) as refused:
        draw_codes(desk)
    assert "TP-003" in str(refused.value)


def alike(desk: Store, one: str, other: str) -> None:
    key = PairKey(min(one, other), max(one, other), published=False)
    pair = PairRow(key, 9000, 9000, 1000, 0, mirrored=False, moments="[]", finding="near_copy", found_at=0)
    desk.change(lambda transaction: film_pairs.put_pair(transaction.connection, pair))


def test_nobody_alone_changes_a_finalist(desk: Store) -> None:
    close(desk)
    code = draw_codes(desk)["TP-001"]
    version = of_office(desk, OFFICE, "TP-001").row.version
    for move in (Move.WITHDRAW, Move.DISQUALIFY, Move.REINSTATE, Move.WITHDRAW_FINALIST):
        with pytest.raises(entry_refusals.NeedsTwoPeople) as refused:
            office_move(desk, OFFICE, Read("TP-001", version), move, "Vì sao", DRAWN_AT)
        assert code in str(refused.value)


def test_nothing_is_left_of_a_draw_that_fails_midway(desk: Store) -> None:
    enter(desk, "cùng phim", title="Cùng phim với T-101")
    received(desk, "TP-004", film_of("T-101")[:64])
    accepted(desk, "TP-004")
    close(desk)
    with pytest.raises(Refusal):
        draw_codes(desk)
    assert (
        draw.state(desk, OFFICE).draw is None
        and of_office(desk, OFFICE, "TP-001").row.state is SubmissionState.ACCEPTED
    )
    assert findings(desk) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARY])
def test_nobody_else_closes_or_draws(desk: Store, role: Role) -> None:
    who = person("ai", role)
    closing = Closing(draw.state(desk, OFFICE).now.sha256, SOURCE)
    with pytest.raises(NotAllowed):
        draw.close_list(desk, who, closing, LATE)
    with pytest.raises(NotAllowed):
        draw.draw(desk, Reauthenticated(who), closing.seen, SEED, LATE)
    if role not in {Role.COMMITTEE, Role.CHANNEL}:
        with pytest.raises(NotAllowed):
            draw.state(desk, who)


def test_an_empty_list_is_not_closed(sqlite_store: Store) -> None:
    assigned_panel(sqlite_store)
    with pytest.raises(refusals.NothingAccepted):
        close(sqlite_store)
