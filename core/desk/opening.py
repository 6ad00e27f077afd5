"""Opening the desk: a contest into an empty database, works into the contest, judges to the works."""

import csv
import io
import json
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.desk import house, seats
from core.desk.house import millis
from core.desk.text_files import NoSuchFile
from core.media import library
from core.media.inspect import Inspection, inspect
from core.media.poster import MOMENTS, poster
from core.media.probe import Film
from core.rules.contest import Contest, VideoRules
from core.rules.contest_file import Problem, load
from core.rules.rule_card import fingerprint
from core.rules.words import Refusal, Sentence
from core.store import opening as rows
from core.store.circumstances import contest_row
from core.store.engine import Store, Unit
from core.store.registry import digest

COLUMNS = ("code", "title", "author", "unit", "video")
CODE_LENGTH, TEXT_LENGTH = 20, 300
CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
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
class Row:
    """One work of an import file."""

    line: int
    code: str
    title: str
    author: str
    unit: str
    video: str


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
    card, public = fingerprint(contest), seed or secrets.token_hex(16)

    def act(unit: Unit) -> None:
        if contest_row(unit.connection) is not None:
            raise AlreadyOpened
        rows.insert_contest(
            unit.connection, toml=toml, rule_card=card, seed=public, is_demo=is_demo, opened_at=millis(now)
        )
        payload = {"contest": contest.key, "rule_card": card, "seed": public, "demo": int(is_demo)}
        payload["toml_sha256"] = digest(toml)
        unit.record(at=millis(now), actor=SYSTEM, event="contest.opened", payload=payload)

    store.change(act)
    return contest


def add_work(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Add a work whose film already lies in the library."""

    def act(unit: Unit) -> None:
        rows.insert_work(unit.connection, work)
        payload = {
            "entry": work.code, "title": work.title, "author": work.author, "unit": work.unit,
            "sha256": work.sha256, "milliseconds": work.milliseconds,
        }  # fmt: skip
        unit.record(at=millis(now), actor=SYSTEM, event="entry.added", payload=payload)

    store.change(act)


def replace_film(store: Store, work: rows.NewWork, now: datetime) -> None:
    """Give a work of the contest another film, that already lies in the library."""

    def act(unit: Unit) -> None:
        rows.put_film(unit.connection, work)
        payload = {"entry": work.code, "sha256": work.sha256, "milliseconds": work.milliseconds}
        unit.record(at=millis(now), actor=SYSTEM, event="entry.film_replaced", payload=payload)

    store.change(act)


def seat_judges(store: Store, now: datetime) -> int:
    """Seat every judge before every work, those already seated aside; gives how many seats are new."""
    return store.change(lambda unit: seats.seat_all(unit, SYSTEM, now))


def film_rules(store: Store) -> VideoRules:
    """What the contest asks of a work's file."""
    return house.contest(store).entries.video


def inspected(path: Path, rules: VideoRules) -> Inspection:
    """The file held against the contest's rules. Raises NoSuchFile."""
    if not path.is_file():
        raise NoSuchFile(path)
    return inspect(path, rules)


def shelved(row: Row, path: Path, film: Film, shelf: Path, moments: tuple[float, ...] = MOMENTS) -> rows.NewWork:
    """Copy a film into the library, with its poster taken from the best of these moments."""
    kept = library.keep(path, shelf)
    picture = poster(shelf / kept.name, film, shelf, moments=moments)
    return rows.NewWork(
        row.code, row.title, row.author, row.unit, kept.name, picture,
        kept.sha256, film.milliseconds, film.width, film.height,
    )  # fmt: skip


def import_works(
    store: Store, text: str, films: Path, shelf: Path, now: datetime, tell: Callable[[int, int, str], None]
) -> Imported:
    """Add the works of a CSV (code,title,author,unit,video) whose files lie in `films`; a bad line stops no other."""
    rules, (wanted, problems) = film_rules(store), read_works(text)
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
            problems.append(
                Problem(row.line, "video", Sentence("Không có tệp {file} trong thư mục phim.", {"file": row.video}))
            )
            continue
        inspection = inspect(path, rules)
        problems.extend(Problem(row.line, "video", each.says) for each in inspection.verdicts if not each.kept)
        if inspection.kept and inspection.film is not None:
            add_work(store, shelved(row, path, inspection.film, shelf), now)
            added.append(row.code)
    seat_judges(store, now)
    known = tuple(row.code for row in wanted if row.code in there)
    return Imported(tuple(added), known, tuple(sorted(problems, key=lambda problem: problem.line or 0)))


def read_works(text: str) -> tuple[list[Row], list[Problem]]:
    """The works of a CSV with a header, comma or semicolon; every line that is wrong is a problem with its number."""
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        what = Sentence("Thiếu cột {columns}.", {"columns": ", ".join(missing)})
        return [], [Problem(1, missing[0], what)]
    found: list[Row] = []
    problems: list[Problem] = []
    try:
        for cells in reader:
            if None in cells or None in cells.values():
                uneven = Sentence("Số ô khác với dòng tên cột; ô có dấu phân cách phải đặt trong ngoặc kép.")
                problems.append(Problem(reader.line_num, "", uneven))
                continue
            row = Row(reader.line_num, *(unicodedata.normalize("NFC", cells[name]).strip() for name in COLUMNS))
            wrong = _wrong(row, {other.code for other in found})
            problems.extend(wrong)
            if not wrong:
                found.append(row)
    except csv.Error as broken:
        problems.append(Problem(reader.line_num, "", Sentence("Dòng CSV hỏng: {why}.", {"why": broken})))
    return found, problems


def _wrong(row: Row, codes: set[str]) -> list[Problem]:
    wrong: list[tuple[str, Sentence]] = []
    if not row.code or len(row.code) > CODE_LENGTH or not CODE.issuperset(row.code):
        wrong.append(
            (
                "code",
                Sentence(
                    "Mã {code} phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.",
                    {"code": json.dumps(row.code, ensure_ascii=False)},
                ),
            )
        )
    elif row.code in codes:
        wrong.append(("code", Sentence("Mã {code} đã có ở dòng trên.", {"code": row.code})))
    for key in ("title", "author", "unit"):
        value = getattr(row, key)
        if not value or len(value) > TEXT_LENGTH or not value.isprintable():
            wrong.append((key, Sentence("Cột {column} trống, quá dài hoặc có ký tự lạ.", {"column": key})))
    if not row.video or row.video != Path(row.video).name:
        wrong.append(("video", Sentence("Cột video phải là tên tệp, không kèm thư mục.")))
    return [Problem(row.line, key, what) for key, what in wrong]
