"""The list of finalists is closed, then the judging codes are drawn, once (plan III.2, IV.4; DECISIONS 90).

The list and the source of the seed are public before the seed exists. The draw makes every work of the list a finalist
and a work of the jury, in one transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.desk import assignments, authorization, context, stored_forms
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.background import film_pairs
from core.desk.checkpoints import Occasion, checkpoint
from core.desk.finals import finals_refusals as refusals
from core.desk.judging.judge_assignment import clean_text
from core.desk.matching import match_decisions
from core.desk.setup import contest_setup
from core.rules.access import Principal
from core.rules.entries.judging_codes import FinalsList, clean_seed, drawn_codes, in_drawn_order
from core.rules.entries.states import OPEN_STATES, Move, Mover, SubmissionState, target
from core.rules.permissions import may_register_works, may_see_finals, must
from core.rules.words import Refusal
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import FinalsDrawn, FinalsListClosed
from core.store.finals import draws
from core.store.finals.draws import ClosedList, Draw, NewList
from core.store.ledger import SYSTEM
from core.store.queries import submissions as rows
from core.store.queries.setup import NewWork
from core.store.queries.submissions import Submission

__all__ = ["TEXT_LENGTH", "ClosedList", "Closing", "DrawState", "close_list", "draw", "list_of", "state"]
TEXT_LENGTH = 500  # characters of the source and of the reason


@dataclass(frozen=True, slots=True)
class DrawState:
    """Where the draw stands. `now` is the list as it would be closed now; `problems` would make the draw refuse."""

    now: FinalsList
    waiting: tuple[str, ...]  # submissions that still wait for screening
    opens_at: datetime | None  # before it the list cannot be closed; None: at any time
    closed: ClosedList | None
    draw: Draw | None
    problems: tuple[Refusal, ...]
    prefix: str

    @property
    def outdated(self) -> bool:
        """Whether a list was closed that is no longer the accepted works."""
        return self.closed is not None and self.draw is None and self.closed.sha256 != self.now.sha256


@dataclass(frozen=True, slots=True)
class Closing:
    """What the office says when it closes the list: `seen` is the hash of the list that was shown."""

    seen: str
    source: str
    reason: str = ""


def state(store: Store, who: Principal) -> DrawState:
    """Where the draw stands. Raises NotAllowed."""
    must(may_see_finals(who))
    with store.read() as connection:
        contest, entered = context.contest_state_in(connection).contest, rows.every(connection)
        listed, made = _accepted(connection, entered), draws.draw(connection)
        problems = () if made else tuple(_problems(connection, listed.works))
        return DrawState(
            listed, _waiting(entered), contest.phases.submission.closes if contest.phases else None,
            draws.newest_list(connection), made, problems, contest.entries.judging_code_prefix,
        )  # fmt: skip


def close_list(store: Store, who: Principal, closing: Closing, now: datetime) -> None:
    """Close the list of accepted works. Until the draw it can be closed again, with a reason.

    Raises NotAllowed, AlreadyDrawn, StillReceiving, NothingAccepted, SeenListChanged, WorksWaiting, SourceMissing,
    ReasonForAnotherList, BadText.
    """
    source, reason = (clean_text(text, limit=TEXT_LENGTH) for text in (closing.source, closing.reason))

    def act(transaction: WriteTransaction) -> None:
        connection, at = transaction.connection, context.written_at(transaction, now)
        _must_be_closable(connection, context.ledger_time(transaction, now))
        entered = rows.every(connection)
        listed, waiting = _accepted(connection, entered), _waiting(entered)
        if not listed.works:
            raise refusals.NothingAccepted
        if listed.sha256 != closing.seen:
            raise refusals.SeenListChanged
        if waiting and not reason:
            raise refusals.WorksWaiting(waiting)
        if not source:
            raise refusals.SourceMissing
        if draws.newest_list(connection) is not None and not reason:
            raise refusals.ReasonForAnotherList
        new = NewList(listed.works, listed.taken, waiting, listed.sha256, source, reason)
        number = draws.insert_list(connection, new, by=who.username, at=at)
        payload = FinalsListClosed(
            number, list(listed.works), list(listed.taken), list(waiting), listed.sha256, transaction.commit_text(source),
            transaction.commit_text(reason) if reason else None,
        )  # fmt: skip
        transaction.record(at=at, actor=who.username, payload=payload)
        checkpoint(transaction, at, Occasion.LIST_CLOSED)

    authorization.change(store, who, may_register_works, now, act)


def draw(store: Store, reauthenticated: Reauthenticated, seen: str, seed: str, now: datetime) -> Mapping[str, str]:
    """Draw the judging codes of the closed list with the seed, for good; returns submission code -> judging code.

    `seen` is the hash of the closed list that was shown. Every work becomes a finalist and a work of the jury, to which
    judges are assigned as to imported works.
    Raises NotAllowed, BadSeed, AlreadyDrawn, NotClosed, ListChanged, OfficialsAmongAuthors, TwinsUndecided, WithoutFilm,
    AwardsFixed, SameFilm.
    """
    who, typed = reauthenticated.who, clean_seed(seed)

    def act(transaction: WriteTransaction) -> Mapping[str, str]:
        connection, at = transaction.connection, context.written_at(transaction, now)
        entered = {each.code: each for each in rows.every(connection)}
        closed = _drawable(connection, entered, seen)
        codes = drawn_codes(list_of(closed), typed, _prefix(connection))
        draws.insert_draw(connection, closed.id, typed, by=who.username, at=at)
        row = transaction.record(
            at=at, actor=who.username, payload=FinalsDrawn(closed.id, closed.sha256, typed, dict(codes))
        )
        for code, judging_code in in_drawn_order(codes):
            _enter_final(transaction, entered[code], judging_code, row.id, now)
        assignments.assign_all(transaction, SYSTEM, now)
        checkpoint(transaction, at, Occasion.DRAW)
        return codes

    return authorization.change(store, who, may_register_works, now, act)


def _must_be_closable(connection: Connection, at: datetime) -> None:
    phases = context.contest_state_in(connection).contest.phases
    if draws.draw(connection) is not None:
        raise refusals.AlreadyDrawn
    if phases is not None and at <= phases.submission.closes:
        raise refusals.StillReceiving(phases.submission.closes)


def _drawable(connection: Connection, entered: Mapping[str, Submission], seen: str) -> ClosedList:
    """The list to be drawn from, with nothing against it."""
    closed = draws.newest_list(connection)
    if draws.draw(connection) is not None:
        raise refusals.AlreadyDrawn
    if closed is None:
        raise refusals.NotClosed
    now = _accepted(connection, entered.values())
    if closed.sha256 != now.sha256 or closed.sha256 != seen:
        changed = {*closed.works, *closed.taken} ^ {*now.works, *now.taken}
        raise refusals.ListChanged(changed) if changed else refusals.SeenListChanged
    for problem in _problems(connection, closed.works):
        raise problem
    return closed


def _problems(connection: Connection, works: Iterable[str]) -> Iterable[Refusal]:
    """What would make the draw refuse, of these works (R02, R09, R15)."""
    listed = frozenset(works)
    blocked = match_decisions.blocked_authors(connection)
    if found := {code: blocked[code] for code in blocked.keys() & listed}:
        yield refusals.OfficialsAmongAuthors(found)
    if alike := film_pairs.waiting_works(connection) & listed:
        yield refusals.TwinsUndecided(alike)


def _enter_final(
    transaction: WriteTransaction, found: Submission, judging_code: str, ledger_id: int, now: datetime
) -> None:
    """Make a submission a finalist and a work of the jury, with its film, poster, title, authors and unit."""
    film, form = found.film, stored_forms.decode(found.form)
    if film is None:
        raise refusals.WithoutFilm(found.code)
    after = target(Move.DRAW, found.state, Mover.DRAW, "", has_film=True)
    rows.change(transaction.connection, found, ledger_id, {"state": after})
    draws.insert_finalist(transaction.connection, found.id, judging_code)
    work = NewWork(
        judging_code, form.title, form.author_names, form.unit, f"{film}.mp4", found.poster, film, found.milliseconds or 0,
        found.width or 0, found.height or 0,
    )  # fmt: skip
    contest_setup.insert_work(transaction, work, now)


def _accepted(connection: Connection, entered: Iterable[Submission]) -> FinalsList:
    accepted = (each.code for each in entered if each.state is SubmissionState.ACCEPTED)
    return FinalsList.of(accepted, draws.entry_codes(connection))


def _waiting(entered: Iterable[Submission]) -> tuple[str, ...]:
    return tuple(sorted(each.code for each in entered if each.state in OPEN_STATES))


def list_of(closed: ClosedList) -> FinalsList:
    """The list as a value with its canonical text, as the draw reads it."""
    return FinalsList.of(closed.works, closed.taken)


def _prefix(connection: Connection) -> str:
    return context.contest_state_in(connection).contest.entries.judging_code_prefix
