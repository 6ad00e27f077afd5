"""The key that signs checkpoints: in a file of the data folder, or in memory where no folder is given."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from core.rules.words import Refusal


class BrokenSigningKey(Refusal):
    """The file of the signing key cannot be read or written, or holds no Ed25519 key."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            "Không dùng được tệp khóa ký {file} ({why}). Hãy khôi phục tệp, hoặc chuyển nó đi nơi khác: khi thiếu tệp, "
            "phần mềm tự tạo khóa mới và ghi khóa đó vào sổ kết quả.",
            file=file,
            why=why,
        )


@dataclass(slots=True)
class SigningKey:
    """The key at hand. It is made once, at its first use; with a `path`, in that file, which only its owner reads.

    The file is read at each use, so that all processes sign with the same key.
    """

    path: Path | None = None
    _in_memory: Ed25519PrivateKey | None = None

    def private(self) -> Ed25519PrivateKey:
        """The private key. Raises BrokenSigningKey."""
        if self.path is None:
            self._in_memory = self._in_memory or Ed25519PrivateKey.generate()
            return self._in_memory
        try:
            return _stored(self.path)
        except (OSError, ValueError) as error:
            raise BrokenSigningKey(self.path, getattr(error, "strerror", None) or "PKCS#8, Ed25519") from error


def _stored(path: Path) -> Ed25519PrivateKey:
    """The key of this file, which is made if it is missing. Raises OSError; ValueError if it holds no Ed25519 key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".signing-") as file:  # mode 0600
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first
                os.link(file.name, path)  # atomic: the file appears complete
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (TypeError, ValueError) as error:  # TypeError: it needs a password
        raise ValueError(path) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise ValueError(path)  # noqa: TRY004  # a file that holds another kind of key is broken like any other
    return found
