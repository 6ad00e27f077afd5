"""The stored form of a fingerprint: read as it was written, and any damage is one refusal."""

import zlib

import numpy as np
import pytest

from core.media.fingerprint.film_fingerprint import (
    VERSION,
    Fingerprint,
    FingerprintDamaged,
    StoredFingerprint,
    pack,
    unpack,
)
from core.media.fingerprint.hashes import FRAMINGS, PictureHashes

ROWS = np.arange(3 * FRAMINGS, dtype=np.uint64).reshape(FRAMINGS, 3) + np.uint64(2**63)
FILM = Fingerprint(PictureHashes(ROWS, np.array([True, False, True])), np.array([1, 2**32 - 1], np.uint32))
VERSION_1 = StoredFingerprint(  # never changed: what version 1 has written must stay readable
    1,
    zlib.compress(b"".join((2**63 + number).to_bytes(8, "little") for number in range(3 * FRAMINGS)) + b"\1\0\1"),
    zlib.compress(b"\1\0\0\0\xff\xff\xff\xff"),
)


@pytest.mark.parametrize("stored", [pack(FILM), VERSION_1], ids=["newest", "version 1"])
def test_it_is_read_as_it_was_written(stored: StoredFingerprint) -> None:
    found = unpack(stored)
    assert np.array_equal(found.pictures.rows, ROWS)
    assert found.pictures.telling.tolist() == [True, False, True] and found.sound.tolist() == [1, 2**32 - 1]


def test_every_flipped_bit_and_every_cut_is_found() -> None:
    stored = pack(FILM)
    for at in range(len(stored.pictures)):
        flipped = bytearray(stored.pictures)
        flipped[at] ^= 1
        for pictures in (bytes(flipped), stored.pictures[:at]):
            with pytest.raises(FingerprintDamaged):
                unpack(StoredFingerprint(VERSION, pictures, stored.sounds))


@pytest.mark.parametrize(
    "stored",
    [
        StoredFingerprint(VERSION + 1, VERSION_1.pictures, VERSION_1.sounds),
        StoredFingerprint(VERSION, zlib.compress(bytes(9)), VERSION_1.sounds),
        StoredFingerprint(VERSION, VERSION_1.pictures, zlib.compress(bytes(3))),
        StoredFingerprint(VERSION, VERSION_1.pictures, VERSION_1.sounds + b"x"),
        StoredFingerprint(VERSION, zlib.compress(bytes(1 << 20)), b""),
    ],
    ids=["later version", "half a picture", "half a word", "more after it", "nothing"],
)
def test_what_cannot_be_a_fingerprint_is_refused(stored: StoredFingerprint) -> None:
    with pytest.raises(FingerprintDamaged):
        unpack(stored)
