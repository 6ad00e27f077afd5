"""Films that were published elsewhere and that the office has put into a folder, to be compared with the works.

A file is read once, and again when it changes; its fingerprint is stored, never a copy of it.
"""

from dataclasses import dataclass
from pathlib import Path

from core.desk import context
from core.desk.background.film_fingerprints import DamagedFingerprint, fingerprint_row, read_fingerprint
from core.jobs.job_kind import RunningJob
from core.media.full_decode import full_decode
from core.media.inspect import MAX_FRAME_RATE
from core.media.library import sha256_of
from core.media.monitor import ProgressMonitor
from core.media.probe import NotAFilm, probe
from core.rules.words import Sentence, usable
from core.store.engine import WriteTransaction
from core.store.films import film_pairs
from core.store.films.film_pairs import FingerprintRow, PublishedFile

FOLDER = "published"  # beside the library
HASHED = 0.1  # of the progress of one file
NOT_DECODED = Sentence("không phát được hình")


@dataclass(frozen=True, slots=True)
class PublishedFolder:
    """The films of the folder, and what is wrong with the files that could not be read."""

    folder: Path
    films: tuple[PublishedFile, ...]
    problems: tuple[Sentence, ...]


def read_published_films(job: RunningJob, monitor: ProgressMonitor) -> PublishedFolder:
    """Read the folder: fingerprints of new and changed files are made and stored. Raises JobStopped."""
    folder = job.library.with_name(FOLDER)
    paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    with job.store.read() as connection:
        known = film_pairs.published_files(connection)
        prints = film_pairs.fingerprints(connection, [file.sha256 for file in known.values()])
    films, problems = [], []
    for done, path in enumerate(paths):
        part = monitor.part(done / len(paths), (done + 1) / len(paths))
        part.report(0)
        try:
            films.append(_unchanged(path, known, prints) or _read(job, path, part))
        except (NotAFilm, OSError, UnicodeError) as error:
            problems.append(_problem(path, error))
    gone = known.keys() - {film.name for film in films}
    if gone:
        job.store.change(lambda transaction: film_pairs.drop_published_files(transaction.connection, gone))
    return PublishedFolder(folder, tuple(films), tuple(problems))


def _unchanged(path: Path, known: dict[str, PublishedFile], prints: dict[str, FingerprintRow]) -> PublishedFile | None:
    """What was read of this file before; None if it is new, has changed, or its fingerprint cannot be read."""
    file, found = known.get(path.name), path.stat()
    if file is None or (file.bytes, file.modified_ns) != (found.st_size, found.st_mtime_ns):
        return None
    try:
        read_fingerprint(prints[file.sha256], file.name)
    except (KeyError, DamagedFingerprint):
        return None
    return file


def _read(job: RunningJob, path: Path, monitor: ProgressMonitor) -> PublishedFile:
    """Hash and decode a file, and store its fingerprint. Raises NotAFilm, OSError, UnicodeError."""
    path.name.encode()
    usable(path.name)
    found, film = path.stat(), probe(path)
    if film.frames_per_second > MAX_FRAME_RATE or not film.video.codec.is_supported:
        raise NotAFilm(NOT_DECODED)
    file = PublishedFile(path.name, sha256_of(path, monitor.part(0, HASHED).report), found.st_size, found.st_mtime_ns)
    decoded = full_decode(path, film, monitor.part(HASHED, 1))
    job.check()
    row = fingerprint_row(file.sha256, decoded, film.milliseconds)

    def act(transaction: WriteTransaction) -> None:
        film_pairs.put_fingerprint(transaction.connection, row, context.written_at(transaction, context.now()))
        film_pairs.put_published_file(transaction.connection, file)

    job.store.change(act)
    return file


def _problem(path: Path, error: Exception) -> Sentence:
    why = error.sentence if isinstance(error, NotAFilm) else getattr(error, "strerror", None) or str(error)
    name = path.name.encode("utf-8", "replace").decode()
    return Sentence("Thư mục phim đã đăng, tệp {file}: {why}", {"file": name, "why": why})
