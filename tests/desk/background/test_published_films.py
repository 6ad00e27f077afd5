"""From a real film check to a pair with a published film: a mirrored copy in the office's folder, with stills of both."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from core.desk.background import film_pairs
from core.desk.background.job_kinds import JOB_KINDS
from core.jobs.worker import Worker
from core.media.library import store as store_film
from core.rules.words import Locale
from core.speech import locale
from core.store import tables as t
from core.store.engine import Store
from core.store.films import film_pairs as rows
from core.store.queries import jobs
from tests.desk.contest_with_panel import CODES, NOW, SECRETARY, assigned_panel
from tests.fixtures.natural_films import altered, natural_film


@pytest.fixture
def library(sqlite_store: Store, tmp_path: Path) -> Path:
    """The library with the film of the first work; a mirrored copy and a text are in the folder of published films."""
    assigned_panel(sqlite_store)
    original = natural_film(tmp_path / "original.mp4", 1)
    stored = store_film(original, tmp_path / "library")
    work = t.entry.update().where(t.entry.c.code == CODES[0])
    others = t.entry.update().where(t.entry.c.code != CODES[0])
    for statement in (
        work.values(video=stored.name, sha256=stored.sha256),
        others.values(video=None, sha256=None),
    ):
        changed(sqlite_store, statement)
    (tmp_path / "published").mkdir()
    altered(original, tmp_path / "published" / "Phim đã đăng.mp4", "mirrored")
    (tmp_path / "published" / "ghi chú.txt").write_text("không phải phim")
    return tmp_path / "library"


def changed(store: Store, statement: sa.Update) -> None:
    store.change(lambda transaction: transaction.connection.execute(statement).close())


def work_through(store: Store, library: Path) -> dict[str, list[str]]:
    """Do all jobs; the reports by kind."""
    worker = Worker(store, library, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass
    with store.read() as connection:
        return {job.kind: [str(job.state), str(job.report)] for job in jobs.latest(connection)}


def test_a_checked_film_is_compared_with_the_published_ones(sqlite_store: Store, library: Path) -> None:
    sqlite_store.change(lambda u: jobs.add(u.connection, "film.check", CODES[0], by=None, at=0))
    reports = work_through(sqlite_store, library)
    assert {kind: state for kind, (state, _) in reports.items()} == {"film.check": "done", "film.twins": "done"}
    assert "Gần trùng với Phim đã đăng.mp4" in reports["film.twins"][1]
    assert "Thư mục phim đã đăng, tệp ghi chú.txt" in reports["film.twins"][1]
    (pair,) = film_pairs.listed(sqlite_store, SECRETARY)
    assert [(side.code, side.title) for side in pair.sides] == [
        (CODES[0], f"Tác phẩm {CODES[0]}"),
        (None, "Phim đã đăng.mp4"),
    ]
    assert "hình lật trái phải" in [fact.localize(Locale()) for fact in pair.facts]
    assert pair.verdicts == ("different", "copied") and len(pair.moments) >= 3
    for number, moment in enumerate(pair.moments):
        assert moment.stills == (True, True) and abs(moment.times_ms[0] - moment.times_ms[1]) <= 500
        stills = [film_pairs.still(sqlite_store, SECRETARY, pair.id, number, side, library) for side in (0, 1)]
        assert {Image.open(io.BytesIO(path.read_bytes())).format for path in stills} == {"JPEG"}
        assert {len(path.stem) for path in stills} == {64} and {path.parent for path in stills} == {library}
    film_pairs.decide(sqlite_store, SECRETARY, pair.id, "copied", "Đã đăng năm ngoái", 0, NOW)
    assert not film_pairs.pair(sqlite_store, SECRETARY, pair.id).waits
    assert "đã quyết định" in work_through(sqlite_store, library)["film.twins"][1]

    read_again(sqlite_store, library)


def read_again(store: Store, library: Path) -> None:
    """A second comparison reads no unchanged file again; a file that was taken away is forgotten, the decision stays."""
    with store.read() as connection:
        before = rows.fingerprints(connection)
    (library.parent / "published" / "Phim đã đăng.mp4").unlink()
    assert film_pairs.request_comparisons(store, SECRETARY, NOW) == 1
    assert "Không giống phim nào trong 0 phim" in work_through(store, library)["film.twins"][1]
    with store.read() as connection:
        assert rows.published_files(connection) == {} and rows.fingerprints(connection) == before
    (pair,) = film_pairs.listed(store, SECRETARY)
    assert pair.sides[1].title == "" and not pair.waits
