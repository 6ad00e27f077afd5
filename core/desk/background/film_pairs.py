"""Pairs of films that are alike, as the secretary sees them, and the decision about each. Nothing follows by itself."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.desk import authorization, context
from core.desk.background.film_fingerprints import FILM_TWINS_KEY
from core.desk.background.film_twins import NEAR_COPY, percent
from core.desk.background.films_of_works import films_of_works
from core.desk.judging.judge_assignment import required_reason
from core.rules.access import Principal
from core.rules.permissions import may_judge_twins, may_see_twins, must
from core.rules.words import Moment, Points, Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import FilmComparisonsRequested, FilmPairDecided
from core.store.films import film_pairs
from core.store.films.film_pairs import FilmOfWork, PairDecision, PairKey, PairRow
from core.store.queries import jobs

DIFFERENT, SAME_WORK, COPIED = "different", "same_work", "copied"
VERDICTS = {
    DIFFERENT: Sentence("Hai phim khác nhau"),
    SAME_WORK: Sentence("Một tác phẩm dự thi hai lần"),
    COPIED: Sentence("Sao chép phim đã đăng"),
}
LEAST_OFFSET_MS = 500  # a smaller difference of start is not worth a word


class NoSuchPair(Refusal):
    """There is no such pair of films now: a film was replaced, or the address is wrong."""

    def __init__(self) -> None:
        super().__init__("Không có cặp phim này; có thể phim vừa được thay.")


class DecidedMeanwhile(Refusal):
    """Somebody decided about this pair after the page was read."""

    def __init__(self, by: str) -> None:
        super().__init__("{by} vừa quyết định về cặp phim này; hãy xem lại rồi mới quyết định.", by=by)


class NotForThisPair(Refusal):
    """This decision is not possible for this pair, such as "one work twice" for a published film."""

    def __init__(self) -> None:
        super().__init__("Hãy chọn một trong các quyết định cho cặp phim này.")


@dataclass(frozen=True, slots=True)
class FilmSide:
    """One film of a pair. `code` is None for a published film, whose `title` is its file's name.

    `proposed`: the film is to replace the one of this finalist, and waits for a second person.
    """

    code: str | None
    title: str
    author: str
    unit: str
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class MatchingMoment:
    """Times at which the two films agree, and whether there is a still of each."""

    times_ms: tuple[int, int]
    stills: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its history's facts."""

    verdict: Sentence
    reason: str
    by: str
    at: Moment


@dataclass(frozen=True, slots=True)
class FilmPair:
    """Two films that are alike, for the page. `decisions` oldest first; `seen` names the last one, 0 if there is none."""

    id: int
    sides: tuple[FilmSide, FilmSide]
    is_copy: bool  # False: they share scenes, which needs no decision
    facts: tuple[Sentence, ...]
    moments: tuple[MatchingMoment, ...]
    decisions: tuple[Decision, ...]
    seen: int
    verdicts: tuple[str, ...]  # the possible ones, keys of VERDICTS

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide."""
        return self.is_copy and not self.decisions


def listed(store: Store, who: Principal) -> tuple[FilmPair, ...]:
    """Every pair of the contest's present films: first those that wait for a decision. Raises NotAllowed."""
    must(may_see_twins(who))
    with store.read() as connection:
        found = _pairs(connection)
    return tuple(sorted(found, key=lambda pair: (not pair.waits, not pair.is_copy)))


def pair(store: Store, who: Principal, number: int) -> FilmPair:
    """One pair. Raises NotAllowed, NoSuchPair."""
    must(may_see_twins(who))
    with store.read() as connection:
        return next(iter(_pairs(connection, number)), None) or _none()


def near_copies(connection: Connection, film: str) -> list[FilmPair]:
    """The pairs of this film (SHA-256) with films that are near copies of it."""
    return [pair for pair in _pairs(connection, film=film) if pair.is_copy]


def waiting_works(connection: Connection) -> frozenset[str]:
    """The codes of the works with a film that is like another one, where nobody has decided what it means."""
    return frozenset(side.code for pair in _pairs(connection) if pair.waits for side in pair.sides if side.code)


def still(store: Store, who: Principal | None, number: int, moment: int, side: int, library: Path) -> Path:
    """The file of a still: of this pair, its so many-th moment and its side (0 or 1). Raises NotAllowed, NoSuchPair."""
    must(who is not None and may_see_twins(who))
    with store.read() as connection:
        row = next(iter(film_pairs.pairs(connection, number)), None)
    moments = json.loads(row.moments) if row else []
    if side not in {0, 1} or not 0 <= moment < len(moments) or not (name := moments[moment][2 + side]):
        raise NoSuchPair
    path = library / str(name)
    if Path(name).name != name or not path.is_file():
        raise NoSuchPair
    return path


def decide(store: Store, who: Principal, number: int, verdict: str, reason: str, seen: int, now: datetime) -> None:
    """Decide what it means that two films are alike. `seen`: the last decision that the person saw, 0 for none.

    Raises NotAllowed, NoSuchPair, NotForThisPair, DecidedMeanwhile, ReasonMissing, BadText.
    """
    why = required_reason(reason)

    def act(transaction: WriteTransaction) -> None:
        row, sides = _row_of(transaction.connection, number)
        if verdict not in _verdicts(row.key):
            raise NotForThisPair
        earlier = film_pairs.decisions(transaction.connection, row.key)
        if earlier and earlier[-1].id != seen:
            raise DecidedMeanwhile(earlier[-1].decided_by)
        at = context.written_at(transaction, now)
        made = film_pairs.decide(transaction.connection, row.key, verdict, why, who.username, at)
        payload = FilmPairDecided(
            made, sides[0].code, row.key.film, row.key.other, verdict, transaction.commit_text(why), row.key.published,
            sides[1].code if len(sides) > 1 else None,
        )  # fmt: skip
        transaction.record(at=at, actor=who.username, payload=payload)
        for side in sides:  # whose reports still ask for the decision
            jobs.add(transaction.connection, FILM_TWINS_KEY, side.subject, by=who.username, at=at)

    authorization.change(store, who, may_judge_twins, now, act)


def request_comparisons(store: Store, who: Principal, now: datetime) -> int:
    """Request that every checked film is compared again; returns how many are not being compared already.

    Raises NotAllowed.
    """

    def act(transaction: WriteTransaction) -> int:
        at, connection = context.written_at(transaction, now), transaction.connection
        works = films_of_works(connection)
        known = film_pairs.fingerprints(connection)
        added = [
            jobs.add(connection, FILM_TWINS_KEY, work.subject, by=who.username, at=at)
            for work in works
            if work.sha256 in known
        ]
        count = len([each for each in added if each is not None])
        if count:
            transaction.record(at=at, actor=who.username, payload=FilmComparisonsRequested(count=count))
        return count

    return authorization.change(store, who, may_judge_twins, now, act)


def _none() -> FilmPair:
    raise NoSuchPair


def _row_of(connection: Connection, number: int) -> tuple[PairRow, list[FilmOfWork]]:
    """A pair of present films, and their works (one, if the other film is a published one). Raises NoSuchPair."""
    works = {work.sha256: work for work in films_of_works(connection)}
    row = next(iter(film_pairs.pairs(connection, number)), None)
    if row is None or not _present(row.key, works):
        raise NoSuchPair
    return row, [works[row.key.film]] if row.key.published else [works[row.key.film], works[row.key.other]]


def _present(key: PairKey, works: dict[str, FilmOfWork]) -> bool:
    if key.film not in works or key.published:
        return key.film in works
    return key.other in works and works[key.film].code != works[key.other].code


def _pairs(connection: Connection, number: int | None = None, film: str | None = None) -> list[FilmPair]:
    works = {work.sha256: work for work in films_of_works(connection)}
    names = {file.sha256: file.name for file in film_pairs.published_files(connection).values()}
    decisions: dict[PairKey, list[PairDecision]] = {}
    for each in film_pairs.decisions(connection):
        decisions.setdefault(each.key, []).append(each)
    return [
        _pair(row, works, names, decisions.get(row.key, []))
        for row in film_pairs.pairs(connection, number)
        if _present(row.key, works) and film in {None, row.key.film, row.key.other}
    ]


def _pair(row: PairRow, works: dict[str, FilmOfWork], names: dict[str, str], decisions: list[PairDecision]) -> FilmPair:
    other = FilmSide(None, names.get(row.key.other, ""), "", "") if row.key.published else _side(works[row.key.other])
    moments = [
        MatchingMoment((film, other_film), (first is not None, second is not None))
        for film, other_film, first, second in json.loads(row.moments)
    ]
    return FilmPair(
        row.id, (_side(works[row.key.film]), other), row.finding == NEAR_COPY, tuple(_facts(row)), tuple(moments),
        tuple(map(_decision, decisions)), decisions[-1].id if decisions else 0, _verdicts(row.key),
    )  # fmt: skip


def _side(work: FilmOfWork) -> FilmSide:
    return FilmSide(work.code, work.title, work.author, work.unit, proposed=work.proposal > 0)


def _decision(row: PairDecision) -> Decision:
    at = context.moment(row.decided_at)
    assert at is not None
    return Decision(VERDICTS[row.verdict], row.reason, row.decided_by, Moment(at))


def _verdicts(key: PairKey) -> tuple[str, ...]:
    return (DIFFERENT, COPIED) if key.published else (DIFFERENT, SAME_WORK, COPIED)


def _facts(row: PairRow) -> list[Sentence]:
    """What agrees, and how the second film differs from the first."""
    facts = [
        Sentence("hình trùng {share} %", {"share": percent(row.picture_share)}),
        Sentence("tiếng trùng {share} %", {"share": percent(row.sound_share)}),
    ]
    if row.mirrored:
        facts.append(Sentence("hình lật trái phải"))
    if row.slope > 1000:
        facts.append(Sentence("phim thứ hai nhanh hơn {times} lần", {"times": Points(round(row.slope / 10), 2)}))
    elif 0 < row.slope < 1000:
        facts.append(Sentence("phim thứ hai chậm hơn {times} lần", {"times": Points(round(100_000 / row.slope), 2)}))
    if abs(row.offset_ms) >= LEAST_OFFSET_MS:
        text = "phim thứ hai muộn hơn {seconds} giây" if row.offset_ms < 0 else "phim thứ hai sớm hơn {seconds} giây"
        facts.append(Sentence(text, {"seconds": Points(round(abs(row.offset_ms) / 100), 1)}))
    return facts
