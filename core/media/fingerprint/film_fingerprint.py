"""A film's fingerprint: hashes of its pictures, words of its sound, and the format in which both are stored.

The format has a version. A new version needs a new number here and keeps the reader of the old one.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.media.fingerprint.hashes import FRAMINGS, PictureHashes, picture_hashes
from core.media.full_decode import MAX_FILM_S, PER_SECOND, FullDecode
from core.rules.words import Refusal

VERSION = 1
MAX_BYTES = MAX_FILM_S * PER_SECOND * (8 * FRAMINGS + 1)  # of one unpacked part
LEVEL = 1  # of zlib: hashes hardly get smaller; its checksum is what finds damage

SoundWords = NDArray[np.uint32]


class FingerprintDamaged(Refusal):
    """A stored fingerprint cannot be read: it is damaged, or a later release has made it."""

    def __init__(self) -> None:
        super().__init__("Dấu nhận dạng phim trong cơ sở dữ liệu bị hỏng; hãy kiểm tra lại phim.")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a film is compared by."""

    pictures: PictureHashes
    sound: SoundWords  # chromaprint's words, one for each 4096/3 samples at 11,025 Hz; empty without sound


@dataclass(frozen=True, slots=True)
class StoredFingerprint:
    """A fingerprint as it is stored: its parts, compressed with zlib, whose checksum finds damage.

    `pictures` holds the rows of hashes (64-bit, little-endian), then a byte of 0 or 1 for each picture that tells something.
    `sounds` holds chromaprint's words (32-bit, little-endian).
    """

    version: int
    pictures: bytes
    sounds: bytes


def fingerprint_of(decoded: FullDecode) -> Fingerprint:
    """The fingerprint of a film, from its one decoding."""
    whole = len(decoded.sound_words) // 4 * 4
    return Fingerprint(
        picture_hashes(decoded.pictures), np.frombuffer(decoded.sound_words[:whole], "<u4").astype(np.uint32)
    )


def pack(fingerprint: Fingerprint) -> StoredFingerprint:
    """The fingerprint in the newest version of its format."""
    pictures = fingerprint.pictures.rows.astype("<u8").tobytes() + fingerprint.pictures.telling.astype("u1").tobytes()
    sounds = fingerprint.sound.astype("<u4").tobytes()
    return StoredFingerprint(VERSION, zlib.compress(pictures, LEVEL), zlib.compress(sounds, LEVEL))


def unpack(stored: StoredFingerprint) -> Fingerprint:
    """Read a stored fingerprint of any version. Raises FingerprintDamaged."""
    if stored.version != VERSION:
        raise FingerprintDamaged
    pictures, sounds = _unpacked(stored.pictures), _unpacked(stored.sounds)
    count, rest = divmod(len(pictures), 8 * FRAMINGS + 1)
    if rest or len(sounds) % 4:
        raise FingerprintDamaged
    rows = np.frombuffer(pictures, "<u8", FRAMINGS * count).astype(np.uint64).reshape(FRAMINGS, count)
    telling = np.frombuffer(pictures, "u1", count, 8 * FRAMINGS * count) != 0
    return Fingerprint(PictureHashes(rows, telling), np.frombuffer(sounds, "<u4").astype(np.uint32))


def _unpacked(part: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(part, MAX_BYTES)
    except zlib.error as error:
        raise FingerprintDamaged from error
    if not reader.eof or reader.unused_data:
        raise FingerprintDamaged
    return content
