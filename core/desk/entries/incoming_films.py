"""Films that the office has put into a folder on the server, such as from a USB stick.

One is copied into the upload area as if it came in pieces over the network: the same limits, hash and check of the film.
The file in the folder stays. Only regular files are taken: a symbolic link could name any file of the machine.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.desk.entries.film_intake import Sent
from core.desk.uploads import upload_pieces, uploads
from core.desk.uploads.upload_refusals import NoSuchUpload, UploadGone
from core.desk.uploads.uploads import SUFFIX, Holder, UploadArea
from core.rules.access import Principal
from core.rules.look_alikes import is_invisible
from core.rules.permissions import may_register_works, must
from core.rules.words import Refusal
from core.store.engine import Store

FOLDER = "incoming"  # beside the library
MOST_LISTED = 500
BLOCK_BYTES = 1 << 20
PIECE_BLOCKS = 16  # blocks that are written before they are counted


class NoSuchFilm(Refusal):
    """The folder has no regular file of this name."""

    def __init__(self) -> None:
        super().__init__("Thư mục phim trên máy chủ không có tệp này; hãy tải lại trang.")


class FilmChanging(Refusal):
    """The file has grown or shrunk while it was read: somebody still copies it."""

    def __init__(self) -> None:
        super().__init__("Tệp phim đang được chép vào thư mục; hãy đợi chép xong rồi thử lại.")


@dataclass(frozen=True, slots=True)
class IncomingFilm:
    """A file of the folder."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file to give to a submission: its name, the submission's version that was read, and the office's reason.

    `past_rules`: take it although it breaks rules that the office may override.
    """

    name: str
    version: int
    reason: str
    past_rules: bool = False


def listed(who: Principal, library: Path) -> tuple[IncomingFilm, ...]:
    """The MP4 files of the folder beside this library, by name. Raises NotAllowed."""
    must(may_register_works(who))
    folder = library.with_name(FOLDER)
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        found = [
            IncomingFilm(entry.name, entry.stat(follow_symlinks=False).st_size)
            for entry in entries
            if entry.is_file(follow_symlinks=False) and _is_shown(entry.name)
        ]
    return tuple(sorted(found, key=lambda film: film.name)[:MOST_LISTED])


@contextmanager
def copied(
    store: Store, who: Principal, area: UploadArea, library: Path, chosen: Chosen, now: datetime
) -> Iterator[Sent]:
    """Copy a film of the folder into the upload area for the block, which gives it to a submission.

    Raises NoSuchFilm, FilmChanging, and what beginning an upload and sending its pieces raise.
    """
    holder = uploads.account_holder(who, FOLDER)
    upload_id = _copied(store, area, holder, library.with_name(FOLDER), chosen.name, now)
    try:
        yield Sent(holder, upload_id, chosen.version, chosen.reason, chosen.past_rules)
    except BaseException:  # a film that waits for the office's decision is copied again: the file stays in its folder
        _drop(store, area, holder, upload_id, now)
        raise


def _copied(store: Store, area: UploadArea, holder: Holder, folder: Path, name: str, now: datetime) -> str:
    """The id of a complete upload with the bytes of the file."""
    with _opened(folder, name) as handle:
        size = os.fstat(handle).st_size
        upload = uploads.begin(store, area, holder, size, name, now)
        try:
            at = 0
            while at < size:
                at = _piece(store, area, holder, upload.id, handle, at, now)
            if os.fstat(handle).st_size != size:
                raise FilmChanging
        except BaseException:
            _drop(store, area, holder, upload.id, now)
            raise
    return upload.id


def _piece(store: Store, area: UploadArea, holder: Holder, upload_id: str, handle: int, at: int, now: datetime) -> int:
    """Copy the next blocks as one piece; returns where the next one begins. Raises FilmChanging at an early end."""
    piece = upload_pieces.start(store, area, holder, upload_id, at, now)
    try:
        for _ in range(PIECE_BLOCKS):
            left = piece.upload.declared_bytes - at
            block = os.pread(handle, min(BLOCK_BYTES, left), at) if left else b""
            if left and not block:
                raise FilmChanging
            if not block:
                break
            piece.write(block)
            at += len(block)
        piece.keep(now, lambda: False)
    finally:
        piece.close()
    return at


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[int]:
    """A descriptor of a regular file of the folder. Raises NoSuchFilm."""
    if not _is_shown(name) or name != Path(name).name:
        raise NoSuchFilm
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise NoSuchFilm from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NoSuchFilm
        yield handle
    finally:
        os.close(handle)


def _is_shown(name: str) -> bool:
    """Whether a page can show the name and send it back: an MP4 file, in UTF-8, of visible characters."""
    return name.casefold().endswith(SUFFIX) and name.isprintable() and not any(map(is_invisible, name))


def _drop(store: Store, area: UploadArea, holder: Holder, upload_id: str, now: datetime) -> None:
    """Remove an upload that nothing will claim; one that is gone already is gone."""
    with suppress(NoSuchUpload, UploadGone):
        uploads.terminate(store, area, holder, upload_id, now)
