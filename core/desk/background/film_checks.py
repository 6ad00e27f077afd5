"""The job that checks one work's film again: still the registered file, still within the contest's rules, and watchable.

The whole film is decoded once, as a person would watch it to its end. The film's fingerprint comes from the same decoding.

Films are checked when they come in; a film that comes while another of its work is being checked is checked after it. Before judging begins, the secretary checks the whole library again: a disk may have
damaged a file, and a file may have been replaced.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.desk import context
from core.desk.background.film_fingerprints import FILM_TWINS_KEY, fingerprint_row, keep_fingerprint
from core.desk.background.film_posters import NewPoster, better_poster, store_poster
from core.desk.background.films_of_works import films_to_check
from core.jobs.job_kind import JobKind, Result, RunningJob
from core.media.content_check import content_findings
from core.media.full_decode import FullDecode, full_decode
from core.media.inspect import MAX_FRAME_RATE, Inspection, inspect
from core.media.library import sha256_of
from core.media.monitor import ProgressMonitor
from core.media.probe import Film
from core.rules.contest import VideoRules
from core.rules.entries.film_rules import FilmVerdict, Level
from core.rules.words import Language, Refusal, Sentence
from core.store.engine import Connection, WriteTransaction
from core.store.films import film_pairs
from core.store.films.film_pairs import FingerprintRow
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from core.store.queries.setup import RegisteredFilm

KEY = "film.check"
HASHED, INSPECTED = 0.1, 0.2  # the progress after hashing, and after the inspection; decoding takes longest
TO_ACT_ON = (Level.FAILED, Level.WARNING)
PASSED = Sentence("Phim đạt mọi quy định, đúng là tệp đã đăng ký.")


class FilmMissing(Refusal):
    """The film's file is not in the library."""

    def __init__(self, code: str) -> None:
        super().__init__("Thư viện không còn tệp phim của tác phẩm {code}; hãy lấy lại từ bản sao lưu.", code=code)


class FilmUnreadable(Refusal):
    """The system cannot read the film's file: a failing disk, or missing permissions. `why` is the system's word."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__("Máy chủ không đọc được tệp phim của tác phẩm {code} ({why}).", code=code, why=why)


class FilmDiffers(Refusal):
    """The file in the library is not the registered one."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "Tệp phim của tác phẩm {code} trong thư viện không còn là tệp đã đăng ký; hãy lấy lại từ bản sao lưu.",
            code=code,
        )


class WorkGone(Refusal):
    """There is no such work, or it has no film."""

    def __init__(self, code: str) -> None:
        super().__init__("Không có tác phẩm {code}, hoặc tác phẩm không có phim.", code=code)


@dataclass(frozen=True, slots=True)
class FilmCheck:
    """The newest check of a work's film. `progress` is per mille, `report` the lines of the findings by language."""

    state: JobState
    progress: int
    good: bool
    report: Mapping[str, tuple[str, ...]]

    def for_author(self, language: Language) -> tuple[str, ...]:
        """The findings for the film's author; none until the check is done. Why a check failed concerns the office alone."""
        return self.report.get(language.value, ()) if self.state is JobState.DONE else ()


def registered_film(job: RunningJob) -> RegisteredFilm:
    """The film of the work whose code is the job's subject, or the proposed film. Raises WorkGone."""
    with job.store.read() as connection:
        film = next((each for each in films_to_check(connection) if each.code == job.subject), None)
    if film is None:
        raise WorkGone(job.subject)
    return film


def check_film(job: RunningJob) -> Result:
    """Check the film of the work whose code is the job's subject.

    Raises WorkGone, FilmMissing, FilmUnreadable, FilmDiffers.
    """
    rules, film = context.contest(job.store).entries.video, registered_film(job)
    path, monitor = job.library / film.file, ProgressMonitor(job.report_progress, job.stopped)
    try:
        if sha256_of(path, monitor.part(0, HASHED).report) != film.sha256:
            raise FilmDiffers(job.subject)
        inspection = inspect(path, rules, monitor.part(HASHED, INSPECTED))
        decoded = _decoded(path, inspection, monitor.part(INSPECTED, 1))
        job.check()
    except FileNotFoundError as error:
        raise FilmMissing(job.subject) from error
    except OSError as error:
        raise FilmUnreadable(job.subject, error.strerror or str(error)) from error
    findings = _content(decoded, inspection.film, rules)
    verdicts = (*inspection.verdicts, *findings)
    to_act_on = tuple(each.line for level in TO_ACT_ON for each in verdicts if each.level is level)
    measured = tuple(each.line for each in verdicts if each.level is Level.PASSED)
    apply = partial(_store, film, _kept(job, film, inspection.film, decoded))
    return Result(to_act_on or (PASSED,), good=not to_act_on, facts=measured, apply=apply)


def _decoded(path: Path, inspection: Inspection, monitor: ProgressMonitor) -> FullDecode | None:
    """The decoding of the whole film; None where its picture cannot be decoded or has too many frames to try."""
    film = inspection.film
    if film is None or film.frames_per_second > MAX_FRAME_RATE or not film.video.codec.is_supported:
        return None
    return full_decode(path, film, monitor)


def _content(decoded: FullDecode | None, film: Film | None, rules: VideoRules) -> tuple[FilmVerdict, ...]:
    """What the whole film shows; nothing where it was not decoded."""
    return content_findings(decoded, film, rules) if decoded is not None and film is not None else ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the decoding of a film leaves: its fingerprint, and a better poster if it needs one."""

    fingerprint: FingerprintRow
    poster: NewPoster | None


def _kept(job: RunningJob, registered: RegisteredFilm, film: Film | None, decoded: FullDecode | None) -> _Kept | None:
    """What is kept of the decoding; None if the film was not decoded."""
    if decoded is None or film is None:
        return None
    fingerprint = fingerprint_row(registered.sha256, decoded, film.milliseconds)
    return _Kept(fingerprint, better_poster(job, registered, film, decoded))


def _store(checked: RegisteredFilm, kept: _Kept | None, transaction: WriteTransaction) -> None:
    """Keep what the decoding left. If the work has got another film meanwhile, request that one's check instead."""
    present = {film.code: film.sha256 for film in films_to_check(transaction.connection)}
    if present.get(checked.code, checked.sha256) != checked.sha256:
        at = context.written_at(transaction, context.now())
        jobs.add(transaction.connection, KEY, checked.code, by=None, at=at)
    elif kept is not None:
        keep_fingerprint(transaction, kept.fingerprint, checked.code)
        if kept.poster is not None:
            store_poster(transaction, checked.code, kept.poster)


def request_checks(transaction: WriteTransaction, code: str, film: str, at: int) -> None:
    """Request the check of a film that has just come for a work, and what the check alone would not bring."""
    jobs.add(transaction.connection, KEY, code, by=None, at=at)
    request_missed(transaction, code, film, at)


def request_missed(transaction: WriteTransaction, code: str, film: str, at: int) -> None:
    """Request what a film that has just become a work's film, or counts again, would not get by itself.

    Where it was checked before, the check finds nothing new and asks for no comparison with the films that came meanwhile;
    where it was not, it needs the check. `film`: its SHA-256.
    """
    known = film_pairs.fingerprints(transaction.connection, [film])
    jobs.add(transaction.connection, FILM_TWINS_KEY if known else KEY, code, by=None, at=at)


def film_check_of(connection: Connection, code: str) -> FilmCheck | None:
    """The newest check of this work's film; None if none was requested."""
    job = jobs.latest_of(connection, KEY, code)
    if job is None:
        return None
    report = json.loads(job.report) if job.report else {}
    lines = {language.value: tuple(report.get(language.value, ())) for language in Language}
    return FilmCheck(job.state, job.progress, bool(report.get("good", False)), lines)


FILM_CHECK = JobKind(KEY, Sentence("Kiểm tra phim"), check_film, time_limit_s=1800)
