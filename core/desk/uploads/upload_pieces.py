"""One piece of an upload: written as it comes, and counted in the row once it is on the disk."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk import context
from core.desk.uploads import uploads
from core.desk.uploads.upload_file import HEAD_BYTES, UploadFile, begins_as_mp4, flush_early
from core.desk.uploads.upload_refusals import (
    FirstPieceTooShort,
    MoreThanDeclared,
    NoSuchUpload,
    NotAnMp4,
    PieceTooLarge,
    UploadGone,
    WrongChecksum,
    WrongOffset,
)
from core.desk.uploads.uploads import LIFE, Holder, UploadArea
from core.store.engine import Store, WriteTransaction
from core.store.queries import uploads as rows
from core.store.queries.uploads import Upload, UploadState

PIECE_BYTES = 32 << 20  # at most in one request: a session that ends stops an upload within one piece
CHECKSUMS = ("sha1", "sha256")


MOST_RUNNING = 1_000


class RunningHashes:
    """The SHA-256 of uploads as they come, so that a complete one need not be read again.

    They are lost with the process, and when another process receives a piece: then the file is read once at the end.
    """

    def __init__(self) -> None:
        self._hashes: dict[str, tuple[int, hashlib._Hash]] = {}  # upload -> the bytes hashed, and their hash

    def at(self, upload: Upload) -> "hashlib._Hash | None":
        """A copy of the hash of the kept bytes, to go on with; None if it is not known."""
        if upload.kept_bytes == 0:
            return hashlib.sha256()
        hashed, digest = self._hashes.get(upload.id, (0, None))
        return digest.copy() if digest is not None and hashed == upload.kept_bytes else None

    def store(self, upload: Upload, digest: "hashlib._Hash | None") -> None:
        """Remember the hash of the kept bytes of an open upload."""
        self._hashes.pop(upload.id, None)
        if digest is not None and upload.state is UploadState.OPEN:
            if len(self._hashes) >= MOST_RUNNING:
                self._hashes.clear()
            self._hashes[upload.id] = upload.kept_bytes, digest


RUNNING = RunningHashes()


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece must hash to; `algorithm` is one of CHECKSUMS."""

    algorithm: str
    digest: bytes


class Piece:
    """A piece that is coming in. `write` what comes, then `keep` it; `close` in any case. All of these block."""

    def __init__(
        self, store: Store, area: UploadArea, holder: Holder, upload: Upload, checksum: Checksum | None
    ) -> None:
        self._store, self._area, self._holder, self.upload, self._checksum = store, area, holder, upload, checksum
        self._at = upload.kept_bytes
        self._hash = hashlib.new(checksum.algorithm) if checksum else None
        self._whole = RUNNING.at(upload)
        self._file = UploadFile(area.path(upload.id), upload.kept_bytes)

    def write(self, block: bytes | bytearray) -> None:
        """Write the next bytes. The first block must have at least 16 bytes.

        Raises FirstPieceTooShort, NotAnMp4 (the upload is then gone), MoreThanDeclared, PieceTooLarge, DiskFull.
        """
        after = self._at + len(block)
        if after > self.upload.declared_bytes:
            raise MoreThanDeclared
        if after - self.upload.kept_bytes > PIECE_BYTES:
            raise PieceTooLarge(PIECE_BYTES)
        if self._at == 0 and len(block) < HEAD_BYTES:
            raise FirstPieceTooShort
        if self._at == 0 and not begins_as_mp4(bytes(block[:HEAD_BYTES])):
            uploads.discard(self._store, self._area, self.upload.id)
            raise NotAnMp4
        if self._hash is not None:
            self._hash.update(block)
        if self._whole is not None:
            self._whole.update(block)
        self._file.write(block, self._at)
        self._at = after

    def keep(self, now: datetime, stopped: Callable[[], bool], *, whole: bool = True) -> Upload:
        """Make what was written durable and count it in the row; the last piece completes the upload.

        `whole`: the piece came to its end. One that broke off is kept unless it has a checksum, which cannot be checked.
        `stopped` ends the hashing of a complete file: the piece must then be sent again.
        Raises WrongChecksum, WrongOffset, NoSuchUpload, UploadElsewhere, DiskFull, and what the holder's check raises.
        """
        if self._hash is not None and self._checksum is not None:
            if not whole:
                return self.upload
            if not hmac.compare_digest(self._hash.digest(), self._checksum.digest):
                raise WrongChecksum
        if self._at == self.upload.kept_bytes:
            return self.upload
        self._file.sync()
        sha256 = None
        if self._at == self.upload.declared_bytes:
            sha256 = self._whole.hexdigest() if self._whole is not None else self._file.sha256(stopped)
        kept = self._store.change(lambda transaction: self._count(transaction, sha256, now))
        RUNNING.store(kept, self._whole)
        return kept

    def _count(self, transaction: WriteTransaction, sha256: str | None, now: datetime) -> Upload:
        connection, before = transaction.connection, self.upload
        at = transaction.not_before(context.millis(now))
        self._holder.check(connection, at)
        expires_at = at + uploads.milliseconds(LIFE)
        if sha256 is None:
            counted = rows.advance(connection, before.id, before.kept_bytes, self._at, expires_at=expires_at)
        else:
            counted = rows.complete(connection, before.id, before.kept_bytes, sha256, expires_at=expires_at)
        if not counted:
            present = rows.find(connection, before.id)
            raise WrongOffset(present.kept_bytes) if present else NoSuchUpload()
        after = replace(before, kept_bytes=self._at, expires_at=expires_at)
        if sha256 is not None:
            after = replace(after, state=UploadState.COMPLETE, sha256=sha256)
            self._area.completed(transaction, after)
        return after

    def flush_early(self) -> None:
        """Let the disk work on what was written while further bytes come."""
        flush_early(self._area.path(self.upload.id))

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        self._file.close()


def start(
    store: Store, area: UploadArea, holder: Holder, upload_id: str, offset: int, now: datetime,
    checksum: Checksum | None = None,
) -> Piece:  # fmt: skip
    """Start a piece at `offset` of the holder's upload.

    Raises NoSuchUpload, UploadGone, WrongOffset, UploadElsewhere (another process writes it), DiskFull.
    """
    upload = uploads.find(store, holder, upload_id, now)
    if offset != upload.kept_bytes or upload.state is not UploadState.OPEN:
        raise WrongOffset(upload.kept_bytes)
    try:
        return Piece(store, area, holder, upload, checksum)
    except UploadGone:
        uploads.discard(store, area, upload_id)
        raise
