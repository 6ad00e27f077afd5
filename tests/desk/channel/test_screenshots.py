"""Screenshots of posts: rewritten in a limited process, stored under their hash, shown to who sees counts."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from core.desk.channel import reading_entry, screenshots
from core.desk.channel.reading_entry import TypedReading
from core.desk.channel.reading_refusals import NoRoomForScreenshot, NoScreenshot, NotAScreenshot
from core.desk.maintenance import operations
from core.media.pictures import clean, rewriter
from core.rules.access import NotAllowed, Principal
from core.store.engine import Store
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
