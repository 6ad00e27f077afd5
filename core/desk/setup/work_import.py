"""Imports works from a table and a folder of films, row by row. A bad row does not stop others and leaves no files."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.desk.files.work_list import ListedWork
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
    """The folder with the films does not exist."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Không có thư mục {folder}.", folder=folder)


class ImportRunning(Refusal):
    """Another import is running: two at once could remove each other's films from the library."""

    def __init__(self) -> None:
        super().__init__("Một lệnh import khác đang chạy; hãy đợi lệnh đó xong.")


class RowRefused(Refusal):
    """One row of the table cannot be imported."""


@dataclass(frozen=True, slots=True)
class Request:
    """An import: the works of a table and its problems, with films from a folder, into a library.

    `update` also corrects existing works; `dry_run` checks everything and writes nothing.
    """

    works: Sequence[ListedWork]
    problems: Sequence[Problem]
    films: Path
    library: Path
    update: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Imported:
    """The result of an import: codes of the works by outcome, and all problems by line."""

    added: list[str] = field(default_factory=list)
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)  # "title", "author", "unit", "film"
    known: list[str] = field(default_factory=list)  # existing and unchanged
    problems: list[Problem] = field(default_factory=list)


def import_works(store: Store, request: Request, now: datetime, tell: Tell) -> Imported:
    """Import the rows one by one, then assign the judges, even if the import was interrupted.

    `tell(number, count, code)` is called before each row. Raises NoSuchFolder, ImportRunning, NoContest.
    """
    rules, wanted = contest_setup.film_rules(store), request.works
    if not request.films.is_dir():
        raise NoSuchFolder(request.films)
    run = _Run(store, request, rules, now, _Folder.of(request.films))
    run.done.problems += request.problems
    with nullcontext() if request.dry_run else _exclusively(request.library):
        try:
            for number, row in enumerate(wanted, start=1):
                tell(number, len(wanted), row.code)
                with run.row(row):
                    run.take(row)
        finally:
            if not request.dry_run:
                contest_setup.assign_judges(store, now)
    run.done.problems.sort(key=lambda problem: problem.line)
    return run.done


@contextmanager
def _exclusively(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(library.locked(folder))
        except BlockingIOError:
            raise ImportRunning from None
        yield


@dataclass(frozen=True, slots=True)
class _Folder:
    """The files of a folder, by the `identity` of their names."""

    files: Mapping[str, list[Path]]

    @classmethod
    def of(cls, folder: Path) -> "_Folder":
        """Index a folder; composition, case and look-alike letters of a file's name do not matter."""
        files: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.iterdir()):
            if path.is_file():
                files[identity(path.name)].append(path)
        return cls(files)

    def named(self, name: str) -> Path | None:
        """The file of this name, or None. Raises RowRefused if several files match."""
        found = self.files.get(identity(name), [])
        if len(found) > 1:
            facts = {"name": name, "files": ", ".join(path.name for path in found)}
            raise RowRefused("Nhiều tệp cùng ứng với tên {name}: {files}; hãy để lại một tệp.", **facts)
        return found[0] if found else None


@dataclass(slots=True)
class _Run:
    """One run of `import_works`."""

    store: Store
    request: Request
    rules: VideoRules
    now: datetime
    folder: _Folder
    done: Imported = field(default_factory=Imported)
    planned: dict[str, str] = field(default_factory=dict)  # film's hash -> code, of this run's rows

    @contextmanager
    def row(self, row: ListedWork) -> Iterator[None]:
        """Turn any error in the block into a problem of this row, with its line and code."""
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
        """Add the row's work, or compare it with the existing work of its code. Raises Refusal, OSError."""
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
        if not self.request.dry_run:
            with self._film_in_library(row, path, film, sha256) as work:
                contest_setup.add_work(self.store, work, self.now)
        self.planned[sha256] = row.code
        self.done.added.append(row.code)

    def _compare(self, row: ListedWork, path: Path | None, known: KnownWork) -> None:
        """Compare with the existing work; correct it with `update`, else raise RowRefused if they differ."""
        texts = [name for name in TEXTS if getattr(row, name) != getattr(known, name)]
        sha256 = None if path is None else _sha256(path)
        other_film = path is not None and sha256 != known.sha256
        different = (*texts, *(["film"] if other_film else []))
        if not different:
            self.done.known.append(row.code)
            return
        if not self.request.update:
            what = ", ".join(NAMES[name].text for name in different)
            raise RowRefused("đã có trong cuộc thi nhưng khác ở: {what}; thêm --update để sửa.", what=what)
        if path is None or not other_film:
            if not self.request.dry_run:
                contest_setup.correct_work(self.store, row, self.now)
        elif not self._other_film(row, path):
            return
        self.done.corrected[row.code] = different

    def _other_film(self, row: ListedWork, path: Path) -> bool:
        """Correct the work including its film; False if the film breaks a rule."""
        sha256, film = self._free(row, path), self._accepted(row, path)
        if film is not None and not self.request.dry_run:
            with self._film_in_library(row, path, film, sha256) as work:
                contest_setup.correct_work(self.store, row, self.now, film=work)
        self.planned |= {sha256: row.code} if film is not None else {}
        return film is not None

    @contextmanager
    def _film_in_library(self, row: ListedWork, path: Path, film: Film, sha256: str) -> Iterator[NewWork]:
        with contest_setup.film_in_library(self.store, row, path, film, self.request.library) as work:
            if work.sha256 != sha256:
                raise contest_setup.FilmChanged
            yield work

    def _free(self, row: ListedWork, path: Path) -> str:
        """The film's hash (SHA-256, hex). Raises SameFilm if another work has the same film."""
        sha256 = _sha256(path)
        with self.store.read() as connection:
            other = rows.work_of_film(connection, sha256) or self.planned.get(sha256)
        if other is not None and other != row.code:
            raise contest_setup.SameFilm(other)
        return sha256

    def _accepted(self, row: ListedWork, path: Path) -> Film | None:
        """The film if it follows the contest's rules, else None; each broken rule becomes a problem of the row."""
        inspection = inspect(path, self.rules)
        for verdict in inspection.verdicts:
            if not verdict.passed:
                self._wrong(row, verdict.sentence)
        return inspection.film if inspection.passed else None

    def _wrong(self, row: ListedWork, what: Sentence) -> None:
        self.done.problems.append(Problem(row.line, Sentence("{code}: {what}", {"code": row.code, "what": what})))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
