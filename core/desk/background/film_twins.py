"""The job that compares one work's film with all others, and with films that were published elsewhere.

It finds copies that were renamed, encoded again, cropped, mirrored, sped up or titled anew, and stores them in pairs with
stills of matching moments. It decides nothing: a person does (`core.desk.background.film_pairs`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.desk import context
from core.desk.background.film_checks import WorkGone, request_missed
from core.desk.background.film_fingerprints import FILM_TWINS_KEY, DamagedFingerprint, read_fingerprint
from core.desk.background.films_of_works import film_of_subject, films_of_works
from core.desk.background.published_films import PublishedFolder, read_published_films
from core.jobs.job_kind import JobKind, Result, RunningJob
from core.media.fingerprint.film_fingerprint import Fingerprint
from core.media.fingerprint.likeness import Likeness
from core.media.fingerprint.search import Found, search
from core.media.monitor import ProgressMonitor
from core.media.poster import still
from core.media.probe import NotAFilm, probe
from core.rules.words import Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.films import film_pairs
from core.store.films.film_pairs import FilmOfWork, FingerprintRow, PairKey, PairRow

MOST_SHARED = 20  # pairs that only share scenes, of one film
READ, SEARCHED = 0.4, 0.8  # the progress after the folder of published films, and after the search
NEAR_COPY, SHARED_SCENES = "near_copy", "shared_scenes"


class NotChecked(Refusal):
    """The film has no fingerprint yet."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "Phim của tác phẩm {code} chưa được kiểm tra nên chưa so sánh được; hãy kiểm tra phim trước.", code=code
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A film to compare with: the pair it would be, its file, its name (code or file name), and its fingerprint."""

    key: PairKey
    path: Path
    name: str
    fingerprint: Fingerprint


def compare_film(job: RunningJob) -> Result:
    """Compare the film of the work whose code is the job's subject. Raises WorkGone, NotChecked, DamagedFingerprint."""
    monitor = ProgressMonitor(job.report_progress, job.stopped)
    with job.store.read() as connection:
        works, work = films_of_works(connection), film_of_subject(connection, job.subject)
    if work is None:
        raise WorkGone(job.subject)
    published = read_published_films(job, monitor.part(0, READ))
    with job.store.read() as connection:
        prints = film_pairs.fingerprints(connection)
    if work.sha256 not in prints:
        raise NotChecked(work.code)
    film = read_fingerprint(prints[work.sha256], work.code)
    candidates, damaged = _candidates(job, work, works, published, prints)
    found = search(film, [each.fingerprint for each in candidates], monitor.part(READ, SEARCHED))
    fresh = list(_pairs(job, work, candidates, _chosen(found), monitor.part(SEARCHED, 1)))
    with job.store.read() as connection:
        pairs = _with_near_copies(connection, fresh)

    def apply(transaction: WriteTransaction) -> None:
        at = context.written_at(transaction, context.now())
        for pair in _with_near_copies(transaction.connection, fresh):
            film_pairs.put_pair(transaction.connection, replace(pair.row, found_at=at))
        present = {each.subject: each.sha256 for each in films_of_works(transaction.connection)}
        if present.get(work.subject, work.sha256) != work.sha256:  # replaced meanwhile
            request_missed(transaction, work.subject, present[work.subject], at)

    decided, undecided = _copies(job.store, pairs)
    facts = (*decided, *_shared(pairs), *published.problems)
    if not pairs:
        facts = (Sentence("Không giống phim nào trong {count} phim đã so sánh.", {"count": len(candidates)}), *facts)
    if undecided or damaged:
        return Result((*undecided, *damaged), good=False, facts=facts, apply=apply)
    return Result(facts[:1], facts=facts[1:], apply=apply)


def _candidates(
    job: RunningJob,
    work: FilmOfWork,
    works: Sequence[FilmOfWork],
    published: PublishedFolder,
    prints: dict[str, FingerprintRow],
) -> tuple[list[Candidate], list[Sentence]]:
    """Every film of another work that has a fingerprint, and a sentence for each fingerprint that is damaged."""
    films = [
        (
            PairKey(min(work.sha256, each.sha256), max(work.sha256, each.sha256), published=False),
            each.sha256,
            job.library / each.file,
            each.subject,
        )
        for each in works
        if each.sha256 != work.sha256
        and each.code != work.code  # the film that is proposed for a finalist may be like its present one
    ]
    films += [
        (PairKey(work.sha256, each.sha256, published=True), each.sha256, published.folder / each.name, each.name)
        for each in published.films
    ]
    candidates, damaged = [], []
    for key, sha256, path, name in films:
        try:
            if sha256 in prints:
                candidates.append(Candidate(key, path, name, read_fingerprint(prints[sha256], name)))
        except DamagedFingerprint as error:
            damaged.append(error.sentence)
    return candidates, damaged


def _chosen(found: list[Found]) -> list[Found]:
    """All near copies, and of the films that share scenes those that share most."""
    shared = sorted((each for each in found if not each.is_copy), key=lambda each: -each.likeness.picture_share)
    return [*(each for each in found if each.is_copy), *shared[:MOST_SHARED]]


@dataclass(frozen=True, slots=True)
class _FoundPair:
    name: str
    row: PairRow


def _pairs(
    job: RunningJob, work: FilmOfWork, candidates: list[Candidate], found: list[Found], monitor: ProgressMonitor
) -> Iterator[_FoundPair]:
    """The rows of these pairs, with stills at the matching moments of a near copy; of shared scenes with the times alone."""
    for done, each in enumerate(found):
        candidate = candidates[each.at]
        part = monitor.part(done / len(found), (done + 1) / len(found))
        paths, likeness = (job.library / work.file, candidate.path), each.likeness
        if candidate.key.film != work.sha256:  # the other one is the pair's first
            paths, likeness = (paths[1], paths[0]), likeness.inverted()
        stills = _stills(job, paths, likeness, part) if each.is_copy else [(None, None)] * len(likeness.moments)
        moments = [(*times, *names) for times, names in zip(likeness.moments, stills, strict=True)]
        finding = NEAR_COPY if each.is_copy else SHARED_SCENES
        yield _FoundPair(candidate.name, _row(candidate.key, likeness, json.dumps(moments), finding))


def _with_near_copies(connection: Connection, found: list[_FoundPair]) -> list[_FoundPair]:
    """The pairs, where a near copy that the other film's comparison found stays one: a film may be part of a longer one."""
    stored = {row.key: row for row in film_pairs.pairs(connection) if row.finding == NEAR_COPY}
    return [
        pair if pair.row.finding == NEAR_COPY else replace(pair, row=stored.get(pair.row.key, pair.row))
        for pair in found
    ]


def _row(key: PairKey, likeness: Likeness, moments: str, finding: str) -> PairRow:
    return PairRow(
        key, round(10_000 * likeness.picture_share), round(10_000 * likeness.sound_share), round(1000 * likeness.slope),
        likeness.offset_ms, likeness.mirrored, moments, finding, found_at=0,
    )  # fmt: skip


def _stills(
    job: RunningJob, paths: tuple[Path, Path], likeness: Likeness, monitor: ProgressMonitor
) -> list[tuple[str | None, str | None]]:
    """The file names of the stills of both films at each matching moment."""
    names = []
    for done, times in enumerate(likeness.moments):
        monitor.report(done / len(likeness.moments))
        first, second = (_still(job, path, time, monitor) for path, time in zip(paths, times, strict=True))
        names.append((first, second))
    return names


def _still(job: RunningJob, path: Path, time_ms: int, monitor: ProgressMonitor) -> str | None:
    try:
        return still(path, probe(path), time_ms / 1000, job.library, monitor)
    except (NotAFilm, OSError):
        return None


def _copies(store: Store, pairs: list[_FoundPair]) -> tuple[list[Sentence], list[Sentence]]:
    """A sentence for each near copy: those that are decided, and those that wait for a decision."""
    with store.read() as connection:
        decided = {decision.key for decision in film_pairs.decisions(connection)}
    done, waiting = [], []
    for pair in pairs:
        row = pair.row
        facts = {"name": pair.name, "picture": percent(row.picture_share), "sound": percent(row.sound_share)}
        if row.finding == NEAR_COPY and row.key in decided:
            text = "Gần trùng với {name}: hình trùng {picture} %, tiếng trùng {sound} %; đã quyết định ở trang Phim giống nhau."
            done.append(Sentence(text, facts))
        elif row.finding == NEAR_COPY:
            text = "Gần trùng với {name}: hình trùng {picture} %, tiếng trùng {sound} %; hãy xem và quyết định ở trang Phim giống nhau."
            waiting.append(Sentence(text, facts))
    return done, waiting


def _shared(pairs: list[_FoundPair]) -> Iterator[Sentence]:
    names = ", ".join(pair.name for pair in pairs if pair.row.finding == SHARED_SCENES)
    if names:
        yield Sentence("Có cảnh chung với {names}.", {"names": names})


def percent(basis_points: int) -> int:
    """A share in basis points as whole percent."""
    return round(basis_points / 100)


FILM_TWINS = JobKind(FILM_TWINS_KEY, Sentence("So sánh phim"), compare_film, time_limit_s=6 * 3600)
