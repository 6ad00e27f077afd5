"""A submission's film: a complete upload is checked against the rules, put into the library, and registered (plan III.4).

A film that breaks a rule is not taken, and the refusal says which: the author exports it anew and sends it again.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.desk import authorization, context
from core.desk.background import film_copies
from core.desk.background.film_checks import request_checks
from core.desk.entries import entry_refusals as refusals
from core.desk.entries.registration import link_hash, must_be_in_window
from core.desk.entries.submissions import renewed
from core.desk.uploads import uploads
from core.desk.uploads.upload_refusals import NotComplete
from core.desk.uploads.uploads import Holder, Upload, UploadArea
from core.media import library
from core.media.inspect import inspect
from core.media.poster import poster
from core.media.probe import Film
from core.rules.access import Principal
from core.rules.entries.author_window import author_in_time
from core.rules.entries.film_rules import FilmRule, FilmVerdict, broken, overridable
from core.rules.entries.states import Move, Mover, target
from core.rules.permissions import may_register_works
from core.rules.words import Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import SubmissionFilmReceived
from core.store.ledger import SYSTEM
from core.store.queries import setup
from core.store.queries import submissions as rows
from core.store.queries.submissions import Submission
from core.store.queries.uploads import UploadState

GRACE = timedelta(hours=1)  # from the last byte of a film to the end of its check


class FilmRefused(Refusal):
    """The film breaks rules of the contest; each is named, with its clause and who may take the film all the same.

    `waits` is true if the upload waits for the office's decision to take it past the rules.
    """

    def __init__(self, verdicts: tuple[FilmVerdict, ...], *, waits: bool) -> None:
        super().__init__("Phim chưa đúng thể lệ nên chưa nhận được.")
        self.faults = tuple(verdict.line for verdict in verdicts if not verdict.passed)
        self.waits = waits

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """One line for each rule."""
        return (self.sentence, *self.faults)


@dataclass(frozen=True, slots=True)
class Sent:
    """A complete upload for a submission: who holds it, its id, and the version of the submission that was read."""

    holder: Holder
    upload: str
    version: int
    reason: str = ""  # of the office
    past_rules: bool = False  # the office takes the film although it breaks rules that it may override


def author_holder(secret: str, network: str) -> Holder:
    """The holder of an author's uploads: whoever has the private link, inside the window. Raises UnknownLink."""
    hashed = link_hash(secret)

    def check(connection: Connection, at: int) -> None:
        found = rows.by_link(connection, hashed)
        if found is None:
            raise refusals.UnknownLink
        moment = context.moment(at)
        assert moment is not None
        must_be_in_window(context.contest_state_in(connection).contest, moment, found.state)

    return Holder(f"link:{hashed}", network, check)


def author_give_film(store: Store, area: UploadArea, folder: Path, secret: str, sent: Sent, now: datetime) -> None:
    """Give one's submission a film, its first or another one. `folder` is the film library.

    A film whose last byte came inside the window is in time, even if the check ends after it, within GRACE.
    Raises UnknownLink, NotYetOpen, WindowClosed, ChangedMeanwhile, WrongState, SameFilmEntered, NoSuchUpload,
    NotComplete, FilmRefused, OSError.
    """
    hashed = link_hash(secret)

    def found(transaction: WriteTransaction) -> Submission:
        row = rows.by_link(transaction.connection, hashed)
        if row is None:
            raise refusals.UnknownLink
        return row

    _give(store, area, folder, sent, now, _Act(found, Mover.AUTHOR, SYSTEM, "", store.change))


def office_give_film(
    store: Store, who: Principal, area: UploadArea, folder: Path, code: str, sent: Sent, now: datetime
) -> None:
    """Give a submission a film for its author, with a reason. Raises NotAllowed, UnknownSubmission, and the same."""

    def found(transaction: WriteTransaction) -> Submission:
        row = rows.find(transaction.connection, code)
        if row is None:
            raise refusals.UnknownSubmission
        return row

    def change(act: Callable[[WriteTransaction], None]) -> None:
        authorization.change(store, who, may_register_works, now, act)

    _give(store, area, folder, sent, now, _Act(found, Mover.OFFICE, who.username, sent.reason, change))


@dataclass(frozen=True, slots=True)
class _Act:
    """Who gives the film: how the submission is found in the transaction, and how the transaction is run."""

    found: Callable[[WriteTransaction], Submission]
    mover: Mover
    actor: str
    reason: str
    run: Callable[[Callable[[WriteTransaction], None]], object]


def _give(store: Store, area: UploadArea, folder: Path, sent: Sent, now: datetime, act: _Act) -> None:
    def register(film: CheckedFilm) -> None:
        act.run(lambda transaction: _register(transaction, act, sent, film, now))

    take(store, area, folder, sent, act.mover, register, now)


@dataclass(frozen=True, slots=True)
class CheckedFilm:
    """A checked film and its poster, on the library's disk but not in it yet."""

    path: Path
    sha256: str
    poster: Path  # named as in the library
    library: Path
    film: Film
    past_rules: tuple[FilmRule, ...]  # broken, and overridden by the office

    @property
    def facts(self) -> dict[str, Any]:
        """Length, picture size and poster, as columns and payloads name them."""
        size = {"milliseconds": self.film.milliseconds, "width": self.film.width, "height": self.film.height}
        return {**size, "poster": self.poster.name}

    def publish(self) -> None:
        """Give both their names in the library. They are named by their content, so nothing else is overwritten."""
        link = self.poster.with_name("film")
        os.link(self.path, link)  # the upload keeps its file until the row is written
        self.library.mkdir(parents=True, exist_ok=True)
        self.poster.replace(self.library / self.poster.name)
        library.publish(link, self.library, self.sha256)


def take(
    store: Store,
    area: UploadArea,
    folder: Path,
    sent: Sent,
    mover: Mover,
    register: Callable[[CheckedFilm], None],
    now: datetime,
) -> None:
    """Check a complete upload and let `register` store it: it publishes the film in its transaction and claims the upload.

    Raises NoSuchUpload, NotComplete, FilmRefused, OSError, and what `register` raises.
    """
    upload = uploads.find(store, sent.holder, sent.upload, now)
    if upload.state is not UploadState.COMPLETE:
        raise NotComplete
    film, past = _checked(store, area, upload.id, sent, mover)
    with uploads.working_folder(area) as made:
        picture = poster(area.path(upload.id), film, made)
        register(CheckedFilm(area.path(upload.id), str(upload.sha256), made / picture, folder, film, past))
    uploads.discard(store, area, upload.id)


def _checked(
    store: Store, area: UploadArea, upload: str, sent: Sent, mover: Mover
) -> tuple[Film, tuple[FilmRule, ...]]:
    """The film of a complete upload, and the rules that it breaks and the office overrides.

    An upload that nobody may take is discarded; one that the office may take past the rules waits for its decision.
    """
    past = mover is Mover.OFFICE and sent.past_rules
    inspection = inspect(area.path(upload), context.contest(store).entries.video, past_overridable=past)
    verdicts = inspection.verdicts
    if inspection.film is None or not (inspection.passed or (past and overridable(verdicts))):
        waits = mover is Mover.OFFICE and overridable(verdicts)
        if not waits:
            uploads.discard(store, area, upload)
        raise FilmRefused(verdicts, waits=waits)
    return inspection.film, broken(verdicts)


def must_be_new(connection: Connection, sha256: str, *own: str) -> None:
    """Raise SameFilmEntered if this is the film of a submission or work with another code than these."""
    same = rows.with_film(connection, sha256) or setup.work_of_film(connection, sha256)
    if same is not None and same not in own:
        raise refusals.SameFilmEntered(str(same))


def _register(transaction: WriteTransaction, act: _Act, sent: Sent, film: CheckedFilm, now: datetime) -> None:
    connection, found = transaction.connection, act.found(transaction)
    if found.version != sent.version:
        raise refusals.ChangedMeanwhile
    after = target(Move.GIVE_FILM, found.state, act.mover, act.reason, has_film=True)
    must_be_new(connection, film.sha256, found.code)
    contest, at = context.contest_state_in(connection).contest, context.ledger_time(transaction, now)
    sent_at = _counted_at(uploads.claim(transaction, sent.upload, sent.holder), at)
    if act.mover is Mover.AUTHOR:
        must_be_in_window(contest, sent_at, found.state)
    late = not author_in_time(contest, found.state, sent_at)
    film.publish()
    payload = SubmissionFilmReceived(
        found.code, film=film.sha256, sent_at=context.millis(sent_at), late=late, by_author=act.mover is Mover.AUTHOR,
        reason=transaction.commit_text(act.reason.strip()) if act.reason.strip() else None,
        past_rules=tuple(rule.value for rule in film.past_rules), **film.facts,
    )  # fmt: skip
    row = transaction.record(at=context.millis(at), actor=act.actor, payload=payload)
    values = {
        **film.facts,
        "film": film.sha256,
        "film_at": context.millis(sent_at),
        "late": int(late or found.late),
        "state": after,
        **renewed(found),
    }
    rows.change(connection, found, row.id, values)
    request_checks(transaction, found.code, film.sha256, row.at)
    film_copies.request(transaction, found.code, row.at)


def _counted_at(upload: Upload, at: datetime) -> datetime:
    """When the film counts as sent: when its last byte came, or `at` if that is longer ago than GRACE."""
    completed = context.moment(uploads.completed_at(upload))
    assert completed is not None
    return completed if at - completed <= GRACE else at
