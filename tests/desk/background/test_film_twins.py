"""The comparison of films from the film check to the secretary's decision, on both databases."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from core.desk.background import film_pairs
from core.desk.background.film_fingerprints import DamagedFingerprint
from core.desk.background.film_pairs import DecidedMeanwhile, FilmPair, NoSuchPair, NotForThisPair
from core.desk.background.film_twins import NotChecked, compare_film
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.judging.judge_assignment import ReasonMissing
from core.desk.maintenance import erasure, operations
from core.jobs.job_kind import JobStopped, Result, RunningJob
from core.jobs.worker import Worker
from core.media.fingerprint.film_fingerprint import Fingerprint, pack
from core.media.fingerprint.hashes import FRAMINGS, PictureHashes
from core.rules.access import NotAllowed, Principal, Role
from core.rules.words import Locale
from core.speech import locale
from core.store import tables as t
from core.store.engine import Store
from core.store.films import film_pairs as rows
from core.store.films.film_pairs import FingerprintRow
from core.store.queries import jobs
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, NOW, SECRETARY, assigned_panel, joined, person
from tests.fixtures.ledger_payloads import acts, raw

SECOND = person("thuky2", Role.SECRETARY)
BOTH = person("thuky3", Role.SECRETARY, Role.JUDGE)
ADMIN = person("quantri", Role.ADMIN)
HALVES = 120  # pictures of the planted films: one minute


@pytest.fixture
def desk(store: Store) -> Store:
    """The contest; the second work's film is a copy of the first one's, the third is a stranger, the fourth unchecked."""
    assigned_panel(store)
    for who in (SECOND, BOTH, ADMIN):
        joined(store, who)
    original = planted(1)
    for code, fingerprint in ((CODES[0], original), (CODES[1], original), (CODES[2], planted(2))):
        put(store, code, fingerprint)
    return store


def planted(seed: int, halves: int = HALVES) -> Fingerprint:
    """A fingerprint of random pictures and sound."""
    chance = np.random.default_rng(seed)
    hashes = chance.integers(0, 2**63, (FRAMINGS, halves), dtype=np.uint64)
    sound = chance.integers(0, 2**32, 4 * halves, dtype=np.uint32)
    return Fingerprint(PictureHashes(hashes, np.ones(halves, np.bool_)), sound)


def film_sha(store: Store, code: str) -> str:
    with store.read() as connection:
        return next(work.sha256 for work in rows.films_of_works(connection) if work.code == code)


def put(store: Store, code: str, fingerprint: Fingerprint) -> None:
    stored = pack(fingerprint)
    row = FingerprintRow(film_sha(store, code), stored.version, stored.pictures, stored.sounds, 60_000)
    store.change(lambda transaction: rows.put_fingerprint(transaction.connection, row, 0))


def change(store: Store, statement: sa.Update) -> None:
    store.change(lambda transaction: transaction.connection.execute(statement).close())


def compared(store: Store, library: Path, code: str = CODES[0]) -> Result:
    result = compare_film(RunningJob(code, store, library))
    store.change(result.apply)
    return result


def said(result: Result) -> list[str]:
    return [sentence.localize(Locale()) for sentence in (*result.report, *result.facts)]


def the_pair(store: Store, library: Path) -> FilmPair:
    compared(store, library)
    (pair,) = film_pairs.listed(store, SECRETARY)
    return pair


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


class TestComparison:
    def test_a_copy_is_reported_and_listed_for_the_secretary(self, desk: Store, library: Path) -> None:
        result = compared(desk, library)
        assert not result.good
        assert said(result) == [
            f"Gần trùng với {CODES[1]}: hình trùng 100 %, tiếng trùng 100 %; hãy xem và quyết định ở trang Phim giống nhau."
        ]
        (pair,) = film_pairs.listed(desk, SECRETARY)
        assert {side.code for side in pair.sides} == {CODES[0], CODES[1]} and pair.waits
        assert [fact.localize(Locale()) for fact in pair.facts] == ["hình trùng 100 %", "tiếng trùng 100 %"]
        assert len(pair.moments) >= 3

    def test_both_jobs_of_a_pair_find_the_same_pair(self, desk: Store, library: Path) -> None:
        first = the_pair(desk, library)
        compared(desk, library, CODES[1])
        assert film_pairs.listed(desk, SECRETARY) == (first,)

    def test_a_near_copy_stays_one_where_the_other_film_finds_less(self, desk: Store, library: Path) -> None:
        """Each film leaves out its own common pictures, so that the second comparison may see shared scenes alone."""
        pair, original, other = the_pair(desk, library), planted(1), planted(3)
        pictures = np.where(np.arange(HALVES) < HALVES // 3, original.pictures.rows, other.pictures.rows)
        put(desk, CODES[1], Fingerprint(PictureHashes(pictures, np.ones(HALVES, np.bool_)), other.sound))
        result = compared(desk, library, CODES[1])
        assert film_pairs.listed(desk, SECRETARY) == (pair,) and pair.waits
        assert not result.good and "Gần trùng với" in said(result)[0]

    def test_a_stranger_is_like_nothing(self, desk: Store, library: Path) -> None:
        result = compared(desk, library, CODES[2])
        assert (said(result), result.good) == (["Không giống phim nào trong 2 phim đã so sánh."], True)
        assert film_pairs.listed(desk, SECRETARY) == ()

    def test_a_film_without_a_fingerprint_is_refused(self, desk: Store, library: Path) -> None:
        with pytest.raises(NotChecked, match=CODES[3]):
            compared(desk, library, CODES[3])

    def test_a_stopped_comparison_ends(self, desk: Store, library: Path) -> None:
        job = RunningJob(CODES[0], desk, library)
        job.stop()
        with pytest.raises(JobStopped):
            compare_film(job)

    @pytest.mark.parametrize("part", ["pictures", "sounds", "version"])
    def test_a_damaged_fingerprint_is_one_sentence_and_stops_no_other(
        self, desk: Store, library: Path, part: str
    ) -> None:
        damage(desk, CODES[1], part)
        with pytest.raises(DamagedFingerprint, match=CODES[1]):
            compared(desk, library, CODES[1])
        result = compared(desk, library, CODES[2])
        assert not result.good and [CODES[1] in line for line in said(result)] == [True, False]

    def test_a_film_that_comes_during_the_comparison_of_another_is_compared_after_it(
        self, desk: Store, library: Path
    ) -> None:
        result = compare_film(RunningJob(CODES[0], desk, library))
        change(desk, sa.update(t.entry).where(t.entry.c.code == CODES[0]).values(sha256="f" * 64))
        put(desk, CODES[0], planted(3))
        desk.change(result.apply)
        with desk.read() as connection:
            newest = jobs.latest_of(connection, "film.twins", CODES[0])
        assert newest is not None and newest.state is jobs.JobState.WAITING

    def test_a_replaced_film_takes_its_pair_away(self, desk: Store, library: Path) -> None:
        pair = the_pair(desk, library)
        other = sa.update(t.entry).where(t.entry.c.code == CODES[1]).values(sha256="f" * 64)
        change(desk, other)
        assert film_pairs.listed(desk, SECRETARY) == ()
        with pytest.raises(NoSuchPair):
            decide(desk, SECRETARY, pair)


def damage(store: Store, code: str, part: str) -> None:
    f = t.film_fingerprint.c
    with store.read() as connection:
        content = bytearray(
            connection.execute(sa.select(f.pictures).where(f.sha256 == film_sha(store, code))).scalar_one()
        )
    content[len(content) // 2] ^= 0x10
    value = {"version": 99, "pictures": bytes(content), "sounds": b"\x00"}[part]
    change(store, sa.update(t.film_fingerprint).where(f.sha256 == film_sha(store, code)).values({part: value}))


def decide(
    store: Store,
    who: Principal,
    pair: FilmPair,
    verdict: str = "same_work",
    reason: str = "Cùng tác giả",
    seen: int = 0,
) -> None:
    film_pairs.decide(store, who, pair.id, verdict, reason, seen, NOW)


class TestDecision:
    def test_the_reports_of_both_films_stop_asking_for_it(self, desk: Store, library: Path) -> None:
        """The comparison runs again: nobody presses "again" to see that nothing waits any more."""
        pair = the_pair(desk, library)
        decide(desk, SECRETARY, pair)
        with desk.read() as connection:
            newest = {code: jobs.latest_of(connection, "film.twins", code) for code in CODES[:2]}
        assert all(job is not None and job.state is jobs.JobState.WAITING for job in newest.values())
        for code, other in (CODES[:2], CODES[1::-1]):
            result = compared(desk, library, code)
            assert result.good and said(result) == [
                f"Gần trùng với {other}: hình trùng 100 %, tiếng trùng 100 %; đã quyết định ở trang Phim giống nhau."
            ]

    def test_it_is_in_the_ledger_with_a_commitment_and_in_the_history(self, desk: Store, library: Path) -> None:
        pair = the_pair(desk, library)
        decide(desk, SECRETARY, pair)
        (decided,) = film_pairs.listed(desk, SECRETARY)
        decide(desk, SECOND, pair, "different", "Xem lại: khác nhau", decided.seen)
        after = film_pairs.pair(desk, SECRETARY, pair.id)
        assert [(each.verdict.text, each.reason, each.by) for each in after.decisions] == [
            ("Một tác phẩm dự thi hai lần", "Cùng tác giả", SECRETARY.name),
            ("Hai phim khác nhau", "Xem lại: khác nhau", SECOND.name),
        ]
        (first, _second) = acts(desk, "film_pair.decided")
        assert first[0] == SECRETARY.username and first[1]["reason"] == "Cùng tác giả"
        assert "Cùng" not in json.dumps(raw(desk, "film_pair.decided"), ensure_ascii=False)
        assert {first[1]["entry"], first[1]["other_entry"]} == {CODES[0], CODES[1]}
        assert not [each for each in operations.verify(desk).findings if "phim giống" in each.localize(Locale())]

    def test_of_two_secretaries_at_once_the_second_is_told(self, desk: Store, library: Path) -> None:
        pair = the_pair(desk, library)
        decide(desk, SECRETARY, pair)
        with pytest.raises(DecidedMeanwhile, match=SECRETARY.name):
            decide(desk, SECOND, pair, "different")
        assert len(acts(desk, "film_pair.decided")) == 1

    def test_a_decided_copy_needs_nobody_any_more(self, desk: Store, library: Path) -> None:
        decide(desk, SECRETARY, the_pair(desk, library))
        assert compared(desk, library).good
        (pair,) = film_pairs.listed(desk, SECRETARY)
        assert not pair.waits and len(pair.decisions) == 1

    def test_a_changed_decision_is_found_by_verify(self, desk: Store, library: Path) -> None:
        decide(desk, SECRETARY, the_pair(desk, library))
        change(desk, sa.update(t.film_pair_decision).values(reason="khác"))
        found = [each.localize(Locale()) for each in operations.verify(desk).findings]
        assert any(each.startswith("Quyết định số 1 về hai phim giống nhau: khác với sổ cái") for each in found)

    def test_bad_input_is_one_refusal_and_writes_nothing(self, desk: Store, library: Path) -> None:
        pair = the_pair(desk, library)
        with pytest.raises(ReasonMissing):
            decide(desk, SECRETARY, pair, reason="  ")
        with pytest.raises(NotForThisPair):
            decide(desk, SECRETARY, pair, "excluded")
        with pytest.raises(NoSuchPair):
            film_pairs.decide(desk, SECRETARY, 10**9, "different", "x", 0, NOW)
        assert acts(desk, "film_pair.decided") == []

    def test_the_reason_is_erased_with_its_writer(self, desk: Store, library: Path) -> None:
        decide(desk, SECOND, the_pair(desk, library))
        closed = sa.update(t.account).where(t.account.c.username == SECOND.username).values(active=0)
        change(desk, closed)
        erasure.erase_account(desk, ADMIN, SECOND.username, NOW)
        (pair,) = film_pairs.listed(desk, SECRETARY)
        assert pair.decisions[0].reason == ""


class TestAccess:
    @pytest.mark.parametrize("who", [LAN, CHIEF, CHANNEL, BOTH, ADMIN], ids=lambda who: who.username)
    def test_only_a_secretary_who_does_not_mark(self, desk: Store, library: Path, who: Principal) -> None:
        pair = the_pair(desk, library)
        refused: list[Callable[[], object]] = [
            lambda: film_pairs.listed(desk, who),
            lambda: film_pairs.pair(desk, who, pair.id),
            lambda: film_pairs.still(desk, who, pair.id, 0, 0, library),
            lambda: film_pairs.request_comparisons(desk, who, NOW),
            lambda: decide(desk, who, pair),
        ]
        for act in refused:
            with pytest.raises(NotAllowed):
                act()
        with pytest.raises(NotAllowed):
            film_pairs.still(desk, None, pair.id, 0, 0, library)

    def test_the_committee_reads_and_does_not_decide(self, desk: Store, library: Path) -> None:
        """A member is told which film a proposed one is like, before confirming it."""
        member, pair = person("btc1", Role.COMMITTEE), the_pair(desk, library)
        assert film_pairs.listed(desk, member) == (pair,) == (film_pairs.pair(desk, member, pair.id),)
        for act in (lambda: decide(desk, member, pair), lambda: film_pairs.request_comparisons(desk, member, NOW)):
            with pytest.raises(NotAllowed):
                act()

    def test_the_secretary_has_every_checked_film_compared_again(self, desk: Store, library: Path) -> None:
        assert film_pairs.request_comparisons(desk, SECRETARY, NOW) == 3
        assert film_pairs.request_comparisons(desk, SECRETARY, NOW) == 0
        assert acts(desk, "jobs.film_comparisons_requested") == [(SECRETARY.username, {"count": 3})]
        worker = Worker(desk, library, JOB_KINDS, locale, lambda: 0)
        while worker.run_one():
            pass
        with desk.read() as connection:
            assert {(job.kind, job.state) for job in jobs.latest(connection)} == {("film.twins", "done")}


class TestStills:
    def test_only_a_file_of_the_library_that_the_pair_names_is_given(self, desk: Store, library: Path) -> None:
        pair = the_pair(desk, library)
        (library / "still.jpg").write_bytes(b"jpeg")
        (library.parent / "secret").write_bytes(b"secret")
        for name, found in (("still.jpg", True), ("../secret", False), ("missing.jpg", False), (None, False)):
            moments = sa.update(t.film_pair).values(moments=json.dumps([[0, 0, name, None]]))
            change(desk, moments)
            if found:
                assert film_pairs.still(desk, SECRETARY, pair.id, 0, 0, library).read_bytes() == b"jpeg"
            for moment, side in ((0, 0), (0, 1), (1, 0), (0, 2)) if not found else ((0, 1), (1, 0), (0, 2)):
                with pytest.raises(NoSuchPair):
                    film_pairs.still(desk, SECRETARY, pair.id, moment, side, library)
