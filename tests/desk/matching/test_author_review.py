"""Authors beside officials: what is found when either side changes, what closes, and what people decide about it."""

import threading
import time
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from core.desk.accounts import accounts, passwords
from core.desk.entries import officials
from core.desk.entries.official_input import Typed
from core.desk.entries.officials import Official
from core.desk.maintenance import operations
from core.desk.matching import author_review, match_decisions
from core.desk.matching.author_review import AuthorRef, OfficialRef, found_matches
from core.desk.matching.match_decisions import (
    DecidedMeanwhile,
    MatchGone,
    MatchLine,
    Outcome,
    OwnMatch,
    ReasonLong,
    ReasonMissing,
)
from core.desk.setup import contest_setup
from core.rules.access import Role
from core.rules.people.person import Person
from core.rules.people.same_person import Ground
from core.rules.words import Locale, Refusal
from core.store import tables as t
from core.store.engine import Store
from core.store.people.matches import Side
from core.store.queries.setup import NewWork
from tests.desk.contest_with_panel import CODES, NOW, SECRETARY, assigned_panel, joined, person
from tests.desk.matching.invented_people import people
from tests.fixtures.ledger_payloads import acts

ADMIN = person("quantri", Role.ADMIN)
AN = "Lò Văn An"
DAY, OTHER_DAY = date(1990, 5, 7), date(1991, 5, 7)


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A contest whose first work has two authors; the fixture's own authors are like nobody."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    joined(assigned_panel(store), ADMIN)
    correct(store, CODES[0], f"{AN} và Hà Thị Mai (Mai Sơn)")
    return store


def correct(store: Store, code: str, authors: str) -> None:
    """Correct the authors of a work."""
    with store.read() as connection:
        row = connection.execute(sa.select(t.entry).where(t.entry.c.code == code)).one()
    work = NewWork(code, row.title, authors, row.unit, "", None, "", 0, 0, 0)
    contest_setup.correct_work(store, work, NOW)


def official(store: Store) -> Official:
    """The only one on the list."""
    (found,) = officials.listed(store, SECRETARY)
    return found


def lines(store: Store) -> list[tuple[str, str, bool]]:
    """(work, the official's name, whether somebody has to decide) of each match."""
    return [(line.work, line.official.person.name, line.open) for line in match_decisions.lines(store, SECRETARY)]


def only(store: Store) -> MatchLine:
    (line,) = match_decisions.lines(store, SECRETARY)
    return line


def verified(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


class TestFinding:
    def test_a_member_with_an_authors_name_goes_to_the_queue(self, desk: Store) -> None:
        officials.add(desk, SECRETARY, Typed("LO VAN AN", "Ban Tổ chức", "07/05/1990"), NOW)
        line = only(desk)
        assert (line.work, line.author, line.match.ground) == (CODES[0], Person(AN), Ground.NAME)
        assert line.open and line.official.body == "Ban Tổ chức" and "III.1" in line.match.sentence.text
        assert verified(desk) == []

    def test_an_account_with_an_authors_name_goes_to_the_queue(self, desk: Store) -> None:
        accounts.add(desk, ADMIN, "mai.ha", "Hà Thị Mai", [Role.JUDGE], NOW)
        assert lines(desk) == [(CODES[0], "Hà Thị Mai", True)]
        assert only(desk).official.username == "mai.ha"
        accounts.deactivate(desk, ADMIN, "mai.ha", NOW)
        assert len(lines(desk)) == 1  # who has judged stays an official

    def test_a_member_who_has_an_account_is_asked_about_once(self, desk: Store) -> None:
        accounts.add(desk, ADMIN, "an.lo", AN, [Role.JUDGE], NOW)
        officials.add(desk, SECRETARY, Typed(AN, "Ban Giám khảo", "07/05/1990"), NOW)
        assert only(desk).official.body == "Ban Giám khảo"
        officials.remove(desk, SECRETARY, 1, NOW)
        assert only(desk).official.username == "an.lo"

    def test_a_work_with_a_members_name_goes_to_the_queue(self, desk: Store) -> None:
        officials.import_list(desk, SECRETARY, "họ và tên,ban\nVừ A Dơ,Ban Tổ chức\nBùi Anh,Tổ Thư ký", NOW)
        assert lines(desk) == []
        files = {
            "video": "f" * 64 + ".mp4",
            "poster": None,
            "sha256": "f" * 64,
            "milliseconds": 1,
            "width": 1,
            "height": 1,
        }
        contest_setup.add_work(desk, NewWork("T-505", "Tên", "Đ/c Vừ A Dơ", "Đơn vị", **files), NOW)  # type: ignore[arg-type]
        assert lines(desk) == [("T-505", "Vừ A Dơ", True)]
        correct(desk, "T-505", "Bùi Anh")
        assert lines(desk) == [("T-505", "Bùi Anh", True)]
        correct(desk, "T-505", "Nhóm Hoa Mận")
        assert lines(desk) == []

    def test_a_corrected_name_closes_what_no_longer_holds(self, desk: Store) -> None:
        officials.add(desk, SECRETARY, Typed(AN, "Ban Tổ chức"), NOW)
        officials.correct(desk, SECRETARY, official(desk), Typed("Quàng Thị Bích", "Ban Tổ chức"), NOW)
        assert lines(desk) == []
        officials.correct(desk, SECRETARY, official(desk), Typed("Hà Thị Mai", "Ban Tổ chức"), NOW)
        assert lines(desk) == [(CODES[0], "Hà Thị Mai", True)]

    @pytest.mark.parametrize(
        "birth, phone, ground",
        [(None, "0912345678", Ground.PHONE), (DAY, "", Ground.BIRTH), (None, "", Ground.NAME), (OTHER_DAY, "", Ground.OTHER_BIRTH)],
    )  # fmt: skip
    def test_given_authors_are_compared_by_all_that_is_known(
        self, desk: Store, birth: date | None, phone: str, ground: Ground
    ) -> None:
        """Persons with a date of birth and a phone, as a form will give them."""
        officials.add(desk, SECRETARY, Typed("Vừ A Dơ", "Ban Tổ chức", "07/05/1990", "0912345678"), NOW)
        given = [AuthorRef("HS-1:1", Person("Vừ A Dơ", birth, phone)), AuthorRef("HS-1:2", Person("Mùa Thị Ca"))]
        desk.change(lambda transaction: author_review.review(transaction, given, 1))
        line = only(desk)
        assert line.match.ground is ground and line.open is (ground is not Ground.OTHER_BIRTH)
        later = [AuthorRef("HS-1:1", Person("Vừ A Dơ", OTHER_DAY)), given[1]]
        desk.change(lambda transaction: author_review.review(transaction, later, 2))
        assert only(desk).match.ground is Ground.OTHER_BIRTH and not only(desk).open

    @pytest.mark.parametrize("name", ["Lò\u200b Văn\u2060 An", "LÒ VĂN АN", "Lò Văn An " * 27, "An Lò Văn", "Lò V. An"])
    def test_hostile_spellings_are_found_or_harmless(self, desk: Store, name: str) -> None:
        """Invisible letters, a Cyrillic А, 300 characters, another order, an initial."""
        officials.add(desk, SECRETARY, Typed(AN, "Ban Tổ chức"), NOW)
        correct(desk, CODES[1], name)
        assert ((CODES[1], AN, True) in lines(desk)) is (len(name) < 50)


class TestDeciding:
    @pytest.fixture(autouse=True)
    def match(self, desk: Store) -> MatchLine:
        officials.add(desk, SECRETARY, Typed(AN, "Ban Tổ chức"), NOW)
        return only(desk)

    def test_a_decision_has_its_reason_and_leaves_the_queue(self, desk: Store, match: MatchLine) -> None:
        match_decisions.decide(desk, SECRETARY, match.id, Outcome.DIFFERENT, " Người khác đơn vị ", match.seen, NOW)
        line = only(desk)
        assert not line.open
        assert [(each.outcome, each.reason, each.by) for each in line.decisions] == [
            (Outcome.DIFFERENT, "Người khác đơn vị", "THUKY")
        ]
        facts = {"number": 1, "author_key": f"{CODES[0]}:1", "ground": "name", "outcome": "different", "official": 1}
        assert acts(desk, "match.decided") == [(SECRETARY.username, facts | {"reason": "Người khác đơn vị"})]
        assert verified(desk) == []

    def test_a_decision_may_be_revised_and_its_history_stays(self, desk: Store, match: MatchLine) -> None:
        match_decisions.decide(desk, SECRETARY, match.id, Outcome.DIFFERENT, "nhầm", match.seen, NOW)
        match_decisions.decide(desk, ADMIN, match.id, Outcome.SAME, "đã gọi điện", only(desk).seen, NOW)
        assert [(each.outcome, each.reason) for each in only(desk).decisions] == [
            (Outcome.SAME, "đã gọi điện"), (Outcome.DIFFERENT, "nhầm"),
        ]  # fmt: skip
        assert verified(desk) == []

    def test_what_was_decided_stays_when_it_no_longer_holds(self, desk: Store, match: MatchLine) -> None:
        match_decisions.decide(desk, SECRETARY, match.id, Outcome.SAME, "chính người này", match.seen, NOW)
        officials.correct(desk, SECRETARY, official(desk), Typed("Quàng Thị Bích", "Ban Tổ chức"), NOW)
        correct(desk, CODES[0], "Nhóm Hoa Mận")
        assert only(desk).decisions[0].outcome is Outcome.SAME and not only(desk).open

    def test_different_is_asked_again_where_more_is_in_common_later(self, desk: Store, match: MatchLine) -> None:
        match_decisions.decide(desk, SECRETARY, match.id, Outcome.DIFFERENT, "khác đơn vị", match.seen, NOW)
        officials.correct(desk, SECRETARY, official(desk), Typed(AN, "Ban Tổ chức", "07/05/1990"), NOW)
        assert not only(desk).open  # still the name alone
        given = [AuthorRef(f"{CODES[0]}:1", Person(AN, DAY))]
        desk.change(lambda transaction: author_review.review(transaction, given, 1))
        assert only(desk).open and only(desk).match.ground is Ground.BIRTH

    def test_of_two_who_decide_at_once_one_is_told(self, desk: Store, match: MatchLine) -> None:
        together, told = threading.Barrier(2), list[Refusal]()

        def decide(who: object, outcome: Outcome) -> None:
            together.wait()
            try:
                match_decisions.decide(desk, who, match.id, outcome, "vì", match.seen, NOW)  # type: ignore[arg-type]
            except DecidedMeanwhile as refused:
                told.append(refused)

        threads = [
            threading.Thread(target=decide, args=each)
            for each in ((SECRETARY, Outcome.SAME), (ADMIN, Outcome.DIFFERENT))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(told) == 1 and len(only(desk).decisions) == 1

    def test_a_gone_match_and_a_bad_reason_are_refused(self, desk: Store, match: MatchLine) -> None:
        for reason, refusal in (("  ", ReasonMissing), ("x" * 1001, ReasonLong)):
            with pytest.raises(refusal):
                match_decisions.decide(desk, SECRETARY, match.id, Outcome.SAME, reason, 0, NOW)
        officials.remove(desk, SECRETARY, 1, NOW)
        with pytest.raises(MatchGone):
            match_decisions.decide(desk, SECRETARY, match.id, Outcome.SAME, "vì", match.seen, NOW)
        assert lines(desk) == [] and acts(desk, "match.decided") == []

    def test_nobody_decides_about_themselves(self, desk: Store) -> None:
        correct(desk, CODES[1], "THUKY")
        (own,) = [
            line for line in match_decisions.lines(desk, SECRETARY) if line.official.username == SECRETARY.username
        ]
        with pytest.raises(OwnMatch):
            match_decisions.decide(desk, SECRETARY, own.id, Outcome.DIFFERENT, "không phải tôi", 0, NOW)
        match_decisions.decide(desk, ADMIN, own.id, Outcome.DIFFERENT, "tên nhóm", 0, NOW + timedelta(minutes=1))
        assert verified(desk) == []


@pytest.mark.timed
def test_3000_authors_and_60_officials_are_compared_in_milliseconds() -> None:
    """What the write transaction spends on it, once `prepare` has cached the bare names."""
    chance = Random(7)
    authors: Sequence[AuthorRef] = [
        AuthorRef(f"T-{number}:1", Person(each.name, each.birth)) for number, each in enumerate(people(chance, 3000))
    ]
    members = [OfficialRef(Side(number), Person(each.name)) for number, each in enumerate(people(chance, 60))]
    found_matches(authors, members)
    start = time.process_time()
    found = found_matches(authors, members)
    assert time.process_time() - start < 0.05
    assert 50 < len(found) < 300
