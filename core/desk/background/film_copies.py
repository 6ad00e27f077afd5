"""The job that makes the copies of a work's film for its judges, and who asks for it (docs/security.md, Copies for judges).

Every film gets a light copy, and either a copy without tags or, if its codecs need it, one that every browser plays. Copies
that exist and are intact are kept.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from core.desk import context
from core.desk.background.film_checks import FilmDiffers, FilmMissing, FilmUnreadable, registered_film
from core.desk.background.films_of_works import registered_films
from core.jobs.job_kind import JobKind, Result, RunningJob
from core.media import library
from core.media.copies import make
from core.media.copies.make import MadeCopy
from core.media.monitor import ProgressMonitor
from core.media.probe import Film, probe
from core.rules.words import Points, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import FilmCopied
from core.store.films import film_copies as rows
from core.store.films.film_copies import CopyKind, FilmCopy
from core.store.ledger import SYSTEM
from core.store.queries import jobs
from core.store.queries.setup import RegisteredFilm

KEY = "film.copies"
HASHED = 0.05  # the progress after hashing the film
COMPLETE = Sentence("Phim đã có đủ bản sao.")
MAKERS = {CopyKind.ANONYMOUS: make.anonymous, CopyKind.LIGHT: make.light, CopyKind.PLAYABLE: make.playable}
MADE = {
    CopyKind.ANONYMOUS: Sentence("Đã làm bản không mang tên tác giả: {size} MB."),
    CopyKind.LIGHT: Sentence("Đã làm bản nhẹ: {width}×{height}, {size} MB."),
    CopyKind.PLAYABLE: Sentence("Đã chuyển mã để trình duyệt nào cũng phát được: {width}×{height}, {size} MB."),
}


def request(transaction: WriteTransaction, code: str, at: int, *, by: str | None = None) -> bool:
    """Request the copies of a work's film, `by` a username or by the desk itself. False if they are requested already."""
    return jobs.add(transaction.connection, KEY, code, by=by, at=at) is not None


def request_missing(transaction: WriteTransaction, folder: Path, at: int, *, by: str | None = None) -> int:
    """Request the copies of every film that lacks one in the library `folder`. Returns how many films that is."""
    return sum(request(transaction, code, at, by=by) for code in lacking(transaction.connection, folder))


def request_after_restore(store: Store, folder: Path) -> int:
    """Request the copies that a backup leaves out, since they can be made again. Returns for how many films."""
    return store.change(lambda t: request_missing(t, folder, context.written_at(t, context.now())))


def lacking(connection: Connection, folder: Path) -> list[str]:
    """The codes of the works and submissions whose films lack a copy, in the table or as a file in the library `folder`."""
    films = registered_films(connection)
    return [film.code for film in films if not _complete(_present(rows.of_film(connection, film.sha256), folder))]


def _present(copies: dict[CopyKind, FilmCopy], folder: Path) -> set[CopyKind]:
    return {kind for kind, copy in copies.items() if (folder / copy.file).is_file()}


def _complete(kinds: set[CopyKind]) -> bool:
    return CopyKind.LIGHT in kinds and len(kinds) > 1


def make_copies(job: RunningJob) -> Result:
    """Make the copies that the film lacks of the work whose code is the job's subject.

    Raises WorkGone, FilmMissing, FilmUnreadable, FilmDiffers, NoRoom, NotCopied.
    """
    registered = registered_film(job)
    path, monitor = job.library / registered.file, ProgressMonitor(job.report_progress, job.stopped)
    try:
        if library.sha256_of(path, monitor.part(0, HASHED).report) != registered.sha256:
            raise FilmDiffers(job.subject)
        made = dict(_make_missing(job, registered, path, monitor))
    except FileNotFoundError as error:
        raise FilmMissing(job.subject) from error
    except OSError as error:
        raise FilmUnreadable(job.subject, error.strerror or str(error)) from error
    report = tuple(_report(kind, copy) for kind, copy in made.items())
    return Result(report or (COMPLETE,), apply=partial(_store, job, registered, made))


def _make_missing(
    job: RunningJob, registered: RegisteredFilm, path: Path, monitor: ProgressMonitor
) -> Iterator[tuple[CopyKind, MadeCopy]]:
    film = probe(path)
    with job.store.read() as connection:
        existing = rows.of_film(connection, registered.sha256)
    missing = [kind for kind in kinds_of(film) if not _intact(existing.get(kind), job)]
    if not missing:
        return
    folder = job.resources.enter_context(library.unfinished_files(job.library, registered.sha256))
    step = (1 - HASHED) / len(missing)
    for number, kind in enumerate(missing):
        begins = HASHED + number * step
        yield kind, MAKERS[kind](path, film, folder, monitor.part(begins, begins + step))


def kinds_of(film: Film) -> tuple[CopyKind, CopyKind]:
    """The copies that this film should have, the quickest first."""
    return CopyKind.PLAYABLE if make.needs_transcode(film) else CopyKind.ANONYMOUS, CopyKind.LIGHT


def _intact(copy: FilmCopy | None, job: RunningJob) -> bool:
    """Whether the copy's file is in the library and is the one that was made."""
    if copy is None:
        return False
    try:
        return library.sha256_of(job.library / copy.file, lambda _: job.check()) == copy.sha256
    except OSError:
        return False


def _store(
    job: RunningJob, registered: RegisteredFilm, made: dict[CopyKind, MadeCopy], transaction: WriteTransaction
) -> None:
    """Publish the copies, unless the work has got another film meanwhile; then that one's copies are requested."""
    at = context.written_at(transaction, context.now())
    present = {film.code: film.sha256 for film in registered_films(transaction.connection)}
    if job.subject not in present:
        return  # withdrawn meanwhile
    if present[job.subject] != registered.sha256:
        request(transaction, job.subject, at)
        return
    for kind, copy in made.items():
        library.publish(copy.path, job.library, copy.sha256)
        facts = (copy.bytes, copy.milliseconds, copy.width, copy.height)
        row = FilmCopy(registered.sha256, kind, library.film_name(copy.sha256), copy.sha256, *facts)
        if rows.put(transaction.connection, row, at):
            payload = FilmCopied(job.subject, registered.sha256, kind.value, copy.sha256, *facts)
            transaction.record(at=at, actor=SYSTEM, payload=payload)


def _report(kind: CopyKind, copy: MadeCopy) -> Sentence:
    size = Points(max(1, round(copy.bytes / 100_000)), 1)
    return Sentence(MADE[kind].text, {"width": copy.width, "height": copy.height, "size": size})


FILM_COPIES = JobKind(KEY, Sentence("Làm bản sao của phim"), make_copies, time_limit_s=5 * 3600)
