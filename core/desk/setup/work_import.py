"""Works from a table and a folder of films, row by row: whatever is wrong with one stops no other and leaves nothing behind."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.desk.files.work_list import ListedWork, read_works
from core.desk.setup import contest_setup
from core.desk.text_input.csv_lines import Problem
from core.media import library
from core.media.inspect import inspect
from core.media.probe import Film
from core.rules.contest import VideoRules
from core.rules.vietnamese import identity
from core.rules.words import Refusal, Sentence
from core.store.engine import Store
from core.store.queries import setup as rows
from core.store.queries.setup import KnownWork, NewWork

LOG = logging.getLogger("judging-desk.import")
TEXTS = ("title", "author", "unit")
NAMES = {
    "title": Sentence("tên"), "author": Sentence("tác giả"), "unit": Sentence("đơn vị"), "film": Sentence("phim"),
}  # fmt: skip
Tell = Callable[[int, int, str], None]


class NoSuchFolder(Refusal):
    """The folder that should hold the films is not there."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Không có thư mục {folder}.", folder=folder)


class ImportRunning(Refusal):
    """Two imports at once could take each other's films out of the library."""

    def __init__(self) -> None:
        super().__init__("Một lệnh import khác đang chạy; hãy đợi lệnh đó xong.")


class RowRefused(Refusal):
    """One row of the table cannot be taken."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the works of a table whose films lie in a folder, into a library.

    `update` corrects works that are there already; `dry_run` finds out everything and writes nothing.
    """

    text: str
    name: str  # of the table
    films: Path
    library: Path
    update: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Imported:
    """What became of the rows, by the works' codes; and everything wrong, by line."""

    added: list[str] = field(default_factory=list)
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)  # "title", "author", "unit", "film"
    known: list[str] = field(default_factory=list)  # there already, and the same
    problems: list[Problem] = field(default_factory=list)


def import_works(store: Store, asked: Request, now: datetime, tell: Tell) -> Imported:
    """Take the rows one by one; then assign the judges, also where it was broken off. Raises NoHeader, NoSuchFolder, ImportRunning."""
    rules, (wanted, problems) = contest_setup.film_rules(store), read_works(asked.text, asked.name)
    if not asked.films.is_dir():
        raise NoSuchFolder(asked.films)
    run = _Run(store, asked, rules, now, _Folder.of(asked.films))
    run.done.problems += problems
    with nullcontext() if asked.dry_run else _alone(asked.library):
        try:
            for number, row in enumerate(wanted, start=1):
                tell(number, len(wanted), row.code)
                with run.row(row):
                    run.take(row)
        finally:
            if not asked.dry_run:
                contest_setup.seat_judges(store, now)
    run.done.problems.sort(key=lambda problem: problem.line)
    return run.done


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(library.alone(folder))
        except BlockingIOError:
            raise ImportRunning from None
        yield


@dataclass(frozen=True, slots=True)
class _Folder:
    """The films of a folder, under the names by which a table may call them."""

    files: Mapping[str, list[Path]]

    @classmethod
    def of(cls, folder: Path) -> "_Folder":
        """Composition, case and look-alike letters of a file's name do not matter."""
        files: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.iterdir()):
            if path.is_file():
                files[identity(path.name)].append(path)
        return cls(files)

    def named(self, name: str) -> Path | None:
        """The file of this name; None where there is none. Raises RowRefused where two answer to it."""
        found = self.files.get(identity(name), [])
        if len(found) > 1:
            facts = {"name": name, "files": ", ".join(path.name for path in found)}
            raise RowRefused("Nhiều tệp cùng ứng với tên {name}: {files}; hãy để lại một tệp.", **facts)
        return found[0] if found else None


@dataclass(slots=True)
class _Run:
    """One run of `import_works`."""

    store: Store
    asked: Request
    rules: VideoRules
    now: datetime
    folder: _Folder
    done: Imported = field(default_factory=Imported)
    planned: dict[str, str] = field(default_factory=dict)  # of a dry run: a film's hash, and the code it would be under

    @contextmanager
    def row(self, row: ListedWork) -> Iterator[None]:
        """Whatever happens to this row is its own problem, with its line and its code."""
        try:
            yield
        except Refusal as refused:
            self._wrong(row, refused.sentence)
        except OSError as broken:
            facts = {"file": Path(str(broken.filename or row.video)).name, "why": broken.strerror or str(broken)}
            self._wrong(row, Sentence("không đọc hoặc ghi được tệp {file} ({why}).", facts))
        except Exception as unforeseen:
            LOG.exception("row %d, work %s", row.line, row.code)
            self._wrong(row, Sentence("không nhập được vì lỗi ngoài dự kiến ({why}).", {"why": repr(unforeseen)[:200]}))

    def take(self, row: ListedWork) -> None:
        """Add the row's work, or hold it against the one that bears its code. Raises Refusal, OSError."""
        path = self.folder.named(row.video)
        with self.store.read() as connection:
            known = rows.known_work(connection, row.code)
        if known is None:
            self._add(row, path)
        else:
            self._compare(row, path, known)

    def _add(self, row: ListedWork, path: Path | None) -> None:
        if path is None:
            raise RowRefused("Không có tệp {file} trong thư mục phim.", file=row.video)
        sha256 = self._free(row, path)
        film = self._accepted(row, path)
        if film is None:
            return
        if not self.asked.dry_run:
            with self._shelved(row, path, film, sha256) as work:
                contest_setup.add_work(self.store, work, self.now)
        self.planned[sha256] = row.code
        self.done.added.append(row.code)

    def _compare(self, row: ListedWork, path: Path | None, known: KnownWork) -> None:
        """Say what differs from the work that is there; with `update`, correct it."""
        texts = [name for name in TEXTS if getattr(row, name) != getattr(known, name)]
        sha256 = None if path is None else _sha256(path)
        other_film = path is not None and sha256 != known.sha256
        different = (*texts, *(["film"] if other_film else []))
        if not different:
            self.done.known.append(row.code)
            return
        if not self.asked.update:
            what = ", ".join(NAMES[name].text for name in different)
            raise RowRefused("đã có trong cuộc thi nhưng khác ở: {what}; thêm --update để sửa.", what=what)
        if path is None or not other_film:
            if not self.asked.dry_run:
                contest_setup.correct_work(self.store, row, self.now)
        elif not self._other_film(row, path):
            return
        self.done.corrected[row.code] = different

    def _other_film(self, row: ListedWork, path: Path) -> bool:
        """Correct the work, its film too; False where the film breaks a rule."""
        sha256, film = self._free(row, path), self._accepted(row, path)
        if film is not None and not self.asked.dry_run:
            with self._shelved(row, path, film, sha256) as work:
                contest_setup.correct_work(self.store, row, self.now, film=work)
        self.planned |= {sha256: row.code} if film is not None else {}
        return film is not None

    @contextmanager
    def _shelved(self, row: ListedWork, path: Path, film: Film, sha256: str) -> Iterator[NewWork]:
        with contest_setup.shelved(row, path, film, self.asked.library) as work:
            if work.sha256 != sha256:
                raise contest_setup.FilmChanged
            yield work

    def _free(self, row: ListedWork, path: Path) -> str:
        """The film's hash. Raises SameFilm where another work has this very film."""
        sha256 = _sha256(path)
        with self.store.read() as connection:
            other = rows.work_of_film(connection, sha256) or self.planned.get(sha256)
        if other is not None and other != row.code:
            raise contest_setup.SameFilm(other)
        return sha256

    def _accepted(self, row: ListedWork, path: Path) -> Film | None:
        """The film, held against the contest's rules; None where it breaks one, each of which is a problem of the row."""
        inspection = inspect(path, self.rules)
        for verdict in inspection.verdicts:
            if not verdict.kept:
                self._wrong(row, verdict.says)
        return inspection.film if inspection.kept else None

    def _wrong(self, row: ListedWork, what: Sentence) -> None:
        self.done.problems.append(Problem(row.line, Sentence("{code}: {what}", {"code": row.code, "what": what})))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
