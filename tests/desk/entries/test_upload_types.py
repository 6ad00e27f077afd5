"""What an upload may be: a film by its first bytes, under a name that is only shown."""

from pathlib import Path

import pytest

from core.desk.uploads import upload_file, uploads
from core.desk.uploads.upload_refusals import FirstPieceTooShort, NoSuchUpload, NotAnMp4, NotAnMp4Name
from core.store.engine import Store
from tests.desk.entries.upload_desk import FILM, UploadDesk, small_area


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path) -> UploadDesk:
    return UploadDesk(sqlite_store, small_area(tmp_path))


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x14ftypqt  \0\0\2\0qt  ", b"<svg xmlns='http://www.w3.org/2000/svg'>", b"#EXTM3U\n#EXT-X-VERSION:3\n",
        b"\0" * 32, b"RIFF\0\0\0\0AVI LIST", b"\0\0\0\x18ftypheic\0\0\0\0mif1", b"\0\0\0\x08ftypisom\0\0\2\0isom",
        b"\x1aE\xdf\xa3" + b"\0" * 12,
    ],
)  # fmt: skip
def test_what_is_not_an_mp4_is_refused_at_its_first_bytes_and_is_gone(desk: UploadDesk, head: bytes) -> None:
    upload = desk.begin()
    with pytest.raises(NotAnMp4):
        desk.send(upload, 0, head + b"\0" * 100)
    assert desk.files() == set()
    with pytest.raises(NoSuchUpload):
        desk.kept(upload)


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"avc1", b"M4V ", b"MSNV", b"XAVC", b"3gp4", b"iso6", b"dash"])
def test_brands_of_films_are_taken(brand: bytes) -> None:
    assert upload_file.begins_as_mp4(b"\0\0\0\x20ftyp" + brand + b"\0\0\2\0")


def test_fifteen_bytes_are_too_few_to_tell_and_are_not_kept(desk: UploadDesk) -> None:
    upload = desk.begin()
    with pytest.raises(FirstPieceTooShort):
        desk.send(upload, 0, FILM[:15])
    assert desk.kept(upload) == 0


@pytest.mark.parametrize("name", ["phim.mov", "phim", "", "phim.mp4.exe", "phim.mp4\u202e.svg"])
def test_another_ending_is_refused_before_a_byte_is_sent(desk: UploadDesk, name: str) -> None:
    with pytest.raises(NotAnMp4Name):
        desk.begin(name=name)


@pytest.mark.parametrize(
    "name,shown",
    [
        ("../../etc/pass\x00wd.mp4", "passwd.mp4"), ("C:\\Phim\\Lò Thị.MP4", "Lò Thị.MP4"),
        ("\u202egpj\u200b  a\n\tb .mp4", "gpj a b .mp4"), ("Mo\u0300ng.mp4", "Mòng.mp4"), ("\ud800x\ue000.mp4", "x.mp4"),
        ("ộ" * 300 + ".mp4", "ộ" * 251 + ".mp4"), ("a." + "b" * 300, "b" * 255), ("<b>&amp;.mp4", "<b>&amp;.mp4"),
    ],
)  # fmt: skip
def test_a_shown_name_is_clean(name: str, shown: str) -> None:
    assert uploads.display_name(name) == shown


def test_the_file_is_named_by_the_upload_alone(desk: UploadDesk) -> None:
    upload = desk.begin(name="Tên tác giả.mp4")
    desk.send(upload, 0, FILM[:100])
    assert upload.name == "Tên tác giả.mp4"
    assert desk.files() == {f"{upload.id}.mp4"}
    assert desk.area.path(upload.id).stat().st_mode & 0o777 == 0o600
