"""Authors of submissions: R07 counts them, R02 compares them with officials, at every change of either side."""

from dataclasses import replace

import pytest

from core.desk.entries import officials
from core.desk.entries.author_limit import TooManyOfAuthor
from core.desk.entries.official_input import Typed
from core.desk.entries.submission_views import of_office
from core.desk.entries.submissions import Read, author_correct, author_withdraw, office_move
from core.desk.matching import match_decisions
from core.desk.matching.match_decisions import Outcome
from core.rules.entries.form import Author
from core.rules.entries.states import Move
from core.rules.people.same_person import Ground
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.contest_with_panel import assigned_panel
from tests.desk.entries.entered import FORM, OFFICE, OPEN, enter, secret

ANOTHER = (Author("Quàng Văn Nam", "1980-01-02", "0987654321"),)
MEMBER = Typed("Lò Thị Thúy", "Ban Tổ chức", "15/03/1990", "0912345678", "")


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    assigned_panel(sqlite_store)
    return sqlite_store


def grounds(desk: Store) -> list[tuple[str, Ground]]:
    return [(line.work, line.match.ground) for line in match_decisions.lines(desk, OFFICE)]


def test_the_fourth_work_of_an_author_is_refused_until_one_is_withdrawn(desk: Store) -> None:
    for name in ("một", "hai", "ba"):
        enter(desk, name)
    with pytest.raises(TooManyOfAuthor, match="TP-001, TP-002, TP-003"):
        enter(desk, "bốn")
    author_withdraw(desk, secret("hai"), 1, OPEN)
    assert enter(desk, "bốn").code == "TP-004"
    with pytest.raises(TooManyOfAuthor):
        office_move(desk, OFFICE, Read("TP-002", 2), Move.REINSTATE, "Xin lại", OPEN)
    enter(desk, "năm", authors=ANOTHER)
    with pytest.raises(TooManyOfAuthor):
        author_correct(desk, secret("năm"), 1, FORM, OPEN)


def test_one_person_across_groups_is_told_to_the_office(desk: Store) -> None:
    for number, name in enumerate(("một", "hai", "ba", "bốn")):
        friend = Author(f"Bạn thứ {number}", f"1991-01-0{number + 1}", f"091234567{number}")
        enter(
            desk, name, group=f"Nhóm {number}", authors=(FORM.authors[0], replace(friend, phone=f"098765432{number}"))
        )
    [notice] = of_office(desk, OFFICE, "TP-004").notices
    assert notice.facts["works"] == "TP-001, TP-002, TP-003"


def test_an_official_who_enters_is_found_whichever_came_first(desk: Store) -> None:
    enter(desk)
    assert grounds(desk) == []
    officials.add(desk, OFFICE, MEMBER, OPEN)
    assert grounds(desk) == [("TP-001", Ground.PHONE)]
    enter(desk, "hai", title="Phim thứ hai")
    assert sorted(grounds(desk)) == [("TP-001", Ground.PHONE), ("TP-002", Ground.PHONE)]
    assert [line.title for line in match_decisions.lines(desk, OFFICE)] == ["Chợ phiên số", "Phim thứ hai"]
    assert len(of_office(desk, OFFICE, "TP-002").notices) == 1


def test_of_a_group_the_author_who_is_like_an_official_is_named(desk: Store) -> None:
    officials.add(desk, OFFICE, MEMBER, OPEN)
    enter(desk, group="Nhóm Bản Mòng", authors=(*ANOTHER, *FORM.authors))
    [notice] = of_office(desk, OFFICE, "TP-001").notices
    assert notice.localize(Locale()).startswith("Tác giả Lò Thị Thuỷ: Cùng số điện thoại.")


def test_what_no_longer_holds_goes_and_what_was_decided_stays(desk: Store) -> None:
    officials.add(desk, OFFICE, MEMBER, OPEN)
    enter(desk)
    enter(desk, "hai", title="Phim thứ hai")
    first, _second = match_decisions.lines(desk, OFFICE)
    match_decisions.decide(desk, OFFICE, first.id, Outcome.DIFFERENT, "Người khác", first.seen, OPEN)
    author_withdraw(desk, secret("hai"), 1, OPEN)
    author_correct(desk, secret("thuy"), 1, replace(FORM, authors=ANOTHER), OPEN)
    assert grounds(desk) == [("TP-001", Ground.PHONE)]
    assert of_office(desk, OFFICE, "TP-001").notices == ()
