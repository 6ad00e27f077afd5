"""Opening the desk: a contest into an empty database, works into the contest, judges to the works."""

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.desk import assignments, house
from core.desk.house import written_at
from core.desk.lines import Problem
from core.desk.text_files import NoSuchFile
from core.desk.work_files import ListedWork, read_works
from core.media import library
from core.media.inspect import Inspection, inspect
from core.media.poster import MOMENTS, poster
from core.media.probe import Film
from core.rules.contest import Contest, VideoRules
from core.rules.contest_file import load
from core.rules.rule_card import fingerprint
from core.rules.words import Refusal, Sentence
from core.store import opening as rows
from core.store.circumstances import contest_row
from core.store.engine import Store, Unit
from core.store.replay.state import FORMAT, Payload
from core.store.replay.stored import sha256

SYSTEM = "system"


class AlreadyOpened(Refusal):
    """One database holds one contest, for good."""

    def __init__(self) -> None:
        super().__init__("Cơ sở dữ liệu này đã có một cuộc thi; mỗi cơ sở dữ liệu chỉ giữ một cuộc thi.")


class NoCalendar(Refusal):
    """A contest without its calendar cannot be run from a desk."""

    def __init__(self, name: str) -> None:
        super().__init__("{file}: chưa có lịch của cuộc thi (phần [phases]) nên chưa mở được.", file=name)


class NoSuchFolder(Refusal):
    """There is no folder of this name."""

    def __init__(self, path: Path) -> None:
        super().__init__("Không có thư mục {folder}.", folder=path)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the codes added, those that were there before, and what is wrong, by line."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    problems: tuple[Problem, ...]


def open_contest(
    store: Store, toml: str, name: str, now: datetime, *, seed: str | None = None, is_demo: bool = False
) -> Contest:
    """Open the empty database with the contest a file states; the seed of the judges' orders is made here, and public."""
    contest = load(toml, name)
    if contest.phases is None:
        raise NoCalendar(name)
    card, public, salt = fingerprint(contest), seed or secrets.token_hex(16), secrets.token_hex(16)

    def act(unit: Unit) -> None:
        if contest_row(unit.connection) is not None:
            raise AlreadyOpened
        rows.insert_contest(
            unit.connection, toml=toml, rule_card=card, seed=public, panel_salt=salt, is_demo=is_demo,
            opened_at=written_at(unit, now),
        )  # fmt: skip
        payload = {"contest": contest.key, "rule_card": card, "seed": public, "demo": int(is_demo)}
        payload |= {"toml_sha256": sha256(toml), "panel_sha256": sha256(salt), "format": FORMAT}
        unit.record(at=written_at(unit, now), actor=SYSTEM, event="contest.opened", payload=payload)

    store.change(act)
    return contest


def add_work(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Add a work whose film already lies in the library."""

    def act(unit: Unit) -> None:
        rows.insert_work(unit.connection, work)
        payload = {
            "entry": work.code, "title": work.title, "author": work.author, "unit": work.unit,
            **_film(work),
        }  # fmt: skip
        unit.record(at=written_at(unit, now), actor=SYSTEM, event="entry.added", payload=payload)

    store.change(act)


def replace_film(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Give a work of the contest another film, that already lies in the library."""

    def act(unit: Unit) -> None:
        rows.put_film(unit.connection, work)
        payload = {"entry": work.code, **_film(work)}
        unit.record(at=written_at(unit, now), actor=SYSTEM, event="entry.film_replaced", payload=payload)

    store.change(act)


def _film(work: rows.NewWork) -> Payload:
    """What the ledger holds of a film and its poster, both in the library under these names."""
    names = ("sha256", "milliseconds", "video", "poster", "width", "height")
    return {name: getattr(work, name) for name in names}


def seat_judges(store: Store, now: datetime) -> int:
    """Seat every judge before every work, those already seated aside; gives how many seats are new."""
    return store.change(lambda unit: assignments.seat_all(unit, SYSTEM, now))


def film_rules(store: Store) -> VideoRules:
    """What the contest asks of a work's file."""
    return house.contest(store).entries.video


def inspected(path: Path, rules: VideoRules) -> Inspection:
    """The file held against the contest's rules. Raises NoSuchFile."""
    if not path.is_file():
        raise NoSuchFile(path)
    return inspect(path, rules)


def shelved(
    work: ListedWork, path: Path, film: Film, shelf: Path, moments: tuple[float, ...] = MOMENTS
) -> rows.NewWork:
    """Copy a film into the library, with its poster taken from the best of these moments."""
    kept = library.keep(path, shelf)
    picture = poster(shelf / kept.name, film, shelf, moments=moments)
    return rows.NewWork(
        work.code, work.title, work.author, work.unit, kept.name, picture,
        kept.sha256, film.milliseconds, film.width, film.height,
    )  # fmt: skip


def import_works(
    store: Store, text: str, name: str, films: Path, shelf: Path, now: datetime, tell: Callable[[int, int, str], None]
) -> Imported:
    """Add the works of a CSV (code,title,author,unit,video) whose files lie in `films`; a bad line stops no other.

    `name` is what the table is called. Raises NoHeader, NoSuchFolder.
    """
    rules, (wanted, problems) = film_rules(store), read_works(text, name)
    if not films.is_dir():
        raise NoSuchFolder(films)
    files = {unicodedata.normalize("NFC", path.name): path for path in films.iterdir() if path.is_file()}
    with store.read() as connection:
        there = rows.films(connection)
    added: list[str] = []
    for number, row in enumerate(wanted, start=1):
        tell(number, len(wanted), row.code)
        if row.code in there:
            continue
        path = files.get(row.video)
        if path is None:
            absent = Sentence("Không có tệp {file} trong thư mục phim.", {"file": row.video})
            problems.append(Problem(row.line, absent))
            continue
        inspection = inspect(path, rules)
        problems.extend(Problem(row.line, each.says) for each in inspection.verdicts if not each.kept)
        if inspection.kept and inspection.film is not None:
            add_work(store, shelved(row, path, inspection.film, shelf), now)
            added.append(row.code)
    seat_judges(store, now)
    known = tuple(row.code for row in wanted if row.code in there)
    return Imported(tuple(added), known, tuple(sorted(problems, key=lambda problem: problem.line)))
