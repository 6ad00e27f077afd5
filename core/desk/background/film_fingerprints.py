"""Fingerprints of films between the decoding and the database. A new one asks for a comparison with all other films."""

from core.desk import context
from core.media.fingerprint.film_fingerprint import (
    Fingerprint,
    FingerprintDamaged,
    StoredFingerprint,
    fingerprint_of,
    pack,
    unpack,
)
from core.media.full_decode import FullDecode
from core.rules.words import Refusal
from core.store.engine import WriteTransaction
from core.store.films import film_pairs
from core.store.films.film_pairs import FingerprintRow
from core.store.queries import jobs

FILM_TWINS_KEY = "film.twins"  # the kind of job that compares one work's film with all others


class DamagedFingerprint(Refusal):
    """The stored fingerprint of this film cannot be read. `name`: its work's code, or the published file's name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Dấu nhận dạng của phim {name} trong cơ sở dữ liệu bị hỏng nên không so sánh được; hãy kiểm tra lại phim này.",
            name=name,
        )


def fingerprint_row(sha256: str, decoded: FullDecode, milliseconds: int) -> FingerprintRow:
    """The fingerprint of a film as it is stored."""
    stored = pack(fingerprint_of(decoded))
    return FingerprintRow(sha256, stored.version, stored.pictures, stored.sounds, milliseconds)


def read_fingerprint(row: FingerprintRow, name: str) -> Fingerprint:
    """A stored fingerprint. Raises DamagedFingerprint with this name."""
    try:
        return unpack(StoredFingerprint(row.version, row.pictures, row.sounds))
    except FingerprintDamaged as error:
        raise DamagedFingerprint(name) from error


def keep_fingerprint(transaction: WriteTransaction, row: FingerprintRow, code: str) -> None:
    """Store the fingerprint of a work's film. If it is new or has changed, request the comparison of the film."""
    at = context.written_at(transaction, context.now())
    if film_pairs.put_fingerprint(transaction.connection, row, at):
        jobs.add(transaction.connection, FILM_TWINS_KEY, code, by=None, at=at)
