"""The key's file: made once, readable by its owner alone, never replaced; what is broken is one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from core.rules.words import Locale
from core.store.signing.checkpoints import public_key
from core.store.signing.signing_key import BrokenSigningKey, SigningKey

ROOT = Path(__file__).resolve().parents[3]
PKCS8 = Encoding.PEM, PrivateFormat.PKCS8


def pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(*PKCS8, NoEncryption())


def test_the_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "signing.key"
    made = public_key(SigningKey(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert public_key(SigningKey(path)) == made
    assert [each.name for each in path.parent.iterdir()] == ["signing.key"]


def test_a_missing_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    key = SigningKey(path)
    before = public_key(key)
    path.unlink()
    assert public_key(key) != before


def test_of_two_processes_the_first_makes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, other, link = tmp_path / "signing.key", Ed25519PrivateKey.generate(), os.link

    def late(source: str, target: Path) -> None:
        target.write_bytes(pem(other))
        link(source, target)

    monkeypatch.setattr("core.store.signing.signing_key.os.link", late)
    assert public_key(SigningKey(path)) == other.public_key().public_bytes_raw().hex()
    assert path.read_bytes() == pem(other)


def test_processes_that_start_together_sign_with_the_same_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from core.store.signing import checkpoints, signing_key\n"
        "sys.stdin.readline(); print(checkpoints.public_key(signing_key.SigningKey(Path(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "signing.key")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    said = {each.communicate("go\n")[0] for each in started}
    assert len(said) == 1
    assert len(said.pop()) == 65


def test_without_a_path_the_key_is_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key = SigningKey()
    assert public_key(key) == public_key(key) != public_key(SigningKey())
    assert list(tmp_path.iterdir()) == []


BROKEN = {
    "empty": b"",
    "cut": pem(Ed25519PrivateKey.generate())[:60],
    "not text": bytes(range(256)),
    "another kind of key": generate_private_key(SECP256R1()).private_bytes(*PKCS8, NoEncryption()),
    "with a password": Ed25519PrivateKey.generate().private_bytes(*PKCS8, BestAvailableEncryption(b"x")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_sentence_and_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "signing.key"
    path.write_bytes(BROKEN[name])
    with pytest.raises(BrokenSigningKey) as refused:
        SigningKey(path).private()
    assert f"Không dùng được tệp khóa ký {path}" in refused.value.sentence.localize(Locale())
    assert path.read_bytes() == BROKEN[name]


def test_what_is_no_file_is_refused_by_the_systems_word(tmp_path: Path) -> None:
    with pytest.raises(BrokenSigningKey) as refused:
        SigningKey(tmp_path).private()
    assert os.strerror(21) in refused.value.sentence.localize(Locale())
