"""Checks every signed checkpoint against the result chain: its text, its key, its signature and its root."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.rules.words import Sentence
from core.store.events.payloads import CheckpointMade, CheckpointMadeV1, ContestOpened, Payload, SigningKeyRecorded
from core.store.ledger import Chain, Row
from core.store.signing.checkpoints import StoredCheckpoint, all_checkpoints
from core.store.signing.merkle import MerkleTree
from core.store.signing.signed_notes import (
    BadNote,
    Checkpoint,
    OtherKey,
    WrongSignature,
    check_checkpoint,
    origin_of,
)


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the note of a `checkpoint.made` must state, and the key recorded at that row; None where there is none."""

    stated: Checkpoint
    public: bytes | None


@dataclass(slots=True)
class SignedCheckpoints:
    """What the result chain says about its checkpoints, row by row; then compared with the stored notes."""

    _origin: str = ""
    _public: bytes | None = None
    _tree: MerkleTree = field(default_factory=MerkleTree)
    _expected: dict[int, _Expected] = field(default_factory=dict)  # number of rows -> what is stated there

    def add(self, row: Row, payload: Payload | None) -> None:
        """The next row of the ledger, with its payload; None if that cannot be decoded."""
        if row.chain is not Chain.RESULT:
            return
        self._tree.append(row.hash)
        if isinstance(payload, ContestOpened):
            self._origin = origin_of(payload.contest)
        elif isinstance(payload, SigningKeyRecorded):
            self._public = bytes.fromhex(payload.key)
        elif isinstance(payload, CheckpointMade | CheckpointMadeV1):
            stated = Checkpoint(self._origin, row.seq, self._tree.root())
            self._expected[row.seq] = _Expected(stated, self._public)

    def findings(self, connection: sa.Connection) -> Iterator[Sentence]:
        """One sentence for each stored note that is wrong. Rows without a note, and notes without a row, are the
        replay's to find.
        """
        for stored in all_checkpoints(connection):
            expected = self._expected.get(stored.rows)
            wrong = None if expected is None else _wrong(stored, expected)
            if wrong is not None:
                facts = {"rows": stored.rows, "what": wrong}
                yield Sentence("Bản ký của điểm kiểm tra ở dòng {rows}: {what}.", facts)


def _wrong(stored: StoredCheckpoint, expected: _Expected) -> Sentence | None:
    """What is wrong with a note; None where it is as it must be."""
    if expected.public is None:
        return Sentence("sổ kết quả chưa ghi khóa nào để ký")
    try:
        return _differs(check_checkpoint(stored.note, expected.public), expected.stated)
    except BadNote as bad:
        return _BAD[type(bad)]


_BAD = {
    BadNote: Sentence("không viết đúng khuôn"),
    OtherKey: Sentence("mang khóa khác với khóa đã ghi trong sổ kết quả"),
    WrongSignature: Sentence("chữ ký không đúng với nội dung và khóa đã ghi"),
}


def _differs(stated: Checkpoint, expected: Checkpoint) -> Sentence | None:
    if stated.origin != expected.origin:
        return Sentence("mang tên {origin}, không phải của cuộc thi này", {"origin": stated.origin})
    if stated.size != expected.size:
        return Sentence("nói về {size} dòng", {"size": stated.size})
    if stated.root != expected.root:
        return Sentence("sổ kết quả khác với lúc ký, đã bị sửa hoặc viết lại")
    return None
