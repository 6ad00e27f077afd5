"""Rewrites a picture that somebody sent, in a limited process (docs/security.md, Pictures), and stores it."""

import hashlib
import os
import sys
import sysconfig
import tempfile
from pathlib import Path

from core.media.pictures import rewriter
from core.sandbox.run import Limits, run

MOST_BYTES = 5 << 20  # of a sent picture
LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=1 << 30, output_bytes=8 << 20)
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")


def rewritten(data: bytes) -> bytes | None:
    """The picture as a new JPEG; None if it is not a readable PNG, JPEG or WebP of at most MOST_BYTES."""
    if len(data) > MOST_BYTES or not data.startswith(_STARTS):
        return None
    paths = sysconfig.get_paths()
    readable = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], rewriter.__file__}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture")
        path.write_bytes(data)
        program = os.path.realpath(sys.executable)
        command: list[str | Path] = [program, "-I", "-S", rewriter.__file__, paths["purelib"], path]
        known = [Path(each) for each in sorted(readable) if Path(each).exists()]
        outcome = run(command, limits=LIMITS, readable=[*known, path])
    return outcome.out if outcome.status == 0 and outcome.out else None


def store(picture: bytes, library: Path) -> str:
    """Write a rewritten picture to the library under its SHA-256, which is returned (hex). Twice is harmless."""
    name = hashlib.sha256(picture).hexdigest()
    library.mkdir(parents=True, exist_ok=True)
    handle, raw = tempfile.mkstemp(dir=library, suffix=".tmp")
    temporary = Path(raw)
    try:
        with os.fdopen(handle, "wb") as write:
            write.write(picture)
            write.flush()
            os.fsync(write.fileno())
        temporary.chmod(0o600)
        temporary.replace(library / picture_name(name))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return name


def picture_name(sha256: str) -> str:
    """The name in the library of the picture with this SHA-256 (hex)."""
    return f"{sha256}.jpg"
