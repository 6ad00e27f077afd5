"""A film from a folder on the server goes through the door and the check of an upload; links and other files do not."""

import os
from pathlib import Path

import pytest

from core.desk.entries import incoming_films
from core.desk.entries.entry_refusals import ChangedMeanwhile
from core.desk.entries.film_intake import FilmRefused
from core.desk.entries.incoming_films import Chosen, FilmChanging, NoSuchFilm, listed
from core.desk.entries.submission_views import of_office
from core.desk.finals.film_proposals import give_incoming_film
from core.desk.maintenance import operations
from core.desk.uploads.upload_refusals import NotAnMp4, UploadTooLarge
from core.rules.access import NotAllowed, Principal
from core.rules.entries.states import NeedsReason, SubmissionState
from core.store.engine import Store
from tests.desk.contest_with_panel import LAN
from tests.desk.entries.entered import OFFICE
from tests.desk.entries.test_film_intake import SENT, Desk, desk, films

__all__ = ["desk", "films"]  # fixtures


@pytest.fixture
def incoming(desk: Desk) -> Path:
    folder = desk.folder.with_name("incoming")
    folder.mkdir()
    for name in ("good", "long"):
        (folder / f"{name}.mp4").write_bytes(desk.films[name])
    (folder / "ghi chú.txt").write_text("không phải phim")
    (folder / "text.mp4").write_text("không phải phim")
    (folder / "link.mp4").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.mp4")
    (folder / "folder.mp4").mkdir()
    return folder


def give(
    desk: Desk, name: str, *, who: Principal = OFFICE, version: int = 1, reason: str = "Phim gửi bằng USB"
) -> None:
    give_incoming_film(desk.store, who, desk.area, desk.folder, "TP-001", Chosen(name, version, reason), SENT)


def test_only_regular_mp4_files_are_listed(desk: Desk, incoming: Path) -> None:
    assert [each.name for each in listed(OFFICE, desk.folder)] == ["good.mp4", "long.mp4", "text.mp4"]
    with pytest.raises(NotAllowed):
        listed(LAN, desk.folder)


def test_without_the_folder_there_is_nothing(desk: Desk) -> None:
    assert listed(OFFICE, desk.folder) == ()
    with pytest.raises(NoSuchFilm):
        give(desk, "good.mp4")


def test_a_good_film_is_given_and_stays_in_the_folder(
    desk: Desk, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming_films, "BLOCK_BYTES", 1000)  # many pieces
    give(desk, "good.mp4")
    view = of_office(desk.store, OFFICE, "TP-001")
    assert view.row.state is SubmissionState.RECEIVED and view.history[-1].reason == "Phim gửi bằng USB"
    stored, waiting = desk.left()
    assert f"{view.row.film}.mp4" in stored and waiting == set()
    assert (incoming / "good.mp4").read_bytes() == desk.films["good"]
    assert operations.verify(desk.store).findings == ()


@pytest.mark.parametrize(
    "name", ["link.mp4", "pipe.mp4", "folder.mp4", "../films/x.mp4", "/etc/passwd", "..", "", "ghi chú.txt"]
)
def test_a_link_or_another_file_is_not_taken(desk: Desk, incoming: Path, name: str) -> None:
    with pytest.raises(NoSuchFilm):
        give(desk, name)
    assert desk.left() == (set(), set())


def test_what_is_refused_leaves_nothing(desk: Desk, incoming: Path) -> None:
    for name, version, reason, refusal in (
        ("long.mp4", 1, "x", FilmRefused),
        ("text.mp4", 1, "x", NotAnMp4),
        ("good.mp4", 2, "x", ChangedMeanwhile),
        ("good.mp4", 1, " ", NeedsReason),
    ):
        with pytest.raises(refusal):
            give(desk, name, version=version, reason=reason)
        assert desk.left() == (set(), set()), name
    with pytest.raises(NotAllowed):
        give(desk, "good.mp4", who=LAN)


def test_the_limits_of_an_upload_hold(desk: Desk, incoming: Path) -> None:
    with (incoming / "good.mp4").open("r+b") as file:
        file.truncate(desk.area.most_bytes + 1)
    with pytest.raises(UploadTooLarge):
        give(desk, "good.mp4")


def test_a_file_that_is_still_copied_is_not_taken(desk: Desk, incoming: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pread

    def growing(handle: int, size: int, at: int) -> bytes:
        with (incoming / "good.mp4").open("ab") as file:
            file.write(b"more")
        return real(handle, size, at)

    monkeypatch.setattr(os, "pread", growing)
    with pytest.raises(FilmChanging):
        give(desk, "good.mp4")
    monkeypatch.setattr(os, "pread", lambda *_: b"")
    with pytest.raises(FilmChanging):
        give(desk, "good.mp4")
    assert desk.left() == (set(), set())


def test_one_film_for_one_work(desk: Desk, incoming: Path, sqlite_store: Store) -> None:
    give(desk, "good.mp4")
    with pytest.raises(ChangedMeanwhile):
        give(desk, "good.mp4")
    assert of_office(sqlite_store, OFFICE, "TP-001").row.version == 2
