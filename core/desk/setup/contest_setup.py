"""Opening the desk: a contest into an empty database, works into the contest, judges to the works."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from core.desk import assignments, context
from core.desk.context import written_at
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
from core.store.ledger import SYSTEM
from core.store.queries import setup as rows
from core.store.queries.contest_row import contest_row
from core.store.replay.stored import sha256


class Texts(Protocol):
    """What the papers call a work by."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def unit(self) -> str: ...


class AlreadyOpened(Refusal):
    """One database holds one contest, for good."""

    def __init__(self) -> None:
        super().__init__("Cơ sở dữ liệu này đã có một cuộc thi; mỗi cơ sở dữ liệu chỉ giữ một cuộc thi.")


class NoCalendar(Refusal):
    """A contest without its calendar cannot be run from a desk."""

    def __init__(self, name: str) -> None:
        super().__init__("{file}: chưa có lịch của cuộc thi (phần [phases]) nên chưa mở được.", file=name)


class AlreadyThere(Refusal):
    """Somebody else added the work meanwhile."""

    def __init__(self, code: str) -> None:
        super().__init__("Mã {code} vừa được nhập bởi một lệnh khác.", code=code)


class SameFilm(Refusal):
    """One film, one work."""

    def __init__(self, code: str) -> None:
        super().__init__("Phim này đã là phim của tác phẩm {code}; mỗi tác phẩm một phim riêng.", code=code)


class FilmChanged(Refusal):
    """The film's file became another while it was read."""

    def __init__(self) -> None:
        super().__init__("Tệp phim bị thay đổi trong lúc nhập; hãy nhập lại.")


class AwardsFixed(Refusal):
    """Nothing of a work changes once the award table is confirmed."""

    def __init__(self) -> None:
        super().__init__("Bảng trao giải đã xác nhận nên không thêm, không sửa tác phẩm được nữa.")


class FilmMarked(Refusal):
    """Sheets are in that were given for the film as it is."""

    def __init__(self, sheets: int) -> None:
        super().__init__(
            "Phim đã có {sheets} phiếu nộp nên không thay được; phải trả lại các phiếu đó trước.", sheets=sheets
        )


def open_contest(
    store: Store, toml: str, name: str, now: datetime, *, seed: str | None = None, is_demo: bool = False
) -> Contest:
    """Open the empty database with the contest a file states; the seed of the judges' orders is made here, and public."""
    contest = load(toml, name)
    if contest.phases is None:
        raise NoCalendar(name)
    card, public = fingerprint(contest, CURRENT), seed or secrets.token_hex(16)

    def act(unit: WriteTransaction) -> None:
        if contest_row(unit.connection) is not None:
            raise AlreadyOpened
        rows.insert_contest(
            unit.connection, toml=toml, rule_card=card, rule_card_version=CURRENT, seed=public, is_demo=is_demo,
            opened_at=written_at(unit, now),
        )  # fmt: skip
        payload = ContestOpened(contest.key, card, CURRENT, sha256(toml), public, is_demo)
        unit.record(at=written_at(unit, now), actor=SYSTEM, payload=payload)

    store.change(act)
    return contest


def add_work(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Add a work whose film already lies in the library. Raises AlreadyThere, SameFilm, AwardsFixed."""

    def act(unit: WriteTransaction) -> None:
        _not_fixed(unit)
        if rows.known_work(unit.connection, work.code) is not None:
            raise AlreadyThere(work.code)
        _one_film_one_work(unit, work)
        rows.insert_work(unit.connection, work)
        texts = [unit.commit(text) for text in (work.title, work.author, work.unit)]
        payload = EntryAdded(work.code, texts[0], texts[1], texts[2], **_film(work))
        unit.record(at=written_at(unit, now), actor=SYSTEM, payload=payload)

    store.change(act)


def replace_film(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Give a work of the contest another film, that already lies in the library. What was watched of the old one is void.

    Raises SameFilm, FilmMarked, AwardsFixed.
    """
    store.change(lambda unit: _replace_film(unit, work, now))


def correct_work(store: Store, work: Texts, now: datetime, film: rows.NewWork | None = None) -> None:
    """Another title, author or unit for a work, and where given another film, both or neither.

    Raises SameFilm, FilmMarked, AwardsFixed.
    """

    def act(unit: WriteTransaction) -> None:
        _not_fixed(unit)
        before, texts = rows.known_work(unit.connection, work.code), (work.title, work.author, work.unit)
        if before is not None and texts != (before.title, before.author, before.unit):
            rows.put_texts(unit.connection, work.code, *texts)
            payload = EntryCorrected(work.code, *map(unit.commit, texts))
            unit.record(at=written_at(unit, now), actor=SYSTEM, payload=payload)
        if film is not None:
            _replace_film(unit, film, now)

    store.change(act)


def _replace_film(unit: WriteTransaction, work: rows.NewWork, now: datetime) -> None:
    _not_fixed(unit)
    _one_film_one_work(unit, work)
    before, contest = rows.known_work(unit.connection, work.code), contest_row(unit.connection)
    other = before is not None and before.sha256 != work.sha256
    if other and not (contest and contest.is_demo):  # the demonstration makes a film again that was lost
        if sealed := rows.sealed_sheets(unit.connection, work.code):
            raise FilmMarked(sealed)
        rows.forget_watched(unit.connection, work.code)
    rows.put_film(unit.connection, work)
    unit.record(at=written_at(unit, now), actor=SYSTEM, payload=FilmReplaced(work.code, **_film(work)))


def _not_fixed(unit: WriteTransaction) -> None:
    contest = contest_row(unit.connection)
    if contest is not None and contest.awards_confirmed_at is not None:
        raise AwardsFixed


def _one_film_one_work(unit: WriteTransaction, work: rows.NewWork) -> None:
    other = rows.work_of_film(unit.connection, work.sha256)
    if other not in (None, work.code):
        raise SameFilm(str(other))


def _film(work: rows.NewWork) -> dict[str, Any]:
    """What the ledger holds of a film and its poster."""
    size = {"milliseconds": work.milliseconds, "width": work.width, "height": work.height}
    return {"film": work.sha256, "poster": work.poster, **size}


def seat_judges(store: Store, now: datetime) -> int:
    """Seat every judge before every work, those already seated aside; gives how many seats are new."""
    return store.change(lambda unit: assignments.seat_all(unit, SYSTEM, now))


def film_rules(store: Store) -> VideoRules:
    """What the contest asks of a work's file."""
    return context.contest(store).entries.video


def inspected(path: Path, rules: VideoRules) -> Inspection:
    """The file held against the contest's rules. Raises NoSuchFile."""
    if not path.is_file():
        raise NoSuchFile(path)
    return inspect(path, rules)


@contextmanager
def shelved(
    work: Texts, path: Path, film: Film, shelf: Path, moments: tuple[float, ...] = MOMENTS
) -> Iterator[rows.NewWork]:
    """Copy a film into the library, with its poster taken from the best of these moments, for a work to be made of them.

    What this brought into the library is gone again where the block is left by an exception. Raises OSError, NotAFilm.
    """
    before = library.names(shelf)
    made: list[str] = []
    try:
        kept = library.keep(path, shelf)
        made.append(kept.name)
        picture = poster(shelf / kept.name, film, shelf, moments=moments)
        made.append(picture)
        yield rows.NewWork(
            work.code, work.title, work.author, work.unit, kept.name, picture, kept.sha256, film.milliseconds,
            film.width, film.height,
        )  # fmt: skip
    except BaseException:
        library.remove(shelf, set(made) - before)
        raise
