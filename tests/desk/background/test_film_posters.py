"""A poster that shows nothing is replaced by the check of the whole film, for the submission and for the jury's work."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from core.desk import context
from core.desk.background.film_posters import NewPoster, store_poster
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.entries.submission_views import of_office
from core.desk.maintenance import operations
from core.jobs.worker import Worker
from core.media import programs
from core.media.poster import shows_something
from core.rules.words import Locale
from core.speech import locale
from core.store.engine import Store
from core.store.queries import entries
from tests.desk.contest_with_panel import CODES, assigned_panel
from tests.desk.entries.accepted import accepted_works, film_hash
from tests.desk.entries.entered import OFFICE
from tests.desk.entries.test_film_intake import SENT, Desk, desk, films
from tests.desk.finals.test_draw import close, draw_codes
from tests.fixtures.forged_rows import forged
from tests.fixtures.ledger_payloads import acts

__all__ = ["desk", "films"]  # fixtures
POSTER = f"{'ab' * 32}.webp"


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film of five seconds that is black at each moment from which the first poster is made."""
    path = tmp_path_factory.mktemp("hidden") / "film.mp4"
    sources = ["-f", "lavfi", "-i", "color=black:s=320x180:r=10:d=5", "-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=5"]
    sound = ["-f", "lavfi", "-i", "sine=d=5"]
    shown = ["-filter_complex", "[0][1]overlay=enable='between(t,1.6,2.4)'[v]", "-map", "[v]", "-map", "2:a"]
    encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    command = [programs.ffmpeg(), "-v", "error", *sources, *sound, *shown, *encoded, str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path.read_bytes()


def run_all(desk: Desk) -> None:
    worker = Worker(desk.store, desk.folder, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass


def poster_of(desk: Desk) -> Path:
    return desk.folder / str(of_office(desk.store, OFFICE, "TP-001").row.poster)


def findings(store: Store) -> list[str]:
    return [each.localize(Locale()) for each in operations.verify(store).findings]


def test_a_film_that_is_black_where_it_was_looked_at_gets_a_poster(desk: Desk, hidden: bytes) -> None:
    desk.films = {**desk.films, "hidden": hidden}
    desk.give("hidden")
    first, version = poster_of(desk), of_office(desk.store, OFFICE, "TP-001").row.version
    assert not shows_something(first)
    run_all(desk)
    assert poster_of(desk) != first and shows_something(poster_of(desk))
    assert of_office(desk.store, OFFICE, "TP-001").row.version == version  # no page is outdated by it
    assert findings(desk.store) == []


def test_a_good_poster_stays(desk: Desk) -> None:
    desk.give()
    first = poster_of(desk)
    run_all(desk)
    assert poster_of(desk) == first and acts(desk.store, "submission.poster_made") == []


def test_a_poster_that_is_lost_is_made_again(desk: Desk) -> None:
    desk.give()
    first = poster_of(desk)
    first.write_bytes(b"not a picture")
    run_all(desk)
    assert shows_something(poster_of(desk))


@pytest.mark.parametrize("picture, good", [("black", False), ("gray", False), ("half", True)])
def test_what_shows_something(tmp_path: Path, picture: str, good: bool) -> None:
    path = tmp_path / "picture.webp"
    image = Image.new("RGB", (64, 36), "black" if picture == "half" else picture)
    if picture == "half":
        image.paste("white", (0, 0, 32, 36))
    image.save(path, "WEBP")
    assert shows_something(path) is good


def test_a_finalists_work_gets_it_with_its_submission(sqlite_store: Store) -> None:
    assigned_panel(sqlite_store)
    accepted_works(sqlite_store, 2)
    close(sqlite_store)
    codes = draw_codes(sqlite_store)
    for submission, film in (("TP-001", film_hash("TP-001")), ("TP-002", film_hash("TP-001"))):  # not the second's film
        new = NewPoster(film, POSTER)
        sqlite_store.change(lambda transaction, code=submission, new=new: store_poster(transaction, code, new))  # type: ignore[misc]
    with sqlite_store.read() as connection:
        posters = [getattr(entries.work(connection, codes[code]), "poster") for code in ("TP-001", "TP-002")]  # noqa: B009
    assert posters == [POSTER, "TP-002.jpg"]
    assert of_office(sqlite_store, OFFICE, "TP-001").row.poster == POSTER
    assert len(acts(sqlite_store, "submission.poster_made")) == 1 and findings(sqlite_store) == []


def test_an_imported_work_gets_it_alone(sqlite_store: Store) -> None:
    assigned_panel(sqlite_store)
    with sqlite_store.read() as connection:
        film = str(getattr(entries.work(connection, CODES[0]), "sha256"))  # noqa: B009
    sqlite_store.change(lambda transaction: store_poster(transaction, CODES[0], NewPoster(film, POSTER)))
    with sqlite_store.read() as connection:
        assert getattr(entries.work(connection, CODES[0]), "poster") == POSTER  # noqa: B009
    assert findings(sqlite_store) == []


@pytest.mark.parametrize("submission, film", [("TP-001", "f" * 64), ("TP-009", None)])
def test_a_poster_of_another_film_is_found(desk: Desk, submission: str, film: str | None) -> None:
    desk.give()
    facts = {
        "submission": submission,
        "film": film or of_office(desk.store, OFFICE, "TP-001").row.film,
        "poster": POSTER,
    }
    at = context.millis(SENT)
    desk.store.change(lambda each: forged(each, at=at, actor="system", event="submission.poster_made", payload=facts))
    assert any("ảnh bìa không phải của phim khi đó" in each for each in findings(desk.store))
