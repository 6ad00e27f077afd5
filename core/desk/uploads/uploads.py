"""Uploads: a film comes in pieces, over days if need be, until it is complete and a submission claims it.

The row of the table says which bytes are safe. A piece is written at the row's offset and synced before the row moves
(`core.desk.uploads.upload_pieces`), so a killed server or a lost connection loses no acknowledged byte. The file's name is
the upload's random id. An unclaimed upload expires LIFE after its last piece.
"""

import secrets
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from core.desk import context
from core.desk.authorization import current_principal
from core.desk.uploads.upload_file import HEAD_BYTES
from core.desk.uploads.upload_refusals import (
    NetworkBusy,
    NoRoom,
    NoSuchUpload,
    NotAnMp4Name,
    NotComplete,
    TooManyUploads,
    UploadGone,
    UploadTooLarge,
)
from core.rules.access import Principal
from core.rules.look_alikes import is_invisible
from core.rules.permissions import may_register_works, must
from core.rules.vietnamese import nfc
from core.store.engine import Connection, Store, WriteTransaction
from core.store.queries import uploads as rows
from core.store.queries.uploads import Upload as Upload  # noqa: PLC0414  # core.web names it without the store
from core.store.queries.uploads import UploadState

LIFE = timedelta(days=7)  # of an unclaimed upload, from its last piece
IDLE = timedelta(hours=1)  # from then on an open upload gives way to a new one of the same holder
PER_HOLDER, PER_NETWORK = 5, 50  # unclaimed uploads
NAME_CHARACTERS = 255
STRAY_S = 3600.0  # age at which a file without a row is removed
SUFFIX = ".mp4"
WORKING = ".working-"  # of folders
Completed = Callable[[WriteTransaction, Upload], None]


def _anybody(_connection: Connection, _at: int) -> None:
    """No further check."""


def nothing_follows(_transaction: WriteTransaction, _upload: Upload) -> None:
    """The default of `UploadArea.completed`: a complete upload waits to be claimed."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an upload: nobody else sees it or goes on with it.

    `check` runs in every transaction that writes; it raises a Refusal when they may no longer upload. It takes the
    connection and the time, UTC ms.
    """

    key: str  # "account:thuky"
    network: str  # where they are: `core.desk.accounts.throttling.network`
    check: Callable[[Connection, int], object] = field(default=_anybody, compare=False)


@dataclass(frozen=True, slots=True)
class UploadArea:
    """Where uploads lie, how much they may take, and what is done in the transaction that completes one."""

    folder: Path
    most_bytes: int  # of one film
    reserve_bytes: int  # of the disk, which uploads never use
    completed: Completed = nothing_follows

    def path(self, upload_id: str) -> Path:
        """The file of an upload."""
        return self.folder / f"{upload_id}{SUFFIX}"

    def free_bytes(self) -> int:
        """The free bytes of the disk."""
        folder = next(each for each in (self.folder, *self.folder.parents) if each.exists())
        return shutil.disk_usage(folder).free


def account_holder(who: Principal, network: str) -> Holder:
    """The holder for a signed-in person who registers works. Raises NotAllowed."""

    def check(connection: Connection, at: int) -> None:
        must(may_register_works(current_principal(connection, who, at)))

    must(may_register_works(who))
    return Holder(f"account:{who.username}", network, check)


def begin(store: Store, area: UploadArea, holder: Holder, declared: int, name: str, now: datetime) -> Upload:
    """Begin an upload of `declared` bytes; `name` is the file's name on the sender's machine, any text.

    If the holder has too many, the one that has been idle for longest gives way.
    Raises UploadTooLarge, NotAnMp4Name, TooManyUploads, NetworkBusy, NoRoom, and what the holder's check raises.
    """
    shown = display_name(name)
    if not HEAD_BYTES <= declared <= area.most_bytes:
        raise UploadTooLarge(area.most_bytes)
    if not shown.casefold().endswith(SUFFIX):
        raise NotAnMp4Name
    new_id = secrets.token_hex(16)

    def act(transaction: WriteTransaction) -> tuple[Upload, str | None]:
        at = transaction.not_before(context.millis(now))
        holder.check(transaction.connection, at)
        removed = _make_room(transaction.connection, area, holder, declared, at)
        new = Upload(
            new_id, holder.key, holder.network, shown, declared, 0, UploadState.OPEN, None, at, at + milliseconds(LIFE)
        )  # fmt: skip
        rows.add(transaction.connection, new)
        return new, removed

    begun, removed = store.change(act)
    if removed is not None:
        area.path(removed).unlink(missing_ok=True)
    return begun


def _make_room(connection: Connection, area: UploadArea, holder: Holder, declared: int, at: int) -> str | None:
    """Check that one more upload may begin. Returns the id of the holder's idle upload that was removed for it."""
    removed, load = None, rows.load(connection, holder.key, holder.network)
    if load.of_holder >= PER_HOLDER:
        removed = rows.remove_idle(connection, holder.key, expires_before=at + milliseconds(LIFE - IDLE))
        if removed is None:
            raise TooManyUploads(PER_HOLDER)
    elif load.of_network >= PER_NETWORK:
        raise NetworkBusy
    if load.awaited_bytes + declared > area.free_bytes() - area.reserve_bytes:
        raise NoRoom
    return removed


def find(store: Store, holder: Holder, upload_id: str, now: datetime) -> Upload:
    """The holder's unclaimed upload. Raises NoSuchUpload, UploadGone."""
    with store.read() as connection:
        return found_in(connection, holder, upload_id, context.millis(now))


def found_in(connection: Connection, holder: Holder, upload_id: str, at: int) -> Upload:
    """The same, in the caller's transaction; `at` is UTC ms."""
    upload = rows.find(connection, upload_id)
    if upload is None or upload.holder != holder.key or upload.state is UploadState.CLAIMED:
        raise NoSuchUpload
    if upload.expires_at <= at:
        raise UploadGone
    return upload


def terminate(store: Store, area: UploadArea, holder: Holder, upload_id: str, now: datetime) -> None:
    """Remove an upload and its file. Raises NoSuchUpload, UploadGone, and what the holder's check raises."""

    def act(transaction: WriteTransaction) -> None:
        at = transaction.not_before(context.millis(now))
        holder.check(transaction.connection, at)
        found_in(transaction.connection, holder, upload_id, at)
        rows.remove(transaction.connection, upload_id)

    store.change(act)
    area.path(upload_id).unlink(missing_ok=True)


def discard(store: Store, area: UploadArea, upload_id: str) -> None:
    """Remove a claimed upload's row and file, once the film is in the library; or one that is not a film, or lost."""
    store.change(lambda transaction: rows.remove(transaction.connection, upload_id))
    area.path(upload_id).unlink(missing_ok=True)


def claim(transaction: WriteTransaction, upload_id: str, holder: Holder) -> Upload:
    """Give a complete upload to a submission, in its transaction: it no longer expires. Its file is `UploadArea.path`.

    The caller moves the film into the library and then calls `discard`. Raises NoSuchUpload, NotComplete.
    """
    upload = rows.find(transaction.connection, upload_id)
    if upload is None or upload.holder != holder.key:
        raise NoSuchUpload
    if not rows.claim(transaction.connection, upload_id):
        raise NotComplete
    return upload


def completed_at(upload: Upload) -> int:
    """When the last byte of a complete upload came, UTC ms."""
    return upload.expires_at - milliseconds(LIFE)


@contextmanager
def working_folder(area: UploadArea) -> Iterator[Path]:
    """A folder for files about an upload, on the same disk; removed after the block, or by `sweep` after a kill."""
    area.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=WORKING, dir=area.folder) as folder:
        yield Path(folder)


def sweep(store: Store, area: UploadArea, now: datetime) -> int:
    """Remove expired uploads, and files that no row names (of a server killed in between). Returns how many files."""
    files = list(area.folder.glob(f"*{SUFFIX}")) if area.folder.is_dir() else []  # before the rows: a new one has a row

    at = context.millis(now)
    with store.read() as connection:
        known, due = rows.ids(connection), rows.any_expired(connection, at)
    expired = frozenset(store.change(lambda each: rows.remove_expired(each.connection, at)) if due else ())
    removed = 0
    for path in files:
        if path.stem in expired or (path.stem not in known and _age_s(path) > STRAY_S):
            path.unlink(missing_ok=True)
            removed += 1
    for left in area.folder.glob(f"{WORKING}*"):
        if _age_s(left) > STRAY_S:
            shutil.rmtree(left, ignore_errors=True)
    return removed


def display_name(text: str) -> str:
    """A file's name as it is shown: without folders and invisible characters, NFC, at most 255 characters."""
    last = nfc(text).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if each.isspace() else each for each in last if not _is_unusable(each))
    stem, dot, ending = " ".join(seen.split()).rpartition(".")
    kept = NAME_CHARACTERS - len(dot + ending)
    return (stem[:kept] + dot + ending)[-NAME_CHARACTERS:]


def _is_unusable(character: str) -> bool:
    return (is_invisible(character) and not character.isspace()) or unicodedata.category(character) in {
        "Cs",
        "Co",
        "Cn",
    }


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds."""
    return span // timedelta(milliseconds=1)
