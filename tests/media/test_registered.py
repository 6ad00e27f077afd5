"""A film is served only if it is the registered file, whenever and however it was replaced."""

import hashlib
import logging
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from core.media.registered import Registered

FILM = b"mot bo phim" * 1000
SHA256 = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / f"{SHA256}.mp4"
    path.write_bytes(FILM)
    return path


def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time a file is hashed."""
    hashed, digest = list[str](), hashlib.file_digest

    def counted(*words: Any) -> Any:
        hashed.append("x")
        return digest(*words)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    return hashed


def test_the_registered_file_is_valid_and_hashed_once(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, hashed = Registered(), hashings(monkeypatch)
    assert [files.holds(film, SHA256) for _ in range(3)] == [True] * 3
    assert hashed == ["x"]


def test_another_file_of_the_same_length_and_time_is_not_valid(film: Path, caplog: pytest.LogCaptureFixture) -> None:
    files, before = Registered(), film.stat()
    assert files.holds(film, SHA256)
    film.write_bytes(FILM[:-1] + b"!")
    os.utime(film, ns=(before.st_atime_ns, before.st_mtime_ns))
    with caplog.at_level(logging.ERROR, "judging-desk.films"):
        assert not files.holds(film, SHA256)
    assert film.name in caplog.text


def test_another_file_in_its_place_is_not_valid(film: Path, tmp_path: Path) -> None:
    files = Registered()
    assert files.holds(film, SHA256)
    other = tmp_path / "khac"
    other.write_bytes(FILM[::-1])
    other.replace(film)
    assert not files.holds(film, SHA256)


def test_the_right_file_put_back_is_valid_again(film: Path) -> None:
    files = Registered()
    film.write_bytes(b"khac")
    assert not files.holds(film, SHA256)
    film.write_bytes(FILM)
    assert files.holds(film, SHA256)


def test_many_who_ask_at_once_wait_for_one_hashing(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, hashed, answers = Registered(), hashings(monkeypatch), list[bool]()
    asking = [threading.Thread(target=lambda: answers.append(files.holds(film, SHA256))) for _ in range(16)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert (answers, hashed) == ([True] * 16, ["x"])


def test_a_missing_file_is_reported(film: Path) -> None:
    film.unlink()
    with pytest.raises(FileNotFoundError):
        Registered().holds(film, SHA256)
