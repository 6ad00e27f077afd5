"""Opens a contest in an empty database, adds and corrects works, and assigns judges."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from core.desk import assignments, context
from core.desk.background import film_copies
from core.desk.context import written_at
from core.desk.matching import author_review
from core.desk.text_input.text_files import NoSuchFile
from core.media import library
from core.media.inspect import Inspection, inspect
from core.media.poster import MOMENTS, poster
from core.media.probe import Film
from core.rules.contest import Contest, VideoRules
from core.rules.contest_file.reader import load
from core.rules.rule_card.card import CURRENT, fingerprint
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import ContestOpened, EntryAdded, EntryCorrected, FilmReplaced
from core.store.films.library_files import library_files
from core.store.finals import changes
from core.store.ledger import SYSTEM
from core.store.queries import setup as rows
from core.store.queries.contest_row import contest_row
from core.store.replay.stored import sha256


class Texts(Protocol):
    """A work's code and texts."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def unit(self) -> str: ...


class AlreadyOpened(Refusal):
    """The database holds a contest already; it can never hold another."""

    def __init__(self) -> None:
        super().__init__("Cơ sở dữ liệu này đã có một cuộc thi; mỗi cơ sở dữ liệu chỉ giữ một cuộc thi.")


class NoCalendar(Refusal):
    """The contest file has no calendar ([phases]), so the contest cannot be opened."""

    def __init__(self, name: str) -> None:
        super().__init__("{file}: chưa có lịch của cuộc thi (phần [phases]) nên chưa mở được.", file=name)


class AlreadyThere(Refusal):
    """A work with this code was added by another command."""

    def __init__(self, code: str) -> None:
        super().__init__("Mã {code} vừa được nhập bởi một lệnh khác.", code=code)


class SameFilm(Refusal):
    """The film belongs to another work; each work needs its own film."""

    def __init__(self, code: str) -> None:
        super().__init__("Phim này đã là phim của tác phẩm {code}; mỗi tác phẩm một phim riêng.", code=code)


class FilmChanged(Refusal):
    """The film's file changed during the import."""

    def __init__(self) -> None:
        super().__init__("Tệp phim bị thay đổi trong lúc nhập; hãy nhập lại.")


class IsFinalist(Refusal):
    """The work came by the draw: it is changed by two people (`core.desk.finals.finalist_changes`)."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "Tác phẩm {code} vào chung kết bằng bốc thăm: hãy đề nghị thay đổi ở trang “Danh sách chung kết”.",
            code=code,
        )


class AwardsFixed(Refusal):
    """Works cannot be added or changed after the award table is confirmed."""

    def __init__(self) -> None:
        super().__init__("Bảng trao giải đã xác nhận nên không thêm, không sửa tác phẩm được nữa.")


class FilmMarked(Refusal):
    """The film cannot be replaced, because sheets for it are sealed."""

    def __init__(self, sheets: int) -> None:
        super().__init__(
            "Phim đã có {sheets} phiếu nộp nên không thay được; phải trả lại các phiếu đó trước.", sheets=sheets
        )


def open_contest(
    store: Store, toml: str, name: str, now: datetime, *, seed: str | None = None, is_demo: bool = False
) -> Contest:
    """Store the contest of a TOML file in the empty database. The seed of the judges' viewing orders is public.

    Raises NoCalendar, AlreadyOpened, and what `load` raises for a bad contest file.
    """
    contest = load(toml, name)
    if contest.phases is None:
        raise NoCalendar(name)
    card, public = fingerprint(contest, CURRENT), seed or secrets.token_hex(16)

    def act(transaction: WriteTransaction) -> None:
        if contest_row(transaction.connection) is not None:
            raise AlreadyOpened
        rows.insert_contest(
            transaction.connection, toml=toml, rule_card=card, rule_card_version=CURRENT, seed=public, is_demo=is_demo,
            opened_at=written_at(transaction, now),
        )  # fmt: skip
        payload = ContestOpened(contest.key, card, CURRENT, sha256(toml), public, is_demo)
        transaction.record(at=written_at(transaction, now), actor=SYSTEM, payload=payload)

    store.change(act)
    return contest


def add_work(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Add a work whose film is already in the library, and request that film's copies. Raises AlreadyThere, SameFilm, AwardsFixed."""
    store.change(lambda transaction: insert_work(transaction, work, now))


def insert_work(transaction: WriteTransaction, work: rows.NewWork, now: datetime) -> None:
    """The same in the caller's transaction."""
    must_be_unconfirmed(transaction)
    if rows.known_work(transaction.connection, work.code) is not None:
        raise AlreadyThere(work.code)
    _one_film_one_work(transaction, work)
    rows.insert_work(transaction.connection, work)
    texts = [transaction.commit_text(text) for text in (work.title, work.author, work.unit)]
    payload = EntryAdded(work.code, texts[0], texts[1], texts[2], **_film(work))
    transaction.record(at=written_at(transaction, now), actor=SYSTEM, payload=payload)
    author_review.review_work(transaction, work.code, written_at(transaction, now))
    film_copies.request(transaction, work.code, written_at(transaction, now))


def replace_film(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Give a work another film that is already in the library. Watch time of the old film is reset.

    In a demo contest watch time stays and sealed sheets do not prevent it: a lost film is made again there.
    Raises SameFilm, FilmMarked, AwardsFixed.
    """
    store.change(lambda transaction: _replace_film(transaction, work, now))


def correct_work(store: Store, work: Texts, now: datetime, film: rows.NewWork | None = None) -> None:
    """Change a work's title, author and unit, and its film if `film` is given, in one transaction.

    Raises IsFinalist, SameFilm, FilmMarked, AwardsFixed.
    """

    def act(transaction: WriteTransaction) -> None:
        if changes.submission_of(transaction.connection, work.code) is not None:
            raise IsFinalist(work.code)
        correct_texts(transaction, work, now)
        if film is not None:
            _replace_film(transaction, film, now)

    store.change(act)


def correct_texts(transaction: WriteTransaction, work: Texts, now: datetime) -> None:
    """Change a work's title, author and unit in the caller's transaction, if they differ. Raises AwardsFixed."""
    must_be_unconfirmed(transaction)
    before, texts = rows.known_work(transaction.connection, work.code), (work.title, work.author, work.unit)
    if before is not None and texts != (before.title, before.author, before.unit):
        rows.put_texts(transaction.connection, work.code, *texts)
        payload = EntryCorrected(work.code, *map(transaction.commit_text, texts))
        transaction.record(at=written_at(transaction, now), actor=SYSTEM, payload=payload)
        author_review.review_work(transaction, work.code, written_at(transaction, now))


def _replace_film(transaction: WriteTransaction, work: rows.NewWork, now: datetime) -> None:
    before, contest = rows.known_work(transaction.connection, work.code), contest_row(transaction.connection)
    same = before is None or before.sha256 == work.sha256
    if same or (contest and contest.is_demo):  # a lost film of the demo is made again
        _put_film(transaction, work, now)
    else:
        put_other_film(transaction, work, now)


def put_other_film(transaction: WriteTransaction, work: rows.NewWork, now: datetime) -> None:
    """Give a work another film in the caller's transaction. Watch time of the old film is reset.

    Raises SameFilm, FilmMarked, AwardsFixed.
    """
    must_be_unmarked(transaction, work.code)
    rows.forget_watched(transaction.connection, work.code)
    _put_film(transaction, work, now)


def must_be_unmarked(transaction: WriteTransaction, code: str) -> None:
    """Raise FilmMarked if sheets of the work are sealed."""
    if sealed := rows.sealed_sheets(transaction.connection, code):
        raise FilmMarked(sealed)


def _put_film(transaction: WriteTransaction, work: rows.NewWork, now: datetime) -> None:
    must_be_unconfirmed(transaction)
    _one_film_one_work(transaction, work)
    rows.put_film(transaction.connection, work)
    transaction.record(at=written_at(transaction, now), actor=SYSTEM, payload=FilmReplaced(work.code, **_film(work)))
    film_copies.request(transaction, work.code, written_at(transaction, now))


def must_be_unconfirmed(transaction: WriteTransaction) -> None:
    """Raise AwardsFixed once the award table is confirmed."""
    contest = contest_row(transaction.connection)
    if contest is not None and contest.awards_confirmed_at is not None:
        raise AwardsFixed


def _one_film_one_work(transaction: WriteTransaction, work: rows.NewWork) -> None:
    other = rows.work_of_film(transaction.connection, work.sha256)
    if other not in (None, work.code):
        raise SameFilm(str(other))


def _film(work: rows.NewWork) -> dict[str, Any]:
    """The payload fields about a film and its poster."""
    size = {"milliseconds": work.milliseconds, "width": work.width, "height": work.height}
    return {"film": work.sha256, "poster": work.poster, **size}


def assign_judges(store: Store, now: datetime) -> int:
    """Assign judges as `assignments.assign_all` does; returns the number of new assignments."""
    return store.change(lambda transaction: assignments.assign_all(transaction, SYSTEM, now))


def film_rules(store: Store) -> VideoRules:
    """The contest's rules for film files. Raises NoContest."""
    return context.contest(store).entries.video


def inspected(path: Path, rules: VideoRules) -> Inspection:
    """Check a film file against the contest's rules. Raises NoSuchFile."""
    if not path.is_file():
        raise NoSuchFile(path)
    return inspect(path, rules)


@contextmanager
def film_in_library(
    store: Store, work: Texts, path: Path, film: Film, folder: Path, moments: tuple[float, ...] = MOMENTS
) -> Iterator[rows.NewWork]:
    """Copy a film into the library, with a poster from the best of these moments; yields the work to store.

    If the block raises, the files added to the library are removed again, except what a work or a submission has
    got meanwhile: an author may send the same film. Raises OSError, NotAFilm.
    """
    before = library.names(folder)
    added: list[str] = []
    try:
        stored = library.store(path, folder)
        added.append(stored.name)
        picture = poster(folder / stored.name, film, folder, moments=moments)
        added.append(picture)
        yield rows.NewWork(
            work.code, work.title, work.author, work.unit, stored.name, picture, stored.sha256, film.milliseconds,
            film.width, film.height,
        )  # fmt: skip
    except BaseException:
        library.remove(folder, set(added) - before - _registered_files(store))
        raise


def _registered_files(store: Store) -> set[str]:
    with store.read() as connection:
        return {name for _, film, _, poster in library_files(connection) for name in (film, poster) if name}
