"""Screenshots of posts: rewritten in a limited process, stored under their hash, shown to who sees counts."""

import hashlib
import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from core.desk.channel import reading_entry, reading_reviews, screenshots
from core.desk.channel.reading_entry import TypedReading
from core.desk.channel.reading_refusals import NoRoomForScreenshot, NoScreenshot, NotAScreenshot
from core.desk.maintenance import operations
from core.media.pictures import clean, rewriter
from core.rules.access import NotAllowed, Principal
from core.store import tables as t
from core.store.engine import Connection, Store
from core.store.films.library_files import pictures
from tests.desk.judged_contest import ADMIN, BEFORE_CUT_OFF, CHANNEL, COMMITTEE, JUDGES, MEETING, SECRETARY, judged

COUNTS = {"reactions": "1", "comments": "0", "shares": "0", "views": "0"}
MARK = b"<script>alert(1)</script>"


def picture(form: str, size: tuple[int, int] = (300, 200)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (20, 120, 200)).save(written, form)
    return written.getvalue()


def received(store: Store, data: bytes, library: Path) -> str:
    return screenshots.receive(store, CHANNEL, data, library, 0, MEETING)


def test_every_accepted_format_becomes_a_jpeg_under_its_hash(sqlite_store: Store, tmp_path: Path) -> None:
    judged(sqlite_store)
    for form in rewriter.FORMATS:
        name = received(sqlite_store, picture(form), tmp_path)
        stored = (tmp_path / f"{name}.jpg").read_bytes()
        assert hashlib.sha256(stored).hexdigest() == name
        with Image.open(io.BytesIO(stored)) as image:
            assert (image.format, image.size) == ("JPEG", (300, 200))


def test_nothing_of_the_sent_bytes_is_kept(sqlite_store: Store, tmp_path: Path) -> None:
    """A picture with markup behind it, and its place in EXIF."""
    judged(sqlite_store)
    written, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = MARK.decode()
    Image.new("RGB", (300, 200)).save(written, "JPEG", exif=exif, comment=MARK)
    assert MARK in written.getvalue()
    name = received(sqlite_store, written.getvalue() + MARK, tmp_path)
    assert MARK not in (tmp_path / f"{name}.jpg").read_bytes()


def test_a_large_picture_is_made_smaller(sqlite_store: Store, tmp_path: Path) -> None:
    judged(sqlite_store)
    name = received(sqlite_store, picture("PNG", (6000, 3000)), tmp_path)
    with Image.open(tmp_path / f"{name}.jpg") as image:
        assert image.size == (rewriter.LONGEST, rewriter.LONGEST // 2)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"x", b"%PDF-1.7", MARK, b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF"), picture("BMP"),
        picture("PNG")[:80], picture("JPEG")[:300], b"\x89PNG\r\n\x1a\n" + b"\x00" * (clean.MOST_BYTES + 1),
        picture("PNG", (8000, 5001)),
    ],
    ids=["empty", "text", "pdf", "markup", "svg", "gif", "bmp", "cut png", "cut jpeg", "too long", "too many pixels"],
)  # fmt: skip
def test_anything_else_is_refused_and_leaves_nothing(sqlite_store: Store, tmp_path: Path, data: bytes) -> None:
    judged(sqlite_store)
    with pytest.raises(NotAScreenshot):
        received(sqlite_store, data, tmp_path / "library")
    assert list((tmp_path / "library").iterdir()) == []


@pytest.mark.parametrize("who", [ADMIN, COMMITTEE, SECRETARY, *JUDGES])
def test_only_who_enters_readings_sends_one(sqlite_store: Store, who: Principal, tmp_path: Path) -> None:
    judged(sqlite_store)
    with pytest.raises(NotAllowed):
        screenshots.receive(sqlite_store, who, picture("PNG"), tmp_path, 0, MEETING)


def test_the_reserve_of_the_disk_stays_free(sqlite_store: Store, tmp_path: Path) -> None:
    judged(sqlite_store)
    with pytest.raises(NoRoomForScreenshot):
        screenshots.receive(sqlite_store, CHANNEL, picture("PNG"), tmp_path, 1 << 60, MEETING)


def test_it_is_shown_with_its_reading_and_belongs_to_the_library(sqlite_store: Store, tmp_path: Path) -> None:
    store = judged(sqlite_store)
    name = received(store, picture("PNG"), tmp_path)
    (result,) = reading_entry.save(
        store, CHANNEL, [TypedReading("T-401", COUNTS, screenshot=name)], BEFORE_CUT_OFF, MEETING, tmp_path
    )
    assert result.number is not None
    assert screenshots.screenshot(store, SECRETARY, result.number, tmp_path).name == f"{name}.jpg"
    for who in (*JUDGES, ADMIN, None):
        with pytest.raises(NotAllowed):
            screenshots.screenshot(store, who, result.number, tmp_path)
    with pytest.raises(NoScreenshot):
        screenshots.screenshot(store, SECRETARY, result.number + 1, tmp_path)
    with store.read() as connection:
        wanted = operations._library_files(connection)
    assert [(file.code, file.name, file.sha256) for file in wanted] == [("T-401", f"{name}.jpg", name)]
    (tmp_path / f"{name}.jpg").unlink()
    with pytest.raises(NoScreenshot):
        screenshots.screenshot(store, SECRETARY, result.number, tmp_path)


class TestSweep:
    """Screenshots that were sent and never saved."""

    OLD, FRESH = MEETING - screenshots.LIFE - timedelta(seconds=1), MEETING - screenshots.LIFE + timedelta(minutes=1)

    def planted(self, library: Path, name: str, *, old: bool = True) -> Path:
        path = library / name
        path.write_bytes(b"x")
        os.utime(path, ((self.OLD if old else self.FRESH).timestamp(),) * 2)
        return path

    def test_a_picture_that_no_row_names_is_removed_after_a_day(self, store: Store, tmp_path: Path) -> None:
        """An orphan, a fresh one, one of a rejected reading, a poster, a still of two films, and what is no picture of ours."""
        judged(store)
        orphan, saved, poster, still, fresh = (f"{each * 64}.jpg" for each in "abcde")
        for name in (orphan, saved, poster, still, "notes.jpg", f"{'f' * 64}.mp4", f"{'A' * 64}.jpg"):
            self.planted(tmp_path, name)
        self.planted(tmp_path, fresh, old=False)
        row = TypedReading("T-401", COUNTS, screenshot=saved.removesuffix(".jpg"))
        (result,) = reading_entry.save(store, CHANNEL, [row], BEFORE_CUT_OFF, MEETING, tmp_path)
        assert result.number is not None
        reading_reviews.reject(store, SECRETARY, result.number, "Không khớp bài đăng.", MEETING)
        store.change(lambda change: change.connection.execute(t.entry.update().values(poster=poster)).close())
        pair = {
            "film": "1" * 64,
            "other": "2" * 64,
            "published": 0,
            "finding": "near_copy",
            "found_at": 1,
            "mirrored": 0,
        }
        shares = {"picture_share": 1, "sound_share": 1, "slope": 1000, "offset_ms": 0}
        moments = json.dumps([[0, 0, still, None], [1, 1, None, None]])
        insert = t.film_pair.insert().values(**pair, **shares, moments=moments)
        store.change(lambda change: change.connection.execute(insert).close())
        before = {path.name for path in tmp_path.iterdir()}
        assert screenshots.sweep(store, tmp_path, MEETING) == 1
        assert before - {path.name for path in tmp_path.iterdir()} == {orphan}
        assert screenshots.sweep(store, tmp_path, MEETING + timedelta(days=1)) == 1  # the fresh one
        assert screenshots.sweep(store, tmp_path / "none", MEETING) == 0

    def test_a_picture_that_is_saved_or_sent_again_meanwhile_stays(
        self, sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the first look and the transaction that removes."""
        store, first = judged(sqlite_store), True
        saved, again, orphan = (self.planted(tmp_path, f"{each * 64}.jpg") for each in "abc")

        def looked(connection: Connection) -> frozenset[str]:
            nonlocal first
            found, was, first = pictures(connection), first, False
            if was:
                row = TypedReading("T-401", COUNTS, screenshot=saved.stem)
                (result,) = reading_entry.save(store, CHANNEL, [row], BEFORE_CUT_OFF, MEETING, tmp_path)
                assert result.number is not None
                self.planted(tmp_path, again.name, old=False)
            return found

        monkeypatch.setattr(screenshots, "pictures", looked)
        assert screenshots.sweep(store, tmp_path, MEETING) == 1
        assert {path.exists() for path in (saved, again)} == {True} and not orphan.exists()
